"""Accounts as the administrator sees them, and what a start says of the database."""

from datetime import timedelta

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import moment
from fitservice.credentials import hash_of
from fitservice.instruments import Instruments
from fitservice.model import Actor, NotFound
from fitservice.rules.lock_out import REMEMBERED, account_waits_until
from fitservice.store import demo, districts, links, second_steps, sign_in_tries, sign_ins, staff
from fitservice.store.instruments import instruments_used
from fitservice.store.rows import Row


def see_staff(db: Database, *, by: Actor) -> list[Row]:
    """Every account: username, name, role, district, last_seen_at, closed_at; waits_until after wrong tries."""
    with acting(db, by, Act.SEE_STAFF):
        now = moment()
        wrong = sign_in_tries.wrong_of_accounts(db, now - REMEMBERED)
        return [
            row | {"waits_until": account_waits_until(wrong.get(row["id"], []), now)} for row in staff.all_staff(db)
        ]


def see_account(db: Database, staff_id: int, idle: timedelta, longest: timedelta, *, by: Actor) -> Row:
    """One account with its sign_ins that go on, newest first, and waits_until; NotFound if there is none."""
    with acting(db, by, Act.SEE_STAFF) as note:
        account = staff.by_id(db, staff_id)
        if not account:
            raise NotFound
        note.subject = ("staff", staff_id)
        now = moment()
        wrong = sign_in_tries.wrong_of_accounts(db, now - REMEMBERED, staff_id).get(staff_id, [])
        del account["password_hash"]
        return account | {
            "waits_until": account_waits_until(wrong, now),
            "has_second_step": second_steps.is_on(db, staff_id),
            "sign_ins": sign_ins.of_staff(db, staff_id, now - longest, now - idle),
        }


def open_account(db: Database, staff_id: int, *, by: Actor) -> Row:
    """One account: id, name, role, district_id, email, break_glass. NotFound if there is none or it is closed."""
    with acting(db, by, Act.SEE_STAFF) as note:
        account = staff.by_id(db, staff_id)
        if not account or account["closed_at"]:
            raise NotFound
        note.subject = ("staff", staff_id)
        return {name: account[name] for name in ("id", "name", "role", "district_id", "email", "break_glass")}


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
    return {key: count for key, count in instruments_used(db).items() if key not in instruments}


def untouched(db: Database) -> bool:
    """Whether nothing was ever done in this database."""
    return demo.is_untouched(db)


def link_account(db: Database, token: str) -> Row | None:
    """Whose password a one-time link chooses, None if it leads nowhere; the first administrator has no staff_id.

    The link itself is the permission.
    """
    return links.unused(db, hash_of(token))
