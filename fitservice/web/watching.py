"""Whether the service lives and is ready, for whoever watches over it; no detail, because anybody may ask."""

import sqlite3
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request

from fitservice.db import get_db
from fitservice.installed import installed
from fitservice.metrics import requests_of
from fitservice.reports.health import is_ready_to_serve
from fitservice.rules.forwarding import is_asked_here

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


@bp.get("/metrics")
def metrics() -> Response:
    """How many requests there were, for a Prometheus on this machine; 404 for all others, and where it is off."""
    requests = requests_of(current_app)
    if requests is None or not is_asked_here(request.remote_addr or "", request.host, request.headers.keys()):
        abort(404)
    return Response(requests.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
