"""A city in which two districts and the agency do whatever the service lets them do, day after day."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from factories import ALNA, AMINA, BJERKE, CARL, OPERATOR, VELFERD

from fitservice.actions.deciding import decide_dates, decide_obligations, decide_threshold
from fitservice.actions.enrolling import add_enrolment, add_service_user, correct_enrolment, end_enrolment
from fitservice.actions.explaining import explain_gap, withdraw_explanation
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.actions.recording import correct_session, record_session, withdraw_session
from fitservice.actions.signing_off import DISTRICTS_STEPS, judge_sign_off, take_step
from fitservice.cases import began
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.model import Invalid, NotFound, Period
from fitservice.reporting import Cause, GapKind, Step
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
        first = began(self.db, self.day)
        return back_to(half_of(self.day), first) + back_to(year(self.day.year), first)

    def look(self) -> list[Status]:
        """Everything, in the evening of the day."""
        with set_to(self.day, hour=23):
            self.shown[self.day] = seen = self.tell(self.day, self.periods())
        for status in seen:
            self.met |= {status.content, *(gap.kind for gap in status.gaps)}
            self.met |= {status.timing} if status.timing else set()
        return seen

    def go_on(self, days: int | None) -> None:
        """Some days later, or soon after the half-year's end."""
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
