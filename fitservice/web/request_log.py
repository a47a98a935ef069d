"""A line for each request, its count, and the id by which support finds it: the rule of the page, never its address."""

import secrets
import time

from flask import Flask, Response, current_app, g, request

from fitservice.metrics import requests_of
from fitservice.rules.forwarding import is_request_id

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
QUIET = ("watching.healthz", "watching.readyz", "watching.metrics")
"""Asked every few seconds: written only where the answer is bad."""


def init_app(app: Flask) -> None:
    """Count the time from here; to be called before what else happens with a request."""
    app.before_request(_begin)
    app.after_request(_write)


def request_id() -> str:
    """This request's: what a proxy of ours gave it, or one of our own."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "") if current_app.config["PROXIES"] else ""
        g.request_id = given if is_request_id(given) else secrets.token_hex(8)
    known: str = g.request_id
    return known


def about_request() -> dict[str, object]:
    """What may be written of it: no path, no query, no field, no name, no address."""
    actor = g.get("actor")
    return {
        "request": request_id(),
        "method": _method(),
        "rule": _rule(),
        "role": actor.role.value if actor else "nobody",
    }


def _method() -> str:
    return request.method if request.method in METHODS else "other"


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else "none"


def _begin() -> None:
    g.began = time.perf_counter()


def _write(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    seconds = time.perf_counter() - g.began if "began" in g else 0
    if requests := requests_of(current_app):
        requests.count(_rule(), _method(), response.status_code, seconds)
    if request.endpoint in QUIET and response.status_code == 200:
        return response
    said = {**about_request(), "status": response.status_code, "ms": round(1000 * seconds, 1)}
    current_app.logger.info("request", extra={"said": said})
    return response
