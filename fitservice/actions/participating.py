"""Keeping that a service user was informed and takes part, or has withdrawn: from then on nothing new is recorded."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.model import Actor, Invalid, NotFound, Problem
from fitservice.rules.participation import How, last_day
from fitservice.store import participations, service_users
from fitservice.wording.participation import text_today


def give_participation(
    db: Database, service_user_id: int, given_on: date, how: How, valid_to: date | None, *, by: Actor, months: int
) -> None:
    """A service user of the actor's district was told today's text, in the own language, and takes part.

    Until valid_to, or so many months after given_on. Also after a withdrawal: then recording goes on.
    """
    with acting(db, by, Act.GIVE_PARTICIPATION) as note:
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        last = last_day(given_on, valid_to, months, today())
        known = participations.newest_of(db, service_user_id)
        if known and known["kind"] == "withdrawn" and given_on.isoformat() < known["on_day"]:
            raise Invalid(Problem("before_withdrawal", "given_on"))
        version = text_today(given_on).key
        language = service_user["asked_in"]
        participations.give(db, service_user_id, given_on, last, version, language, how.value, by.name)
        note.subject = ("service_user", service_user_id)
        note.detail = {"version": version, "valid_to": last.isoformat()}


def withdraw_participation(db: Database, service_user_id: int, *, by: Actor) -> None:
    """A service user of the actor's district takes part no longer, from today; once more is harmless."""
    with acting(db, by, Act.WITHDRAW_PARTICIPATION) as note:
        if not service_users.by_id(db, by, service_user_id):
            raise NotFound
        again = participations.is_withdrawn(db, service_user_id)
        if not again:
            participations.withdraw(db, service_user_id, today(), by.name)
        note.subject = ("service_user", service_user_id)
        note.detail = {"again": True} if again else {}
