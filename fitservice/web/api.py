"""The agency's API: GET only, with a bearer token, figures through their protection."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from fitservice.access import Act, check
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.model import MEASURES, Invalid, Period, Problem
from fitservice.reports.documents import (
    FORMATS,
    GAP_FORMATS,
    MIMETYPES,
    csv_dialect,
    figures_document,
    gaps_csv,
    gaps_json_text,
)
from fitservice.reports.lists import all_districts, all_measures, all_periods
from fitservice.reports.published_gaps import published_gaps
from fitservice.reports.releases import chosen_releases, periods_of, pull_released, see_releases
from fitservice.rules.disclosure.editions import CITY
from fitservice.rules.periods import is_open
from fitservice.web.answers import compressed, json_answer, named, tagged, unchanged_answer
from fitservice.web.guards import me
from fitservice.web.queries import asked_among, asked_codes, asked_periods, refuse_unknown_parameters
from fitservice.wording import language

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
    """?period=2022[&format=json|csv]: an object for one period, a list for several, as of today; in CSV a row a gap.

    Counts are from releases only.

    Any other day, or counts of today, would let two pulls be compared around one recorded session.
    """
    check(me(), Act.SEE_CITY)
    refuse_unknown_parameters("period", "format")
    form = _asked_format("json", GAP_FORMATS)
    asked = asked_among(all_periods(get_db(), today(), by=me()))
    small_count = current_app.config["SMALL_COUNT"]
    statuses = published_gaps(get_db(), asked, today(), small_count, by=me())
    if form == "csv":
        document = gaps_csv(statuses, csv_dialect(request.args.get("lang")))
        return Response(document, mimetype=MIMETYPES["csv"])
    return Response(gaps_json_text(statuses, today()), mimetype="application/json")


@bp.get("/releases", provide_automatic_options=False)
def releases() -> AnyResponse:
    """What has been published: name, stage, periods, when it was made."""
    check(me(), Act.PULL_FIGURES)
    refuse_unknown_parameters()
    return tagged(json_answer({"releases": [_release(row) for row in see_releases(get_db(), by=me())]}))


def _release(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "stage": row["stage"],
        "made_at": row["made_at"],
        "small_count": row["small_count"],
        "periods": [period.code for period in row["periods"]],
    }


@bp.get("/aggregates", provide_automatic_options=False)
def aggregates() -> AnyResponse:
    """?period=2022H1 or ?release=2022-1 [&district=…] [&measure=…] [&format=json-stat2|csv|xlsx]: published figures.

    What is asked for is checked before any figure is read, and picked from the table afterwards. Whoever has the
    answer already is told so, and no figure is read: a release never changes.
    """
    check(me(), Act.PULL_FIGURES)
    refuse_unknown_parameters("period", "district", "measure", "release", "format")
    form = _asked_format("json-stat2", FORMATS)
    only_districts = asked_codes("district", [*(row["code"] for row in all_districts(get_db(), by=me())), CITY])
    only_measures = asked_codes("measure", MEASURES)
    names = request.args.getlist("release")
    asked = asked_periods() if "period" in request.args or not names else periods_of(get_db(), names, by=me())
    chosen = [row["name"] for row in chosen_releases(get_db(), asked, names, by=me())]
    if unchanged := unchanged_answer(chosen, request.query_string, language()):
        return unchanged
    table = pull_released(get_db(), asked, names, by=me())
    document = figures_document(table.only(only_districts, only_measures), form, csv_dialect(request.args.get("lang")))
    answer = Response(document, mimetype=MIMETYPES[form])
    return named(answer, chosen, request.query_string, language())


def _asked_format(default: str, known: Sequence[str]) -> str:
    form = request.args.get("format", default)
    if form not in known:
        raise Invalid(Problem("not_a_format", known={"formats": ", ".join(known)}))
    return form
