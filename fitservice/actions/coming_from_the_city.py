"""Accounts of the city's own sign-in: found by who vouches for them, made at first, changed with their role there."""

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from fitservice.city_roles import Place
from fitservice.credentials import hash_of
from fitservice.db import transaction
from fitservice.model import Actor, Invalid, Problem, Role
from fitservice.rules.city_sign_in import made_up, name_of, place_of, username_of, values_of
from fitservice.store import audit, districts, sign_ins, staff
from fitservice.store.rows import Row


def account_from_city(
    db: Database, claims: Mapping[str, Any], claim: str, mapping: Mapping[str, Place], address: str | None
) -> int:
    """The staff id of whoever these claims are about, with the role that they give; made if there is none yet.

    Sign-ins end where the role or the district is another than before. Invalid, and kept in the audit, if they give
    no role or several, or if the account is closed. An account is never found by its username: that would hand it over.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    problem = None
    with transaction(db):
        account = staff.by_subject(db, issuer, subject)
        try:
            if account and account["closed_at"]:
                raise Invalid(Problem("closed_account"))
            place = place_of(values_of(claims.get(claim)), mapping)
            if account is None:
                return _make(db, claims, place, address)
            _move(db, account, place, address)
            return int(account["id"])
        except Invalid as invalid:
            problem = invalid
            audit.write(db, _actor(account, address), "sign_in_refused", detail={"why": invalid.problems[0].code})
    raise problem


def refuse_from_city(db: Database, why: str, address: str | None) -> None:
    """Keep that somebody came back from the city's sign-in without proof."""
    with transaction(db):
        audit.write(db, _actor(None, address), "sign_in_refused", detail={"why": why})


def _make(db: Database, claims: Mapping[str, Any], place: Place, address: str | None) -> int:
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    subject_hash = hash_of(f"{issuer} {subject}")
    username = username_of(claims, subject_hash)
    if staff.by_username(db, username):
        username = made_up(subject_hash)
    role, district_id = _here(db, place)
    staff_id = staff.add(
        db, username=username, name=name_of(claims, username), role=role.value, district_id=district_id
    )
    staff.set_subject(db, staff_id, issuer, subject)
    actor = Actor(username, role, district_id, staff_id, address)
    audit.write(db, actor, "add_staff", ("staff", staff_id), {"role": role.value, "from": "city"})
    return staff_id


def _move(db: Database, account: Row, place: Place, address: str | None) -> None:
    role, district_id = _here(db, place)
    if (account["role"], account["district_id"]) == (role, district_id):
        return
    staff.set_role(db, account["id"], role.value, district_id)
    sign_ins.end_all(db, account["id"])
    before, after = [account["role"], account["district_id"]], [role.value, district_id]
    detail: dict[str, object] = {"from": before, "to": after, "reason": "city"}
    audit.write(db, _actor(account, address), "change_role", ("staff", account["id"]), detail)


def _here(db: Database, place: Place) -> tuple[Role, int | None]:
    role, code = place
    return role, next((row["id"] for row in districts.all_districts(db) if row["code"] == code), None)


def _actor(account: Row | None, address: str | None) -> Actor:
    if account is None:
        return Actor("unknown", Role.NOBODY, address=address)
    return Actor(account["username"], Role(account["role"]), account["district_id"], account["id"], address)
