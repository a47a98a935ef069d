"""Whoever has just proved who they are gets a session of their own."""

from flask import flash, g, redirect, session
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from fitservice import wording
from fitservice.actions import signing_in
from fitservice.db import get_db
from fitservice.web.guards import recognise


def let_in(token: str, target: str) -> Response:
    """A fresh session for whoever has just proved who they are; only the language is kept."""
    if g.sign_in:
        # whoever was signed in here before is not any more, also where the old cookie was copied
        signing_in.sign_out(get_db(), g.sign_in["id"], by=g.actor)
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps this request's token, which belonged to the session before
    session["sign_in"] = token
    if language:
        session["language"] = language
    _tell_of_last_time()
    return redirect(target)


def _tell_of_last_time() -> None:
    """Who reads that somebody else was signed in, or tried to, can say so."""
    recognise()
    last = g.sign_in
    if not last or not (last["previous_at"] or last["misses"]):
        return
    words = [_("Last signed in %(when)s.", when=wording.moment(last["previous_at"]))] if last["previous_at"] else []
    if last["misses"]:
        words.append(
            ngettext(
                "%(num)s wrong try since then. If it was not you, tell your administrator.",
                "%(num)s wrong tries since then. If it was not you, tell your administrator.",
                last["misses"],
            )
        )
    flash(" ".join(words))
