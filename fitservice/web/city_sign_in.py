"""Signing in through the city's own sign-in: there and back."""

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.coming_from_the_city import account_from_city, refuse_from_city
from fitservice.actions.signing_in import start_sign_in
from fitservice.city_roles import parse_mapping
from fitservice.complaints import problem_text
from fitservice.db import get_db
from fitservice.identity_provider import ProviderDown, ProviderRefused, is_used, send_there, who_came_back
from fitservice.model import Invalid, NotFound
from fitservice.web.coming_in import let_in
from fitservice.web.errors import answer
from fitservice.web.guards import browser
from fitservice.web.safe import inside

bp = Blueprint("city_sign_in", __name__, url_prefix="/sign-in/city")


@bp.get("")
def there() -> Response:
    """To the city's sign-in. A link, not a form: the policy lets forms go nowhere else.

    Another site that leads here leads to our own page, where somebody has to press: nobody is signed in unasked.
    """
    _refuse_where_unused()
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return redirect(url_for("sign_in.sign_in"))
    try:
        answered = send_there(url_for(".back", _external=True))
    except ProviderDown:
        return _down()
    session["after"] = inside(request.args.get("next"))
    return answered


@bp.get("/back")
def back() -> Response:
    """Back from there: signed in as whoever it proves, in the role that it gives."""
    _refuse_where_unused()
    target = inside(session.pop("after", None))
    try:
        claims = who_came_back()
    except ProviderDown:
        return _down()
    except ProviderRefused as refused:
        refuse_from_city(get_db(), str(refused), request.remote_addr)
        return answer(400, _("You are not signed in. Go back to the page for signing in, and try once more."))
    mapping = parse_mapping(current_app.config["OIDC_ROLES"])
    try:
        staff_id = account_from_city(get_db(), claims, current_app.config["OIDC_CLAIM"], mapping, request.remote_addr)
    except Invalid as invalid:
        return answer(403, problem_text(invalid.problems[0]))
    token = start_sign_in(get_db(), staff_id, request.remote_addr, browser=browser(), method="oidc")
    return let_in(token or "", target)


def _refuse_where_unused() -> None:
    if not is_used():
        raise NotFound


def _down() -> Response:
    return answer(502, _("The city's sign-in does not answer. Try again in a while; nothing of yours is lost."))
