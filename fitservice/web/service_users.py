"""The caseload, a new service user, one service user's page with charts, and the service user's own sheet."""

from collections import Counter
from datetime import date
from typing import TypeVar

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fitservice.actions.enrolling import add_service_user, set_asked_in, set_caseworker, set_name
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, typed
from fitservice.formats.sheet import sheet_pdf
from fitservice.forms import AskedInForm, ContactForm, NameForm, ServiceUserForm
from fitservice.installed import installed
from fitservice.model import Role
from fitservice.reports.access import given_to_me
from fitservice.reports.caseload import MATCHES, kept_search, typed_search
from fitservice.reports.caseload import caseload as find
from fitservice.reports.person import colleagues, see_person
from fitservice.reports.sheet import print_sheet
from fitservice.rules.caseload import What, Whose, first_whose, shown
from fitservice.rules.person_names import NAME_LENGTH
from fitservice.web.drawing import course_picture
from fitservice.web.guards import me

Chosen = TypeVar("Chosen", Whose, What)

bp = Blueprint("service_users", __name__, url_prefix="/service-users")


@bp.get("")
def caseload() -> str:
    """Those due or overdue first, by two filters; or everybody whose reference or name was typed."""
    text = _searched()
    found = find(get_db(), text, today(), by=me(), instruments=installed())
    staff_id = me().staff_id
    begin = first_whose(found, staff_id) if me().role is Role.CASEWORKER else Whose.TEAM
    whose = _chosen(Whose, "whose", begin)
    what = _chosen(What, "what", What.ALL)
    cases = found if text else shown(found, whose, what, staff_id)
    return render_template(
        "service_users/caseload.html",
        cases=cases,
        text=text,
        search=request.args.get("search") if text else None,
        whose={one: len(shown(found, one, what, staff_id)) for one in Whose},
        what={one: len(shown(found, whose, one, staff_id)) for one in What},
        chosen=(whose, what),
        counts=Counter(case.status.value for case in cases),
        with_signal=sum(bool(case.signals) for case in cases),
        enrolled=len(found),
        most=MATCHES,
        given=[] if text else given_to_me(get_db(), by=me()),
    )


@bp.post("")
def search() -> AnyResponse:
    """On to what was searched for: its address holds the words sealed, as it stands in histories and logs."""
    text = " ".join(request.form.get("q", "").split())[:NAME_LENGTH]
    if not text:
        return redirect(url_for(".caseload", whose=Whose.TEAM.value))
    return redirect(url_for(".caseload", search=kept_search(get_db(), text, g.sign_in["id"], by=me())), 303)


def _searched() -> str:
    return typed_search(get_db(), request.args.get("search", ""), g.sign_in["id"], by=me())


def _chosen(filters: type[Chosen], name: str, begin: Chosen) -> Chosen:
    """What the address asks for; where it asks for nothing that is known, where the page begins."""
    asked = request.args.get(name)
    return next((one for one in filters if one.value == asked), begin)


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | AnyResponse | tuple[str, int]:
    """Add a service user with an enrolment; the caseworker who does is the contact."""
    form = ServiceUserForm()
    known = None
    if form.validate_on_submit():
        with ShownIn(form) as refused:
            service_user_id = add_service_user(
                get_db(),
                form.reference.value,
                form.birth_year.value,
                form.enrolled_from.value,
                by=me(),
                asked_in=form.asked_in.data,
                contact=me().name if me().role is Role.CASEWORKER else None,
            )
            flash(_("%(reference)s is added.", reference=form.reference.value))
            return redirect(url_for(".person", service_user_id=service_user_id))
        known = refused.existing_id
    elif not form.is_submitted():
        form.reference.data = _searched()
        form.enrolled_from.data = typed(today())
    return render_template("service_users/new.html", form=form, known=known), 400 if form.errors else 200


@bp.get("/<int:service_user_id>")
def person(service_user_id: int) -> str:
    """Enrolments, sessions and where the person stands now."""
    found = see_person(get_db(), service_user_id, by=me(), instruments=installed(), to_read=True)
    latest = found.enrolments[0]
    form = AskedInForm(data={"asked_in": found.service_user["asked_in"]})
    contact_form = ContactForm(
        colleagues(get_db(), by=me()), data={"contact": found.service_user["contact_username"] or ""}
    )
    return render_template(
        "service_users/person.html",
        person=found,
        form=form,
        contact_form=contact_form,
        enrolment=latest,
        courses=found.courses(latest["id"], date.max),
        signals=found.signals(latest["id"], date.max),
    )


@bp.route("/<int:service_user_id>/name", methods=["GET", "POST"])
def name(service_user_id: int) -> str | AnyResponse | tuple[str, int]:
    """Write, change or remove the name."""
    known = see_person(get_db(), service_user_id, by=me()).service_user
    back = url_for(".person", service_user_id=service_user_id)
    form = NameForm()
    if form.validate_on_submit():
        set_name(get_db(), service_user_id, form.name.value, by=me())
        flash(_("The name is kept.") if form.name.value else _("No name is kept."))
        return redirect(back)
    if not form.is_submitted():
        form.name.data = known["name"] or ""
    title = _("Name of %(reference)s", reference=known["reference"])
    return render_template("form_page.html", form=form, title=title, back=back), 400 if form.errors else 200


@bp.get("/<int:service_user_id>/sheet")
def sheet(service_user_id: int) -> str:
    """The service user's own sheet, to print."""
    said = print_sheet(get_db(), service_user_id, today(), by=me(), instruments=installed())
    return render_template("service_users/sheet.html", sheet=said, service_user_id=service_user_id)


@bp.get("/<int:service_user_id>/sheet.pdf")
def sheet_as_pdf(service_user_id: int) -> Response:
    """The same as a PDF, to save or to hand over."""
    said = print_sheet(get_db(), service_user_id, today(), by=me(), instruments=installed())
    # the name is safe as it stands: the report saw to that
    headers = {"Content-Disposition": f'attachment; filename="{said.file_name}"'}
    return Response(sheet_pdf(said), mimetype="application/pdf", headers=headers)


@bp.post("/<int:service_user_id>/asked-in")
def asked_in(service_user_id: int) -> AnyResponse | tuple[str, int]:
    """The language in which this person is asked from now on."""
    back = url_for(".person", service_user_id=service_user_id)
    form = AskedInForm()
    if not form.validate_on_submit():
        return render_template("form_page.html", form=form, title=_("Asked in"), back=back), 400
    set_asked_in(get_db(), service_user_id, form.asked_in.data, by=me())
    flash(_("The language is changed."))
    return redirect(back)


@bp.post("/<int:service_user_id>/contact")
def contact(service_user_id: int) -> AnyResponse | tuple[str, int]:
    """Somebody else is the contact, or nobody."""
    back = url_for(".person", service_user_id=service_user_id)
    form = ContactForm(colleagues(get_db(), by=me()))
    if form.validate_on_submit():
        with ShownIn(form):
            still_open = set_caseworker(get_db(), service_user_id, form.contact.data or None, by=me())
            flash(_("The contact is changed."))
            return redirect(back if still_open else url_for(".caseload"))
    return render_template("form_page.html", form=form, title=_("Contact"), back=back), 400


@bp.get("/<int:service_user_id>/enrolments/<int:enrolment_id>/<key>.svg")
def chart(service_user_id: int, enrolment_id: int, key: str) -> Response:
    """The course of one instrument in one enrolment; the same numbers stand in the table beside it."""
    found = see_person(get_db(), service_user_id, by=me(), instruments=installed(), to_read=True)
    return course_picture(found, enrolment_id, key)
