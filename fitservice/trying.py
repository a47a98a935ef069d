"""Tries at a password or a code: each is counted before it is looked at, and after too many wrong ones none is."""

from datetime import timedelta

from sqlite_utils import Database

from fitservice.clock import moment
from fitservice.credentials import hash_of, password_fits
from fitservice.db import transaction
from fitservice.model import Actor, Invalid, Problem
from fitservice.rules.lock_out import REMEMBERED, WINDOW, account_waits_until, address_waits_until
from fitservice.rules.one_time_codes import plain_recovery_code, step_of
from fitservice.store import audit, second_steps, sign_in_tries, staff
from fitservice.store.rows import Row

KEPT_FOR = timedelta(days=90)
"""A try is forgotten after this: the next sign-in tells of wrong ones before it."""


def begin_try(db: Database, staff_id: int | None, address: str | None) -> int | None:
    """The id of a try that may be looked at, and counts as wrong until it is right; None while one has to wait.

    Under the write lock, so that ten at once are ten.
    """
    with transaction(db):
        now = moment()
        sign_in_tries.forget_before(db, now - KEPT_FOR)
        if staff_id is not None:
            wrong = sign_in_tries.wrong_of_accounts(db, now - REMEMBERED, staff_id).get(staff_id, [])
            if account_waits_until(wrong, now):
                return None
        if address and address_waits_until(sign_in_tries.wrong_from(db, address, now - WINDOW), now):
            return None
        return sign_in_tries.add(db, staff_id, address)


def take_code(db: Database, staff_id: int, code: str) -> bool:
    """Whether the second step is taken: by a code of now that was never taken, by a recovery code, or there is none.

    Inside the caller's transaction, in which the code is used up.
    """
    known = second_steps.secret_of(db, staff_id)
    if known is None:
        return True
    step = step_of(known["secret"], code, moment(), known["last_step"])
    if step is not None:
        second_steps.take_step(db, staff_id, step)
        return True
    return second_steps.use_recovery_code(db, staff_id, hash_of(plain_recovery_code(code)))


def prove(db: Database, password: str, code: str | None = "", *, by: Actor) -> Row:
    """The actor's own account, if this is its password, and a code where it has a second step (None asks for none).

    Invalid if not, or while one has to wait. Before anything that decides who can sign in: an open browser is not
    the person it belongs to.
    """
    account = staff.by_id(db, by.staff_id or 0)
    try_id = begin_try(db, by.staff_id, by.address)
    fits = password_fits(account["password_hash"] if account and try_id else None, password)
    with transaction(db):
        if account and try_id and fits and (code is None or take_code(db, account["id"], code)):
            sign_in_tries.right(db, try_id)
            return account
        audit.write(db, by, "password_refused")
        has_code = second_steps.is_on(db, by.staff_id or 0)
    raise Invalid(Problem("wrong_password_or_code" if has_code else "wrong_password", "current"))
