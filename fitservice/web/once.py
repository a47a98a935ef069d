"""A form that is sent once more does nothing, and leads to what it did: in one place, for every form that has a key."""

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from flask import current_app, flash, g, json, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response

from fitservice.acting import done_before
from fitservice.db import get_db
from fitservice.fields import ONCE

_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
_PAGES: dict[str, Callable[[int], str]] = {
    "session": lambda id_: url_for("sessions.session", session_id=id_),
    "service_user": lambda id_: url_for("service_users.person", service_user_id=id_),
    # of a record that was closed to whoever sent the form, by that form
    "caseload": lambda _district_id: url_for("service_users.caseload"),
}


def repeated() -> Response | None:
    """The result of this very form if it was sent before; else whoever acts knows by which form."""
    if request.method != "POST" or g.actor is None or not _KEY.fullmatch(request.form.get(ONCE, "")):
        return None
    g.actor = replace(g.actor, once=_hash())
    target = done_before(get_db(), by=g.actor)
    return None if target is None else shown_again(target)


def shown_again(target: tuple[str, int] | tuple[()]) -> Response:
    """To what was done, and that it was not done twice."""
    flash(_("This was saved the first time. Nothing was done twice."))
    if target and target[0] in _PAGES:
        return redirect(_PAGES[target[0]](target[1]))
    return redirect(_page_above())


def _hash() -> str:
    """Of the key, the address and all that was typed: who changed something in a form means something else by it."""
    typed = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    return sha256(json.dumps([request.path, typed]).encode()).hexdigest()


def _page_above() -> str:
    """The nearest page on the way up from a form's address, which is where saving it leads."""
    adapter = current_app.create_url_adapter(request)
    path = request.path
    while adapter and path:
        if _is_page(adapter, path):
            return path
        path = path.rpartition("/")[0]
    return "/"


def _is_page(adapter: MapAdapter, path: str) -> bool:
    try:
        endpoint, _arguments = adapter.match(path, method="GET")
    except HTTPException:
        return False
    return bool(endpoint != request.endpoint)
