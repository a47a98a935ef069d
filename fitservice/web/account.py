"""One account as the administrator keeps it: role, sign-ins, too many wrong tries."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from fitservice.actions import keeping_accounts
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.reports.staff import district_choices, open_account, see_account
from fitservice.staff_forms import ReasonForm, RoleForm
from fitservice.web.guards import limits, me

Answer = str | Response | tuple[str, int]

bp = Blueprint("account", __name__, url_prefix="/accounts/<int:staff_id>")


@bp.get("")
def account(staff_id: int) -> str:
    """What is known of the account, and what can be done."""
    return render_template("accounts/account.html", row=see_account(get_db(), staff_id, *limits(), by=me()))


@bp.route("/role", methods=["GET", "POST"])
def role(staff_id: int) -> Answer:
    """Another role or district."""
    row = open_account(get_db(), staff_id, by=me())
    form = RoleForm(district_choices(get_db()), data={"role": row["role"], "district": str(row["district_id"] or "")})

    def change() -> None:
        keeping_accounts.change_role(get_db(), staff_id, **form.chosen(), by=me())

    done = _("The role is changed, and the account signed out everywhere.")
    return _asked(form, staff_id, change, _("Role of %(name)s", name=row["name"]), done)


@bp.route("/second-step", methods=["GET", "POST"])
def reset_second_step(staff_id: int) -> Answer:
    """Take the second step away from somebody who has lost it."""
    row = open_account(get_db(), staff_id, by=me())
    form = ReasonForm()

    def reset() -> None:
        keeping_accounts.reset_second_step(get_db(), staff_id, form.reason.value, by=me())

    done = _("The second step is taken away, and the account signed out everywhere.")
    return _asked(form, staff_id, reset, _("Take away the second step of %(name)s", name=row["name"]), done)


@bp.route("/break-glass", methods=["GET", "POST"])
def break_glass(staff_id: int) -> Answer:
    """Mark an account for the day when the city's sign-in is down, or take the mark away."""
    row = open_account(get_db(), staff_id, by=me())
    form = ReasonForm()

    def mark() -> None:
        keeping_accounts.set_break_glass(get_db(), staff_id, not row["break_glass"], form.reason.value, by=me())

    title = (
        _("No longer an emergency account: %(name)s", name=row["name"])
        if row["break_glass"]
        else _("Make this an emergency account: %(name)s", name=row["name"])
    )
    return _asked(form, staff_id, mark, title, _("It is saved."))


def _asked(form: FlaskForm, staff_id: int, act: Callable[[], None], title: str, done: str) -> Answer:
    """The form; when it is sent and right, the act and back to the account."""
    if form.validate_on_submit():
        with ShownIn(form):
            act()
            flash(done)
            return _back(staff_id)
    back = url_for(".account", staff_id=staff_id)
    return render_template("form_page.html", form=form, title=title, back=back), 400 if form.errors else 200


@bp.post("/open")
def open_locked(staff_id: int) -> Response:
    """Let somebody sign in again at once, after too many wrong tries."""
    keeping_accounts.open_locked(get_db(), staff_id, by=me())
    flash(_("The account is open again."))
    return _back(staff_id)


@bp.post("/sign-ins/<int:sign_in_id>/end")
def end_sign_in(staff_id: int, sign_in_id: int) -> Response:
    """Sign somebody out in one browser."""
    keeping_accounts.end_sign_in_of(get_db(), staff_id, sign_in_id, by=me())
    flash(_("That browser is signed out."))
    return _back(staff_id)


def _back(staff_id: int) -> Response:
    return redirect(url_for(".account", staff_id=staff_id))
