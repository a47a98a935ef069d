"""Whether the service lives and is ready, for whoever watches over it; no detail, because anybody may ask."""

import sqlite3
from pathlib import Path

from flask import Blueprint, Response, current_app

from fitservice.db import get_db
from fitservice.installed import installed
from fitservice.reports.health import is_ready_to_serve

bp = Blueprint("watching", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers; no database is touched."""
    return Response("alive\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """The database opens, is up to date, and its keys are here; else 503."""
    try:
        ready = is_ready_to_serve(get_db(), Path(current_app.instance_path), installed())
    except (sqlite3.Error, OSError):
        ready = False
    return Response("ready\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")
