"""Who may come in: one guard a blueprint, run before every request to it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, abort, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from fitservice.actions.signing_in import asks_for_codes, log_stranger, who
from fitservice.actions.tokens import api_token, count_request
from fitservice.db import get_db
from fitservice.model import Actor, Role
from fitservice.rules.browsers import browser_kind
from fitservice.staff_forms import SignInForm
from fitservice.web.problems import invalid_token, no_token
from fitservice.web.queries import refuse_too_much

PASSWORDS = {"password", "current", "again", "pin", "secret", "code"}
"""Fields that are never written into a page, also not to wait there."""

Guard = Callable[[], AnyResponse | None]


def limits() -> tuple[timedelta, timedelta]:
    """How long a sign-in lasts without use, and at most."""
    config = current_app.config
    return timedelta(minutes=config["IDLE_MINUTES"]), timedelta(hours=config["SIGN_IN_HOURS"])


def browser() -> str | None:
    """Which kind of browser asks, in two words."""
    return browser_kind(request.headers.get("User-Agent"))


def recognise(*, note_seen: bool = True) -> None:
    """Whose browser this is, in g.actor and g.sign_in, or nobody's."""
    token = session.get("sign_in")
    g.sign_in = who(get_db(), token, *limits(), request.remote_addr, note_seen=note_seen) if token else None
    g.actor = g.sign_in["actor"] if g.sign_in else None


def handed_over() -> AnyResponse | None:
    """While the screen is in a service user's hands, every other page leads back to the questions.

    Also those of another hand-over of the same caseworker's: its address may stand in this browser's history.
    """
    here = g.sign_in["hand_over_id"] if g.sign_in else None
    if not here or (request.blueprint == "hand_over" and (request.view_args or {}).get("hand_over_id") == here):
        return None
    return redirect(url_for("hand_over.thanks", hand_over_id=here))


def open_to_everyone() -> AnyResponse | None:
    """No sign-in needed: said aloud, so that it is never forgotten."""
    return None


def only(*roles: Role) -> Guard:
    """These roles; a stranger is sent to sign in, another role is refused."""

    def guard() -> AnyResponse | None:
        if g.actor is None:
            return _ask_to_sign_in()
        if lacks_second_step() and request.blueprint != "second_step":
            return redirect(url_for("second_step.second_step"))
        if g.actor.role not in roles:
            abort(403)
        return None

    return guard


def needs_second_step() -> bool:
    """Whether this role must have a second step here; the city's own sign-in asks for its own."""
    return bool(g.actor and g.actor.role in current_app.config["TOTP_ROLES"] and g.sign_in["method"] == "password")


def lacks_second_step() -> bool:
    """Whether somebody who must have a second step has none yet."""
    return needs_second_step() and not g.sign_in["has_second_step"]


def sign_in_form(**given: Any) -> SignInForm:
    """The form for signing in, with a field for one-time codes where they are used."""
    return SignInForm(asks_for_codes(get_db(), current_app.config["TOTP_ROLES"]), **given)


def _ask_to_sign_in() -> AnyResponse:
    """Sign in and go on; what was typed into a form waits in the page, so that no answer is lost."""
    here = request.full_path.rstrip("?")
    if request.method == "GET":
        return redirect(url_for("sign_in.sign_in", next=here))
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    if not kept or PASSWORDS & set(request.form):
        return redirect(url_for("sign_in.sign_in"))
    page = render_template("sign_in.html", form=sign_in_form(formdata=None), kept=kept, kept_path=here)
    return Response(page, status=401)


def bearer() -> AnyResponse | None:
    """A program of the agency's, by its token; nonsense and whoever asks too often are turned away at once."""
    refuse_too_much()
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return no_token()
    token = api_token(get_db(), secret.strip(), request.remote_addr)
    if token is None:
        log_stranger(get_db(), "token_refused", request.remote_addr)
        return invalid_token()
    if wait := count_request(get_db(), token, current_app.config["API_REQUESTS_A_MINUTE"], datetime.now(UTC)):
        raise TooManyRequests(retry_after=wait)
    g.actor = token["actor"]
    return None


def me() -> Actor:
    """Whoever came past the guard."""
    actor: Actor = g.actor
    return actor
