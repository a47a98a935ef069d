"""What every template may use: who is signed in, what they may do, numbers and days as they are written here."""

from typing import Any

from flask import Flask, g

from fitservice import wording
from fitservice.access import Act, may
from fitservice.db import get_db
from fitservice.languages import choose_language
from fitservice.model import MissingReason
from fitservice.reports.staff import holds_demo


def init_app(app: Flask) -> None:
    """Filters, and the variables of the page frame."""
    for name in ("day", "moment", "number", "signed", "percent", "role_name", "reason_name", "due_name", "change_name"):
        app.add_template_filter(getattr(wording, name), name)
    for name in ("content_name", "gap_name", "gap_text", "measure_name", "in_language", "signal_text"):
        app.add_template_filter(getattr(wording, name), name)
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    actor = g.get("actor")
    return {
        "actor": actor,
        "may": lambda act: may(actor, Act(act)),
        "signed_in": g.get("sign_in"),
        "language": choose_language()[:2],
        "is_demo": holds_demo(get_db()),
        "reasons": list(MissingReason),
    }
