"""Signing in and out. A browser holds a random secret, the database its hash: any sign-in can be ended here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from fitservice.clock import moment, today
from fitservice.credentials import hash_anew, hash_of, password_fits, secret
from fitservice.db import transaction
from fitservice.model import Actor, NotFound, Role
from fitservice.rules.handing_over import KEPT_FOR
from fitservice.store import audit, hand_overs, second_steps, sign_in_tries, sign_ins, staff
from fitservice.store.rows import Row
from fitservice.trying import begin_try, take_code


@dataclass(frozen=True)
class Checked:
    """What was looked at before a sign-in: the hash that fitted, the try, a hash of today's cost, the code."""

    password_hash: str
    try_id: int | None = None
    anew: str | None = None
    code: str = ""


SIGN_INS_KEPT_FOR = timedelta(days=365)
"""A sign-in that is over is forgotten after this; the account's last one stays."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept: one write a minute, not one per page."""


def sign_in(
    db: Database,
    username: str,
    password: str,
    address: str | None,
    *,
    code: str = "",
    browser: str | None = None,
    break_glass_only: bool = False,
) -> str | None:
    """The secret for the browser's cookie, or None.

    The code is that of the second step, for whoever has one. Unknown, wrong, closed, not yet chosen and "too many
    wrong ones, wait" look alike and take as long.
    """
    account = staff.by_username(db, username.strip())
    usable = account is not None and not account["closed_at"]
    if break_glass_only and account and not account["break_glass"]:
        usable = False
    try_id = begin_try(db, account["id"] if account else None, address)
    fits = password_fits(account["password_hash"] if account and usable and try_id else None, password)
    token = None
    if account and fits:
        anew = hash_anew(password, account["password_hash"])
        token = start_sign_in(
            db, account["id"], address, checked=Checked(account["password_hash"], try_id, anew, code), browser=browser
        )
    if token is None:
        with transaction(db):
            audit.write(
                db, _stranger(account, address), "sign_in_refused", detail=None if try_id else {"too_many": True}
            )
    return token


def start_sign_in(
    db: Database,
    staff_id: int,
    address: str | None,
    *,
    checked: Checked | None = None,
    browser: str | None = None,
    method: str = "password",
) -> str | None:
    """The secret for the browser of someone who has just proved who they are.

    None if the account was closed, or got another password than the one that was checked, in the meantime.
    """
    token, token_hash = secret()
    with transaction(db):
        account = staff.by_id(db, staff_id)
        if not account or account["closed_at"] or (checked and checked.password_hash != account["password_hash"]):
            return None
        if checked and not take_code(db, staff_id, checked.code):
            return None
        # nobody need hand a screen over again for old answers to be forgotten
        hand_overs.forget_before(db, today() - KEPT_FOR)
        misses = sign_in_tries.misses(db, staff_id, checked.try_id if checked else None)
        if checked and checked.try_id:
            sign_in_tries.right(db, checked.try_id)
        if checked and checked.anew:
            staff.renew_hash(db, staff_id, checked.anew)
        sign_in_id = sign_ins.add(db, staff_id, token_hash, browser=browser, method=method, misses=misses)
        sign_ins.forget_before(db, moment() - SIGN_INS_KEPT_FOR)
        audit.write(db, actor_of(account, address), "sign_in", ("sign_in", sign_in_id))
    return token


def is_password_enough(db: Database, staff_id: int, break_glass_only: bool) -> bool:
    """Whether a password chosen by a one-time link signs in at once: a link never replaces a second step."""
    account = staff.by_id(db, staff_id)
    return bool(account and (account["break_glass"] or not break_glass_only) and not second_steps.is_on(db, staff_id))


def actor_of(account: Row, address: str | None) -> Actor:
    """Whoever an account is, as the checks and the audit know them."""
    return Actor(account["username"], Role(account["role"]), account["district_id"], account["id"], address)


def who(
    db: Database, token: str, idle: timedelta, longest: timedelta, address: str | None, *, note_seen: bool = True
) -> Row | None:
    """The sign-in that a cookie stands for, with its 'actor'; None if it ended, was idle or too old.

    Keeps that it was used just now, unless it is only looked at.
    """
    row = sign_ins.current(db, hash_of(token), *_limits(idle, longest))
    if not row:
        return None
    if note_seen and datetime.fromisoformat(row["last_seen_at"]) < moment() - SEEN_EVERY:
        with transaction(db):
            sign_ins.seen(db, row["id"], row["staff_id"])
    return {**row, "actor": actor_of({**row, "id": row["staff_id"]}, address)}


def asks_for_codes(db: Database, roles: Sequence[str]) -> bool:
    """Whether the page for signing in asks for a one-time code: some account has one, or some role must."""
    return bool(roles) or second_steps.anybody(db)


def own_sign_ins(db: Database, idle: timedelta, longest: timedelta, *, by: Actor) -> list[Row]:
    """The browsers in which the actor is signed in, newest first."""
    return sign_ins.of_staff(db, by.staff_id or 0, *_limits(idle, longest))


def sign_out(db: Database, sign_in_id: int, *, by: Actor) -> None:
    """End this browser's sign-in."""
    with transaction(db):
        sign_ins.end(db, sign_in_id)
        audit.write(db, by, "sign_out", ("sign_in", sign_in_id))


def end_own_sign_in(db: Database, sign_in_id: int, *, by: Actor) -> None:
    """End one of the actor's own sign-ins, in whichever browser; NotFound for anybody else's."""
    with transaction(db):
        if sign_ins.owner(db, sign_in_id) != by.staff_id:
            raise NotFound
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


def _limits(idle: timedelta, longest: timedelta) -> tuple[datetime, datetime]:
    now = moment()
    return now - longest, now - idle


def _stranger(account: Row | None, address: str | None) -> Actor:
    """Who the audit says was refused: what was typed may be a password, so unknown names are not kept."""
    if account:
        return actor_of(account, address)
    return Actor("unknown", Role.NOBODY, address=address)
