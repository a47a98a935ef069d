"""Erasing a service user by two: one asks with a reason, a team lead who is another carries it out."""

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.db import forget_old_pages
from fitservice.model import Actor, Invalid, NotFound, Problem
from fitservice.rules.notes import parse_reason
from fitservice.store import erasures, service_users
from fitservice.store.rows import Row


def ask_erasure(db: Database, service_user_id: int, reason: str, *, by: Actor) -> None:
    """Ask for a service user of the actor's district to be erased. Invalid if it is asked for already."""
    why = parse_reason(reason, "reason")
    with acting(db, by, Act.ASK_ERASURE) as note:
        if not service_users.by_id(db, by, service_user_id):
            raise NotFound
        if erasures.open_of(db, service_user_id):
            raise Invalid(Problem("erasure_asked"))
        erasures.ask(db, service_user_id, district_of(by), why, by.name)
        note.subject = ("service_user", service_user_id)


def drop_erasure(db: Database, service_user_id: int, *, by: Actor) -> None:
    """Nothing is erased after all: whoever asked, or anybody else of the district, takes the request back."""
    with acting(db, by, Act.DROP_ERASURE) as note:
        erasures.drop(db, _asked(db, service_user_id, by)["id"], by.name)
        note.subject = ("service_user", service_user_id)


def erase(db: Database, service_user_id: int, *, by: Actor) -> bool:
    """Remove everything recorded of a service user; Invalid for whoever asked for it.

    Releases and the log stay as they are; figures of today change. False if somebody was reading the file, so that the
    erased bytes stay in its log until the last reader is gone.
    """
    with acting(db, by, Act.ERASE) as note:
        asked = _asked(db, service_user_id, by)
        if asked["asked_by"].casefold() == by.name.casefold():
            raise Invalid(Problem("erasure_own"))
        erasures.carry_out(db, asked["id"], service_user_id, by.name)
        note.subject = ("service_user", service_user_id)
        note.detail = {"erasure": asked["id"]}
    return forget_old_pages(db)


def _asked(db: Database, service_user_id: int, by: Actor) -> Row:
    """The open request about a service user of the actor's district."""
    if not service_users.by_id(db, by, service_user_id):
        raise NotFound
    asked = erasures.open_of(db, service_user_id)
    if not asked:
        raise Invalid(Problem("erasure_not_asked"))
    return asked
