"""The team lead's page of look-ups: who looked at whom in her district, and which of it is worth asking about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.clock import OSLO, end_of
from fitservice.model import Actor, NotFound, Role
from fitservice.rules.look_ups import LookUp, Unusual, unusual
from fitservice.store import look_ups, service_users, staff
from fitservice.store.rows import Row

LOOKING = ("see_service_user", "see_session", "print_sheet", "see_who_looked", "see_look_ups")
"""Acts that are no more than looking."""


@dataclass(frozen=True)
class LookUps:
    """Rows newest first (at, actor, role, act, name, service_user_id, reference) and what is worth asking about.

    names by actor and references by service user, for what is worth asking about; staff are those to choose from,
    id and name, and persons, id and reference.
    """

    rows: list[Row]
    unusual: list[Unusual]
    names: dict[str, str]
    references: dict[int, str]
    staff: list[tuple[int, str]]


def see_look_ups(
    db: Database, first: date, last: date, staff_id: int | None = None, service_user_id: int | None = None, *, by: Actor
) -> LookUps:
    """What was looked up from one day to another, of one account or one service user if asked for. Logged."""
    with acting(db, by, Act.SEE_LOOK_UPS) as note:
        district_id = district_of(by)
        rows = _rows(db, district_id, (first, last), staff_id, service_user_id)
        accounts = staff.of_district(db, district_id)
        note.subject = ("service_user", service_user_id) if service_user_id else ("district", district_id)
        note.detail = {"from": first.isoformat(), "to": last.isoformat(), "rows": len(rows)}
        if staff_id:
            note.detail["staff"] = staff_id
    names = {row["actor"]: row["name"] or row["actor"] for row in rows}
    known = {row["id"]: row["name"] for row in accounts}
    known |= {row["staff_id"]: row["name"] for row in rows if row["staff_id"]}
    return LookUps(
        rows,
        unusual(_look_up(row) for row in rows),
        names,
        {row["service_user_id"]: row["reference"] or "–" for row in rows},
        list(known.items()),
    )


def _rows(
    db: Database, district_id: int, days: tuple[date, date], staff_id: int | None, service_user_id: int | None
) -> list[Row]:
    """The rows of those days; NotFound for a service user of another district, or an account that is not there."""
    since, until = end_of(days[0] - timedelta(days=1)), end_of(days[1])
    account = staff.by_id(db, staff_id) if staff_id else None
    if staff_id and not account:
        raise NotFound
    if service_user_id:
        if not service_users.by_id(db, district_id, service_user_id):
            raise NotFound
        rows = look_ups.of_service_user(db, service_user_id, since, until)
        return [row for row in rows if not account or row["staff_id"] == staff_id]
    if account:
        return look_ups.of_staff(db, district_id, account["username"], since, until)
    return look_ups.of_district(db, district_id, since, until)


def _look_up(row: Row) -> LookUp:
    others = row["role"] == Role.CASEWORKER and row["caseworker_id"] not in (None, row["staff_id"])
    return LookUp(
        at=datetime.fromisoformat(row["at"]).astimezone(OSLO),
        actor=row["actor"],
        service_user_id=row["service_user_id"],
        is_work=row["act"] not in LOOKING,
        others_contact=others,
        is_outside=bool(row["is_outside"]),
    )
