"""The team lead's page of look-ups, and the list of who looked at one service user, to read, print or save."""

from flask import Blueprint, Response, render_template, request

from fitservice.clock import today
from fitservice.db import get_db
from fitservice.formats.looked import looked_pdf
from fitservice.look_up_forms import LookUpsForm
from fitservice.reports.look_ups import see_look_ups
from fitservice.reports.looked import who_looked
from fitservice.rules.look_ups import MANY, NIGHT_FROM, NIGHT_TO
from fitservice.web.guards import me

bp = Blueprint("look_ups", __name__, url_prefix="/district/look-ups")
looked_bp = Blueprint("looked", __name__, url_prefix="/service-users")


@bp.get("")
def look_ups() -> str | tuple[str, int]:
    """Who looked at whom in the district, what is worth asking about on top."""
    form = LookUpsForm(request.args)
    found = see_look_ups(get_db(), *form.days, *form.ids, by=me()) if form.validate() else None
    form.offer(found.staff if found else [], found.references if found else {})
    page = render_template(
        "district/look_ups.html",
        form=form,
        found=found,
        known={"many": MANY, "night_from": f"{NIGHT_FROM:02}", "night_to": f"{NIGHT_TO:02}"},
    )
    return page if found else (page, 400)


@looked_bp.get("/<int:service_user_id>/looked")
def looked(service_user_id: int) -> str:
    """Who looked at this service user's record in the last year."""
    said = who_looked(get_db(), service_user_id, today(), by=me())
    return render_template("service_users/looked.html", looked=said, service_user_id=service_user_id)


@looked_bp.get("/<int:service_user_id>/looked.pdf")
def looked_as_pdf(service_user_id: int) -> Response:
    """The same as a PDF."""
    said = who_looked(get_db(), service_user_id, today(), by=me())
    # the name is safe as it stands: the report saw to that
    headers = {"Content-Disposition": f'attachment; filename="{said.file_name}"'}
    return Response(looked_pdf(said), mimetype="application/pdf", headers=headers)
