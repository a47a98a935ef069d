"""Recording a session, noting what was agreed, correcting it, withdrawing it."""

from dataclasses import replace
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.model import Actor, Answers, Duplicate, Invalid, NotFound, Problem, Remarks
from fitservice.rules.answers import refuse_contradiction
from fitservice.rules.enrolments import covers
from fitservice.store import enrolments, participations, service_users, sessions
from fitservice.store.rows import Row

NO_REMARKS = Remarks()


def record_session(
    db: Database,
    service_user_id: int,
    held_on: date,
    answers: Answers,
    *,
    by: Actor,
    remarks: Remarks = NO_REMARKS,
) -> int:
    """A session's id. The same answers once more on the same day are the same session: a double click is harmless.

    Invalid without any answer or reason, or outside every enrolment; Duplicate if that day has another session.
    """
    with acting(db, by, Act.RECORD_SESSION) as note:
        if not service_users.by_id(db, by, service_user_id):
            raise NotFound
        refuse_withdrawn(db, service_user_id)
        _check(held_on, answers)
        enrolment_id = enrolment_on(db, service_user_id, held_on)
        known = sessions.on_day(db, enrolment_id, held_on)
        if known and answers_of(known) != answers:
            raise Duplicate(Problem("session_that_day", "held_on"), known["id"])
        session_id = known["id"] if known else None
        if session_id is None:
            session_id = sessions.add(db, enrolment_id, held_on, answers, remarks, by.name)
        note.subject = ("session", session_id)
        note.detail = {"again": True} if known else {}
    return int(session_id)


def note_session(
    db: Database, session_id: int, note: str | None, next_step: str | None, *, by: Actor, revision: int
) -> None:
    """Other words for the note and the agreed next step; the answers stay, and so do the words before."""
    with acting(db, by, Act.NOTE_SESSION) as note_of_act:
        session = _session(db, session_id, revision, by)
        refuse_withdrawn(db, session["service_user_id"])
        remarks = replace(remarks_of(session), note=note, next_step=next_step)
        if remarks != remarks_of(session):
            revise(db, session, answers_of(session), remarks, sessions.NOTED, by)
        note_of_act.subject = ("session", session_id)


def correct_session(
    db: Database,
    session_id: int,
    held_on: date,
    answers: Answers,
    reason: str,
    *,
    by: Actor,
    revision: int,
    remarks: Remarks | None = None,
) -> None:
    """A new revision with its reason; the old one is kept. revision is the one the actor was looking at.

    The remarks stay as they are unless others are given.
    Invalid if someone corrected it in the meantime, or if it would collide with another session.
    """
    with acting(db, by, Act.CORRECT_SESSION) as note:
        session = _session(db, session_id, revision, by)
        _check(held_on, answers)
        enrolment_id = enrolment_on(db, session["service_user_id"], held_on)
        known = sessions.on_day(db, enrolment_id, held_on)
        if known and known["id"] != session_id:
            raise Duplicate(Problem("session_that_day", "held_on"), known["id"])
        moved = {**session, "enrolment_id": enrolment_id, "held_on": held_on.isoformat()}
        revise(db, moved, answers, remarks or remarks_of(session), reason, by)
        note.subject = ("session", session_id)


def withdraw_session(db: Database, session_id: int, reason: str, *, by: Actor, revision: int) -> None:
    """Mark a session as recorded by mistake: it stays visible with its reason and no longer counts."""
    with acting(db, by, Act.CORRECT_SESSION) as note:
        session = _session(db, session_id, revision, by)
        revise(db, session, answers_of(session), remarks_of(session), reason, by, withdrawn=True)
        note.subject = ("session", session_id)
        note.detail = {"withdrawn": True}


def refuse_withdrawn(db: Database, service_user_id: int) -> None:
    """Invalid if the service user takes part no longer: from then on nothing new is recorded, and old is corrected."""
    if participations.is_withdrawn(db, service_user_id):
        raise Invalid(Problem("participation_withdrawn"))


def answers_of(row: Row) -> Answers:
    """The answers that a row of sessions or session_revisions holds."""
    return Answers(**{name: row[name] for name in sessions.ANSWER_COLUMNS})


def remarks_of(row: Row) -> Remarks:
    """What the same row says beside its answers."""
    return Remarks(**{name: row[name] for name in Remarks.__dataclass_fields__})


def revise(
    db: Database, session: Row, answers: Answers, remarks: Remarks, reason: str, by: Actor, *, withdrawn: bool = False
) -> None:
    """Put a new revision in place of a session, inside an act that has checked it."""
    sessions.revise(
        db,
        session["id"],
        enrolment_id=session["enrolment_id"],
        held_on=date.fromisoformat(session["held_on"]),
        answers=answers,
        remarks=remarks,
        withdrawn=withdrawn,
        recorded_by=by.name,
        reason=reason,
    )


def _session(db: Database, session_id: int, revision: int, by: Actor) -> Row:
    session = sessions.by_id(db, by, session_id)
    if not session:
        raise NotFound
    if session["withdrawn"]:
        raise Invalid(Problem("already_withdrawn"))
    if session["revision"] != revision:
        raise Invalid(Problem("changed_meanwhile"))
    return session


def _check(held_on: date, answers: Answers) -> None:
    if held_on > today():
        raise Invalid(Problem("future_day", "held_on"))
    if answers.say_nothing():
        raise Invalid(Problem("nothing_answered"))
    refuse_contradiction(answers)


def enrolment_on(db: Database, service_user_id: int, held_on: date) -> int:
    """The id of the enrolment that covers a day; Invalid if none does."""
    for row in enrolments.of_service_user(db, service_user_id):
        last = date.fromisoformat(row["enrolled_to"]) if row["enrolled_to"] else None
        if covers((date.fromisoformat(row["enrolled_from"]), last), held_on):
            return int(row["id"])
    raise Invalid(Problem("outside_enrolment", "held_on"))
