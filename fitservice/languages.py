"""The interface's languages: bokmål unless the reader chose English."""

import os

from flask import Flask, has_request_context, request, session
from flask_babel import Babel

from fitservice.settings import LANGUAGES

# 'en' alone is American: dates and numbers are written as in Britain
_LOCALES = {"nb": "nb", "en": "en_GB"}
_SAME = {"no": "nb", "nn": "nb"}


def language_named(text: str | None) -> str | None:
    """The interface language that a tag such as 'nb-NO', 'nn' or 'en_GB.UTF-8' asks for, or None."""
    tag = (text or "").replace("_", "-").split(".")[0].split("-")[0].lower()
    tag = _SAME.get(tag, tag)
    return tag if tag in LANGUAGES else None


def choose_language() -> str:
    """For a page: ?lang=, else what the reader chose, else bokmål. For the command line: LANG, else bokmål."""
    if has_request_context():
        chosen = language_named(request.args.get("lang")) or language_named(session.get("language"))
    else:
        chosen = language_named(os.environ.get("LC_ALL") or os.environ.get("LANG"))
    return _LOCALES[chosen or "nb"]


def init_app(app: Flask) -> None:
    """Flask-Babel with our catalogues, in requests and in commands alike."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=choose_language)
