"""The team lead's page of look-ups: who looked at whom in her district, and which of it is worth asking about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.clock import OSLO, end_of
from fitservice.model import STAFF_ROLES, Actor, NotFound, Role
from fitservice.rules.look_ups import LookUp, Unusual, unusual
from fitservice.store import look_ups, staff
from fitservice.store.rows import Row

LOOKING = ("see_service_user", "see_session", "print_sheet", "see_who_looked", "see_look_ups", "see_access")
"""Acts that are no more than looking."""


@dataclass(frozen=True)
class LookUps:
    """Rows newest first (at, actor, role, act, service_user_id) and what is worth asking about.

    names by actor (an account's name; of whoever has none, such as an operator, what the log says) and references by
    service user. staff are those to choose from, id and name.
    """

    rows: list[Row]
    unusual: list[Unusual]
    names: dict[str, str]
    references: dict[int, str]
    staff: list[tuple[int, str]]


def see_look_ups(
    db: Database, first: date, last: date, staff_id: int | None = None, service_user_id: int | None = None, *, by: Actor
) -> LookUps:
    """What was looked up from one day to another, of one account or one service user if asked for. Logged.

    NotFound for another district's service user, or an account that is not there.
    """
    with acting(db, by, Act.SEE_LOOK_UPS) as note:
        district_id = district_of(by)
        persons = look_ups.contacts(db, by)
        if service_user_id and service_user_id not in persons:
            raise NotFound
        rows = _rows(db, (first, last), staff_id, service_user_id, by=by)
        accounts, names = staff.of_district(db, district_id), staff.names(db)
        note.subject = ("service_user", service_user_id) if service_user_id else ("district", district_id)
        note.detail = {"from": first.isoformat(), "to": last.isoformat(), "rows": len(rows)}
        if staff_id:
            note.detail["staff"] = staff_id
    seen = {row["service_user_id"] for row in rows} | ({service_user_id} if service_user_id else set())
    return LookUps(
        rows,
        unusual(_look_up(row, persons) for row in rows),
        {row["actor"]: _name(row, names) for row in rows},
        {number: persons[number]["reference"] if number in persons else "–" for number in seen},
        [(account["id"], account["name"]) for account in accounts],
    )


def _rows(
    db: Database, days: tuple[date, date], staff_id: int | None, service_user_id: int | None, *, by: Actor
) -> list[Row]:
    since, until = end_of(days[0] - timedelta(days=1)), end_of(days[1])
    account = staff.by_id(db, staff_id) if staff_id else None
    if staff_id and not account:
        raise NotFound
    if service_user_id:
        rows = look_ups.of_service_user(db, service_user_id, since, until)
        return [row for row in rows if not account or row["actor"] == account["username"]]
    if account:
        return look_ups.of_staff(db, by, account["username"], since, until)
    return look_ups.of_district(db, by, since, until)


def _name(row: Row, names: dict[str, str]) -> str:
    """An operator may be called as an account is, and is somebody else."""
    actor: str = row["actor"]
    return names.get(actor, actor) if row["role"] in STAFF_ROLES else actor


def _look_up(row: Row, persons: dict[int, Row]) -> LookUp:
    contact = persons[row["service_user_id"]]["contact"] if row["service_user_id"] in persons else None
    return LookUp(
        at=datetime.fromisoformat(row["at"]).astimezone(OSLO),
        actor=row["actor"],
        service_user_id=row["service_user_id"],
        is_work=row["act"] not in LOOKING,
        others_contact=row["role"] == Role.CASEWORKER and contact not in (None, row["actor"]),
        is_outside=bool(row["is_outside"]),
    )
