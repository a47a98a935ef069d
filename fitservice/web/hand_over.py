"""The screen in the service user's hands: one question a page, a thank-you, the own chart, and the way back."""

from flask import Blueprint, Response, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from fitservice.actions import handing_over
from fitservice.actions.handing_over import HandOver
from fitservice.actions.staffing import has_pin, set_pin
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.forms import HandOverForm, PinForm, TakeBackForm
from fitservice.installed import installed
from fitservice.instruments.instrument import Instrument
from fitservice.model import Invalid, Kind, NotFound
from fitservice.reports.person import Person, see_person
from fitservice.rules.handing_over import REASONS
from fitservice.rules.participation import State
from fitservice.web.drawing import own_picture
from fitservice.web.guards import me
from fitservice.web.safe import inside
from fitservice.wording import in_language

bp = Blueprint("hand_over", __name__, url_prefix="/hand-over")
staff_bp = Blueprint("handing_over", __name__)


@staff_bp.route("/service-users/<int:service_user_id>/hand-over", methods=["GET", "POST"])
def begin(service_user_id: int) -> str | AnyResponse | tuple[str, int]:
    """What will be asked, in which language; then the screen is handed over."""
    person = see_person(get_db(), service_user_id, by=me(), instruments=installed())
    if person.participation_state is State.WITHDRAWN:
        return render_template("participation/stopped.html", service_user=person.service_user), 409
    if not g.sign_in["has_password"] and not has_pin(get_db(), by=me()):
        flash(_("Choose a PIN first: without it you could not take the screen back."))
        return redirect(url_for(".pin", next=request.path))
    askable = {one.kind.value: in_language(one.title) for one in _askable(service_user_id)}
    form = HandOverForm(askable, data={"kinds": list(askable), "language": person.service_user["asked_in"]})
    if form.validate_on_submit():
        with ShownIn(form):
            kinds = [Kind(kind) for kind in form.kinds.data or []]
            hand_over_id = handing_over.hand_over(
                get_db(), service_user_id, kinds, form.language.data, installed(), by=me(), sign_in_id=g.sign_in["id"]
            )
            return _out_of_sight(redirect(url_for("hand_over.question", hand_over_id=hand_over_id, number=1)))
    page = render_template(
        "hand_over/begin.html",
        form=form,
        service_user=person.service_user,
        has_pin=has_pin(get_db(), by=me()),
    )
    return page, 400 if form.errors else 200


@staff_bp.route("/pin", methods=["GET", "POST"])
def pin() -> str | AnyResponse | tuple[str, int]:
    """Choose a PIN for taking the screen back."""
    form = PinForm(bool(g.sign_in["has_password"]))
    if form.validate_on_submit():
        with ShownIn(form):
            current = form.current.data or "" if form.current else ""
            set_pin(get_db(), current, form.pin.data or "", by=me())
            flash(_("Your PIN is kept. It takes the screen back, and nothing else."))
            return redirect(inside(request.args.get("next")))
    page = render_template("form_page.html", form=form, title=_("Choose a PIN"), back=inside(request.args.get("next")))
    return page, 400 if form.errors else 200


@bp.route("/<int:hand_over_id>/<int:number>", methods=["GET", "POST"])
def question(hand_over_id: int, number: int) -> str | AnyResponse | tuple[str, int]:
    """One question; its answer leads to the next, the last one to the thank-you."""
    known = _known(hand_over_id)
    if known.finished:
        return redirect(url_for(".thanks", hand_over_id=hand_over_id))
    if not 1 <= number <= len(known.questions):
        raise NotFound
    instrument, item = known.questions[number - 1]
    if request.form.get("item", item.key) != item.key:  # the instruments were changed while the question was read
        return redirect(url_for(".thanks", hand_over_id=hand_over_id))
    wrong = False
    if request.method == "POST":
        text = _typed()
        wrong = text is None
        try:
            if text is not None and handing_over.answer(get_db(), hand_over_id, number, text, installed(), by=me()):
                return redirect(url_for(".thanks", hand_over_id=hand_over_id))
        except Invalid:
            wrong = True
        if not wrong:
            return redirect(url_for(".question", hand_over_id=hand_over_id, number=number + 1))
    page = render_template(
        "hand_over/question.html",
        known=known,
        number=number,
        instrument=instrument,
        item=item,
        wrong=wrong,
        typed=request.form.get("answer", ""),
        reasons=REASONS,
    )
    return page, 400 if wrong else 200


@bp.get("/<int:hand_over_id>/thanks")
def thanks(hand_over_id: int) -> str | AnyResponse:
    """The end, with the own chart for whoever wants to see it."""
    known = _known(hand_over_id)
    if not known.finished:
        return redirect(url_for(".question", hand_over_id=hand_over_id, number=known.next_number))
    return render_template("hand_over/thanks.html", known=known)


@bp.get("/<int:hand_over_id>/course")
def course(hand_over_id: int) -> str:
    """How the service user has answered over time."""
    known, person = _own(hand_over_id)
    enrolment_id = _enrolment(person)
    courses = person.courses(enrolment_id, today())
    return render_template(
        "hand_over/course.html",
        known=known,
        courses=courses,
        scores=lambda instrument: person.scores(instrument, enrolment_id),
    )


@bp.get("/<int:hand_over_id>/<key>.svg")
def chart(hand_over_id: int, key: str) -> Response:
    """The own chart of one instrument, with nothing about others."""
    known, person = _own(hand_over_id)
    return own_picture(person, _enrolment(person), key, known.language)


@bp.route("/<int:hand_over_id>/back", methods=["GET", "POST"])
def take_back(hand_over_id: int) -> str | AnyResponse | tuple[str, int]:
    """Back into the service, with the PIN or the password."""
    _known(hand_over_id)
    form = TakeBackForm()
    if form.validate_on_submit():
        with ShownIn(form):
            known = handing_over.take_back(
                get_db(), hand_over_id, form.secret.data or "", installed(), by=me(), sign_in_id=g.sign_in["id"]
            )
            if known.wrong:
                flash(
                    ngettext(
                        "There was %(num)s wrong try to take the screen back.",
                        "There were %(num)s wrong tries to take the screen back.",
                        known.wrong,
                    )
                )
            return _out_of_sight(redirect(_after(known)))
        if handing_over.own_hand_over(get_db(), hand_over_id, installed(), by=me()).taken_back:
            flash(_("Five tries were wrong. Sign in to go on: the answers are kept."))
            return redirect(url_for("sign_in.sign_in"))
    return render_template("hand_over/back.html", form=form, hand_over_id=hand_over_id), 400 if form.errors else 200


def _askable(service_user_id: int) -> list[Instrument]:
    """What can be asked today: nothing for somebody who is not enrolled."""
    try:
        return handing_over.to_ask(get_db(), service_user_id, installed(), by=me())
    except Invalid:
        return []


def _known(hand_over_id: int) -> HandOver:
    """A hand-over that has not been taken back: afterwards there is nothing to see here.

    Whoever signed in anew in the middle hands the screen over with it: no page here has the menus around it.
    """
    known = handing_over.own_hand_over(get_db(), hand_over_id, installed(), by=me())
    if known.taken_back:
        raise NotFound
    if g.sign_in["hand_over_id"] is None:
        handing_over.go_on(get_db(), hand_over_id, by=me(), sign_in_id=g.sign_in["id"])
        g.sign_in["hand_over_id"] = hand_over_id
    return known


def _own(hand_over_id: int) -> tuple[HandOver, Person]:
    """The finished hand-over with the person it was handed to."""
    known = _known(hand_over_id)
    if not known.finished:
        raise NotFound
    return known, see_person(get_db(), known.service_user_id, by=me(), instruments=installed())


def _enrolment(person: Person) -> int:
    return int(person.enrolments[0]["id"])


def _typed() -> str | None:
    """A button's value, the number beside the slider, '' for a skipped one; None where nothing was chosen."""
    if "skip" in request.form:
        return ""
    return request.form.get("answer", "").strip() or None


def _after(known: HandOver) -> str:
    """Where the caseworker goes on: to the result, or to the form with the answers that were given."""
    if known.session_id:
        return url_for("sessions.session", session_id=known.session_id)
    if known.draft:
        return url_for("sessions.new", service_user_id=known.service_user_id, hand_over=known.id)
    return url_for("service_users.person", service_user_id=known.service_user_id)


def _out_of_sight(response: AnyResponse) -> AnyResponse:
    """Pages from before must not come back with the back button: the browser is told to forget them.

    A changed cookie also keeps Chromium from drawing a kept page without asking.
    """
    session["turn"] = session.get("turn", 0) + 1
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
