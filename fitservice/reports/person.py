"""One service user's page and one session's page; each look is written to the audit table."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, check, district_of
from fitservice.acting import acting
from fitservice.instruments import SHIPPED, Instruments
from fitservice.instruments.instrument import Instrument
from fitservice.model import AccessEnded, Actor, NotFound
from fitservice.reports.participation import state_of
from fitservice.rules.change import Course, Score
from fitservice.rules.expected_course import Fit, Place, Ranges, place, ranges
from fitservice.rules.participation import State
from fitservice.rules.signals import Signal
from fitservice.rules.standing import courses_of, cut_off_at, scores_of, signals_of
from fitservice.store import (
    blocks,
    discussions,
    enrolments,
    expected_courses,
    grants,
    participations,
    service_users,
    sessions,
    staff,
)
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
    """A service user (reference, birth_year, contact), enrolments newest first, sessions oldest first.

    discussion is the newest: discussed_on, discussed_by (a name); participation the row that counts;
    corrections what reference and birth_year were before, newest first. grant is what lets whoever looks in from
    another district, None at home; given is all access that was given, blocks to whom the record is or was closed.
    """

    service_user: Row
    grant: Row | None
    given: list[Row]
    blocks: list[Row]
    enrolments: list[Row]
    earlier_enrolments: list[Row]
    sessions: list[Row]
    instruments: Instruments
    learned: dict[str, tuple[date, Fit]]
    discussion: Row | None
    participation: Row | None
    corrections: list[Row]

    @property
    def participation_state(self) -> State:
        """How informed participation stands today."""
        return state_of(self.participation)

    @property
    def counted_sessions(self) -> list[Row]:
        """The sessions that were not withdrawn, oldest first."""
        return [session for session in self.sessions if not session["withdrawn"]]

    @property
    def open_enrolment(self) -> Row | None:
        """The enrolment that has no last day, if there is one."""
        return next((row for row in self.enrolments if not row["enrolled_to"]), None)

    @property
    def agreed(self) -> Row | None:
        """The latest session in which a next step was agreed on."""
        return next((row for row in reversed(self.counted_sessions) if row["next_step"]), None)

    def session_on(self, day: date) -> int | None:
        """The id of the session that is recorded on a day."""
        return next((int(row["id"]) for row in self.counted_sessions if row["held_on"] == day.isoformat()), None)

    def scores(self, instrument: Instrument, enrolment_id: int) -> list[Score]:
        """The scores of one instrument in one enrolment, oldest first, in points."""
        return scores_of(self._held(enrolment_id), instrument)

    def courses(self, enrolment_id: int, up_to: date) -> list[tuple[Instrument, Course]]:
        """First, previous and current of every instrument that has a score by that day."""
        return courses_of(self._held(enrolment_id, up_to), self.instruments, self._birth_year)

    def cut_off(self, instrument: Instrument, day: date) -> float | None:
        """The instrument's cut-off at the age that the person reaches in that year."""
        return cut_off_at(instrument, self._birth_year, day)

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

    def signals(self, enrolment_id: int, up_to: date) -> list[Signal]:
        """What is worth talking about, as things stood on that day."""
        return signals_of(self._held(enrolment_id, up_to), self.instruments.every, self._birth_year)

    @property
    def _birth_year(self) -> int | None:
        born: int | None = self.service_user["birth_year"]
        return born

    def _held(self, enrolment_id: int, up_to: date = date.max) -> list[Row]:
        """The sessions of an enrolment that count, up to a day."""
        last = up_to.isoformat()
        return [row for row in self.counted_sessions if row["enrolment_id"] == enrolment_id and row["held_on"] <= last]


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
    to_read: bool = False,
) -> Person:
    """Everything recorded of a service user of the actor's district; NotFound for anybody else's.

    act is what it is seen for, as the log will say. to_read, for pages that only tell, also lets in whoever was given
    access; AccessEnded if it holds no longer.
    """
    with acting(db, by, act) as note:
        note.subject = ("service_user", service_user_id)
        found = _person(db, service_user_id, instruments, to_read=to_read, by=by)
        note.detail = _by_which(found)
        return found


def colleagues(db: Database, *, by: Actor) -> list[Row]:
    """Who can be a contact in the actor's district, by name: username, name. Names no service user, so no log."""
    check(by, Act.SET_CASEWORKER)
    return staff.open_in_district(db, district_of(by))


def see_session(
    db: Database, session_id: int, *, by: Actor, instruments: Instruments = SHIPPED, to_read: bool = False
) -> SessionPage:
    """One session with where the person stood on that day; NotFound for another district's without access to it."""
    with acting(db, by, Act.SEE_SESSION) as note:
        note.subject = ("session", session_id)
        session = sessions.by_id(db, by, session_id, to_read=to_read)
        if not session:
            raise _gone(db, sessions.whose(db, session_id), by) if to_read else NotFound
        person = _person(db, session["service_user_id"], instruments, to_read=to_read, by=by)
        note.detail = _by_which(person)
        place = session["enrolment_id"], date.fromisoformat(session["held_on"])
        earlier = sessions.earlier_revisions(db, session_id)
        return SessionPage(session, earlier, person, person.courses(*place), person.signals(*place))


def see_enrolment(db: Database, enrolment_id: int, *, by: Actor) -> Row:
    """One enrolment with its service user's id and reference; NotFound for another district's."""
    with acting(db, by, Act.SEE_SERVICE_USER) as note:
        enrolment = enrolments.by_id(db, by, enrolment_id)
        if not enrolment:
            raise NotFound
        note.subject = ("service_user", enrolment["service_user_id"])
    return enrolment


def _person(db: Database, service_user_id: int, instruments: Instruments, *, to_read: bool, by: Actor) -> Person:
    service_user = service_users.by_id(db, by, service_user_id, to_read=to_read)
    if not service_user:
        raise _gone(db, service_user_id, by) if to_read else NotFound
    at_home = service_user["district_id"] == by.district_id
    return Person(
        service_user,
        None if at_home else grants.held_by(db, by, service_user_id),
        grants.of_service_user(db, by, service_user_id),
        blocks.of_service_user(db, service_user_id),
        enrolments.of_service_user(db, service_user_id),
        enrolments.earlier_revisions(db, service_user_id),
        sessions.of_service_user(db, service_user_id),
        instruments,
        expected_courses.newest(db),
        discussions.newest_of(db, service_user_id),
        participations.newest_of(db, service_user_id),
        service_users.earlier(db, service_user_id),
    )


def _by_which(person: Person) -> dict[str, object]:
    """What the log keeps of a look from elsewhere: the grant, with which its reason stands."""
    return {"grant": person.grant["id"]} if person.grant else {}


def _gone(db: Database, service_user_id: int | None, by: Actor) -> NotFound:
    """Whoever had been given access is told that it has ended; strangers are told nothing."""
    if service_user_id is not None and grants.ever_held(db, by, service_user_id):
        return AccessEnded()
    return NotFound()
