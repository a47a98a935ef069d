"""The administrator's pages: accounts, never scores."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions import staffing
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.reports.staff import district_choices, open_account, see_staff
from fitservice.staff_forms import EmailForm, StaffForm
from fitservice.web.guards import me

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


@bp.get("")
def accounts() -> str:
    """Everybody's account."""
    return render_template("accounts/accounts.html", rows=see_staff(get_db(), by=me()))


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a colleague, who chooses a password with a one-time link."""
    form = StaffForm(district_choices(get_db()))
    if form.validate_on_submit():
        with ShownIn(form):
            staff_id = staffing.add_staff(get_db(), **form.chosen(), by=me())
            return _with_link(staff_id)
    page = render_template("form_page.html", form=form, title=_("Add a colleague"), back=url_for(".accounts"))
    return page, 400 if form.errors else 200


@bp.post("/<int:staff_id>/link")
def link(staff_id: int) -> str:
    """A new one-time link for choosing a password."""
    return _with_link(staff_id)


@bp.route("/<int:staff_id>/email", methods=["GET", "POST"])
def email(staff_id: int) -> str | Response | tuple[str, int]:
    """Where somebody's e-mails about reminders go."""
    account = open_account(get_db(), staff_id, by=me())
    form = EmailForm(data={"email": account["email"]})
    if form.validate_on_submit():
        with ShownIn(form):
            staffing.set_email(get_db(), staff_id, form.email.value, by=me())
            flash(_("The e-mail address is saved.") if form.email.value else _("The e-mail address is removed."))
            return redirect(url_for(".accounts"))
    title = _("E-mail for %(name)s", name=account["name"])
    page = render_template("form_page.html", form=form, title=title, back=url_for(".accounts"))
    return page, 400 if form.errors else 200


@bp.post("/<int:staff_id>/close")
def close(staff_id: int) -> Response:
    """Close an account and sign it out everywhere."""
    staffing.close_staff(get_db(), staff_id, by=me())
    flash(_("The account is closed and signed out everywhere."))
    return redirect(url_for(".accounts"))


@bp.post("/<int:staff_id>/sign-out")
def sign_out(staff_id: int) -> Response:
    """Sign somebody out everywhere."""
    staffing.end_others_sign_ins(get_db(), staff_id, by=me())
    flash(_("Signed out everywhere."))
    return redirect(url_for(".accounts"))


def _with_link(staff_id: int) -> str:
    """The accounts with a new one-time link, in this answer and nowhere else."""
    token = staffing.invite_staff(get_db(), staff_id, current_app.config["LINK_HOURS"], by=me())
    link = url_for("sign_in.welcome", token=token, _external=True)
    return render_template("accounts/accounts.html", rows=see_staff(get_db(), by=me()), link=link)
