"""Letting a named account of another district read about one service user, until a day, and ending that."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.model import DISTRICT_ROLES, Actor, Invalid, NotFound, Problem
from fitservice.rules.grants import last_day
from fitservice.rules.notes import parse_reason
from fitservice.store import blocks, grants, service_users, staff


def give_access(
    db: Database, service_user_id: int, staff_id: int, valid_to: date | None, reason: str, *, by: Actor
) -> int:
    """A grant's id: this account of another district may read about a service user of the actor's own, until a day.

    Without a day for 14 days. Invalid if the account is none of an open caseworker or team lead elsewhere, has access
    already, or if the record is blocked for it.
    """
    why = parse_reason(reason, "reason")
    until = last_day(valid_to, today())
    with acting(db, by, Act.GIVE_ACCESS) as note:
        if not service_users.by_id(db, by, service_user_id):
            raise NotFound
        account = staff.by_id(db, staff_id)
        if not account or account["closed_at"] or account["role"] not in DISTRICT_ROLES:
            raise Invalid(Problem("not_elsewhere", "staff"))
        if account["district_id"] == district_of(by):
            raise Invalid(Problem("not_elsewhere", "staff"))
        if {None, staff_id} & blocks.open_of(db, service_user_id):
            raise Invalid(Problem("access_blocked", "staff"))
        if any(row["holds"] and row["staff_id"] == staff_id for row in grants.of_service_user(db, by, service_user_id)):
            raise Invalid(Problem("access_given", "staff"))
        grant_id = grants.give(db, service_user_id, district_of(by), staff_id, why, until, by.name)
        note.subject = ("service_user", service_user_id)
        note.detail = {"grant": grant_id, "to": staff_id, "until": until.isoformat()}
    return grant_id


def end_access(db: Database, service_user_id: int, grant_id: int, *, by: Actor) -> None:
    """It holds no longer, at once; Invalid if it had ended already."""
    with acting(db, by, Act.END_ACCESS) as note:
        grant = grants.by_id(db, by, service_user_id, grant_id)
        if not grant:
            raise NotFound
        if not grant["holds"]:
            raise Invalid(Problem("access_over"))
        grants.end(db, grant_id, by.name)
        note.subject = ("service_user", service_user_id)
        note.detail = {"grant": grant_id}
