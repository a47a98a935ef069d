"""Everybody's own inbox: what they are reminded of, and where to do something about it."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.reminding import mark_read
from fitservice.db import get_db
from fitservice.fields import number_of
from fitservice.forms import ReadForm
from fitservice.reporting import Reminder, ReminderKind
from fitservice.reports.inbox import district_names
from fitservice.reports.inbox import inbox as own_messages
from fitservice.web.guards import me

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


@bp.get("")
def inbox() -> str:
    """My messages, newest first."""
    messages, names = own_messages(get_db(), by=me()), district_names(get_db())
    newest = max((message["id"] for message in messages), default=0)
    return render_template(
        "inbox.html",
        messages=messages,
        unread=any(message["read_at"] is None for message in messages),
        form=ReadForm(formdata=None, data={"newest": str(newest)}),
        places=lambda reminder: _places(reminder, names),
    )


@bp.post("/read")
def read() -> Response:
    """All that was on the page is read; what came since is not."""
    mark_read(get_db(), number_of(ReadForm(), "newest"), by=me())
    flash(_("Marked as read."))
    return redirect(url_for(".inbox"))


def _places(reminder: Reminder, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where something can be done about it: words and address."""
    if reminder.kind is ReminderKind.WITHOUT_SCORE:
        return [(_("Your service users"), url_for("service_users.caseload", whose="mine"))]
    if reminder.kind is ReminderKind.REVIEW_ACCESS:
        return [(_("Who can see what"), url_for("access_review.review"))]
    if reminder.districts:
        return [
            (names[code], url_for("judging.period", district=code, code=reminder.period)) for code in reminder.districts
        ]
    return [(_("Reporting for %(period)s", period=reminder.period), url_for("reporting.period", code=reminder.period))]
