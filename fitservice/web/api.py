"""The agency's API: GET only, with a bearer token, figures through their protection."""

from flask import Blueprint, Response, current_app, jsonify, request

from fitservice.clock import today
from fitservice.db import get_db
from fitservice.model import Invalid, Problem
from fitservice.reports.documents import MIMETYPES, figures_document, gaps_json_text
from fitservice.reports.figures import all_districts, pull_figures
from fitservice.reports.gaps import see_gaps
from fitservice.web.guards import me
from fitservice.web.queries import asked_periods

bp = Blueprint("api", __name__, url_prefix="/api/v1")
API_FORMATS = ("json-stat2", "csv")


@bp.get("/districts")
def districts() -> Response:
    """The fifteen districts: code and name."""
    return jsonify({"districts": all_districts(get_db(), by=me())})


@bp.get("/gaps")
def gaps() -> Response:
    """?period=2022: an object for one period, a list for several, as of today.

    Any other day would let two pulls be compared around one recorded session.
    """
    threshold, small_count = float(current_app.config["COVERAGE_THRESHOLD"]), current_app.config["SMALL_COUNT"]
    statuses = see_gaps(get_db(), asked_periods(), today(), threshold, small_count, by=me())
    return Response(gaps_json_text(statuses, today(), threshold), mimetype="application/json")


@bp.get("/aggregates")
def aggregates() -> Response:
    """?period=2022H1 [&period=…] [&format=json-stat2|csv]: every figure of every district, protected."""
    form = request.args.get("format", "json-stat2")
    if form not in API_FORMATS:
        raise Invalid(Problem("not_a_format", known={"formats": ", ".join(API_FORMATS)}))
    table = pull_figures(get_db(), asked_periods(), current_app.config["SMALL_COUNT"], by=me())
    return Response(figures_document(table, form), mimetype=MIMETYPES[form])
