"""Erasure: the list for review, asking for it, taking that back, and carrying it out."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.erasing import ask_erasure, drop_erasure, erase
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.reports.erasures import review, see_erasure
from fitservice.right_forms import EraseForm, ErasureForm
from fitservice.web.guards import me

bp = Blueprint("erasures", __name__, url_prefix="/service-users")


@bp.get("/erasures")
def erasures() -> str:
    """What is asked for, and whose enrolments ended long ago."""
    years = current_app.config["RETENTION_YEARS"]
    return render_template("erasures/review.html", found=review(get_db(), years, by=me()), years=years)


@bp.route("/<int:service_user_id>/erasure", methods=["GET", "POST"])
def erasure(service_user_id: int) -> str | Response | tuple[str, int]:
    """What would go and what stays; asking for it."""
    form = ErasureForm()
    if form.validate_on_submit():
        with ShownIn(form):
            ask_erasure(get_db(), service_user_id, form.reason.value, by=me())
            flash(_("Erasure is asked for. A team lead who is somebody else carries it out."))
            return redirect(url_for(".erasure", service_user_id=service_user_id))
    return _page(service_user_id, form)


@bp.post("/<int:service_user_id>/erasure/drop")
def drop(service_user_id: int) -> Response | tuple[str, int]:
    """Nothing is erased after all."""
    form = EraseForm()
    with ShownIn(form):
        drop_erasure(get_db(), service_user_id, by=me())
        flash(_("Nothing is erased. The request is kept."))
        return redirect(url_for("service_users.person", service_user_id=service_user_id))
    return _page(service_user_id, form)


@bp.post("/<int:service_user_id>/erasure/carry-out")
def carry_out(service_user_id: int) -> Response | tuple[str, int]:
    """Erase, once the reference is typed."""
    known = see_erasure(get_db(), service_user_id, by=me())
    form = EraseForm(known.service_user["reference"])
    if form.validate_on_submit():
        with ShownIn(form):
            clean = erase(get_db(), service_user_id, by=me())
            flash(_("Everything that was recorded of the service user is erased."))
            if not clean:
                flash(_("Traces in the database file go when nobody reads it any more."))
            return redirect(url_for("service_users.caseload"))
    return _page(service_user_id, form)


def _page(service_user_id: int, form: ErasureForm | EraseForm) -> tuple[str, int]:
    found = see_erasure(get_db(), service_user_id, by=me())
    page = render_template(
        "erasures/erasure.html",
        found=found,
        form=form,
        erase_form=form if isinstance(form, EraseForm) else EraseForm(),
        ask_form=form if isinstance(form, ErasureForm) else ErasureForm(),
    )
    return page, 400 if form.errors else 200
