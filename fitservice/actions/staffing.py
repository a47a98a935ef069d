"""Staff accounts and one-time links for choosing a password."""

import re
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.credentials import hash_of, hash_password, hash_pin, secret
from fitservice.db import transaction
from fitservice.model import Actor, Duplicate, Invalid, NotFound, Problem, Role
from fitservice.rules.accounts import check_district, parse_email
from fitservice.rules.answers import refuse_identity_number
from fitservice.store import audit, districts, links, sign_ins, staff
from fitservice.trying import prove


def add_staff(
    db: Database,
    username: str,
    name: str,
    role: Role,
    district_id: int | None,
    *,
    by: Actor,
    password: str | None = None,
    email: str | None = None,
) -> int:
    """A new account's id. Without a password it waits for a one-time link, without an e-mail address it gets none."""
    with acting(db, by, Act.ADD_STAFF) as note:
        staff_id = _add_staff(db, username, name, role, district_id, password, email)
        note.subject = ("staff", staff_id)
        note.detail = {"role": role.value}
    return staff_id


def invite_staff(db: Database, staff_id: int, hours: int, *, by: Actor) -> str:
    """The secret of a one-time link with which this person chooses a password; older links end."""
    with acting(db, by, Act.INVITE_STAFF) as note:
        account = staff.by_id(db, staff_id)
        if not account or account["closed_at"]:
            raise NotFound
        note.subject = ("staff", staff_id)
        return _add_link(db, staff_id, hours)


def first_link(db: Database, hours: int, *, by: Actor) -> str | None:
    """The secret of the link that makes the first administrator; None once anyone has an account."""
    with transaction(db):
        if staff.any_staff(db):
            return None
        audit.write(db, by, "first_link")
        return _add_link(db, None, hours)


def use_link(
    db: Database, token: str, password: str, username: str = "", name: str = "", address: str | None = None
) -> int:
    """Choose the password that a one-time link is for; the link is used up. Returns the staff id.

    The link of the first administrator needs a username and a name too.
    """
    with transaction(db):
        link = links.unused(db, hash_of(token))
        if not link:
            raise NotFound
        staff_id = link["staff_id"]
        if staff_id is None:
            if staff.any_staff(db):
                raise NotFound
            staff_id = _add_staff(db, username, name, Role.ADMINISTRATOR, None, password)
            staff.set_break_glass(db, staff_id, True)
        else:
            staff.set_password(db, staff_id, hash_password(password, (link["username"], link["name"])))
            sign_ins.end_all(db, staff_id)
        links.use(db, link["id"])
        account = staff.by_id(db, staff_id)
        assert account is not None  # noqa: S101 - it was just written
        actor = Actor(account["username"], Role(account["role"]), account["district_id"], staff_id, address)
        audit.write(db, actor, "chose_password", ("staff", staff_id))
    return int(staff_id)


def change_password(db: Database, current: str, new: str, code: str = "", *, by: Actor) -> None:
    """Another password for the actor's own account, signed out everywhere; Invalid if the current one is wrong."""
    account = prove(db, current, code, by=by)
    # slow on purpose, so before the lock is taken
    password_hash = hash_password(new, (account["username"], account["name"]))
    with transaction(db):
        if staff.by_id(db, account["id"]) != account:
            raise Invalid(Problem("changed_meanwhile"))
        staff.set_password(db, account["id"], password_hash)
        sign_ins.end_all(db, account["id"])
        audit.write(db, by, "changed_password", ("staff", account["id"]))


def close_staff(db: Database, staff_id: int, *, by: Actor) -> None:
    """The account is closed and signed out everywhere; one's own stays open, so that someone is left."""
    with acting(db, by, Act.CLOSE_STAFF) as note:
        if not staff.by_id(db, staff_id):
            raise NotFound
        if staff_id == by.staff_id:
            raise Invalid(Problem("own_account"))
        staff.close(db, staff_id)
        sign_ins.end_all(db, staff_id)
        note.subject = ("staff", staff_id)


def set_email(db: Database, staff_id: int, email: str | None, *, by: Actor) -> None:
    """Where this person's e-mails about reminders go; None is nowhere. The address itself is not logged."""
    with acting(db, by, Act.SET_EMAIL) as note:
        account = staff.by_id(db, staff_id)
        if not account or account["closed_at"]:
            raise NotFound
        address = parse_email(email or "")
        staff.set_email(db, staff_id, address)
        note.subject = ("staff", staff_id)
        note.detail = {"has_email": address is not None}


def end_others_sign_ins(db: Database, staff_id: int, *, by: Actor) -> None:
    """Sign someone out of every browser."""
    with acting(db, by, Act.END_OTHERS_SIGN_INS) as note:
        if not staff.by_id(db, staff_id):
            raise NotFound
        sign_ins.end_all(db, staff_id)
        note.subject = ("staff", staff_id)


def set_pin(db: Database, password: str, pin: str, *, by: Actor) -> None:
    """Choose a PIN for taking the screen back; Invalid if the password is wrong or the PIN too easy.

    Whoever comes from the city's sign-in has no password here, and needs none for it. No code is asked for.
    """
    account = staff.by_id(db, by.staff_id or 0)
    if not account or account["password_hash"]:
        account = prove(db, password, None, by=by)
    pin_hash = hash_pin(pin)
    with transaction(db):
        if staff.by_id(db, account["id"]) != account:
            raise Invalid(Problem("changed_meanwhile"))
        staff.set_pin(db, by.staff_id or 0, pin_hash)
        audit.write(db, by, "set_pin", ("staff", by.staff_id or 0))


def has_pin(db: Database, *, by: Actor) -> bool:
    """Whether the actor chose a PIN."""
    return staff.has_pin(db, by.staff_id or 0)


def _add_staff(
    db: Database,
    username: str,
    name: str,
    role: Role,
    district_id: int | None,
    password: str | None,
    email: str | None = None,
) -> int:
    username, name = username.strip(), " ".join(name.split())
    if not re.fullmatch(r"[\w.@-]{2,60}", username, re.ASCII):
        raise Invalid(Problem("not_a_username", "username"))
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Invalid(Problem("not_a_name", "name"))
    refuse_identity_number(f"{username} | {name}")
    if known := staff.by_username(db, username):
        raise Duplicate(Problem("username_taken", "username"), known["id"])
    check_district(role, district_id)
    if district_id is not None and not districts.by_id(db, district_id):
        raise Invalid(Problem("unknown_district", "district"))
    return staff.add(
        db,
        username=username,
        name=name,
        role=role.value,
        district_id=district_id,
        password_hash=hash_password(password, (username, name)) if password is not None else None,
        email=parse_email(email or ""),
    )


def _add_link(db: Database, staff_id: int | None, hours: int) -> str:
    token, token_hash = secret()
    expires = datetime.now(UTC) + timedelta(hours=hours)
    links.add(db, staff_id, token_hash, expires.isoformat(timespec="seconds"))
    return token
