"""Whatever was done on whichever day: what a day showed is what is told of that day ever after."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from factories import ALNA, AMINA, BJERKE, CARL, OPERATOR, VELFERD
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitservice.actions.deciding import decide_dates, decide_obligations, decide_threshold
from fitservice.actions.enrolling import add_enrolment, add_service_user, correct_enrolment, end_enrolment
from fitservice.actions.explaining import explain_gap, withdraw_explanation
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.actions.recording import correct_session, record_session, withdraw_session
from fitservice.actions.signing_off import DISTRICTS_STEPS, judge_sign_off, take_step
from fitservice.cases import began
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Answers, Invalid, NotFound, Period
from fitservice.reporting import Cause, Content, GapKind, Step, Threshold, Timing
from fitservice.reports.consistency import consistency
from fitservice.reports.gaps import Status, statuses_of
from fitservice.reports.sign_offs import EVERYTHING
from fitservice.rules.periods import back_to, half_of, parse_half, year
from fitservice.rules.register import default_dates
from fitservice.rules.sign_off import possible
from fitservice.store import enrolments, service_users, sessions

FIRST_DAY = date(2022, 5, 20)
REFERENCES = {"A-1": ALNA, "A-2": ALNA, "A-3": ALNA, "B-1": BJERKE}
ULLERN = 6
"""Where nobody is ever enrolled."""

WORKERS = {ALNA: AMINA, BJERKE: replace(AMINA, name="berit", district_id=BJERKE)}
LEADS = {place: replace(CARL, district_id=place) for place in (ALNA, BJERKE, ULLERN)}
CODES = {ALNA: "030112", BJERKE: "030109", ULLERN: "030106"}
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


class City:
    """Two districts and the agency, who do whatever the service lets them do, day after day."""

    def __init__(self, path: Path) -> None:
        """Service users in both districts."""
        self.db = connect(path)
        # nothing here needs to survive a power cut
        self.db.execute("PRAGMA synchronous = OFF")
        self.day = FIRST_DAY
        self.shown: dict[date, list[Status]] = {}
        self.explained: set[tuple[int, str, GapKind]] = set()
        self.met: set[StrEnum] = set()
        for reference in ("A-1", "A-2", "B-1"):
            self.attempt(add_service_user, reference, None, date(2022, 2, 1), by=WORKERS[REFERENCES[reference]])

    def attempt(self, act, *arguments, **more) -> bool:
        """Do it on this day, if the service lets us; whether it did."""
        with suppress(Invalid, NotFound), set_to(self.day):
            act(self.db, *arguments, **more)
            return True
        return False

    def person(self, reference: str) -> int:
        """The service user's id; 0 if there is none of that reference."""
        found = service_users.by_reference(self.db, REFERENCES[reference], reference)
        return found["id"] if found else 0

    def row(self, store, reference: str, place: int) -> dict | None:
        """One of the enrolments or sessions of the one with that reference."""
        known = store.of_service_user(self.db, self.person(reference))
        return known[place % len(known)] if known else None

    def half(self, halves: int) -> Period:
        """The half-year so many before the running one."""
        return back_to(half_of(self.day), date(2020, 1, 1))[halves]

    def status(self, place: int, period: Period) -> Status:
        """One district's half-year as its team lead sees it on this day."""
        with set_to(self.day):
            (status,) = statuses_of(self.db, [period], self.day, EVERYTHING, place)
        return status

    def tell(self, as_of: date, periods: list[Period]) -> list[Status]:
        """What the agency sees of a day, with nothing hidden."""
        return statuses_of(self.db, periods, as_of, EVERYTHING)

    def periods(self) -> list[Period]:
        """Every half-year and year so far."""
        first = began(self.db)
        return back_to(half_of(self.day), first) + back_to(year(self.day.year), first)

    def end_the_day(self, days: int | None) -> None:
        """Look at everything, and go on some days later, or soon after the half-year's end."""
        with set_to(self.day, hour=23):
            self.shown[self.day] = seen = self.tell(self.day, self.periods())
        check_sums(seen)
        for status in seen:
            check_one(status, self.day, self.explained)
            self.met |= {status.content, *(gap.kind for gap in status.gaps)}
            self.met |= {status.timing} if status.timing else set()
        after = half_of(self.day).last_day + timedelta(days=10)
        self.day = self.day + timedelta(days=days) if days else after

    def enrol(self, reference, days):
        """Add the service user, or an enrolment to the one that is there."""
        by, day = WORKERS[REFERENCES[reference]], self.day - timedelta(days=days)
        if known := self.person(reference):
            self.attempt(add_enrolment, known, day, by=by)
        else:
            self.attempt(add_service_user, reference, None, day, by=by)

    def end(self, reference, place, days):
        """End an enrolment."""
        if known := self.row(enrolments, reference, place):
            last = self.day - timedelta(days=days)
            self.attempt(end_enrolment, known["id"], last, by=WORKERS[REFERENCES[reference]])

    def correct_enrolment(self, reference, place, first, last):
        """Other days for an enrolment, or open again."""
        if known := self.row(enrolments, reference, place):
            spell = self.day - timedelta(days=first), None if last is None else self.day - timedelta(days=last)
            by, revision = WORKERS[REFERENCES[reference]], known["revision"]
            self.attempt(correct_enrolment, known["id"], *spell, "mistyped", by=by, revision=revision)

    def record(self, reference, days, said):
        """Record a session."""
        by = WORKERS[REFERENCES[reference]]
        self.attempt(record_session, self.person(reference), self.day - timedelta(days=days), said, by=by)

    def correct(self, reference, place, days, said):
        """Other answers, and another day, perhaps in another enrolment."""
        if known := self.row(sessions, reference, place):
            by, revision = WORKERS[REFERENCES[reference]], known["revision"]
            held_on = self.day - timedelta(days=days)
            self.attempt(correct_session, known["id"], held_on, said, "mistyped", by=by, revision=revision)

    def withdraw(self, reference, place):
        """Withdraw a session."""
        if known := self.row(sessions, reference, place):
            by, revision = WORKERS[REFERENCES[reference]], known["revision"]
            self.attempt(withdraw_session, known["id"], "wrong person", by=by, revision=revision)

    def record_and_take_back(self, reference, days, said):
        """A gap that closed comes back as it was, with its since and its explanation."""
        by, held_on = WORKERS[REFERENCES[reference]], self.day - timedelta(days=days)
        known = sessions.of_service_user(self.db, self.person(reference))
        if any(row["held_on"] == held_on.isoformat() and not row["withdrawn"] for row in known):
            return
        with set_to(self.day), suppress(Invalid, NotFound):
            before = self.tell(self.day, self.periods())
            number = record_session(self.db, self.person(reference), held_on, said, by=by)
            withdraw_session(self.db, number, "wrong person", by=by, revision=1)
            assert self.tell(self.day, self.periods()) == before

    def import_service_users(self, rows):
        """Bring in enrolments, and leave out what does not fit."""
        lines = [
            f"{CODES[REFERENCES[reference]]};{reference};{self.day - timedelta(days=first)};"
            f"{'' if last is None else self.day - timedelta(days=last)}"
            for reference, first, last in rows
        ]
        self.bring_in(SERVICE_USERS, ["district;reference;enrolled_from;enrolled_to", *lines])

    def import_sessions(self, rows):
        """Bring in sessions, some on the district's own scale, and leave out what does not fit."""
        lines = [
            f"{CODES[REFERENCES[reference]]};{reference};{self.day - timedelta(days=days)};"
            f"{f';{score}' if own else f'{score};'}"
            for reference, days, score, own in rows
        ]
        self.bring_in(SESSIONS, ["district;reference;held_on;life_satisfaction;life_satisfaction_1_10", *lines])

    def bring_in(self, kind, lines: list[str]) -> None:
        """A file with these lines."""
        self.attempt(import_file, kind, "\n".join(lines).encode(), self.day, by=OPERATOR, skip_bad=True)

    def step(self, place, halves, number, days):
        """Sign, undo, accept, return: one of those that may come next, if any may."""
        period = self.half(halves)
        status = self.status(place, period)
        steps = possible(status.sign_off, status.dates, period, self.day, owed=status.owed) or list(Step)
        step, known = steps[number % len(steps)], status.sign_off.number
        if step in DISTRICTS_STEPS:
            self.attempt(take_step, period, step, "It is so.", known, by=LEADS[place])
        else:
            until = self.day + timedelta(days=days)
            self.attempt(judge_sign_off, CODES[place], period, step, "Please.", until, known, by=VELFERD)

    def explain(self, place, halves, number):
        """Say why something is missing."""
        period = self.half(halves)
        missing = self.status(place, period).gaps
        if missing:
            kind = missing[number % len(missing)].kind
            assert self.attempt(explain_gap, period, kind, Cause.STAFFING, "Nobody.", self.day, by=LEADS[place])
            self.explained.add((place, period.code, kind))

    def take_explanation_back(self, number):
        """Take back what was said."""
        if self.explained:
            place, code, kind = chosen = sorted(self.explained)[number % len(self.explained)]
            assert self.attempt(withdraw_explanation, parse_half(code), kind, by=LEADS[place])
            self.explained.remove(chosen)

    def decide_who_owes(self, place, first, last, owed):
        """A district owes half-years, or does not."""
        spell = parse_half(first), parse_half(last) if last else None
        self.attempt(decide_obligations, [CODES[place]], *spell, "reorganised", owed=owed, by=VELFERD)

    def decide_days(self, halves, days):
        """Other days for a half-year."""
        period = self.half(halves)
        moved = {name: day + timedelta(days=days) for name, day in vars(default_dates(period)).items()}
        self.attempt(decide_dates, period, replace(default_dates(period), **moved), "summer", by=VELFERD)

    def decide_limit(self, named):
        """Another threshold."""
        self.attempt(decide_threshold, named[0], self.half(1), named[1], "agreed", by=VELFERD)

    def look_back(self) -> None:
        """Asked later, every day that was looked at shows what it showed."""
        with set_to(self.day):
            for day, seen in self.shown.items():
                told = self.tell(day, list(dict.fromkeys(status.period for status in seen)))
                # one by one, so that a difference can be read
                for then, now in zip(seen, told, strict=True):
                    assert now == then


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
                city.end_the_day(days)
            city.look_back()
            met.update(city.met)
        finally:
            city.db.close()

    run()
    assert met == {*Content, *Timing, *GapKind} - {Content.NOT_TOLD}, "something never happened in any history"
