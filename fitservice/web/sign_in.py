"""Signing in, signing out, and the one-time link for choosing a password."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions import signing_in, staffing
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.reports.staff import link_account
from fitservice.staff_forms import FirstAdministratorForm, PasswordForm
from fitservice.web.coming_in import let_in
from fitservice.web.errors import answer
from fitservice.web.guards import browser, sign_in_form
from fitservice.web.safe import inside

bp = Blueprint("sign_in", __name__)
KEPT = "kept:"
"""Before the name of each field that waits while somebody signs in again."""


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Username and password; unknown and wrong get the same words in the same time."""
    form = sign_in_form()
    kept = [(name.removeprefix(KEPT), value) for name, value in request.form.items(multi=True) if name.startswith(KEPT)]
    if form.validate_on_submit():
        token = signing_in.sign_in(
            get_db(),
            form.username.value,
            form.password.data or "",
            request.remote_addr,
            code=form.code.data or "" if form.code else "",
            browser=browser(),
            break_glass_only=_break_glass_only(),
        )
        if token:
            return _resume(token, kept) if kept else let_in(token, inside(request.args.get("next")))
        form.form_errors.append(_("The username or the password is wrong, or there were too many wrong tries."))
        if form.code:
            form.form_errors.append(_("The one-time code may be wrong too. Each works once: wait for the next one."))
        form.form_errors.append(
            _(
                "After five wrong tries you have to wait: five minutes at first, up to an hour. Wait, or ask your "
                "administrator to open your account or to give you a new password link."
            )
        )
    page = render_template("sign_in.html", form=form, kept=kept, kept_path=request.form.get("kept_path"))
    return page, 400 if form.errors else 200


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this browser's sign-in."""
    if g.sign_in:
        signing_in.sign_out(get_db(), g.sign_in["id"], by=g.actor)
    session.pop("sign_in", None)
    flash(_("You are signed out."))
    response = redirect(url_for("sign_in.sign_in"))
    # charts may be kept by a browser, and whoever comes next must not find them
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> str | Response | tuple[str, int]:
    """Choose a password with a one-time link."""
    account = link_account(get_db(), token)
    if account is None:
        if g.actor is None:  # else it is logged as theirs
            signing_in.log_stranger(get_db(), "link_refused", request.remote_addr)
        return answer(404, _("This link is used or too old. Ask your administrator for a new one."))
    first = account["staff_id"] is None
    form = FirstAdministratorForm() if first else PasswordForm()
    if form.validate_on_submit():
        names = {"username": form.username.value, "name": form.name.value} if first else {}
        with ShownIn(form):
            staff_id = staffing.use_link(
                get_db(), token, form.password.data or "", address=request.remote_addr, **names
            )
            if not signing_in.is_password_enough(get_db(), staff_id, _break_glass_only()):
                flash(_("Your password is chosen. Now sign in."))
                return redirect(url_for("sign_in.sign_in"))
            begun = signing_in.start_sign_in(get_db(), staff_id, request.remote_addr, browser=browser())
            return let_in(begun or "", "/")
    return render_template("welcome.html", form=form, account=account, first=first), 400 if form.errors else 200


def _break_glass_only() -> bool:
    return bool(current_app.config["PASSWORDS"] == "break_glass")


def _resume(token: str, kept: list[tuple[str, str]]) -> str:
    """Signed in again in the middle of a form: show it to be saved, with a token of the new session."""
    let_in(token, "/")
    path = inside(request.form.get("kept_path"))
    return render_template("resume.html", kept=kept, path=path)
