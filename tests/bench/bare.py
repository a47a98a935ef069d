"""The bare route beside which recording is measured: a Flask application that inserts a session and commits it."""

import sys

from flask import Flask, Response, request

from fitservice.commands.server import Server
from fitservice.db import connect, transaction

INSERT = """
    INSERT INTO bare (enrolment_id, held_on, life_satisfaction, recorded_by, recorded_at)
    VALUES (:enrolment_id, :held_on, :life_satisfaction, 'bench', '2022-03-01T12:00:00+00:00')
"""
TABLE = """
    CREATE TABLE IF NOT EXISTS bare (
        id INTEGER PRIMARY KEY, enrolment_id INTEGER, held_on TEXT, life_satisfaction INTEGER, recorded_by TEXT,
        recorded_at TEXT
    )
"""


def bare(path: str) -> Flask:
    """With a connection and a transaction for each request, as ours."""
    app = Flask("bare")
    app.config["METRICS"] = False

    @app.post("/")
    def insert() -> Response:
        db = connect(path)
        with transaction(db):
            db.execute(INSERT, request.form)
        db.close()
        return Response("stored", status=201)

    @app.get("/sign-in")
    def alive() -> str:
        return "alive"

    return app


if __name__ == "__main__":
    port, path = sys.argv[1:]
    db = connect(path)
    db.execute(TABLE)
    db.close()
    Server(f"127.0.0.1:{port}", 2, bare(path)).run()
