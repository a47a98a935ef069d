"""The team lead's supervision list: what nobody has discussed, and what was discussed lately."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.supervising import discuss
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.installed import installed
from fitservice.reports.supervision import supervision
from fitservice.web.guards import me

bp = Blueprint("supervision", __name__, url_prefix="/district/supervision")


@bp.get("")
def supervise() -> str:
    """Signals that nobody has discussed, longest waiting first."""
    found = supervision(get_db(), today(), by=me(), instruments=installed())
    return render_template("district/supervision.html", found=found)


@bp.post("/<int:session_id>")
def discussed(session_id: int) -> Response:
    """Discussed today, as things stood after this session."""
    reference = discuss(get_db(), session_id, by=me())
    flash(_("%(reference)s is discussed.", reference=reference))
    return redirect(url_for(".supervise"))
