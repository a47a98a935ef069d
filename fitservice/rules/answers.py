"""Reading what people type: scores, items, days, years, references. Each raises Invalid with a plain code."""

import re
import unicodedata
from datetime import date, timedelta

from fitservice.model import (
    ALLIANCE_ITEMS,
    OUTCOME_ITEMS,
    Answers,
    Invalid,
    MissingReason,
    Problem,
)
from fitservice.rules.identity import holds_identity_number

# not any number of digits: int() refuses thousands of them
_WHOLE = re.compile(r"-?\d{1,9}(?:[.,]0+)?", re.ASCII)
_DECIMAL = re.compile(r"(\d+)(?:[.,](\d)0*)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TYPED_DAY = re.compile(r"(?P<day>\d{1,2})[./ -](?P<month>\d{1,2})(?:[./ -](?P<year>\d{4}|\d{2}))?", re.ASCII)
_DIGITS_DAY = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})", re.ASCII)
_DAY_WORDS = {"i dag": 0, "idag": 0, "today": 0, "i går": 1, "igår": 1, "yesterday": 1}
_TO_COME = ("i morgen", "imorgen", "tomorrow")
_NORWEGIAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)

REFERENCE_LENGTH = 40


def parse_score(text: str, low: int = 1, high: int = 7) -> int:
    """A whole score from low to high; '4' and '4,0' are whole, '4,5' is not."""
    if not _WHOLE.fullmatch(text):
        raise Invalid(Problem("score_not_whole", known={"low": str(low), "high": str(high)}))
    score = int(re.split("[.,]", text)[0])
    if not low <= score <= high:
        raise Invalid(Problem("score_outside", known={"low": str(low), "high": str(high)}))
    return score


def parse_item(text: str, low: int = 0, high: int = 10, step: float = 0.1) -> int:
    """An item from low to high in steps of 0.1 or 1, with comma or point, as whole tenths."""
    match = _DECIMAL.fullmatch(text)
    tenths = int(match[1]) * 10 + int(match[2] or 0) if match and len(match[1]) < 4 else -1
    if not 10 * low <= tenths <= 10 * high or tenths % round(10 * step):
        code = "score_not_whole" if step == 1 else "item_outside"
        raise Invalid(Problem(code, known={"low": str(low), "high": str(high)}))
    return tenths


def parse_day(text: str) -> date:
    """A day written 2022-03-01 or 01.03.2022; no_such_day for 31.02."""
    if match := _ISO_DAY.fullmatch(text):
        parts = match[1], match[2], match[3]
    elif match := _NORWEGIAN_DAY.fullmatch(text):
        parts = match[3], match[2], match[1]
    else:
        raise Invalid(Problem("not_a_day"))
    try:
        return date(*map(int, parts))
    except ValueError:
        # a thirteenth month may be the American order: then it helps to hear how a day is written
        is_month = 1 <= int(parts[1]) <= 12 and int(parts[2]) <= 31 and int(parts[0])
        raise Invalid(Problem("no_such_day" if is_month else "not_a_day")) from None


def parse_past_day(text: str, today: date) -> date:
    """A day that is not after today and not before 1900."""
    day = parse_day(text)
    if day > today:
        raise Invalid(Problem("future_day"))
    if day.year < 1900:
        raise Invalid(Problem("not_a_day"))
    return day


def parse_typed_day(text: str, today: date) -> date:
    """A past day as people type it: also 1.3.22, 1/3, 010322, 'i dag', 'yesterday'. Without a year: the latest such.

    A year of two digits is the latest that is not to come.
    """
    words = " ".join(text.casefold().split()).rstrip(".")
    if words in _DAY_WORDS:
        return today - timedelta(days=_DAY_WORDS[words])
    match = _TYPED_DAY.fullmatch(words) or _DIGITS_DAY.fullmatch(words)
    if words in _TO_COME:
        raise Invalid(Problem("future_day"))
    if not match:
        return _typed(text, today)
    day, month, year = match["day"], match["month"], match["year"]
    if not year:
        written = f"{day}.{month}.{today.year}"
        return _typed(written if _is_past(written, today) else f"{day}.{month}.{today.year - 1}", today)
    if len(year) == 2:
        century = today.year // 100 * 100
        year = str(century + int(year) if century + int(year) <= today.year else century - 100 + int(year))
    return _typed(f"{day}.{month}.{year}", today)


def parse_any_day(text: str, today: date) -> date:
    """A day from 1900 to 2199, past or to come, as people type it. Without a year: the next such; two digits are a
    year after 2000."""
    try:
        day = _any_day(text, today)
    except Invalid as invalid:
        problem = invalid.problems[0]
        raise Invalid(Problem("not_a_typed_day_to_come") if problem.code == "not_a_day" else problem) from None
    if not 1900 <= day.year <= 2199:
        raise Invalid(Problem("not_a_typed_day_to_come"))
    return day


def _any_day(text: str, today: date) -> date:
    words = " ".join(text.casefold().split()).rstrip(".")
    if words in _DAY_WORDS:
        return today - timedelta(days=_DAY_WORDS[words])
    if words in _TO_COME:
        return today + timedelta(days=1)
    match = _TYPED_DAY.fullmatch(words) or _DIGITS_DAY.fullmatch(words)
    if not match:
        return parse_day(words)
    day, month, year = match["day"], match["month"], match["year"]
    if not year:
        written = f"{day}.{month}.{today.year}"
        return parse_day(written if _is_to_come(written, today) else f"{day}.{month}.{today.year + 1}")
    return parse_day(f"{day}.{month}.{year if len(year) == 4 else f'20{year}'}")


def _typed(text: str, today: date) -> date:
    """Whoever types a day is told how to type it, not how a file must write it."""
    try:
        return parse_past_day(text, today)
    except Invalid as invalid:
        raise Invalid(_as_typed(invalid.problems[0])) from None


def _as_typed(problem: Problem) -> Problem:
    return Problem("not_a_typed_day") if problem.code == "not_a_day" else problem


def _is_past(text: str, today: date) -> bool:
    try:
        return parse_day(text) <= today
    except Invalid:
        return False


def _is_to_come(text: str, today: date) -> bool:
    try:
        return parse_day(text) >= today
    except Invalid:
        return False


def parse_birth_year(text: str, today: date) -> int:
    """A year of birth from 1900 to this year."""
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not 1900 <= int(text) <= today.year:
        raise Invalid(Problem("not_a_birth_year"))
    return int(text)


def parse_reference(text: str) -> str:
    """A service user's pseudonymous reference: 1-40 visible characters, never a national identity number."""
    reference = " ".join(unicodedata.normalize("NFC", text).split())
    if not reference:
        raise Invalid(Problem("required"))
    if len(reference) > REFERENCE_LENGTH or not reference.isprintable():
        raise Invalid(Problem("not_a_reference"))
    refuse_identity_number(reference)
    return reference


def reference_key(reference: str) -> str:
    """What two references must not have in common: the text without difference of case, æ, ø and å too."""
    return unicodedata.normalize("NFC", reference).casefold()


def refuse_identity_number(text: str) -> str:
    """The text itself, unless a national identity number is in it."""
    if holds_identity_number(text):
        raise Invalid(Problem("identity_number"))
    return text


def incomplete_items(answers: Answers) -> list[str]:
    """The unanswered items of an instrument of which some items were answered."""
    missing = []
    for items in (OUTCOME_ITEMS, ALLIANCE_ITEMS):
        unanswered = [item for item in items if getattr(answers, item) is None]
        if 0 < len(unanswered) < len(items):
            missing += unanswered
    return missing


def refuse_contradiction(answers: Answers) -> None:
    """A score and a reason why there is none cannot both be true."""
    if answers.life_satisfaction is not None and answers.missing_reason is not None:
        raise Invalid(Problem("score_and_reason", "missing_reason"))


def total(answers: Answers, items: tuple[str, ...]) -> int | None:
    """The sum of four items in tenths (0-400), or None unless all four are there."""
    values = [getattr(answers, item) for item in items]
    return None if None in values else sum(values)


# What districts write instead of our codes, beside the codes themselves.
_REASONS = {
    "avslo": MissingReason.DECLINED,
    "avslått": MissingReason.DECLINED,
    "ønsket ikke": MissingReason.DECLINED,
    "ville ikke": MissingReason.DECLINED,
    "ikke i stand": MissingReason.NOT_ABLE,
    "kunne ikke": MissingReason.NOT_ABLE,
    "ikke tid": MissingReason.NO_TIME,
    "ikke spurt": MissingReason.NOT_ASKED,
} | {reason.value.replace("_", " "): reason for reason in MissingReason}


def parse_reason(text: str) -> MissingReason:
    """Why there is no score: one of our four codes, or its Norwegian words."""
    reason = _REASONS.get(" ".join(unicodedata.normalize("NFC", text).casefold().replace("_", " ").split()))
    if reason is None:
        raise Invalid(Problem("not_a_reason"))
    return reason
