"""What tests of the API share: a program with its token, and figures to ask for."""

from collections.abc import Collection

from factories import OPERATOR, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from fitservice.actions.tokens import issue_token
from fitservice.model import Scope


def program(app: Flask, db: Database, label: str = "test", scopes: Collection[Scope] = tuple(Scope)) -> FlaskClient:
    """A program of the agency's, with a token of its own in every request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {issue_token(db, label, by=OPERATOR, scopes=scopes)}"
    return client


def record_six(db: Database) -> None:
    """Six more service users in Alna, each with a 5 on 1 March 2022."""
    for number in range(6):
        make_session(db, make_service_user(db, f"J-{number}"), life_satisfaction=5)
