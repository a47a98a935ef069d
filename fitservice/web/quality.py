"""The team lead's quality checks of a half-year: what they found, and dismissing a finding with a reason."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.checking import dismiss_finding, take_back_dismissal
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.forms import DismissForm
from fitservice.model import Invalid, NotFound, Period
from fitservice.reporting import Check
from fitservice.reports.quality import findings
from fitservice.rules.periods import half_of, parse_half, previous
from fitservice.web.guards import me
from fitservice.wording.quality import check_name, finding_text

bp = Blueprint("quality", __name__, url_prefix="/district/checks")


@bp.get("/<code>")
def checks(code: str) -> str:
    """What deserves a look, what was dismissed, and what was looked for and not found."""
    period = _half_year(code)
    found = findings(get_db(), period, today(), by=me())
    return render_template(
        "district/checks.html",
        period=period,
        deadline=found.deadline,
        found=found,
        checks=list(Check),
        form=DismissForm(formdata=None),
        earlier=previous(period).code if found.has_history else None,
        later=_later(period),
    )


@bp.post("/<code>/dismiss")
def dismiss(code: str) -> Response | tuple[str, int]:
    """A finding can be left as it is, and why."""
    period = _half_year(code)
    form = DismissForm()
    if form.validate_on_submit():
        with ShownIn(form):
            dismiss_finding(
                get_db(),
                period,
                _check(form.check.data),
                form.key.data or "",
                form.reason.value,
                by=me(),
            )
            flash(_("The finding is dismissed. It stays visible with your reason."))
            return redirect(url_for(".checks", code=period.code))
    back = url_for(".checks", code=period.code)
    return render_template(
        "form_page.html",
        form=form,
        title=_title(form),
        about=_about(period, form),
        back=back,
        submit=_("Dismiss the finding"),
    ), 400


@bp.post("/<code>/take-back")
def take_back(code: str) -> Response:
    """The finding is open again."""
    period = _half_year(code)
    take_back_dismissal(get_db(), period, _check(request.form.get("check")), request.form.get("key", ""), by=me())
    flash(_("The finding is open again."))
    return redirect(url_for(".checks", code=period.code))


def _half_year(code: str) -> Period:
    """A half-year that has begun, by its code as we write it; anything else is not found."""
    try:
        period = parse_half(code)
    except Invalid:
        raise NotFound from None
    if period.code != code or period.first_day > today():
        raise NotFound
    return period


def _later(period: Period) -> str | None:
    """The next half-year, if it has begun."""
    following = half_of(period.last_day + timedelta(days=1))
    return following.code if following.first_day <= today() else None


def _check(value: str | None) -> Check:
    try:
        return Check(value or "")
    except ValueError:
        raise NotFound from None


def _about(period: Period, form: DismissForm) -> str:
    """The finding in words, while it is there."""
    for told in findings(get_db(), period, today(), by=me()).told:
        if (told.finding.check, told.finding.key) == (form.check.data, form.key.data):
            return finding_text(told.finding, told.recorder)
    return ""


def _title(form: DismissForm) -> str:
    """What is dismissed, if the form says it."""
    try:
        return check_name(_check(form.check.data))
    except NotFound:
        return _("Dismiss the finding")
