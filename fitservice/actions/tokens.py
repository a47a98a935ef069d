"""The agency's tokens for the API."""

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.credentials import secret
from fitservice.model import Actor, Duplicate, Invalid, NotFound, Problem
from fitservice.rules.answers import refuse_identity_number
from fitservice.store import tokens


def issue_token(db: Database, label: str, *, by: Actor) -> str:
    """A new secret for the API; it is shown once, and only its hash is kept."""
    with acting(db, by, Act.MAKE_TOKEN) as note:
        label = refuse_identity_number(" ".join(label.split()))
        if not 1 <= len(label) <= 100:
            raise Invalid(Problem("not_a_name", "label"))
        if known := tokens.in_force(db, label=label):
            raise Duplicate(Problem("label_taken", "label"), known["id"])
        token, token_hash = secret()
        note.subject = ("api_token", tokens.add(db, label, token_hash))
    return token


def revoke_token(db: Database, label: str, *, by: Actor) -> None:
    """The token of this label no longer opens anything."""
    with acting(db, by, Act.REVOKE_TOKEN) as note:
        known = tokens.in_force(db, label=label)
        if not known:
            raise NotFound
        tokens.revoke(db, known["id"])
        note.subject = ("api_token", known["id"])
