"""What tests of pages share: a client for each of the cast."""

from factories import PASSWORD
from flask import Flask
from flask.testing import FlaskClient


def sign_in(app: Flask, name: str | None) -> FlaskClient:
    """A client in which this member of the cast is signed in; None is nobody."""
    client = app.test_client()
    if name:
        answer = client.post("/sign-in", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
    return client
