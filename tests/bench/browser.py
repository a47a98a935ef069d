"""A caseworker's browser that says how much CPU time each answer took the server."""

import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from fitservice import create_app
from fitservice.actions.demo import make_demo
from fitservice.credentials import DEMO_PASSWORD
from tests.bench.cities import OPERATOR, TODAY, fresh


class Browser:
    """Amina's; answer is what it was told last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.ask("/sign-in", 200)
        self.ask("/sign-in", 302, form={"username": "amina", "password": DEMO_PASSWORD})

    def ask(self, path: str, status: int, *, form: dict[str, str] | None = None, etag: str = "") -> float:
        """Get the page, or send the form that stands on the page of the last answer; seconds of CPU time."""
        data = form and {**form, "csrf_token": self.found('name="csrf_token"', 'value="')}
        headers = {"If-None-Match": etag} if etag else {}
        start = time.process_time()
        self.answer = self.client.open(path, method="POST" if form else "GET", data=data, headers=headers)
        seconds = time.process_time() - start
        assert self.answer.status_code == status, self.answer.text
        return seconds

    def found(self, *before: str) -> str:
        """The value on the last page that ends with a quotation mark and stands after these texts."""
        text = self.answer.text
        for mark in before:
            text = text.split(mark, 1)[1]
        return text.split('"')[0]


def demo_city(folder: Path) -> tuple[Flask, Browser, list[int]]:
    """The application on a new demo city, Amina signed in, and her service users, most scores first."""
    db = fresh(folder)
    make_demo(db, TODAY, 1, by=OPERATOR)
    enrolled = db.execute(
        "SELECT service_user_id FROM enrolments JOIN service_users ON service_users.id = service_user_id"
        " JOIN districts ON districts.id = district_id WHERE districts.name = 'Alna' AND enrolled_to IS NULL"
        " ORDER BY (SELECT COUNT(life_satisfaction) FROM sessions WHERE enrolment_id = enrolments.id) DESC"
    ).fetchall()
    db.close()
    app = create_app({"TESTING": True}, folder)
    return app, Browser(app.test_client()), [number for (number,) in enrolled]
