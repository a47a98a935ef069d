"""Signing in and out. A browser holds a random secret, the database its hash: any sign-in can be ended here."""

from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from fitservice.clock import today
from fitservice.credentials import hash_of, password_fits, secret
from fitservice.db import transaction
from fitservice.model import Actor, Role
from fitservice.rules.handing_over import KEPT_FOR
from fitservice.store import audit, hand_overs, sign_ins, staff
from fitservice.store.rows import Row

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept: one write a minute, not one per page."""


def sign_in(db: Database, username: str, password: str, address: str | None) -> str | None:
    """The secret for the browser's cookie, or None: unknown, wrong, closed and not yet chosen look alike."""
    account = staff.by_username(db, username.strip())
    usable = account is not None and not account["closed_at"]
    fits = password_fits(account["password_hash"] if account and usable else None, password)
    if not account or not fits:
        with transaction(db):
            audit.write(db, _stranger(account, address), "sign_in_refused")
        return None
    return start_sign_in(db, account["id"], address, account["password_hash"])


def start_sign_in(db: Database, staff_id: int, address: str | None, password_hash: str | None = None) -> str | None:
    """The secret for the browser of someone who has just proved who they are.

    None if the account was closed, or got another password than the one that was checked, in the meantime.
    """
    token, token_hash = secret()
    with transaction(db):
        account = staff.by_id(db, staff_id)
        if not account or account["closed_at"] or password_hash not in (None, account["password_hash"]):
            return None
        # nobody need hand a screen over again for old answers to be forgotten
        hand_overs.forget_before(db, today() - KEPT_FOR)
        sign_in_id = sign_ins.add(db, staff_id, token_hash)
        audit.write(db, _actor(account, address), "sign_in", ("sign_in", sign_in_id))
    return token


def who(db: Database, token: str, idle: timedelta, longest: timedelta, address: str | None) -> Row | None:
    """The sign-in that a cookie stands for, with its 'actor'; None if it ended, was idle or too old."""
    row = sign_ins.current(db, hash_of(token), *_limits(idle, longest))
    if not row:
        return None
    if datetime.fromisoformat(row["last_seen_at"]) < datetime.now(UTC) - SEEN_EVERY:
        with transaction(db):
            sign_ins.seen(db, row["id"])
    return {**row, "actor": _actor({**row, "id": row["staff_id"]}, address)}


def own_sign_ins(db: Database, idle: timedelta, longest: timedelta, *, by: Actor) -> list[Row]:
    """The browsers in which the actor is signed in, newest first."""
    return sign_ins.of_staff(db, by.staff_id or 0, *_limits(idle, longest))


def sign_out(db: Database, sign_in_id: int, *, by: Actor) -> None:
    """End this browser's sign-in."""
    with transaction(db):
        sign_ins.end(db, sign_in_id)
        audit.write(db, by, "sign_out", ("sign_in", sign_in_id))


def sign_out_everywhere(db: Database, *, by: Actor) -> None:
    """End all of the actor's own sign-ins."""
    with transaction(db):
        sign_ins.end_all(db, by.staff_id or 0)
        audit.write(db, by, "sign_out_everywhere")


def log_refusal(db: Database, what: str, subject_id: int | None, *, by: Actor) -> None:
    """Keep that somebody was refused a page, and which row it was about."""
    with transaction(db):
        audit.write(db, by, "refused", ("asked_for", subject_id) if subject_id is not None else None, {"page": what})


def log_stranger(db: Database, what: str, address: str | None) -> None:
    """Keep that a token or a link opened nothing ("token_refused", "link_refused"), and from where; never which."""
    with transaction(db):
        audit.write(db, _stranger(None, address), what)


def _limits(idle: timedelta, longest: timedelta) -> tuple[str, str]:
    moment = datetime.now(UTC)
    return (
        (moment - longest).isoformat(timespec="seconds"),
        (moment - idle).isoformat(timespec="seconds"),
    )


def _actor(account: Row, address: str | None) -> Actor:
    return Actor(account["username"], Role(account["role"]), account["district_id"], account["id"], address)


def _stranger(account: Row | None, address: str | None) -> Actor:
    """Who the audit says was refused: what was typed may be a password, so unknown names are not kept."""
    if account:
        return _actor(account, address)
    return Actor("unknown", Role.NOBODY, address=address)
