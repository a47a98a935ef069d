"""The agency's register: who owes which half-years, their days, and by what gaps are judged."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.deciding import decide_dates, decide_obligations, decide_threshold
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.reporting_forms import DatesForm, ObligationForm, ThresholdForm, threshold_text
from fitservice.reports.register import dates_known, districts_known, see_register
from fitservice.web.guards import me
from fitservice.web.queries import named_half

bp = Blueprint("register", __name__, url_prefix="/city/register")


@bp.get("")
def register() -> str:
    """Who owes what, the days of the half-years, and the thresholds, with every decision and its reason."""
    seen = see_register(get_db(), today(), by=me())
    return render_template("register/register.html", seen=seen, threshold_text=threshold_text)


@bp.route("/obligations", methods=["GET", "POST"])
def obligations() -> Response | str | tuple[str, int]:
    """From when to when districts owe their half-years, or do not."""
    form = ObligationForm(districts_known(get_db(), by=me()))
    if form.validate_on_submit():
        with ShownIn(form):
            owed, reason = form.owed.data == "yes", form.reason.value
            decide_obligations(get_db(), form.chosen(), form.first.value, form.last.value, reason, owed=owed, by=me())
            return _done()
    page = render_template("register/obligations.html", form=form)
    return (page, 400) if form.is_submitted() else page


@bp.route("/dates/<code>", methods=["GET", "POST"])
def dates(code: str) -> Response | str | tuple[str, int]:
    """The days of one half-year."""
    half = named_half(code)
    form = DatesForm.of(dates_known(get_db(), half, today(), by=me()))
    if form.validate_on_submit():
        with ShownIn(form):
            decide_dates(get_db(), half, form.chosen(), form.reason.value, by=me())
            return _done()
    return _form(form, _("The days of %(period)s", period=half.code))


@bp.route("/thresholds", methods=["GET", "POST"])
def thresholds() -> Response | str | tuple[str, int]:
    """Another threshold from a half-year on."""
    form = ThresholdForm()
    if form.validate_on_submit():
        with ShownIn(form):
            name, first, value = form.chosen()
            decide_threshold(get_db(), name, first, value, form.reason.value, by=me())
            return _done()
    return _form(form, _("Another threshold"))


def _done() -> Response:
    flash(_("The register is changed. The decision is kept with its reason."))
    return redirect(url_for(".register"))


def _form(form: DatesForm | ObligationForm | ThresholdForm, title: str) -> str | tuple[str, int]:
    page = render_template("form_page.html", form=form, title=title, back=url_for(".register"))
    return (page, 400) if form.is_submitted() else page
