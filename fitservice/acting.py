"""Check, act and audit in one transaction: the frame of every action and of every report."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlite_utils import Database

from fitservice.access import LOOKS, Act, check
from fitservice.db import snapshot, transaction
from fitservice.model import Actor, DoneAlready, NotAllowed
from fitservice.store import audit, once, staff


@dataclass
class Note:
    """What the audit row will say beside who and when; the act fills it in.

    leads_to is what a form that is sent once more leads to, where that is not the subject.
    """

    subject: tuple[str, int] | None = None
    detail: dict[str, object] = field(default_factory=dict)
    leads_to: tuple[str, int] | None = None


@contextmanager
def acting(db: Database, by: Actor, act: Act) -> Iterator[Note]:
    """Do what is inside if by may, and write it to the audit table, or leave nothing at all behind.

    DoneAlready if the same form did it before: of two that come at once, the second waits for the first.
    """
    check(by, act)
    with transaction(db):
        if staff.is_another(db, by.staff_id, by.role, by.district_id):
            raise NotAllowed("closed or changed in the meantime")
        form = None if act in LOOKS else by.once
        if form and (target := once.target(db, form, by.staff_id or 0, act)) is not None:
            raise DoneAlready(target)
        note = Note()
        yield note
        audit.write(db, by, act, note.subject, note.detail)
        if form:
            once.keep(db, form, by.staff_id or 0, act, note.leads_to or note.subject)


def done_before(db: Database, *, by: Actor) -> tuple[str, int] | tuple[()] | None:
    """What the form that by sends was done to, if it was done before: kind and id, or (); None if not."""
    return once.target(db, by.once, by.staff_id or 0) if by.once else None


@contextmanager
def telling(db: Database, by: Actor, act: Act) -> Iterator[Note]:
    """Read what is inside from one snapshot, then log it; what was read is told only if the log was written.

    For reports over the whole city: a long read must not hold the write lock that a caseworker's save needs.
    """
    check(by, act)
    note = Note()
    with snapshot(db):
        yield note
    with transaction(db):
        audit.write(db, by, act, note.subject, note.detail)
