"""The agency's tokens for the API: made, revoked, recognised, and counted at each request."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.credentials import hash_of, secret
from fitservice.db import transaction
from fitservice.model import Actor, Duplicate, Invalid, NotFound, Problem, Role, Scope
from fitservice.rules.answers import refuse_identity_number
from fitservice.rules.requests import runs_still, seconds_to_wait
from fitservice.store import tokens
from fitservice.store.rows import Row

LASTS_DAYS = 365
USED_EVERY = timedelta(hours=1)
"""How exactly the last use is kept."""


def issue_token(
    db: Database, label: str, *, by: Actor, days: int = LASTS_DAYS, scopes: Collection[Scope] = tuple(Scope)
) -> str:
    """A new secret for the API, good for so many days; it is shown once, and only its hash is kept."""
    with acting(db, by, Act.MAKE_TOKEN) as note:
        label = refuse_identity_number(" ".join(label.split()))
        if not 1 <= len(label) <= 100:
            raise Invalid(Problem("not_a_name", "label"))
        if known := tokens.by_label(db, label):
            raise Duplicate(Problem("label_taken", "label"), known["id"])
        token, token_hash = secret()
        words = " ".join(scope for scope in Scope if scope in scopes)
        token_id = tokens.add(db, label, token_hash, words, datetime.now(UTC) + timedelta(days=days))
        note.subject, note.detail = ("api_token", token_id), {"days": days, "scopes": words}
    return token


def revoke_token(db: Database, label: str, *, by: Actor) -> None:
    """The token of this label no longer opens anything."""
    with acting(db, by, Act.REVOKE_TOKEN) as note:
        known = tokens.by_label(db, label)
        if not known:
            raise NotFound
        tokens.revoke(db, known["id"])
        note.subject = ("api_token", known["id"])


def api_token(db: Database, token: str, address: str | None) -> Row | None:
    """The token that a program holds, with its 'actor'; None if it is unknown, revoked or has expired."""
    row = tokens.in_force(db, hash_of(token))
    if not row:
        return None
    scopes = frozenset(map(Scope, row["scopes"].split()))
    return {**row, "actor": Actor(f"token:{row['label']}", Role.API_CLIENT, address=address, scopes=scopes)}


def count_request(db: Database, token: Row, most: int, moment: datetime) -> int:
    """Count one request of a token's; 0, or how many whole seconds to wait after so many in a minute.

    What is refused writes nothing: a flood costs no more than reading one row each.
    """
    second = int(moment.timestamp())
    if wait := _wait(tokens.running_minute(db, token["id"]), most, second):
        return wait
    with transaction(db):
        # another process may have counted in the meantime
        minute = tokens.running_minute(db, token["id"])
        if wait := _wait(minute, most, second):
            return wait
        if minute and runs_still(minute["minute_began"], second):
            tokens.count_request(db, token["id"])
        else:
            tokens.begin_minute(db, token["id"], second)
        if not token["last_used_at"] or datetime.fromisoformat(token["last_used_at"]) <= moment - USED_EVERY:
            tokens.used(db, token["id"])
    return 0


def _wait(minute: Row | None, most: int, second: int) -> int:
    return seconds_to_wait(minute["minute_began"], minute["requests"], most, second) if minute else 0
