"""Closing a service user's record to staff of the own district, and opening it again."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.model import Actor, Invalid, NotFound, Problem, Role
from fitservice.rules.grants import refuse_to_shut_out_all
from fitservice.rules.notes import parse_reason
from fitservice.store import blocks, hand_overs, service_users, staff
from fitservice.store.rows import Row


@dataclass(frozen=True)
class Closed:
    """What follows from a block: whether the actor still sees the record, and who was the contact until now."""

    still_open: bool
    contact: str | None


def block_record(
    db: Database, service_user_id: int, staff_ids: Collection[int], everybody: bool, reason: str, *, by: Actor
) -> Closed:
    """Close a record to these colleagues, or to everybody but the contact and the team leads; or to both.

    Screens that they have handed to the service user end, and a contact among those who are named is the contact no
    longer. Invalid if it is closed to one of them already, or if it would be closed to every team lead.
    """
    why = parse_reason(reason, "reason")
    with acting(db, by, Act.BLOCK_RECORD) as note:
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        colleagues = {row["id"]: row for row in staff.open_in_district(db, district_of(by))}
        if not staff_ids and not everybody:
            raise Invalid(Problem("nobody_chosen", "whom"))
        if not set(staff_ids) <= set(colleagues):
            raise Invalid(Problem("not_a_colleague", "whom"))
        known = blocks.open_of(db, service_user_id)
        if twice := sorted(colleagues[one]["name"] for one in known & set(staff_ids) if one is not None):
            raise Invalid(Problem("blocked_already", "whom", known={"name": ", ".join(twice)}))
        if everybody and None in known:
            raise Invalid(Problem("everybody_blocked", "whom"))
        named = {one for one in known if one is not None}
        refuse_to_shut_out_all(staff.open_team_leads(db, district_of(by)), named | set(staff_ids))
        for staff_id in [*staff_ids, *([None] if everybody else [])]:
            blocks.add(db, service_user_id, district_of(by), staff_id, why, by.name)
        was_contact = service_user["contact_username"] in {colleagues[one]["username"] for one in staff_ids}
        if was_contact:
            service_users.set_caseworker(db, service_user_id, None)
        shut_out = {*staff_ids, *(_all_but(service_user, colleagues.values()) if everybody else ())}
        hand_overs.close_to(db, service_user_id, shut_out)
        note.subject = ("service_user", service_user_id)
        note.detail = {"staff": sorted(staff_ids), "everybody": everybody}
        if was_contact:
            note.detail |= {"contact_no_longer": service_user["contact_username"]}
        still_open = by.staff_id not in staff_ids
        if not still_open:
            note.leads_to = ("caseload", district_of(by))
    return Closed(still_open, service_user["contact"] if was_contact else None)


def end_block(db: Database, service_user_id: int, block_id: int, reason: str, *, by: Actor) -> None:
    """The record is open again to whom it was closed; Invalid if it was already."""
    why = parse_reason(reason, "reason")
    with acting(db, by, Act.END_BLOCK) as note:
        block = blocks.by_id(db, by, service_user_id, block_id)
        if not block:
            raise NotFound
        if block["ended_at"]:
            raise Invalid(Problem("block_over"))
        blocks.end(db, block_id, why, by.name)
        note.subject = ("service_user", service_user_id)
        note.detail = {"block": block_id}


def _all_but(service_user: Row, colleagues: Collection[Row]) -> set[int]:
    """Who is shut out where everybody but the contact is: team leads are not, for somebody must be able to end it."""
    contact = service_user["contact_username"]
    return {row["id"] for row in colleagues if row["role"] != Role.TEAM_LEAD and row["username"] != contact}
