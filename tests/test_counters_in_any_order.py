"""Recording, correcting, ending, moving, importing and withdrawing in any order: the counters stay exact."""

import itertools
from contextlib import suppress
from datetime import date
from pathlib import Path

from factories import ALNA, AMINA, OPERATOR
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from licensed import add_instrument, changed
from test_counters import differing_from_sql

from fitservice.actions.counting import bring_up_to_date
from fitservice.actions.enrolling import add_enrolment, add_service_user, correct_enrolment, end_enrolment
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.actions.recording import correct_session, note_session, record_session, withdraw_session
from fitservice.db import connect
from fitservice.instruments import SHIPPED, read_instruments
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Answers, Invalid
from fitservice.rules.periods import half, year
from fitservice.store import counters, enrolments, service_users, sessions

TODAY = date(2022, 12, 31)
REFERENCES = ("A-1", "A-2", "A-3")
PERIODS = [period for number in range(2020, 2024) for period in (half(number, 1), half(number, 2), year(number))]

# few enough to meet each other, on both sides of a half-year and of a year
days = st.sampled_from([date(year, month, day) for year in (2021, 2022) for month in (1, 6, 7, 12) for day in (1, 30)])
which = st.integers(0, 5)
references = st.sampled_from(REFERENCES)
scores = st.none() | st.sampled_from((1, 3, 4, 7))
totals = st.none() | st.sampled_from((20, 50, 63, 100))


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    """A score or a refusal, with or without outcome on one of two instruments and alliance."""
    score, outcome, alliance = draw(scores), draw(totals), draw(totals)
    return Answers(
        life_satisfaction=score,
        life_satisfaction_1_10=None if score else draw(st.none() | st.just(8)),
        missing_reason=None if score else "declined",
        **dict.fromkeys(OUTCOME_ITEMS, outcome),
        **dict.fromkeys(ALLIANCE_ITEMS, alliance),
        outcome_instrument=draw(st.sampled_from(("outcome", "ors_test"))) if outcome else "outcome",
    )


class Caseworker(RuleBasedStateMachine):
    """Amina and the operator, who do whatever the service lets them do; what it refuses changes nothing."""

    folder: Path
    empty: bytes
    numbers = itertools.count()

    @initialize()
    def start(self) -> None:
        """A database of its own, and one service user."""
        self.path = self.folder / f"{next(self.numbers)}.db"
        self.path.write_bytes(self.empty)
        self.known = read_instruments(self.folder / "instruments", SHIPPED)
        bring_up_to_date(self.path, self.known)
        self.db = connect(self.path)
        # nothing here needs to survive a power cut
        self.db.execute("PRAGMA synchronous = OFF")
        add_service_user(self.db, REFERENCES[0], None, date(2021, 6, 30), by=AMINA)

    def attempt(self, act, *arguments, **more) -> None:
        """Do it, if the service lets us."""
        with suppress(Invalid):
            act(self.db, *arguments, by=AMINA, **more)

    def person(self, reference: str) -> int | None:
        """The service user's id, if there is one of that reference."""
        found = service_users.by_reference(self.db, ALNA, reference)
        return found and found["id"]

    def enrolment(self, reference: str, place: int) -> dict | None:
        """One of the enrolments of the one with that reference."""
        known = enrolments.of_service_user(self.db, self.person(reference) or 0)
        return known[place % len(known)] if known else None

    def session(self, reference: str, place: int) -> dict | None:
        """One of the sessions of the one with that reference, withdrawn or not."""
        known = sessions.of_service_user(self.db, self.person(reference) or 0)
        return known[place % len(known)] if known else None

    @rule(reference=references, day=days)
    def enrol(self, reference, day):
        """Add the service user, or an enrolment to the one that is there."""
        if known := self.person(reference):
            self.attempt(add_enrolment, known, day)
        else:
            self.attempt(add_service_user, reference, None, day)

    @rule(reference=references, place=which, day=days)
    def end(self, reference, place, day):
        """End an enrolment."""
        if known := self.enrolment(reference, place):
            self.attempt(end_enrolment, known["id"], day)

    @rule(reference=references, place=which, first=days, last=st.none() | days)
    def correct_enrolment(self, reference, place, first, last):
        """Other days for an enrolment, or open again."""
        if known := self.enrolment(reference, place):
            self.attempt(correct_enrolment, known["id"], first, last, "mistyped", revision=known["revision"])

    @rule(reference=references, day=days, said=answers())
    def record(self, reference, day, said):
        """Record a session."""
        if known := self.person(reference):
            self.attempt(record_session, known, day, said)

    @rule(reference=references, place=which, day=days, said=answers())
    def correct(self, reference, place, day, said):
        """Other answers, and another day, perhaps in another enrolment."""
        if known := self.session(reference, place):
            self.attempt(correct_session, known["id"], day, said, "mistyped", revision=known["revision"])

    @rule(reference=references, place=which)
    def withdraw(self, reference, place):
        """Withdraw a session."""
        if known := self.session(reference, place):
            self.attempt(withdraw_session, known["id"], "wrong person", revision=known["revision"])

    @rule(reference=references, place=which)
    def note(self, reference, place):
        """Write a note, which no figure knows."""
        if known := self.session(reference, place):
            self.attempt(note_session, known["id"], "said more", None, revision=known["revision"])

    @rule(rows=st.lists(st.tuples(references, days, st.none() | days), min_size=1, max_size=4))
    def import_service_users(self, rows):
        """Bring in enrolments, and leave out what does not fit."""
        lines = [f"030112;{reference};{first};{last or ''}" for reference, first, last in rows]
        self.bring_in(SERVICE_USERS, ["district;reference;enrolled_from;enrolled_to", *lines])

    @rule(rows=st.lists(st.tuples(references, days, st.integers(1, 7)), min_size=1, max_size=4))
    def import_sessions(self, rows):
        """Bring in sessions, and leave out what does not fit."""
        lines = [f"030112;{reference};{day};{score}" for reference, day, score in rows]
        self.bring_in(SESSIONS, ["district;reference;held_on;life_satisfaction", *lines])

    def bring_in(self, kind, lines: list[str]) -> None:
        """A file with these lines."""
        import_file(self.db, kind, "\n".join(lines).encode(), TODAY, by=OPERATOR, skip_bad=True)

    def teardown(self) -> None:
        """Every counter is what the sessions say, and every figure what SQL says."""
        try:
            assert counters.differences(self.db) == {}
            assert differing_from_sql(self.db, PERIODS, self.known) == {}
        finally:
            self.db.close()


def test_after_whatever_was_done_every_counter_is_exact(tmp_path: Path, empty_database: bytes) -> None:
    add_instrument(tmp_path, changed(("electronic = true", 'electronic = true\nbetter = "lower"')))
    Caseworker.folder, Caseworker.empty = tmp_path, empty_database
    run_state_machine_as_test(
        Caseworker,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
