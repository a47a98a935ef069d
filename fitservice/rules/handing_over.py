"""What is asked on a screen that was handed over, what a tap there means, and how it joins the day's session."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fitservice.instruments.instrument import Instrument, Item
from fitservice.model import ITEM_COLUMNS, Answers, Kind, MissingReason
from fitservice.rules.answers import parse_item, parse_score

Draft = Mapping[str, Any]
"""What was answered so far, by column: a score, whole tenths, None where it was skipped; and missing_reason."""

KEPT_FOR = timedelta(days=1)
"""A draft is kept past midnight, because a session may last until then, and no longer than the day after."""

REASONS = (MissingReason.DECLINED, MissingReason.NOT_ABLE)
"""Those that are the service user's to give."""


def questions(asked: Sequence[Instrument]) -> list[tuple[Instrument, Item]]:
    """One screen each, in order."""
    return [(instrument, item) for instrument in asked for item in instrument.items]


def unanswered(kinds: Sequence[Kind], answers: Answers) -> list[Kind]:
    """Of these kinds, those of which the day's session lacks the score, or an item."""
    said = vars(answers)
    return [kind for kind in kinds if any(said[name] is None for name in ITEM_COLUMNS[kind])]


def only_added(before: Answers, after: Answers) -> bool:
    """Whether no answer of before is another one after; a reason gives way to an answer."""
    asked = [name for columns in ITEM_COLUMNS.values() for name in columns]
    kept = {name: value for name, value in vars(before).items() if name in asked and value is not None}
    return all(getattr(after, name) == value for name, value in kept.items())


def take_answer(draft: Draft, instrument: Instrument, item: Item, text: str) -> dict[str, Any]:
    """The draft with one answer more: a number, a reason for life satisfaction, or '' for a skipped item.

    Invalid if it is none of these.
    """
    said = dict(draft)
    if instrument.kind is Kind.LIFE_SATISFACTION:
        said.pop("missing_reason", None)
        if text in tuple(REASONS):
            return said | {item.key: None, "missing_reason": text}
        return said | {item.key: parse_score(text, instrument.low, instrument.high)}
    if not text:
        return said | {item.key: None}
    return said | {item.key: parse_item(text, instrument.low, instrument.high, instrument.step)}


def unsaid(draft: Draft, answers: Answers) -> dict[str, Any]:
    """What a draft says and these answers do not; score and reason answer the same question."""
    said = {name for name, value in vars(answers).items() if value is not None}
    if said & {"life_satisfaction", "missing_reason"}:
        said |= {"life_satisfaction", "missing_reason"}
    return {name: value for name, value in draft.items() if value is not None and name not in said}


def join(answers: Answers, draft: Draft, asked: Sequence[Instrument]) -> Answers:
    """The day's answers with those of the draft: what was answered on the screen stands, the rest stays."""
    for instrument in asked:
        given: dict[str, Any] = {item.key: draft.get(item.key) for item in instrument.items}
        if instrument.kind is Kind.LIFE_SATISFACTION:
            answers = _join_life_satisfaction(answers, draft)
        elif any(value is not None for value in given.values()):
            name = f"{instrument.kind.value}_instrument"
            if getattr(answers, name) == instrument.key:
                given = {key: getattr(answers, key) if value is None else value for key, value in given.items()}
            answers = replace(answers, **(given | {name: instrument.key}))
    return answers


def _join_life_satisfaction(answers: Answers, draft: Draft) -> Answers:
    score, reason = draft.get("life_satisfaction"), draft.get("missing_reason")
    if score is not None:
        return replace(answers, life_satisfaction=score, missing_reason=None)
    if reason is not None and answers.life_satisfaction is None:
        return replace(answers, missing_reason=MissingReason(reason))
    return answers


def as_answers(draft: Draft, asked: Sequence[Instrument]) -> Answers:
    """A draft alone; Invalid never, an empty draft says nothing."""
    return join(Answers(), draft, asked)
