"""Accounts as the administrator sees them, and what a start says of the database."""

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.credentials import hash_of
from fitservice.instruments import Instruments
from fitservice.model import Actor, NotFound
from fitservice.store import demo, districts, links, sessions, staff
from fitservice.store.rows import Row


def see_staff(db: Database, *, by: Actor) -> list[Row]:
    """Every account: username, name, role, district, last_seen_at, closed_at."""
    with acting(db, by, Act.SEE_STAFF):
        return staff.all_staff(db)


def open_account(db: Database, staff_id: int, *, by: Actor) -> Row:
    """One account: id, name, email. NotFound if there is none or it is closed."""
    with acting(db, by, Act.SEE_STAFF) as note:
        account = staff.by_id(db, staff_id)
        if not account or account["closed_at"]:
            raise NotFound
        note.subject = ("staff", staff_id)
        return {name: account[name] for name in ("id", "name", "email")}


def district_choices(db: Database) -> list[Row]:
    """The districts by code, for choosing one: no secret, so no check."""
    return districts.all_districts(db)


def demo_sign_ins(db: Database) -> list[Row]:
    """The made-up staff of a demo city; empty in any other database."""
    return staff.demo_staff(db)


def holds_demo(db: Database) -> bool:
    """Whether everything in this database is made up."""
    return demo.is_demo(db)


def without_file(db: Database, instruments: Instruments) -> dict[str, int]:
    """How many sessions were answered on each instrument that is not known here, by its key."""
    return {key: count for key, count in sessions.instruments_used(db).items() if key not in instruments}


def untouched(db: Database) -> bool:
    """Whether nothing was ever done in this database."""
    return demo.is_untouched(db)


def link_account(db: Database, token: str) -> Row | None:
    """Whose password a one-time link chooses, None if it leads nowhere; the first administrator has no staff_id.

    The link itself is the permission.
    """
    return links.unused(db, hash_of(token))
