"""A copy of one's own data, and corrections of who somebody is."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fitservice.actions.enrolling import correct_service_user
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, number_of
from fitservice.formats.own_copy import own_copy_pdf
from fitservice.reports.own_copy import own_copy
from fitservice.reports.person import see_person
from fitservice.right_forms import CorrectServiceUserForm
from fitservice.web.guards import me

bp = Blueprint("rights", __name__, url_prefix="/service-users")


@bp.get("/<int:service_user_id>/copy.pdf")
def copy_as_pdf(service_user_id: int) -> Response:
    """Everything that is kept of this service user, in their own language."""
    copy = own_copy(get_db(), service_user_id, today(), by=me())
    # the name is safe as it stands: the report saw to that
    headers = {"Content-Disposition": f'attachment; filename="{copy.file_name}.pdf"'}
    return Response(own_copy_pdf(copy), mimetype="application/pdf", headers=headers)


@bp.get("/<int:service_user_id>/copy.json")
def copy_as_json(service_user_id: int) -> Response:
    """The same for programs."""
    copy = own_copy(get_db(), service_user_id, today(), by=me())
    headers = {"Content-Disposition": f'attachment; filename="{copy.file_name}.json"'}
    text = json.dumps(copy.data, ensure_ascii=False, indent=2)
    return Response(text, mimetype="application/json", headers=headers)


@bp.route("/<int:service_user_id>/correct", methods=["GET", "POST"])
def correct(service_user_id: int) -> str | AnyResponse | tuple[str, int]:
    """Another reference or year of birth, and why; what stood there is kept."""
    known = see_person(get_db(), service_user_id, by=me()).service_user
    back = url_for("service_users.person", service_user_id=service_user_id)
    form = CorrectServiceUserForm()
    if form.validate_on_submit():
        with ShownIn(form):
            correct_service_user(
                get_db(),
                service_user_id,
                form.reference.value,
                form.birth_year.value,
                form.reason.value,
                by=me(),
                corrections=number_of(form, "corrections"),
            )
            flash(_("It is corrected. What stood there before is kept."))
            return redirect(back)
    elif not form.is_submitted():
        form.corrections.data = str(known["corrections"])
        form.reference.data = known["reference"]
        form.birth_year.data = str(known["birth_year"] or "")
    title = _("Correct reference or year of birth: %(reference)s", reference=known["reference"])
    return render_template("form_page.html", form=form, title=title, back=back), 400 if form.errors else 200
