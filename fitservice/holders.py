"""Everybody and everything that is let in today: open accounts, and tokens for the API that are in force."""

from datetime import date

from sqlite_utils import Database

from fitservice.clock import day_of
from fitservice.model import Role, Scope
from fitservice.rules.access_review import Holder, SecondStep
from fitservice.store import access_reviews, tokens
from fitservice.store.rows import Row


def all_holders(db: Database) -> list[Holder]:
    """Accounts by name, then tokens by label; two queries."""
    return [
        *(_account(row) for row in access_reviews.open_accounts(db)),
        *(_token(row) for row in tokens.all_in_force(db)),
    ]


def _account(row: Row) -> Holder:
    return Holder(
        name=row["name"],
        username=row["username"],
        role=Role(row["role"]),
        made_on=day_of(row["created_at"]),
        since=day_of(row["role_since"] or row["created_at"]),
        last_used=date.fromisoformat(row["last_used_on"]) if row["last_used_on"] else None,
        staff_id=row["id"],
        district_id=row["district_id"],
        district=row["district"],
        district_code=row["district_code"],
        second_step=_second_step(row),
        granted=row["granted"],
    )


def _second_step(row: Row) -> SecondStep:
    if row["has_second_step"]:
        return SecondStep.ON
    return SecondStep.OF_THE_CITY if row["from_city"] and not row["has_password"] else SecondStep.OFF


def _token(row: Row) -> Holder:
    made_on = day_of(row["created_at"])
    return Holder(
        name=row["label"],
        username=row["label"],
        role=Role.API_CLIENT,
        made_on=made_on,
        since=made_on,
        last_used=day_of(row["last_used_at"]) if row["last_used_at"] else None,
        until=day_of(row["expires_at"]),
        scopes=frozenset(map(Scope, row["scopes"].split())),
    )
