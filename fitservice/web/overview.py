"""The agency's overview of sign-offs: how they add up, who has submitted, and the board as files."""

from flask import Blueprint, Response, current_app, render_template

from fitservice.clock import today
from fitservice.db import get_db
from fitservice.model import NotFound
from fitservice.reports.consistency import consistency
from fitservice.reports.documents import MIMETYPES
from fitservice.reports.downloads import board_file, sign_offs_file
from fitservice.reports.gaps import Status, by_district, reported_periods, see_gaps
from fitservice.web.guards import me

bp = Blueprint("overview", __name__, url_prefix="/city")

MOST_HALVES = 20


@bp.get("/sign-offs")
def sign_offs() -> str:
    """In time, late and missing are all that is due; and who has submitted, without any count."""
    statuses = _statuses()
    return render_template("city/sign_offs.html", halves=consistency(statuses), rows=by_district(statuses))


@bp.get("/sign-offs.csv")
def status_list() -> Response:
    """Who has submitted and who has not, for everybody."""
    return _file("status.csv", sign_offs_file(_statuses()), "csv")


@bp.get("/board.<form>")
def board(form: str) -> Response:
    """What each half-year holds and what is missing, for the agency's own use."""
    if form not in ("csv", "xlsx"):
        raise NotFound
    return _file(f"board.{form}", board_file(_statuses(), form), form)


def _statuses() -> list[Status]:
    halves = reported_periods(get_db(), today(), by_year=False, by=me())[:MOST_HALVES]
    return see_gaps(get_db(), halves, today(), current_app.config["SMALL_COUNT"], by=me())


def _file(name: str, document: bytes, form: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="fitservice-{name}"'}
    return Response(document, mimetype=MIMETYPES[form], headers=headers)
