"""The city in three pictures, and the half-year report. Districts only, never a person, never a ranking."""

from flask import Blueprint, Response, current_app, render_template, request

from fitservice.clock import today
from fitservice.db import get_db
from fitservice.formats.report import report_pdf
from fitservice.model import NotFound
from fitservice.reports.half_year import half_year_report, half_year_table, released_halves
from fitservice.reports.pictures import NAMES, pictures_of
from fitservice.rules.periods import parse_half
from fitservice.web.drawing import SVG, chart_response
from fitservice.web.guards import me

bp = Blueprint("pictures", __name__, url_prefix="/city/pictures")

FORMS = {"svg": SVG, "png": "image/png"}


@bp.get("")
def pictures() -> str:
    """The three pictures of a half-year and those before it, each with its table."""
    known = released_halves(get_db(), by=me())
    if not known:
        return render_template("city/no_pictures.html")
    codes = [period.code for period in known]
    asked = request.args.get("period", "")
    period = known[codes.index(asked)] if asked in codes else known[0]
    table = half_year_table(get_db(), period, by=me())
    return render_template(
        "city/pictures.html",
        pictures=pictures_of(table, period, today()),
        table=table,
        period=period,
        codes=codes,
        forms=list(FORMS),
    )


@bp.get("/<name>.<form>")
def picture(name: str, form: str) -> Response:
    """One picture as a file."""
    if name not in NAMES or form not in FORMS:
        raise NotFound
    period = parse_half(request.args.get("period", ""))
    table = half_year_table(get_db(), period, by=me())
    drawn = pictures_of(table, period, today())[NAMES.index(name)]
    return chart_response(drawn.draw, *drawn.arguments, form, mimetype=FORMS[form])


@bp.get("/report.pdf")
def report() -> Response:
    """The half-year report as a file."""
    made = half_year_report(
        get_db(),
        parse_half(request.args.get("period", "")),
        today(),
        current_app.config["SMALL_COUNT"],
        by=me(),
    )
    headers = {"Content-Disposition": f'attachment; filename="{made.file_name}"'}
    return Response(report_pdf(made), mimetype="application/pdf", headers=headers)
