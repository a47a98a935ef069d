"""What one service user adds to the counters of each period: the one place where sessions become counts."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from fitservice.instruments import Instruments
from fitservice.instruments.instrument import Instrument
from fitservice.rules.periods import half_of, year

Day = str
"""ISO text, as the store keeps it."""

Spell = tuple[Day, Day | None]
"""First and last day of an enrolment; None while it is open."""

Held = tuple[int, Day, int | None, int | None, str, int | None, str, int | None]
"""A session that counts: enrolment, day, life satisfaction, total and instrument of outcome and of alliance, and the
score on the district's own scale."""

Scored = tuple[int, Day, int, str]
"""A score: enrolment, day, score, instrument."""

Counts = dict[tuple[str, str], int]
"""How much of each count, by period code or day, and name."""

_NEVER = "never"
"""Where an open enrolment ends: after every period."""

_USERS = {"life_satisfaction": "measured_users", "outcome": "outcome_users", "alliance": "alliance_users"}


class Mark(NamedTuple):
    """From where one instrument's scores are counted, in the unit of their column; None where they never are."""

    direction: int
    """1 if higher is better, else -1."""
    reliable_change: int | None
    low_total: int | None


Marks = Mapping[str, Mark]
"""By the instrument's key."""


def marks_of(instruments: Instruments) -> dict[str, Mark]:
    """What the counts are judged by."""
    return {
        one.key: Mark(
            1 if one.higher_is_better else -1,
            _whole_units(one, one.reliable_change),
            _whole_units(one, one.low_total),
        )
        for one in instruments
    }


def _whole_units(instrument: Instrument, points: float | None) -> int | None:
    """Points in whole units of the instrument's column, rounded up: 6.35 points are reached by 64 tenths."""
    return None if points is None else math.ceil(instrument.unit * points - 1e-9)


def contribution(spells: Iterable[Spell], sessions: Sequence[Held], marks: Marks, since: Day = "") -> Counts:
    """One service user's counts, from all enrolments and all sessions that count, oldest session first.

    The names are those that rules.figures reads, but active_users: active_begun is 1 where an unbroken row of active
    periods begins, active_ended where it ends, and an open enrolment has no end. Counts of single days stand under the
    day: sessions, other_scale, and newly_measured on the day of the half-year's first life-satisfaction score.

    With since, what sessions add to years before that day's is left out: a later session does not change it.
    """
    found: Counts = defaultdict(int)
    first_year = since[:4]
    _count_active(found, spells)
    recent = [one for one in sessions if one[1] >= first_year]
    _count_each_day(found, recent)
    _count_sessions(found, recent, marks)
    satisfaction = [(one[0], one[1], one[2], "life_satisfaction") for one in sessions if one[2] is not None]
    outcome = [(one[0], one[1], one[3], one[4]) for one in sessions if one[3] is not None]
    alliance = [(one[0], one[1], one[5], one[6]) for one in sessions if one[5] is not None]
    _count_latest(found, "life_satisfaction", satisfaction, marks, first_year)
    _count_latest(found, "outcome", outcome, marks, first_year)
    _count_latest(found, "alliance", alliance, marks, first_year)
    return found


def _count_active(found: Counts, spells: Iterable[Spell]) -> None:
    until = ["", ""]
    for first_day, last_day in sorted(spells, key=itemgetter(0)):
        ends = _codes(last_day) if last_day else (_NEVER, _NEVER)
        for place, (begin, end) in enumerate(zip(_codes(first_day), ends, strict=True)):
            if begin > until[place]:
                found[begin, "active_begun"] += 1
                found[end, "active_ended"] += 1
            elif end > until[place]:  # the row goes on: back in the period in which it ended, or before that
                found[until[place], "active_ended"] -= 1
                found[end, "active_ended"] += 1
            until[place] = max(end, until[place])
    found.pop((_NEVER, "active_ended"), None)


def _count_each_day(found: Counts, sessions: Sequence[Held]) -> None:
    measured = set()
    for one in sessions:
        day = one[1]
        found[day, "sessions"] += 1
        if one[7] is not None:
            found[day, "other_scale"] += 1
        if one[2] is not None and (half := _codes(day)[0]) not in measured:
            measured.add(half)
            found[day, "newly_measured"] = 1


def _count_sessions(found: Counts, sessions: Sequence[Held], marks: Marks) -> None:
    _count_in_periods(found, "sessions", [one[1] for one in sessions])
    _count_in_periods(found, "sessions_with_life_satisfaction", [one[1] for one in sessions if one[2] is not None])
    feedback = [one for one in sessions if one[3] is not None or one[5] is not None]
    if feedback:
        _count_in_periods(found, "sessions_with_feedback", [one[1] for one in feedback])
        found.update({(code, "feedback_users"): 1 for one in feedback for code in _codes(one[1])})
        _count_in_periods(found, "alliance_totals", [one[1] for one in feedback if one[5] is not None])
        _count_in_periods(
            found, "alliance_low_totals", [one[1] for one in feedback if _is_low(one[5], marks.get(one[6]))]
        )


def _count_in_periods(found: Counts, name: str, days: Iterable[Day]) -> None:
    for code, number in Counter(chain.from_iterable(map(_codes, days))).items():
        found[code, name] = number


def _is_low(total: int | None, mark: Mark | None) -> bool:
    return total is not None and mark is not None and mark.low_total is not None and total < mark.low_total


def _count_latest(found: Counts, kind: str, scored: Sequence[Scored], marks: Marks, first_year: str) -> None:
    """The latest score of each period, and its change since the first of the same enrolment and instrument."""
    # of the same key, the one that is put in last stays
    firsts = {(one[0], one[3]): one for one in reversed(scored)}
    recent = [one for one in scored if one[1] >= first_year]
    for code, latest in {code: one for one in recent for code in _codes(one[1])}.items():
        enrolment_id, _, score, instrument = latest
        found[code, _USERS[kind]] = 1
        found[code, f"{kind}_sum"] = score
        if kind == "life_satisfaction":
            found[code, "life_satisfaction_squares"] = score * score
            found[code, f"life_satisfaction_{score}"] = 1
        first = firsts[enrolment_id, instrument]
        if first is not latest and kind != "alliance":
            _count_change(found, code, kind, score - first[2], marks.get(instrument))


def _count_change(found: Counts, code: str, kind: str, change: int, mark: Mark | None) -> None:
    found[code, f"{kind}_paired"] = 1
    found[code, f"{kind}_change_sum"] = change
    if mark is None or mark.reliable_change is None:
        return
    if mark.direction * change >= mark.reliable_change:
        found[code, f"{kind}_improved"] = 1
    elif mark.direction * change <= -mark.reliable_change:
        found[code, f"{kind}_deteriorated"] = 1


@cache
def _codes(day: Day) -> tuple[str, str]:
    """The half-year and the year of a day."""
    known = date.fromisoformat(day)
    return half_of(known).code, year(known.year).code
