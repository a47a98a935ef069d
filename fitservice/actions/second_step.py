"""One's own second step of signing in: turning it on with an app, its recovery codes, turning it off."""

from datetime import timedelta

from sqlite_utils import Database

from fitservice.clock import moment
from fitservice.credentials import hash_of, recovery_codes
from fitservice.db import transaction
from fitservice.model import Actor, Invalid, NotFound, Problem
from fitservice.rules.one_time_codes import address_of, new_secret, plain_recovery_code, step_of
from fitservice.store import audit, second_steps, sign_in_tries
from fitservice.trying import begin_try, prove

PENDING_FOR = timedelta(minutes=15)
"""How long a new secret waits for its first code."""


def own_second_step(db: Database, *, by: Actor) -> tuple[bool, int]:
    """Whether the actor has a second step, and how many recovery codes are left."""
    staff_id = by.staff_id or 0
    return second_steps.is_on(db, staff_id), second_steps.recovery_codes_left(db, staff_id)


def begin_second_step(db: Database, password: str, code: str, *, by: Actor) -> None:
    """A new secret that waits for its first code; the one in use, if any, stays until then.

    Invalid if the password is wrong, or the code of the second step in use.
    """
    prove(db, password, code, by=by)
    with transaction(db):
        second_steps.wait_for(db, by.staff_id or 0, new_secret())
        audit.write(db, by, "begin_second_step", ("staff", by.staff_id or 0))


def pending_secret(db: Database, *, by: Actor) -> tuple[str, str]:
    """The secret that waits, and the address for an app; NotFound if none does, or for too long."""
    secret = second_steps.pending_of(db, by.staff_id or 0, moment() - PENDING_FOR)
    if secret is None:
        raise NotFound
    return secret, address_of(secret, by.name)


def confirm_second_step(db: Database, code: str, *, by: Actor) -> list[str]:
    """Turn it on with a first code; ten recovery codes, told this once. Invalid if it is not the code of now."""
    staff_id = by.staff_id or 0
    try_id = begin_try(db, by.staff_id, by.address)
    codes = recovery_codes()
    with transaction(db):
        secret = second_steps.pending_of(db, staff_id, moment() - PENDING_FOR)
        if secret is None:
            raise NotFound
        step = step_of(secret, code, moment(), None)
        if try_id is None or step is None:
            raise Invalid(Problem("wrong_code", "code"))
        sign_in_tries.right(db, try_id)
        second_steps.turn_on(db, staff_id, step)
        _keep(db, staff_id, codes)
        audit.write(db, by, "turn_on_second_step", ("staff", staff_id))
    return codes


def renew_recovery_codes(db: Database, password: str, code: str, *, by: Actor) -> list[str]:
    """Ten new recovery codes, told this once; those before no longer work."""
    prove(db, password, code, by=by)
    codes = recovery_codes()
    with transaction(db):
        if not second_steps.is_on(db, by.staff_id or 0):
            raise NotFound
        _keep(db, by.staff_id or 0, codes)
        audit.write(db, by, "renew_recovery_codes", ("staff", by.staff_id or 0))
    return codes


def turn_off_second_step(db: Database, password: str, code: str, required: bool, *, by: Actor) -> None:
    """No second step any more; Invalid where the actor's role requires one."""
    prove(db, password, code, by=by)
    if required:
        raise Invalid(Problem("second_step_required"))
    with transaction(db):
        second_steps.remove(db, by.staff_id or 0)
        audit.write(db, by, "turn_off_second_step", ("staff", by.staff_id or 0))


def _keep(db: Database, staff_id: int, codes: list[str]) -> None:
    second_steps.set_recovery_codes(db, staff_id, [hash_of(plain_recovery_code(code)) for code in codes])
