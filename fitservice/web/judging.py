"""The agency and a district's sign-off: accept it, return it with words, or open a half-year again after the lock."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.signing_off import judge_sign_off
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, number_of, typed
from fitservice.model import NotFound, Period
from fitservice.reporting import Step
from fitservice.reporting_forms import JudgeForm
from fitservice.reports.sign_offs import SeenPeriod, see_period
from fitservice.rules.sign_off import OF_THE_AGENCY, leave_until
from fitservice.web.guards import me
from fitservice.web.queries import named_half

bp = Blueprint("judging", __name__, url_prefix="/city")


@bp.get("/<district>/<code>")
def period(district: str, code: str) -> str:
    """A district's half-year: what it holds, what is missing and why, and how it was signed off."""
    half = named_half(code)
    seen = _seen(district, half)
    assert seen.status.dates  # noqa: S101 - a half-year has its days
    leave = seen.running_leave
    until = leave.until if leave else leave_until(seen.status.dates, today())
    return _page(seen, JudgeForm(formdata=None, data={"until": typed(until)}))


@bp.post("/<district>/<code>")
def judge(district: str, code: str) -> Response | tuple[str, int]:
    """Accept, return, or open again."""
    half, form = named_half(code), JudgeForm()
    if form.step.data not in [step.value for step in OF_THE_AGENCY]:
        raise NotFound
    if form.validate_on_submit():
        with ShownIn(form):
            text, until = form.text.value, form.until.value
            judge_sign_off(
                get_db(), district, half, Step(form.step.data), text, until, number_of(form, "known"), by=me()
            )
            flash(_("It is done, and the team lead sees it."))
            return redirect(url_for(".period", district=district, code=half.code))
    return _page(_seen(district, half), form), 400


def _seen(district: str, half: Period) -> SeenPeriod:
    return see_period(get_db(), district, half, today(), current_app.config["SMALL_COUNT"], by=me())


def _page(seen: SeenPeriod, form: JudgeForm) -> str:
    form.known.data = str(seen.status.sign_off.number)
    return render_template("city/sign_off.html", seen=seen, form=form, today=today())
