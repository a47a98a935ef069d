"""The API's tokens as the operator sees them."""

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.model import Actor
from fitservice.store import tokens
from fitservice.store.rows import Row


def see_tokens(db: Database, *, by: Actor) -> list[Row]:
    """Every token, newest first: label, scopes, created_at, expires_at, last_used_at, revoked_at."""
    with acting(db, by, Act.SEE_TOKENS):
        return tokens.all_tokens(db)
