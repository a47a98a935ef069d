"""Beginning, ending and correcting an enrolment."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.enrolling import add_enrolment, correct_enrolment, end_enrolment
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, revision_of, typed
from fitservice.forms import CorrectEnrolmentForm, EndForm, EnrolmentForm
from fitservice.reports.person import see_enrolment, see_person
from fitservice.web.guards import me

bp = Blueprint("enrolments", __name__)


@bp.route("/service-users/<int:service_user_id>/enrolments/new", methods=["GET", "POST"])
def new(service_user_id: int) -> str | Response | tuple[str, int]:
    """Someone comes back."""
    reference = see_person(get_db(), service_user_id, by=me()).service_user["reference"]
    form = EnrolmentForm()
    if form.validate_on_submit():
        with ShownIn(form):
            add_enrolment(get_db(), service_user_id, form.enrolled_from.value, by=me())
            flash(_("A new enrolment has begun."))
            return redirect(url_for("service_users.person", service_user_id=service_user_id))
    elif not form.is_submitted():
        form.enrolled_from.data = typed(today())
    return _page(form, _("New enrolment for %(reference)s", reference=reference), service_user_id)


@bp.route("/enrolments/<int:enrolment_id>/end", methods=["GET", "POST"])
def end(enrolment_id: int) -> str | Response | tuple[str, int]:
    """Put in the last day."""
    enrolment = see_enrolment(get_db(), enrolment_id, by=me())
    form = EndForm()
    if form.validate_on_submit():
        with ShownIn(form):
            service_user_id = end_enrolment(get_db(), enrolment_id, form.enrolled_to.value, by=me())
            flash(_("The enrolment is ended."))
            return redirect(url_for("service_users.person", service_user_id=service_user_id))
    elif not form.is_submitted():
        form.enrolled_to.data = typed(today())
    title = _("End the enrolment of %(reference)s", reference=enrolment["reference"])
    return _page(form, title, enrolment["service_user_id"], _("End the enrolment"))


@bp.route("/enrolments/<int:enrolment_id>/correct", methods=["GET", "POST"])
def correct(enrolment_id: int) -> str | Response | tuple[str, int]:
    """Other days, and why."""
    enrolment = see_enrolment(get_db(), enrolment_id, by=me())
    form = CorrectEnrolmentForm()
    if form.validate_on_submit():
        days = form.enrolled_from.value, form.enrolled_to.value
        with ShownIn(form):
            service_user_id = correct_enrolment(
                get_db(), enrolment_id, *days, form.reason.value, by=me(), revision=revision_of(form)
            )
            flash(_("The enrolment is corrected. What stood there before is kept."))
            return redirect(url_for("service_users.person", service_user_id=service_user_id))
    elif not form.is_submitted():
        form.enrolled_from.data = typed(enrolment["enrolled_from"])
        form.enrolled_to.data = typed(enrolment["enrolled_to"])
        form.revision.data = str(enrolment["revision"])
    title = _("Correct the enrolment of %(reference)s", reference=enrolment["reference"])
    return _page(form, title, enrolment["service_user_id"])


def _page(
    form: EnrolmentForm | EndForm, title: str, service_user_id: int, submit: str | None = None
) -> tuple[str, int]:
    back = url_for("service_users.person", service_user_id=service_user_id)
    page = render_template("form_page.html", form=form, title=title, back=back, submit=submit)
    return page, 400 if form.errors else 200
