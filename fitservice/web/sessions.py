"""Recording a session on one page, its result, and correcting it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.recording import answers_of, correct_session, record_session, withdraw_session
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, revision_of
from fitservice.forms import CorrectionForm, SessionForm, WithdrawForm
from fitservice.instruments import INSTRUMENTS, instrument
from fitservice.model import ASKED_IN
from fitservice.reports.person import Person, see_person, see_session
from fitservice.web.guards import me

bp = Blueprint("sessions", __name__)


@bp.route("/service-users/<int:service_user_id>/sessions/new", methods=["GET", "POST"])
def new(service_user_id: int) -> str | Response | tuple[str, int]:
    """Record a session."""
    person = see_person(get_db(), service_user_id, by=me())
    asked_in = _asked_in(person)
    form = SessionForm(asked_in)
    known = None
    if _is_sent(form):
        with ShownIn(form) as refused:
            session_id = record_session(get_db(), service_user_id, form.held_on.value, form.answers(), by=me())
            flash(_("The session is recorded."))
            return redirect(url_for(".session", session_id=session_id))
        known = refused.existing_id
    elif not form.is_submitted():
        form.held_on.data = today().isoformat()
    return _page(form, person.service_user, known, asked_in)


@bp.get("/sessions/<int:session_id>")
def session(session_id: int) -> str:
    """What was answered, and first, previous and current."""
    page = see_session(get_db(), session_id, by=me())
    return render_template("sessions/session.html", page=page, instruments=[instrument(key) for key in INSTRUMENTS])


@bp.route("/sessions/<int:session_id>/correct", methods=["GET", "POST"])
def correct(session_id: int) -> str | Response | tuple[str, int]:
    """Correct a session; the old answers are kept with the reason."""
    page = see_session(get_db(), session_id, by=me())
    before = answers_of(page.session)
    asked_in = _asked_in(page.person)
    form = CorrectionForm(asked_in, before)
    known = None
    if _is_sent(form):
        with ShownIn(form) as refused:
            correct_session(
                get_db(),
                session_id,
                form.held_on.value,
                form.answers(before),
                form.reason.value,
                by=me(),
                revision=revision_of(form),
            )
            flash(_("The session is corrected. What stood there before is kept."))
            return redirect(url_for(".session", session_id=session_id))
        known = refused.existing_id
    elif not form.is_submitted():
        form.held_on.data = page.session["held_on"]
        form.revision.data = str(page.session["revision"])
    return _page(form, page.person.service_user, known, asked_in, session_id)


@bp.route("/sessions/<int:session_id>/withdraw", methods=["GET", "POST"])
def withdraw(session_id: int) -> str | Response | tuple[str, int]:
    """Mark a session as recorded by mistake."""
    page = see_session(get_db(), session_id, by=me())
    form = WithdrawForm()
    if form.validate_on_submit():
        with ShownIn(form):
            withdraw_session(get_db(), session_id, form.reason.value, by=me(), revision=revision_of(form))
            flash(_("The session is withdrawn. It stays visible and no longer counts."))
            return redirect(url_for(".session", session_id=session_id))
    elif not form.is_submitted():
        form.revision.data = str(page.session["revision"])
    title = _("Withdraw the session with %(reference)s", reference=page.session["reference"])
    back = url_for(".session", session_id=session_id)
    submit = _("Withdraw the session")
    text = render_template("form_page.html", form=form, title=title, back=back, submit=submit)
    return text, 400 if form.errors else 200


def _asked_in(person: Person) -> str:
    """The language of the questions: as switched in the form for this once, else this person's own."""
    once = request.form.get("switch_to") or request.form.get("asked_in")
    return once if once in ASKED_IN else str(person.service_user["asked_in"])


def _is_sent(form: SessionForm) -> bool:
    """Whether the form is sent to be saved; switching its language keeps what was typed and saves nothing."""
    return "switch_to" not in request.form and form.validate_on_submit()


def _page(
    form: SessionForm, service_user: dict[str, object], known: int | None, asked_in: str, session_id: int | None = None
) -> tuple[str, int]:
    page = render_template(
        "sessions/record.html",
        form=form,
        service_user=service_user,
        known=known,
        asked_in=asked_in,
        languages=ASKED_IN,
        session_id=session_id,
        life_satisfaction=instrument("life_satisfaction"),
        sliders=[instrument("outcome"), instrument("alliance")],
    )
    return page, 400 if form.errors else 200
