"""One service user's page and one session's page; each look is written to the audit table."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.instruments import SHIPPED, Instruments
from fitservice.instruments.instrument import Instrument
from fitservice.model import Actor, Kind, NotFound
from fitservice.rules.change import Course, Score, course
from fitservice.rules.expected_course import Fit, Place, Ranges, place, ranges
from fitservice.rules.signals import Signal, signals
from fitservice.store import enrolments, expected_courses, service_users, sessions
from fitservice.store.rows import Row


@dataclass(frozen=True)
class Expected:
    """What was learned of others, and on which day; ranges by session id, from the second score on."""

    fitted_on: date
    fit: Fit
    ranges: dict[int, Ranges]

    def place(self, score: Score) -> Place | None:
        """Where a score lies beside those of the others; None for the first, with which the curve begins."""
        found = self.ranges.get(score.session_id)
        return None if found is None else place(score.value, found)


@dataclass(frozen=True)
class Person:
    """A service user (reference, birth_year), enrolments newest first, sessions oldest first."""

    service_user: Row
    enrolments: list[Row]
    earlier_enrolments: list[Row]
    sessions: list[Row]
    instruments: Instruments
    learned: dict[str, tuple[date, Fit]]

    @property
    def counted_sessions(self) -> list[Row]:
        """The sessions that were not withdrawn, oldest first."""
        return [session for session in self.sessions if not session["withdrawn"]]

    @property
    def open_enrolment(self) -> Row | None:
        """The enrolment that has no last day, if there is one."""
        return next((row for row in self.enrolments if not row["enrolled_to"]), None)

    def scores(self, instrument: Instrument, enrolment_id: int) -> list[Score]:
        """The scores of one instrument in one enrolment, oldest first, in points."""
        return [
            Score(row["id"], date.fromisoformat(row["held_on"]), row[instrument.total_column] / instrument.unit)
            for row in self.counted_sessions
            if row["enrolment_id"] == enrolment_id
            and row[instrument.total_column] is not None
            and used(row, instrument.kind) == instrument.key
        ]

    def courses(self, enrolment_id: int, up_to: date) -> list[tuple[Instrument, Course]]:
        """First, previous and current of every instrument that has a score by that day."""
        found = [(one, self._course(one, enrolment_id, up_to)) for one in self.instruments]
        return [(one, stands) for one, stands in found if stands is not None]

    def cut_off(self, instrument: Instrument, day: date) -> float | None:
        """The instrument's cut-off at the age that the person reaches in that year."""
        born = self.service_user["birth_year"]
        return instrument.cut_off(None if born is None else day.year - int(born))

    def expected(self, instrument: Instrument, enrolment_id: int) -> Expected | None:
        """Where others lay at each of this enrolment's scores after the first; None before enough was learned."""
        scores = self.scores(instrument, enrolment_id)
        if not instrument.expected_course or instrument.key not in self.learned or len(scores) < 2:
            return None
        fitted_on, fit = self.learned[instrument.key]
        span = instrument.total_low, instrument.total_high
        found = {
            score.session_id: ranges(fit, scores[0].value, number, *span)
            for number, score in enumerate(scores[1:], start=2)
        }
        return Expected(fitted_on, fit, found)

    def _course(self, instrument: Instrument, enrolment_id: int, up_to: date) -> Course | None:
        known = [score for score in self.scores(instrument, enrolment_id) if score.held_on <= up_to]
        return course(
            known,
            up_to,
            instrument.reliable_change,
            higher_is_better=instrument.higher_is_better,
            cut_off=self.cut_off(instrument, known[-1].held_on) if known else None,
        )

    def signals(self, enrolment_id: int, up_to: date) -> list[Signal]:
        """What is worth talking about, as things stood on that day."""
        held = [
            row
            for row in self.counted_sessions
            if row["enrolment_id"] == enrolment_id and row["held_on"] <= up_to.isoformat()
        ]
        columns = {one.total_column for one in self.instruments}
        answered = [any(row[column] is not None for column in columns) for row in held]
        return signals(self.courses(enrolment_id, up_to), answered)


def used(session: Row, kind: Kind) -> str:
    """The key of the instrument of that kind on which a session was answered."""
    return str(session.get(f"{kind.value}_instrument", kind.value))


@dataclass(frozen=True)
class SessionPage:
    """A session, the person it was held with, and what it was before it was corrected (newest first)."""

    session: Row
    earlier: list[Row]
    person: Person
    courses: list[tuple[Instrument, Course]]
    signals: list[Signal]


def see_person(
    db: Database,
    service_user_id: int,
    *,
    by: Actor,
    instruments: Instruments = SHIPPED,
    act: Act = Act.SEE_SERVICE_USER,
) -> Person:
    """Everything recorded of a service user of the actor's district; NotFound for anybody else's.

    act is what it is seen for, as the log will say.
    """
    with acting(db, by, act) as note:
        note.subject = ("service_user", service_user_id)
        return _person(db, service_user_id, district_of(by), instruments)


def see_session(db: Database, session_id: int, *, by: Actor, instruments: Instruments = SHIPPED) -> SessionPage:
    """One session with where the person stood on that day; NotFound for another district's."""
    with acting(db, by, Act.SEE_SESSION) as note:
        note.subject = ("session", session_id)
        session = sessions.by_id(db, district_of(by), session_id)
        if not session:
            raise NotFound
        person = _person(db, session["service_user_id"], district_of(by), instruments)
        place = session["enrolment_id"], date.fromisoformat(session["held_on"])
        earlier = sessions.earlier_revisions(db, session_id)
        return SessionPage(session, earlier, person, person.courses(*place), person.signals(*place))


def see_enrolment(db: Database, enrolment_id: int, *, by: Actor) -> Row:
    """One enrolment with its service user's id and reference; NotFound for another district's."""
    with acting(db, by, Act.SEE_SERVICE_USER) as note:
        enrolment = enrolments.by_id(db, district_of(by), enrolment_id)
        if not enrolment:
            raise NotFound
        note.subject = ("service_user", enrolment["service_user_id"])
    return enrolment


def _person(db: Database, service_user_id: int, district_id: int, instruments: Instruments) -> Person:
    service_user = service_users.by_id(db, district_id, service_user_id)
    if not service_user:
        raise NotFound
    return Person(
        service_user,
        enrolments.of_service_user(db, service_user_id),
        enrolments.earlier_revisions(db, service_user_id),
        sessions.of_service_user(db, service_user_id),
        instruments,
        expected_courses.newest(db),
    )
