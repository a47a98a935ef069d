"""Signing in, signing out, and the one-time link for choosing a password."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from fitservice import wording
from fitservice.actions import signing_in, staffing
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.reports.staff import link_account
from fitservice.staff_forms import FirstAdministratorForm, PasswordForm
from fitservice.web.errors import answer
from fitservice.web.guards import browser, recognise, sign_in_form
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
        )
        if token:
            return _resume(token, kept) if kept else _welcome(token)
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
    return redirect(url_for("sign_in.sign_in"))


@bp.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> str | Response | tuple[str, int]:
    """Choose a password with a one-time link."""
    account = link_account(get_db(), token)
    if account is None:
        return answer(404, _("This link is used or too old. Ask your administrator for a new one."))
    first = account["staff_id"] is None
    form = FirstAdministratorForm() if first else PasswordForm()
    if form.validate_on_submit():
        names = {"username": form.username.value, "name": form.name.value} if first else {}
        with ShownIn(form):
            staff_id = staffing.use_link(
                get_db(), token, form.password.data or "", address=request.remote_addr, **names
            )
            begun = signing_in.start_sign_in(get_db(), staff_id, request.remote_addr, browser=browser())
            return _welcome(begun or "")
    return render_template("welcome.html", form=form, account=account, first=first), 400 if form.errors else 200


def _resume(token: str, kept: list[tuple[str, str]]) -> str:
    """Signed in again in the middle of a form: show it to be saved, with a token of the new session."""
    _welcome(token)
    path = inside(request.form.get("kept_path"))
    return render_template("resume.html", kept=kept, path=path)


def _welcome(token: str) -> Response:
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
    return redirect(inside(request.args.get("next")))


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
