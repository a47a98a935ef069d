"""Informed participation: recording it, withdrawing it, and the team's list of those to talk with again."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.participating import give_participation, withdraw_participation
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, typed
from fitservice.reports.participation import see_participation, to_renew
from fitservice.right_forms import ParticipationForm
from fitservice.rules.participation import How
from fitservice.web.guards import me
from fitservice.wording.participation import text_today

bp = Blueprint("participation", __name__, url_prefix="/service-users")


@bp.get("/participation")
def renewals() -> str:
    """Those of whom it is not recorded, has ended, or ends within thirty days."""
    return render_template("participation/renewals.html", found=to_renew(get_db(), by=me()))


@bp.route("/<int:service_user_id>/participation", methods=["GET", "POST"])
def participation(service_user_id: int) -> str | Response | tuple[str, int]:
    """What the service user is told, how it stands, and recording it anew."""
    stands = see_participation(get_db(), service_user_id, by=me())
    months = current_app.config["PARTICIPATION_MONTHS"]
    form = ParticipationForm(months)
    if form.validate_on_submit():
        with ShownIn(form):
            how = How(form.given_how.data)
            give_participation(
                get_db(), service_user_id, form.given_on.value, how, form.valid_to.value, by=me(), months=months
            )
            flash(_("It is kept that the service user was informed and takes part."))
            return redirect(url_for("service_users.person", service_user_id=service_user_id))
    elif not form.is_submitted():
        form.given_on.data = typed(today())
    page = render_template("participation/participation.html", stands=stands, form=form, text=text_today(today()))
    return page, 400 if form.errors else 200


@bp.post("/<int:service_user_id>/participation/withdraw")
def withdraw(service_user_id: int) -> Response:
    """The service user takes part no longer."""
    withdraw_participation(get_db(), service_user_id, by=me())
    flash(_("The service user has withdrawn. From now on nothing new is recorded."))
    return redirect(url_for("service_users.person", service_user_id=service_user_id))
