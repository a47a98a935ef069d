"""The agency's API: GET only, with a bearer token, figures through their protection."""

from flask import Blueprint, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from fitservice.access import Act, check
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.model import MEASURES, Invalid, Period, Problem
from fitservice.reports.documents import FORMATS, MIMETYPES, csv_dialect, figures_document, gaps_json_text
from fitservice.reports.figures import pull_figures
from fitservice.reports.gaps import see_gaps
from fitservice.reports.lists import all_districts, all_measures, all_periods
from fitservice.rules.periods import is_open
from fitservice.web.answers import compressed, json_answer, tagged
from fitservice.web.guards import me
from fitservice.web.queries import asked_among, asked_codes, refuse_unknown_parameters

bp = Blueprint("api", __name__, url_prefix="/api/v1")
bp.after_request(compressed)


@bp.get("/districts", provide_automatic_options=False)
def districts() -> AnyResponse:
    """The fifteen districts: code and name."""
    refuse_unknown_parameters()
    return tagged(json_answer({"districts": all_districts(get_db(), by=me())}))


@bp.get("/periods", provide_automatic_options=False)
def periods() -> Response:
    """Which periods there are: code, first and last day, whether closed."""
    refuse_unknown_parameters()
    known = all_periods(get_db(), today(), by=me())
    return json_answer({"periods": [_period(period) for period in known]})


def _period(period: Period) -> dict[str, str | bool]:
    return {
        "code": period.code,
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        "closed": not is_open(period, today()),
    }


@bp.get("/measures", provide_automatic_options=False)
def measures() -> AnyResponse:
    """Every figure: code, unit, name and definition in both languages."""
    refuse_unknown_parameters()
    return tagged(json_answer({"measures": all_measures(by=me())}))


@bp.get("/gaps", provide_automatic_options=False)
def gaps() -> Response:
    """?period=2022: an object for one period, a list for several, as of today.

    Any other day would let two pulls be compared around one recorded session.
    """
    check(me(), Act.SEE_CITY)
    refuse_unknown_parameters("period")
    asked = asked_among(all_periods(get_db(), today(), by=me()))
    threshold, small_count = float(current_app.config["COVERAGE_THRESHOLD"]), current_app.config["SMALL_COUNT"]
    statuses = see_gaps(get_db(), asked, today(), threshold, small_count, by=me())
    return Response(gaps_json_text(statuses, today(), threshold), mimetype="application/json")


@bp.get("/aggregates", provide_automatic_options=False)
def aggregates() -> Response:
    """?period=2022H1 [&district=…] [&measure=…] [&format=json-stat2|csv|xlsx]: figures, protected.

    What is asked for is checked before any figure is read, and picked from the table afterwards.
    """
    check(me(), Act.PULL_FIGURES)
    refuse_unknown_parameters("period", "district", "measure", "format")
    form = _asked_format()
    only_districts = asked_codes("district", [row["code"] for row in all_districts(get_db(), by=me())])
    only_measures = asked_codes("measure", MEASURES)
    asked = asked_among(all_periods(get_db(), today(), by=me()))
    table = pull_figures(get_db(), asked, current_app.config["SMALL_COUNT"], by=me())
    document = figures_document(table.only(only_districts, only_measures), form, csv_dialect(request.args.get("lang")))
    return Response(document, mimetype=MIMETYPES[form])


def _asked_format() -> str:
    form = request.args.get("format", "json-stat2")
    if form not in FORMATS:
        raise Invalid(Problem("not_a_format", known={"formats": ", ".join(FORMATS)}))
    return form
