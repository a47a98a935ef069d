"""Who is let in from another district, and to whom a record is closed: one service user's page, and the district's."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.blocking import Closed, block_record, end_block
from fitservice.actions.giving_access import end_access, give_access
from fitservice.db import get_db
from fitservice.fields import ActForm, ShownIn
from fitservice.reports.access import MOST, Access, district_access, see_access, see_block
from fitservice.right_forms import EVERYBODY, BlockForm, EndBlockForm, GrantForm
from fitservice.web.guards import me

bp = Blueprint("access", __name__)


@bp.get("/district/access")
def district() -> str:
    """All of the district in one list."""
    return render_template("access/district.html", found=district_access(get_db(), by=me()), most=MOST)


@bp.get("/service-users/<int:service_user_id>/access")
def access(service_user_id: int) -> str:
    """What holds and what is past, and the forms for more."""
    return _page(see_access(get_db(), service_user_id, by=me()))[0]


@bp.post("/service-users/<int:service_user_id>/access/given")
def give(service_user_id: int) -> Response | tuple[str, int]:
    """Let somebody of another district in."""
    found = see_access(get_db(), service_user_id, by=me())
    form = GrantForm(found.elsewhere)
    if form.validate_on_submit():
        with ShownIn(form):
            give_access(
                get_db(), service_user_id, int(form.staff.data), form.valid_to.value, form.reason.value, by=me()
            )
            flash(_("Access is given. It stands on the first page of whoever got it."))
            return redirect(url_for(".access", service_user_id=service_user_id))
    return _page(found, give_form=form)


@bp.post("/service-users/<int:service_user_id>/access/given/<int:grant_id>/end")
def end_given(service_user_id: int, grant_id: int) -> Response | tuple[str, int]:
    """End it at once."""
    form = ActForm()
    if form.validate_on_submit():
        with ShownIn(form):
            end_access(get_db(), service_user_id, grant_id, by=me())
            flash(_("The access is ended."))
            return redirect(url_for(".access", service_user_id=service_user_id))
    return _page(see_access(get_db(), service_user_id, by=me()), end_form=form)


@bp.post("/service-users/<int:service_user_id>/access/blocks")
def block(service_user_id: int) -> Response | tuple[str, int]:
    """Close the record to colleagues."""
    found = see_access(get_db(), service_user_id, by=me())
    form = BlockForm(found.colleagues)
    if form.validate_on_submit():
        chosen = form.whom.data or []
        staff_ids = [int(value) for value in chosen if value != EVERYBODY]
        with ShownIn(form):
            closed = block_record(get_db(), service_user_id, staff_ids, EVERYBODY in chosen, form.reason.value, by=me())
            if closed.still_open:
                flash(_("The record is blocked."))
                _tell_contact(closed)
                return redirect(url_for(".access", service_user_id=service_user_id))
            flash(_("The record is blocked, also for you. Another team lead can end it."))
            _tell_contact(closed)
            return redirect(url_for("service_users.caseload"))
    return _page(found, block_form=form)


@bp.route("/service-users/<int:service_user_id>/access/blocks/<int:block_id>/end", methods=["GET", "POST"])
def end_blocked(service_user_id: int, block_id: int) -> str | Response | tuple[str, int]:
    """Open the record again, and why."""
    known = see_block(get_db(), service_user_id, block_id, by=me())
    back = url_for(".access", service_user_id=service_user_id)
    form = EndBlockForm()
    if form.validate_on_submit():
        with ShownIn(form):
            end_block(get_db(), service_user_id, block_id, form.reason.value, by=me())
            flash(_("The block is ended. It stays in the list with both reasons."))
            return redirect(back)
    title = _("End the block of %(reference)s", reference=known["reference"])
    text = render_template(
        "access/end_block.html", known=known, form=form, title=title, back=back, submit=_("End the block")
    )
    return text, 400 if form.errors else 200


def _tell_contact(closed: Closed) -> None:
    """Who was the contact until now, and who can choose another."""
    who = closed.contact
    if who and closed.still_open:
        flash(_("%(name)s is not the contact any more. Choose another on the service user's page.", name=who))
    elif who:
        flash(_("%(name)s is not the contact any more. Another team lead can choose one.", name=who))


def _page(
    found: Access,
    *,
    give_form: GrantForm | None = None,
    block_form: BlockForm | None = None,
    end_form: ActForm | None = None,
) -> tuple[str, int]:
    """The page with the form that was sent, if one was, as it was typed."""
    sent = give_form or block_form or end_form
    page = render_template(
        "access/access.html",
        found=found,
        sent=sent,
        give_form=give_form or GrantForm(found.elsewhere, formdata=None),
        block_form=block_form or BlockForm(found.colleagues, formdata=None),
    )
    return page, 400 if sent and sent.errors else 200
