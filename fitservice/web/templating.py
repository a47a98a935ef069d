"""What every template may use: who is signed in, what they may do, numbers and days as they are written here."""

import base64
import sqlite3
from types import ModuleType
from typing import Any

from flask import Flask, g

from fitservice import spoken, wording
from fitservice.access import Act, may
from fitservice.db import get_db
from fitservice.fields import new_key
from fitservice.languages import choose_language
from fitservice.model import MissingReason
from fitservice.reports.staff import holds_demo
from fitservice.spoken import say
from fitservice.wording import (
    access_review,
    figures,
    looks,
    pace,
    participation,
    persons,
    quality,
    reminders,
    report,
    reporting,
)

FILTERS: dict[ModuleType, str] = {
    wording: "day day_after moment quoted number signed percent coverage_percent in_language language_name",
    persons: "role_name reason_name due_name change_name mode_name revision_reason signal_text signal_name filter_name",
    spoken: "spoken_number short_day",
    report: "release_line",
    pace: "pace_text",
    figures: "measure_name stage_name",
    reminders: "reminder_text",
    reporting: "content_name timing_name submitted_name gap_name gap_text next_step owner_name "
    "released_as cause_name step_name threshold_name practice_name register_reason",
    participation: "how_name state_name state_text",
    looks: "act_words role_words why_name",
    access_review: "holder_role last_used second_step_name concern_text concern_step administrators_text",
    quality: "check_name check_texts finding_text unjudged_text",
}


def init_app(app: Flask) -> None:
    """Filters, and the variables of the page frame."""
    for module, names in FILTERS.items():
        for name in names.split():
            app.add_template_filter(getattr(module, name), name)
    app.add_template_filter(svg_source)
    app.add_template_global(new_key, "once_key")
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
