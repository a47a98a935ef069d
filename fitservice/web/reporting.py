"""The team lead's reporting: the district's half-years, their sign-off, and why something is missing."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.explaining import explain_gap, withdraw_explanation
from fitservice.actions.signing_off import DISTRICTS_STEPS, take_step
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, number_of, typed
from fitservice.model import NotFound, Period
from fitservice.reporting import Cause, GapKind, Step
from fitservice.reporting_forms import ExplanationForm, StepForm
from fitservice.reports.sign_offs import OwnPeriod, own_period, own_periods
from fitservice.rules.sign_off import rests_on_explanations
from fitservice.web.guards import me
from fitservice.web.queries import named_half

bp = Blueprint("reporting", __name__, url_prefix="/district/reporting")


@bp.get("")
def periods() -> str:
    """The district's half-years: what they hold, how they were signed off, what is missing."""
    return render_template("reporting/periods.html", statuses=own_periods(get_db(), today(), by=me()))


@bp.get("/<code>")
def period(code: str) -> str:
    """One half-year: what would be reported today, what is missing, and the sign-off."""
    return _page(named_half(code), StepForm(formdata=None))


@bp.post("/<code>")
def take(code: str) -> Response | tuple[str, int]:
    """Sign off, declare that there is nothing to report, or undo that."""
    half, form = named_half(code), StepForm()
    if form.step.data not in [step.value for step in DISTRICTS_STEPS]:
        raise NotFound
    if form.validate_on_submit():
        with ShownIn(form):
            step = Step(form.step.data)
            take_step(get_db(), half, step, form.text.value, number_of(form, "known"), by=me())
            flash(_("The sign-off is undone.") if step is Step.UNDONE else _("%(period)s is signed off.", period=code))
            return redirect(url_for(".period", code=half.code))
    return _page(half, form), 400


@bp.route("/<code>/<kind>", methods=["GET", "POST"])
def explain(code: str, kind: str) -> Response | str | tuple[str, int]:
    """Why something is missing, and until when."""
    half, gap_kind = named_half(code), _kind(kind)
    own = own_period(get_db(), half, today(), by=me())
    gap = next((gap for gap in own.status.gaps if gap.kind is gap_kind), None)
    if gap is None:
        raise NotFound
    known = own.status.explanations.get(gap_kind)
    filled = (
        {"cause": known["cause"], "text": known["text"], "expected_on": typed(known["expected_on"])} if known else {}
    )
    form = ExplanationForm(data=filled)
    if form.validate_on_submit():
        with ShownIn(form):
            cause, text, expected_on = Cause(form.cause.data), form.text.value, form.expected_on.value
            explain_gap(get_db(), half, gap_kind, cause, text, expected_on, by=me())
            flash(_("The explanation is kept. It stands beside what is missing until that is there."))
            return redirect(url_for(".period", code=half.code))
    rests = rests_on_explanations(own.status.sign_off, gap_kind)
    page = render_template("reporting/explain.html", form=form, gap=gap, half=half, known=known, rests=rests)
    return (page, 400) if form.is_submitted() else page


@bp.post("/<code>/<kind>/withdraw")
def withdraw(code: str, kind: str) -> Response:
    """Take an explanation back."""
    half = named_half(code)
    withdraw_explanation(get_db(), half, _kind(kind), by=me())
    flash(_("The explanation is taken back."))
    return redirect(url_for(".period", code=half.code))


def _page(half: Period, form: StepForm) -> str:
    own: OwnPeriod = own_period(get_db(), half, today(), by=me())
    form.known.data = str(own.status.sign_off.number)
    # the label says "optional" only where that is so; what was sent is read already
    form.text.required = own.needs_words
    return render_template("reporting/period.html", own=own, form=form, today=today())


def _kind(kind: str) -> GapKind:
    if kind not in list(GapKind):
        raise NotFound
    return GapKind(kind)
