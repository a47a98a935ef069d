"""Refusals and errors as pages, or as problem+json for the API. Never a trace, never what was typed."""

import sqlite3
from contextlib import suppress

from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from fitservice.actions.signing_in import log_refusal
from fitservice.complaints import problem_text
from fitservice.db import get_db
from fitservice.model import AccessEnded, Actor, DoneAlready, Invalid, NotAllowed, NotFound
from fitservice.web.guards import recognise
from fitservice.web.once import shown_again
from fitservice.web.problems import problem
from fitservice.web.request_log import about_request, request_id

_TEXTS = {
    400: (_("That did not work"), _("The service could not read the request. Go back and try again.")),
    403: (_("Not for your role"), _("Your role does not give access to this. Ask your administrator if it should.")),
    404: (_("Not found"), _("This page does not exist, or it is not for you.")),
    405: (_("That did not work"), _("The page cannot be used in this way. Go back and try again.")),
    413: (_("Too much"), _("What was sent is too large.")),
    503: (_("One moment"), _("The service is busy storing something large. Nothing is lost. Try again soon.")),
    500: (_("Something went wrong"), _("The fault is ours, and it is logged. Nothing half was stored. Try again.")),
}
_TROUBLE = {
    "SQLITE_FULL": _("The service has no room left to store anything. Nothing was saved. Tell whoever runs it."),
    "SQLITE_IOERR": _("The service cannot write to its disk. Nothing was saved. Tell whoever runs it."),
    "SQLITE_READONLY": _("The service may only read just now. Nothing was saved. Tell whoever runs it."),
    "SQLITE_CANTOPEN": _("The service cannot reach its record. Nothing was saved. Tell whoever runs it."),
    "SQLITE_CORRUPT": _("A part of the record cannot be read. Nothing was saved. Tell whoever runs it at once."),
    "SQLITE_NOTADB": _("A part of the record cannot be read. Nothing was saved. Tell whoever runs it at once."),
}
"""What is wrong with the disk or the file, by SQLite's name for it: none of it is mended by trying again at once."""
_ENDED = _("Your access to this service user has ended. Do you still need it? Ask the team lead who gave it to you.")
_OVER = _("The access is over")
_HOST = _("The service does not answer under this address.")
_OUTDATED = _("The page was open too long, or you signed in again elsewhere. Go back, reload the page and try again.")


def init_app(app: Flask) -> None:
    """Every way in which a request can fail."""
    app.register_error_handler(NotFound, lambda _error: answer(404))
    app.register_error_handler(AccessEnded, lambda _error: answer(404, str(_ENDED), str(_OVER)))
    app.register_error_handler(OverflowError, lambda _error: answer(404))  # an id larger than any row's
    app.register_error_handler(sqlite3.DatabaseError, _database)
    app.register_error_handler(NotAllowed, lambda _error: answer(403))
    app.register_error_handler(DoneAlready, lambda error: shown_again(error.target))
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(CSRFError, lambda _error: answer(400, str(_OUTDATED), refused=True))
    app.register_error_handler(SecurityError, lambda _error: _another_host())
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, detail: str | None = None, heading: str | None = None, *, refused: bool = False) -> Response:
    """An error as the asker reads it; detail and heading are words that say more than the status does.

    What is refused to somebody who is signed in is logged: 403, 404, and a form that no page of theirs has sent.
    """
    came_in = g.setdefault("actor", None) is not None
    _recognise_late()
    if g.actor and request.endpoint and (refused or status == 403 or (status == 404 and came_in)):
        _log_refusal(g.actor)
    if request.path.startswith("/api/"):
        return problem(status, detail)
    title, words = _TEXTS.get(status, _TEXTS[400])
    page = render_template("error.html", title=heading or title, words=detail or str(words), request_id=request_id())
    return Response(page, status=status)


def _recognise_late() -> None:
    """Who asks, where the request failed before the guards: a screen that is handed over shows no menu even then."""
    if "sign_in" in g:
        return
    g.sign_in = None
    with suppress(sqlite3.Error):
        # writes nothing: others may be writing, and whoever asks has waited for them already
        recognise(note_seen=False)


def _log_refusal(actor: Actor) -> None:
    """Who tried what: an id is kept, so that somebody who walks through ids is seen."""
    ids = [value for value in (request.view_args or {}).values() if isinstance(value, int)]
    try:
        log_refusal(get_db(), str(request.endpoint), ids[0] if ids else None, by=actor)
    except (sqlite3.Error, OverflowError):
        current_app.logger.exception("a refusal could not be logged", extra={"said": about_request()})


def _another_host() -> Response:
    """Without the frame of a page: its addresses cannot be made."""
    if request.path.startswith("/api/"):
        return problem(400, str(_HOST))
    return Response(str(_HOST), status=400, mimetype="text/plain")


def _invalid(error: Invalid) -> Response:
    return answer(400, " ".join(problem_text(problem) for problem in error.problems))


def _http(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:  # a redirect
        return error.get_response()
    response = answer(error.code)
    for name, value in error.get_headers():
        if name in ("WWW-Authenticate", "Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _database(error: sqlite3.DatabaseError) -> Response:
    """Busy, or in trouble; anything else is a fault of ours."""
    # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
    name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    if name not in {*_TROUBLE, "SQLITE_BUSY", "SQLITE_LOCKED"}:
        return _unexpected(error)
    if name in _TROUBLE:
        current_app.logger.error("the database at %s: %s", request.endpoint, error)
    response = answer(503, str(_TROUBLE[name]) if name in _TROUBLE else None)
    response.headers["Retry-After"] = "60" if name in _TROUBLE else "5"
    return response


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("error", exc_info=error, extra={"said": about_request()})
    return answer(500)
