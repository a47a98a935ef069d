"""What every template may use: who is signed in, what they may do, numbers and days as they are written here."""

import base64
import sqlite3
from typing import Any

from flask import Flask, g

from fitservice import wording
from fitservice.access import Act, may
from fitservice.caseload_wording import filter_name, signal_name
from fitservice.db import get_db
from fitservice.languages import choose_language
from fitservice.model import MissingReason
from fitservice.reports.staff import holds_demo
from fitservice.spoken import say

FILTERS = (
    *("day", "moment", "number", "signed", "percent", "coverage_percent"),
    *("role_name", "reason_name", "due_name", "change_name", "content_name", "gap_name", "measure_name"),
    *("revision_reason", "mode_name"),
    *("gap_text", "signal_text", "in_language", "language_name"),
)


def init_app(app: Flask) -> None:
    """Filters, and the variables of the page frame."""
    for name in FILTERS:
        app.add_template_filter(getattr(wording, name), name)
    app.add_template_filter(svg_source)
    for short in (signal_name, filter_name):
        app.add_template_filter(short)
    app.context_processor(_frame)


def svg_source(drawing: str) -> str:
    """An SVG as the address of a picture: it stays on the page when that is saved, and no second look is logged."""
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


def _frame() -> dict[str, Any]:
    actor = g.get("actor")
    return {
        "actor": actor,
        "may": lambda act: may(actor, Act(act)),
        "signed_in": g.get("sign_in"),
        "language": choose_language()[:2],
        "is_demo": _is_demo(),
        "reasons": list(MissingReason),
        "say": say,
    }


def _is_demo() -> bool:
    """Also the page that says that the database cannot be read must be drawn."""
    try:
        return holds_demo(get_db())
    except sqlite3.Error:
        return False
