"""The team lead's page: the own district's pace and trends, and who has not been asked for too long."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fitservice import charts
from fitservice.actions.rhythm import set_rhythm
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.forms import RhythmForm
from fitservice.model import NotFound
from fitservice.reports.access import given_to_me
from fitservice.reports.caseload import caseload
from fitservice.reports.figures import OwnDistrict, own_district
from fitservice.reports.pace import own_pace
from fitservice.rules.due import Due
from fitservice.web.drawing import chart_response
from fitservice.web.guards import me
from fitservice.wording import coverage_percent, number
from fitservice.wording.pace import METHOD

bp = Blueprint("district", __name__, url_prefix="/district")


@bp.get("")
def trends() -> str:
    """How the half-year goes; coverage, mean and distribution by half-year; who has not been asked in time."""
    own = own_district(get_db(), today(), by=me())
    code = _chosen(own)
    form = RhythmForm(data={"months": str(own.district["rhythm_months"])})
    enrolled = caseload(get_db(), "", today(), by=me())
    overdue = [case for case in enrolled if case.status is Due.OVERDUE]
    so_far = own_pace(get_db(), today(), by=me())
    return render_template(
        "district/trends.html",
        own=own,
        code=code,
        form=form,
        overdue=overdue,
        enrolled=len(enrolled),
        so_far=so_far,
        method=METHOD,
        given=given_to_me(get_db(), by=me()),
    )


@bp.get("/<name>-<code>.svg")
def chart(name: str, code: str) -> Response:
    """'coverage' or 'mean' up to the latest half-year, or the 'distribution' of one."""
    own = own_district(get_db(), today(), by=me())
    if code not in own.figures or name not in _CHARTS:
        raise NotFound
    return _CHARTS[name](own, code)


@bp.post("/rhythm")
def rhythm() -> AnyResponse | tuple[str, int]:
    """How often the district asks."""
    form = RhythmForm()
    if not form.validate_on_submit():
        return render_template(
            "form_page.html", form=form, title=_("The district's rhythm"), back=url_for(".trends")
        ), 400
    set_rhythm(get_db(), form.months.value, by=me())
    flash(_("The rhythm is changed."))
    return redirect(url_for(".trends"))


def _chosen(own: OwnDistrict) -> str:
    """The half-year whose distribution is shown: the one asked for, else the latest."""
    code = request.args.get("period", "")
    return code if code in own.figures else own.periods[-1].code


def _coverage(own: OwnDistrict, _code: str) -> Response:
    values = _values(own, "coverage")
    return chart_response(charts.bars_chart, _labels(own), values, 1, tuple(map(coverage_percent, values)))


def _mean(own: OwnDistrict, _code: str) -> Response:
    means, lows, highs = (_values(own, f"life_satisfaction_{name}") for name in ("mean", "ci_low", "ci_high"))
    return chart_response(charts.means_chart, _labels(own), means, lows, highs, tuple(map(number, means)))


def _distribution(own: OwnDistrict, code: str) -> Response:
    counts = tuple(own.figures[code][f"life_satisfaction_{score}"] or 0 for score in range(1, 8))
    texts = tuple(number(count, 0) for count in counts)
    return chart_response(charts.bars_chart, tuple("1234567"), counts, max(*counts, 1), texts)


def _values(own: OwnDistrict, measure: str) -> tuple[float | None, ...]:
    """One figure, half-year by half-year."""
    return tuple(own.figures[period.code][measure] for period in own.periods)


def _labels(own: OwnDistrict) -> tuple[str, ...]:
    """Half-years under an axis, in two lines: eight of them do not fit side by side."""
    return tuple(f"{period.code[4:]}\n{period.code[:4]}" for period in own.periods)


_CHARTS = {"coverage": _coverage, "mean": _mean, "distribution": _distribution}
