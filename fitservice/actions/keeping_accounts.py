"""What an administrator does to somebody else's account: another role, opening it again, ending a sign-in."""

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.model import Actor, Invalid, NotFound, Problem, Role
from fitservice.rules.accounts import check_district, parse_reason
from fitservice.store import districts, second_steps, sign_in_tries, sign_ins, staff
from fitservice.store.rows import Row


def change_role(db: Database, staff_id: int, role: Role, district_id: int | None, reason: str, *, by: Actor) -> None:
    """Another role or district, signed out everywhere; one's own stays, so that an administrator is left."""
    with acting(db, by, Act.CHANGE_ROLE) as note:
        account = _open_account(db, staff_id)
        if staff_id == by.staff_id:
            raise Invalid(Problem("own_role"))
        check_district(role, district_id)
        if district_id is not None and not districts.by_id(db, district_id):
            raise Invalid(Problem("unknown_district", "district"))
        if (account["role"], account["district_id"]) == (role, district_id):
            raise Invalid(Problem("nothing_changed"))
        staff.set_role(db, staff_id, role.value, district_id)
        sign_ins.end_all(db, staff_id)
        note.subject = ("staff", staff_id)
        note.detail = {
            "from": [account["role"], account["district_id"]],
            "to": [role.value, district_id],
            "reason": parse_reason(reason),
        }


def open_locked(db: Database, staff_id: int, *, by: Actor) -> None:
    """Wrong tries at this account no longer count: whoever has to wait can sign in at once."""
    with acting(db, by, Act.OPEN_LOCKED) as note:
        _open_account(db, staff_id)
        note.subject = ("staff", staff_id)
        note.detail = {"tries": sign_in_tries.forgive(db, staff_id)}


def end_sign_in_of(db: Database, staff_id: int, sign_in_id: int, *, by: Actor) -> None:
    """End one of somebody's sign-ins; NotFound if it is not theirs or has ended."""
    with acting(db, by, Act.END_OTHERS_SIGN_INS) as note:
        if sign_ins.owner(db, sign_in_id) != staff_id:
            raise NotFound
        sign_ins.end(db, sign_in_id)
        note.subject = ("staff", staff_id)
        note.detail = {"sign_in": sign_in_id}


def reset_second_step(db: Database, staff_id: int, reason: str, *, by: Actor) -> None:
    """Somebody who has lost the app and the recovery codes signs in by password alone, once; signed out everywhere."""
    with acting(db, by, Act.RESET_SECOND_STEP) as note:
        _open_account(db, staff_id)
        if staff_id == by.staff_id:
            raise Invalid(Problem("own_second_step"))
        second_steps.remove(db, staff_id)
        sign_ins.end_all(db, staff_id)
        note.subject = ("staff", staff_id)
        note.detail = {"reason": parse_reason(reason)}


def set_break_glass(db: Database, staff_id: int, on: bool, reason: str, *, by: Actor) -> None:
    """Whether this account may sign in by password where only such accounts may."""
    with acting(db, by, Act.SET_BREAK_GLASS) as note:
        _open_account(db, staff_id)
        staff.set_break_glass(db, staff_id, on)
        note.subject = ("staff", staff_id)
        note.detail = {"on": on, "reason": parse_reason(reason)}


def _open_account(db: Database, staff_id: int) -> Row:
    account = staff.by_id(db, staff_id)
    if not account or account["closed_at"]:
        raise NotFound
    return account
