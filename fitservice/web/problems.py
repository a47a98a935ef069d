"""Errors of the API as problem+json (RFC 9457), in the reader's language; the type leads to the page about the API."""

from http import HTTPStatus

from flask import Response, jsonify
from flask_babel import lazy_gettext as _

TYPES = "/api/v1/docs#problem-"
"""With the status behind it, what a problem is: an address on this service."""

PROBLEMS = {
    400: (
        _("The question cannot be answered"),
        _("A parameter is missing, unknown or has a value that is not allowed."),
    ),
    401: (_("A token is needed"), _("Send a valid token: “Authorization: Bearer …”.")),
    403: (_("Outside the token's scopes"), _("This token is not good for this part of the API. Ask for one that is.")),
    404: (_("No such address"), _("The API has no such address.")),
    405: (_("Read only"), _("The API answers GET and HEAD only.")),
    413: (_("Too much"), _("What was sent is too large.")),
    429: (_("Too many requests"), _("The token made too many requests in a minute. Wait as long as Retry-After says.")),
    500: (_("Something went wrong"), _("The fault is ours, and it is logged.")),
    503: (_("One moment"), _("The service is busy storing something large. Try again soon.")),
}
"""Title and detail by status."""

_INVALID_TOKEN = _("The token is not known, was revoked or has expired. Ask for a new one.")
_CHALLENGE = 'Bearer realm="fitservice"'
"""What RFC 6750 asks for beside a refusal; it wants the quotation marks."""


def problem(status: int, detail: str | None = None) -> Response:
    """The error with this status; detail says more than the words that every such error has."""
    title, words = PROBLEMS.get(status, (HTTPStatus(status).phrase, HTTPStatus(status).description))
    response = jsonify(
        {"type": f"{TYPES}{status}", "title": str(title), "status": status, "detail": detail or str(words)}
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    if status == HTTPStatus.FORBIDDEN:
        response.headers["WWW-Authenticate"] = f'{_CHALLENGE}, error="insufficient_scope"'
    return response


def no_token() -> Response:
    """Whoever sends none is asked for one."""
    response = problem(HTTPStatus.UNAUTHORIZED)
    response.headers["WWW-Authenticate"] = _CHALLENGE
    return response


def invalid_token() -> Response:
    """Whoever sends one that opens nothing."""
    response = problem(HTTPStatus.UNAUTHORIZED, str(_INVALID_TOKEN))
    response.headers["WWW-Authenticate"] = f'{_CHALLENGE}, error="invalid_token"'
    return response
