"""Whatever was done on whichever day: what a day showed is what is told of that day ever after."""

import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from factories import ALNA, BJERKE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from living_city import REFERENCES, ULLERN, City

from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Answers
from fitservice.reporting import Content, GapKind, Threshold, Timing
from fitservice.reports.consistency import consistency
from fitservice.reports.gaps import Status

CONTENT_GAPS = {
    Content.EMPTY: GapKind.EMPTY_PERIOD,
    Content.PARTIAL: GapKind.LOW_COVERAGE,
    Content.NO_ACTIVE_USERS: GapKind.NO_ACTIVE_USERS,
}
references = st.sampled_from(tuple(REFERENCES))
places = st.sampled_from((ALNA, ALNA, BJERKE, ULLERN))
which = st.integers(0, 5)
# so many days back from the day on which it is done, within a half-year and across its border
back = st.sampled_from((0, 1, 9, 20, 60, 110, 200))
halves_back = st.sampled_from((0, 1, 1, 1, 2))
codes = st.sampled_from(("2021H2", "2022H1", "2022H2", "2023H1"))


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    """A score, a score on the district's own scale or a reason, with or without feedback."""
    score = draw(st.none() | st.sampled_from((1, 7)))
    own = None if score else draw(st.none() | st.just(8))
    return Answers(
        life_satisfaction=score,
        life_satisfaction_1_10=own,
        missing_reason=None if score else "declined",
        **dict.fromkeys(OUTCOME_ITEMS, draw(st.none() | st.just(50))),
        **dict.fromkeys(ALLIANCE_ITEMS, draw(st.none() | st.just(63))),
    )


def check_sums(seen: list[Status]) -> None:
    """In time, late and missing are all that is due, and their shares all of it."""
    for row in consistency([status for status in seen if status.timing]):
        timings = [status.timing for status in seen if status.period == row.period]
        due = [one for one in timings if one in (Timing.ON_TIME, Timing.LATE, Timing.MISSING)]
        assert row.split.on_time + row.split.late + row.split.missing == row.split.due == len(due)
        assert row.split.due + row.awaited + row.not_required == len(timings) == 15
        assert (sum(row.shares) == 100) if row.shares else not due


def check_one(status: Status, day: date, explained: set[tuple[int, str, GapKind]]) -> None:
    """What one district's period shows agrees with itself."""
    kinds = {gap.kind for gap in status.gaps}
    place = status.district["id"], status.period.code
    assert status.measured_users.value <= status.active_users.value
    assert status.coverage.value is None or status.coverage.value <= 1
    assert set(status.explanations) == {kind for kind in kinds if (*place, kind) in explained}
    if not status.owed:
        assert (status.gaps, status.timing) == ([], Timing.NOT_REQUIRED if status.timing else None)
        return
    closed = not status.still_open or status.content is Content.NO_ACTIVE_USERS
    expected = {CONTENT_GAPS[status.content]} if closed and status.content in CONTENT_GAPS else set()
    assert kinds & set(CONTENT_GAPS.values()) == expected
    assert (GapKind.NOT_SIGNED_OFF in kinds) == (status.timing is Timing.MISSING)
    assert (GapKind.LATE in kinds) == (status.timing is Timing.LATE)
    assert all(gap.since <= day for gap in status.gaps)


def acts(often: int, act: Callable[..., None], **given: st.SearchStrategy) -> list[st.SearchStrategy]:
    """An act with what it is given, so many times among all acts."""
    # one_of takes the same strategy once, however often it is there
    return [st.tuples(st.just(act), st.fixed_dictionaries(given)) for _ in range(often)]


ENROLLING = [
    *acts(2, City.enrol, reference=references, days=back),
    *acts(1, City.end, reference=references, place=which, days=back),
    *acts(1, City.correct_enrolment, reference=references, place=which, first=back, last=st.none() | back),
]
RECORDING = [
    *acts(5, City.record, reference=references, days=back, said=answers()),
    *acts(2, City.correct, reference=references, place=which, days=back, said=answers()),
    *acts(1, City.withdraw, reference=references, place=which),
    *acts(2, City.record_and_take_back, reference=references, days=back, said=answers()),
]
people = st.tuples(references, back, st.none() | back)
held = st.tuples(references, back, st.integers(1, 7), st.booleans())
IMPORTING = [
    *acts(1, City.import_service_users, rows=st.lists(people, min_size=1, max_size=3)),
    *acts(1, City.import_sessions, rows=st.lists(held, min_size=1, max_size=9)),
]
SIGNING = [
    *acts(10, City.step, place=places, halves=halves_back, number=which, days=back),
    *acts(3, City.explain, place=places, halves=halves_back, number=which),
    *acts(1, City.take_explanation_back, number=which),
]
limits = st.sampled_from([(Threshold.COVERAGE, 0.4), (Threshold.SILENCE_WEEKS, 2), (Threshold.DROP, 0.05)])
mostly = st.sampled_from((True, True, False))
DECIDING = [
    *acts(
        1,
        City.decide_who_owes,
        place=places,
        first=codes,
        last=st.none() | codes,
        owed=st.sampled_from((True, True, False)),
    ),
    *acts(1, City.decide_days, halves=halves_back, days=st.sampled_from((-20, -1, 14, 90))),
    *acts(1, City.decide_limit, named=limits),
]
ACTS = st.one_of(*ENROLLING, *RECORDING, *IMPORTING, *SIGNING, *DECIDING)
NEXT = st.sampled_from((1, 12, 31, None))
HISTORIES = st.lists(st.tuples(st.lists(ACTS, min_size=4, max_size=10), NEXT), min_size=10, max_size=10)


def test_every_past_day_is_told_as_it_was_shown(tmp_path: Path, empty_database: bytes) -> None:
    numbers, met = itertools.count(), set()

    @settings(max_examples=70, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(HISTORIES)
    def run(history: list[tuple[list[tuple[Callable[..., None], dict[str, Any]]], int | None]]) -> None:
        path = tmp_path / f"{next(numbers)}.db"
        path.write_bytes(empty_database)
        city = City(path)
        try:
            for done, days in history:
                for act, given in done:
                    act(city, **given)
                seen = city.look()
                check_sums(seen)
                for status in seen:
                    check_one(status, city.day, city.explained)
                city.go_on(days)
            city.look_back()
            met.update(city.met)
        finally:
            city.db.close()

    run()
    assert met == {*Content, *Timing, *GapKind} - {Content.NOT_TOLD}, "something never happened in any history"
