"""How the districts use feedback, for the agency. Words and shares, never a person, never a ranking."""

from flask import Blueprint, current_app, render_template, request

from fitservice.clock import today
from fitservice.db import get_db
from fitservice.reports.gaps import reported_periods
from fitservice.reports.practice import see_practice, systematic_share
from fitservice.rules.periods import is_open, parse_half, refuse_unknown
from fitservice.web.guards import me

bp = Blueprint("practice", __name__, url_prefix="/city/practice")


@bp.get("")
def practice() -> str:
    """All districts in one half-year: the one asked for, else the last that is over."""
    known = reported_periods(get_db(), today(), by_year=False, by=me())
    asked = request.args.get("period")
    if asked is None:
        period = known[min(1, len(known) - 1)]
    else:
        period = parse_half(asked)
        refuse_unknown([period], known)
    return render_template(
        "city/practice.html",
        rows=see_practice(get_db(), period, current_app.config["SMALL_COUNT"], by=me()),
        period=period,
        still_open=is_open(period, today()),
        codes=[each.code for each in known],
        systematic=systematic_share(get_db(), period, by=me()),
    )
