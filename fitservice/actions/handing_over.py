"""Handing the screen to the service user: what is asked there, each answer, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import acting
from fitservice.actions.recording import answers_of, enrolment_on, refuse_withdrawn, remarks_of, revise
from fitservice.clock import today
from fitservice.credentials import password_fits
from fitservice.db import transaction
from fitservice.instruments import Instruments
from fitservice.instruments.instrument import Instrument, Item
from fitservice.model import Actor, Answers, Invalid, Kind, Mode, NotFound, Problem, Remarks
from fitservice.rules.handing_over import (
    KEPT_FOR,
    Draft,
    as_answers,
    join,
    only_added,
    questions,
    take_answer,
    unanswered,
    unsaid,
)
from fitservice.store import audit, hand_overs, participations, service_users, sessions

MOST_TRIES = 5
"""So many wrong PINs end the hand-over and its sign-ins: then only the username and the password lead back."""


@dataclass(frozen=True)
class HandOver:
    """A screen that was handed over by the actor."""

    id: int
    service_user_id: int
    held_on: date
    language: str
    asked: list[Instrument]
    draft: Draft
    finished: bool
    taken_back: bool
    session_id: int | None
    wrong: int

    @property
    def questions(self) -> list[tuple[Instrument, Item]]:
        """One screen each."""
        return questions(self.asked)

    @property
    def next_number(self) -> int:
        """The first question, from 1, that was neither answered nor skipped; the last one if there is none."""
        open_ones = (n for n, (_, item) in enumerate(self.questions, start=1) if item.key not in self.draft)
        return next(open_ones, len(self.questions))

    @property
    def answers(self) -> Answers:
        """What was answered so far."""
        return as_answers(self.draft, self.asked)


def to_ask(db: Database, service_user_id: int, instruments: Instruments, *, by: Actor) -> list[Instrument]:
    """What can be asked on a screen today: in use, allowed there, and not answered yet. NotFound for a stranger's.

    Invalid if the service user is not enrolled today, or has withdrawn.
    """
    check(by, Act.HAND_OVER)
    if not service_users.by_id(db, by, service_user_id):
        raise NotFound
    refuse_withdrawn(db, service_user_id)
    known = sessions.on_day(db, enrolment_on(db, service_user_id, today()), today())
    open_kinds = unanswered(list(Kind), answers_of(known)) if known else list(Kind)
    in_use = [instruments.in_use(kind, today()) for kind in open_kinds]
    return [one for one in in_use if one.electronic]


def hand_over(
    db: Database,
    service_user_id: int,
    kinds: Sequence[Kind],
    language: str,
    instruments: Instruments,
    *,
    by: Actor,
    sign_in_id: int,
) -> int:
    """Hand this browser over; returns the hand-over's id. Invalid if there is nothing to ask."""
    with acting(db, by, Act.HAND_OVER) as note:
        asked = [one.key for one in to_ask(db, service_user_id, instruments, by=by) if one.kind in kinds]
        if not asked:
            raise Invalid(Problem("nothing_to_ask", "kinds"))
        hand_overs.forget_before(db, today() - KEPT_FOR)
        hand_over_id = hand_overs.add(db, by.staff_id or 0, service_user_id, today(), language, asked)
        hand_overs.lock(db, sign_in_id, hand_over_id)
        note.subject = ("service_user", service_user_id)
        note.detail = {"hand_over": hand_over_id, "asked": asked}
    return hand_over_id


def own_hand_over(db: Database, hand_over_id: int, instruments: Instruments, *, by: Actor) -> HandOver:
    """One of the actor's own; NotFound for anybody else's."""
    check(by, Act.HAND_OVER)
    row = hand_overs.by_id(db, by, hand_over_id)
    if not row:
        raise NotFound
    return _hand_over(row, instruments)


def go_on(db: Database, hand_over_id: int, *, by: Actor, sign_in_id: int) -> None:
    """Hand the screen over once more, to go on there: the sign-in was made anew in the middle."""
    with acting(db, by, Act.HAND_OVER) as note:
        row = hand_overs.by_id(db, by, hand_over_id)
        if not row or row["taken_back_at"]:
            raise NotFound
        hand_overs.lock(db, sign_in_id, hand_over_id)
        note.subject = ("service_user", row["service_user_id"])
        note.detail = {"hand_over": hand_over_id, "again": True}


def left_over(db: Database, service_user_id: int, instruments: Instruments, *, by: Actor) -> HandOver | None:
    """Answers from a screen that are in no session yet, of today or of yesterday, or None."""
    check(by, Act.HAND_OVER)
    row = hand_overs.left_over(db, by.staff_id or 0, service_user_id, today() - KEPT_FOR)
    known = _hand_over(row, instruments) if row else None
    return known if known and not known.answers.say_nothing() else None


def answer(db: Database, hand_over_id: int, number: int, text: str, instruments: Instruments, *, by: Actor) -> bool:
    """Keep the answer to question number (from 1); True if it is the end: the session is recorded.

    An answer after the end, such as a second tap on the last one, changes nothing. Invalid if the text is no answer.
    """
    with acting(db, by, Act.HAND_OVER) as note:
        known = own_hand_over(db, hand_over_id, instruments, by=by)
        over = known.taken_back or known.held_on < today() - KEPT_FOR
        if over or not 1 <= number <= len(known.questions):
            raise NotFound
        if known.finished:
            return True
        if participations.is_withdrawn(db, known.service_user_id):
            # nothing of it is kept, and the screen says thank you
            hand_overs.finish(db, hand_over_id, None)
            note.subject = ("service_user", known.service_user_id)
            return True
        draft = take_answer(known.draft, *known.questions[number - 1], text)
        note.subject = ("service_user", known.service_user_id)
        note.detail = {"hand_over": hand_over_id, "question": number}
        last = number == len(known.questions)
        if last:
            _finish(db, replace(known, draft=draft), by)
        else:
            hand_overs.keep_answers(db, hand_over_id, draft)
    return last


def take_back(
    db: Database, hand_over_id: int, typed: str, instruments: Instruments, *, by: Actor, sign_in_id: int
) -> HandOver:
    """Free the browser again for whoever knows the PIN or the password.

    Invalid if it is neither; the fifth time the hand-over ends, and each sign-in that was handed over with it.
    """
    check(by, Act.HAND_OVER)
    known = hand_overs.by_id(db, by, hand_over_id)
    if not known:
        raise NotFound
    # slow on purpose, so before the lock is taken; counted under it, so that tries at once are not more tries
    hashes = [known["pin_hash"], known["password_hash"]]
    right = any(password_fits(hashed, typed) for hashed in hashes if hashed)
    with transaction(db):
        row = hand_overs.by_id(db, by, hand_over_id)
        if not row or row["taken_back_at"] or [row["pin_hash"], row["password_hash"]] != hashes:
            raise NotFound
        left = MOST_TRIES - row["wrong"] - 1
        if right:
            hand_overs.take_back(db, hand_over_id, sign_in_id)
        else:
            hand_overs.count_wrong(db, hand_over_id)
            if left <= 0:
                hand_overs.give_up(db, hand_over_id)
        subject = ("service_user", row["service_user_id"])
        audit.write(db, by, "take_back" if right else "take_back_refused", subject, {"hand_over": hand_over_id})
    if not right:
        raise Invalid(Problem("wrong_pin", "secret", known={"left": str(max(0, left))}))
    return _hand_over(row, instruments)


def forget_left_over(db: Database, hand_over_id: int, recorded: Answers, *, by: Actor) -> None:
    """Take out of a draft what is recorded now. What was answered on the screen meanwhile stays in it."""
    check(by, Act.HAND_OVER)
    with transaction(db):
        row = hand_overs.by_id(db, by, hand_over_id)
        if row:
            hand_overs.keep_answers(db, hand_over_id, unsaid(row["answers"], recorded))


def _finish(db: Database, known: HandOver, by: Actor) -> None:
    """The draft becomes the day's session, or joins the one that is there.

    Where the enrolment was ended meanwhile it stays a draft: that is for the caseworker to see, not the service user.
    """
    try:
        enrolment_id = enrolment_on(db, known.service_user_id, known.held_on)
    except Invalid:
        hand_overs.keep_answers(db, known.id, dict(known.draft))
        hand_overs.end(db, known.id)
        return
    session = sessions.on_day(db, enrolment_id, known.held_on)
    before = answers_of(session) if session else Answers()
    joined = join(before, known.draft, known.asked)
    session_id = session["id"] if session else None
    if joined != before and session:
        reason = sessions.COMPLETED if only_added(before, joined) else sessions.ANSWERED_AGAIN
        revise(db, session, joined, replace(remarks_of(session), mode=Mode.TABLET), reason, by)
    elif joined != before:
        session_id = sessions.add(db, enrolment_id, known.held_on, joined, Remarks(Mode.TABLET), by.name)
    if session_id:
        audit.write(db, by, Act.RECORD_SESSION, ("session", session_id), {"hand_over": known.id})
    hand_overs.finish(db, known.id, session_id)


def _hand_over(row: dict[str, Any], instruments: Instruments) -> HandOver:
    return HandOver(
        id=row["id"],
        service_user_id=row["service_user_id"],
        held_on=date.fromisoformat(row["held_on"]),
        language=row["language"],
        asked=[instruments[key] for key in row["instruments"] if key in instruments],
        draft=row["answers"],
        finished=row["finished_at"] is not None,
        taken_back=row["taken_back_at"] is not None,
        session_id=row["session_id"],
        wrong=row["wrong"],
    )
