"""Recording a session on one page, its result, and correcting it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions.handing_over import HandOver, forget_left_over, left_over
from fitservice.actions.recording import (
    answers_of,
    correct_session,
    note_session,
    record_session,
    remarks_of,
    withdraw_session,
)
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn, revision_of, typed
from fitservice.installed import installed
from fitservice.instruments.instrument import Instrument
from fitservice.model import ASKED_IN, Kind, Mode
from fitservice.reports.person import Person, see_person, see_session
from fitservice.rules.participation import State
from fitservice.rules.standing import used
from fitservice.session_forms import CorrectionForm, NoteForm, SessionForm, WithdrawForm
from fitservice.web.guards import me

bp = Blueprint("sessions", __name__)


@bp.route("/service-users/<int:service_user_id>/sessions/new", methods=["GET", "POST"])
def new(service_user_id: int) -> str | Response | tuple[str, int]:
    """Record a session; with ?mode=paper from a sheet that was filled in earlier.

    What is recorded at once tells nothing of the record: it is an act, and no look at the service user.
    """
    person = None if _chosen_language() else _look_up(service_user_id)
    left = left_over(get_db(), service_user_id, installed(), by=me())
    brought = left if left and request.args.get("hand_over") == str(left.id) else None
    mode = Mode.PAPER if request.args.get("mode") == Mode.PAPER else Mode.TABLET if brought else Mode.CONVERSATION
    asked_in = _asked_in(person)
    form = SessionForm(asked_in, _to_ask(mode, brought), brought.answers if brought else None)
    known = None
    if _is_sent(form):
        with ShownIn(form) as refused:
            session_id = record_session(
                get_db(), service_user_id, form.held_on.value, form.answers(), by=me(), remarks=form.remarks(mode)
            )
            if brought:
                forget_left_over(get_db(), brought.id, form.answers(), by=me())
            flash(_("The session is recorded."))
            return redirect(url_for(".session", session_id=session_id))
        known = refused.existing_id
    elif not form.is_submitted() and mode is not Mode.PAPER:
        form.held_on.data = typed(brought.held_on if brought else today())
    person = person or _look_up(service_user_id)
    if person.participation_state is State.WITHDRAWN:
        return render_template("participation/stopped.html", service_user=person.service_user), 409
    still_left = left if left and not brought and left.held_on == today() else None
    return _page(form, person, known, asked_in, mode, left=still_left)


@bp.get("/sessions/<int:session_id>")
def session(session_id: int) -> str:
    """What was answered, and first, previous and current."""
    page = see_session(get_db(), session_id, by=me(), instruments=installed(), to_read=True)
    remarks = remarks_of(page.session)
    form = NoteForm(
        data={"note": remarks.note, "next_step": remarks.next_step, "revision": str(page.session["revision"])}
    )
    answered_on = [one for one in installed() if used(page.session, one.kind) == one.key]
    return render_template("sessions/session.html", page=page, form=form, answered_on=answered_on)


@bp.post("/sessions/<int:session_id>/note")
def note(session_id: int) -> Response | tuple[str, int]:
    """Keep the note and the agreed next step."""
    back = url_for(".session", session_id=session_id)
    form = NoteForm()
    if form.validate_on_submit():
        with ShownIn(form):
            note_session(
                get_db(), session_id, form.note.value, form.next_step.value, by=me(), revision=revision_of(form)
            )
            flash(_("The note is kept."))
            return redirect(back)
    return render_template("form_page.html", form=form, title=_("Note and next step"), back=back), 400


@bp.route("/sessions/<int:session_id>/correct", methods=["GET", "POST"])
def correct(session_id: int) -> str | Response | tuple[str, int]:
    """Correct a session; the old answers are kept with the reason."""
    page = see_session(get_db(), session_id, by=me(), instruments=installed())
    before, remarks = answers_of(page.session), remarks_of(page.session)
    asked_in = _asked_in(page.person)
    form = CorrectionForm(asked_in, _asked_on(page.session), before, remarks)
    known = None
    if _is_sent(form):
        with ShownIn(form) as refused:
            correct_session(
                get_db(),
                session_id,
                form.held_on.value,
                form.answers(),
                form.reason.value,
                by=me(),
                revision=revision_of(form),
                remarks=form.remarks(remarks.mode),
            )
            flash(_("The session is corrected. What stood there before is kept."))
            return redirect(url_for(".session", session_id=session_id))
        known = refused.existing_id
    elif not form.is_submitted():
        form.held_on.data = typed(page.session["held_on"])
        form.revision.data = str(page.session["revision"])
    return _page(form, page.person, known, asked_in, remarks.mode, session_id)


@bp.route("/sessions/<int:session_id>/withdraw", methods=["GET", "POST"])
def withdraw(session_id: int) -> str | Response | tuple[str, int]:
    """Mark a session as recorded by mistake."""
    page = see_session(get_db(), session_id, by=me(), instruments=installed())
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


def _look_up(service_user_id: int) -> Person:
    return see_person(get_db(), service_user_id, by=me(), instruments=installed())


def _asked_in(person: Person | None) -> str:
    """The language of the questions: as switched in the form for this once, else this person's own."""
    return _chosen_language() or str(person.service_user["asked_in"] if person else ASKED_IN[0])


def _chosen_language() -> str | None:
    """The language of the questions that the form was sent in or switched to."""
    once = request.form.get("switch_to") or request.form.get("asked_in")
    return once if once in ASKED_IN else None


def _to_ask(mode: Mode, brought: HandOver | None = None) -> list[Instrument]:
    """What is asked today; an instrument whose licence does not allow a screen is only typed in from paper.

    Answers that are brought in from a screen stay with the instrument on which they were given.
    """
    asked = {one.kind: one for one in brought.asked} if brought else {}
    to_ask = [asked.get(kind) or installed().in_use(kind, today()) for kind in Kind]
    return [one for one in to_ask if one.electronic or mode is Mode.PAPER]


def _asked_on(session: dict[str, object]) -> list[Instrument]:
    """The instruments on which a session was answered, or could have been."""
    kept = [used(session, kind) for kind in Kind]
    return [installed()[key] for key in kept if key in installed()]


def _is_sent(form: SessionForm) -> bool:
    """Whether the form is sent to be saved; switching its language keeps what was typed and saves nothing."""
    return "switch_to" not in request.form and form.validate_on_submit()


def _page(
    form: SessionForm,
    person: Person,
    known: int | None,
    asked_in: str,
    mode: Mode | None,
    session_id: int | None = None,
    left: HandOver | None = None,
) -> tuple[str, int]:
    page = render_template(
        "sessions/record.html",
        form=form,
        service_user=person.service_user,
        known=known,
        asked_in=asked_in,
        languages=ASKED_IN,
        session_id=session_id,
        mode=mode,
        left=left,
        agreed=None if session_id else person.agreed,
        today_id=None if session_id or form.is_submitted() else person.session_on(today()),
        on_paper_only=[one for one in _to_ask(Mode.PAPER) if not one.electronic],
    )
    return page, 400 if form.errors else 200
