"""The agency's board: fifteen districts × periods, a district's figures and gaps. Never a person."""

from flask import Blueprint, current_app, render_template, request

from fitservice.clock import today
from fitservice.db import get_db
from fitservice.model import MEASURES, NotFound, Period
from fitservice.reporting import GapKind
from fitservice.reports.board import Order
from fitservice.reports.board import board as board_lines
from fitservice.reports.figures import pull_figures
from fitservice.reports.gaps import Status, reported_periods, see_gaps
from fitservice.reports.pace import city_pace
from fitservice.web.guards import me

bp = Blueprint("city", __name__, url_prefix="/city")
PERIODS_ON_BOARD = 6


@bp.get("")
def board() -> str:
    """All districts or those with one kind of gap, the last half-years or years. Whatever is unknown is passed over."""
    by_year = request.args.get("by") == "year"
    kind, order = _kind(), _order()
    periods, earlier, later = _shown(by_year)
    return render_template(
        "city/board.html",
        lines=board_lines(_statuses(periods), kind, order),
        kind=kind,
        kinds=list(GapKind),
        order=order.value,
        periods=periods,
        by_year=by_year,
        earlier=earlier,
        later=later,
        kept={
            "by": "year" if by_year else None,
            "last": periods[0].code if later else None,
            "kind": kind.value if kind else None,
            "sort": order.value if order is not Order.DISTRICT else None,
        },
    )


@bp.get("/<code>")
def district(code: str) -> str:
    """One district's figures and gaps, by half-year or year."""
    by_year = request.args.get("by") == "year"
    periods, earlier, later = _shown(by_year)
    statuses = [status for status in _statuses(periods) if status.district["code"] == code]
    if not statuses:
        raise NotFound
    table = pull_figures(get_db(), periods, current_app.config["SMALL_COUNT"], by=me())
    paces = [] if by_year else city_pace(get_db(), today(), current_app.config["SMALL_COUNT"], by=me())
    return render_template(
        "city/district.html",
        pace=next((one for one in paces if one.district["code"] == code), None),
        district=statuses[0].district,
        statuses=statuses,
        figures=[table.figures[code, period.code] for period in periods],
        measures=MEASURES,
        by_year=by_year,
        earlier=earlier,
        later=later,
    )


def _kind() -> GapKind | None:
    asked = request.args.get("kind")
    return GapKind(asked) if asked in list(GapKind) else None


def _order() -> Order:
    asked = request.args.get("sort")
    return Order(asked) if asked in list(Order) else Order.DISTRICT


def _shown(by_year: bool) -> tuple[list[Period], str | None, str | None]:
    """Six periods, newest first, the last of them as asked for; and where earlier and later ones are."""
    known = reported_periods(get_db(), today(), by_year=by_year, by=me())
    codes = [period.code for period in known]
    asked = request.args.get("last", "")
    first = codes.index(asked) if asked in codes else 0
    end = first + PERIODS_ON_BOARD
    later = codes[max(first - PERIODS_ON_BOARD, 0)] if first else None
    return known[first:end], codes[end] if end < len(codes) else None, later


def _statuses(periods: list[Period]) -> list[Status]:
    return see_gaps(get_db(), periods, today(), current_app.config["SMALL_COUNT"], by=me())
