"""What every answer tells the browser, and what is believed of a request's headers."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, abort, current_app, request

from fitservice.rules.forwarding import browser_address
from fitservice.web.queries import refuse_too_much

MOST_FIELDS = 500
"""So many fields has no form of ours, nor anybody's."""
READING = ("GET", "HEAD", "OPTIONS")
KEPT_BY_BROWSERS = ("static", "bootstrap.static")
"""Endpoints whose files are the same for everybody; all else is asked for each time."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # not "no-referrer": behind TLS a form is only taken from a page of ours, which the referrer says
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BEHIND_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Headers on every answer; the browser's address and TLS as the settings say, never as a request says."""
    app.wsgi_app = _in_front(app.wsgi_app, app.config["PROXIES"], app.config["BEHIND_TLS"])  # type: ignore[method-assign, assignment]
    app.after_request(_headers)


def _in_front(inner: WSGI, proxies: int, behind_tls: bool) -> WSGI:
    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = browser_address(environ.get("REMOTE_ADDR", ""), forwarded, proxies)
        environ["wsgi.url_scheme"] = "https" if behind_tls else "http"
        return inner(environ, start)

    return answer


def refuse_what_no_page_sends() -> None:
    """Refuse what another site makes a browser send, as a second line beside the forms' tokens, and what is huge.

    403, 413 or Invalid. Browsers say themselves where a request comes from, and no page can change that; programs and
    old browsers do not say it.
    """
    refuse_too_much()
    if request.method in READING:
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)
    if sum(len(values) for _, values in request.form.lists()) > MOST_FIELDS:
        abort(413)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["BEHIND_TLS"]:
        response.headers.update(BEHIND_TLS)
    if request.endpoint not in KEPT_BY_BROWSERS:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
