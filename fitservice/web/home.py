"""The front door: each role's first page, the choice of language, one's own sign-ins."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.signing_in import end_own_sign_in, own_sign_ins, sign_out_everywhere, start_sign_in
from fitservice.actions.staffing import change_password
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.languages import language_named
from fitservice.model import Role
from fitservice.staff_forms import ChangePasswordForm
from fitservice.web.guards import browser, limits, me
from fitservice.web.safe import inside

bp = Blueprint("home", __name__)
open_bp = Blueprint("open_home", __name__)

FIRST_PAGE = {
    Role.CASEWORKER: "service_users.caseload",
    Role.TEAM_LEAD: "district.trends",
    Role.AGENCY_ANALYST: "city.board",
    Role.ADMINISTRATOR: "accounts.accounts",
}


@bp.get("/")
def first_page() -> Response:
    """Straight to the work."""
    return redirect(url_for(FIRST_PAGE[me().role]))


@bp.get("/sign-ins")
def sign_ins() -> str:
    """Where I am signed in."""
    rows = own_sign_ins(get_db(), *limits(), by=me())
    return render_template("sign_ins.html", rows=rows, this=g.sign_in["id"])


@bp.post("/sign-ins/end")
def end_sign_ins() -> Response:
    """Sign me out everywhere."""
    sign_out_everywhere(get_db(), by=me())
    session.pop("sign_in", None)
    flash(_("You are signed out everywhere."))
    return redirect(url_for("sign_in.sign_in"))


@bp.post("/sign-ins/<int:sign_in_id>/end")
def end_sign_in(sign_in_id: int) -> Response:
    """Sign me out in one browser."""
    end_own_sign_in(get_db(), sign_in_id, by=me())
    flash(_("That browser is signed out."))
    return redirect(url_for(".sign_ins"))


@bp.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Choose another password; every browser is signed out but this one, which signs in anew."""
    form = ChangePasswordForm(bool(g.sign_in["has_second_step"]))
    if form.validate_on_submit():
        with ShownIn(form):
            code = form.code.data or "" if form.code else ""
            change_password(get_db(), form.current.data or "", form.password.data or "", code, by=me())
            session["sign_in"] = start_sign_in(get_db(), me().staff_id or 0, request.remote_addr, browser=browser())
            flash(_("Your password is changed, and you are signed out everywhere else."))
            return redirect(url_for(".sign_ins"))
    page = render_template("form_page.html", form=form, title=_("Change your password"), back=url_for(".sign_ins"))
    return page, 400 if form.errors else 200


@open_bp.post("/language/<code>")
def language(code: str) -> Response:
    """Remember the language in this browser and stay on the page."""
    session["language"] = language_named(code) or "nb"
    return redirect(inside(request.form.get("next")))
