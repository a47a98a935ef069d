"""One's own second step of signing in: one-time codes from an app."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fitservice.actions import second_step as actions
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.formats.qr import qr_code
from fitservice.staff_forms import CodeForm, ProveForm
from fitservice.web.guards import lacks_second_step, me, needs_second_step

bp = Blueprint("second_step", __name__, url_prefix="/second-step")


@bp.get("")
def second_step() -> str:
    """Whether it is on, and what can be done."""
    return _page(_prove_form())


@bp.post("")
def begin() -> str | Response | tuple[str, int]:
    """Prove who it is; then the app can be told its secret."""
    form = _prove_form()
    if form.validate_on_submit():
        with ShownIn(form):
            actions.begin_second_step(get_db(), *_typed(form), by=me())
            return redirect(url_for(".confirm"))
    return _page(form), 400


@bp.route("/app", methods=["GET", "POST"])
def confirm() -> str | tuple[str, int]:
    """The secret as a picture and as text, and its first code."""
    secret, address = actions.pending_secret(get_db(), by=me())
    form = CodeForm()
    if form.validate_on_submit():
        with ShownIn(form):
            return _told(actions.confirm_second_step(get_db(), form.code.data or "", by=me()))
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    page = render_template("second_step/app.html", form=form, secret=grouped, picture=qr_code(address))
    return page, 400 if form.errors else 200


@bp.route("/codes", methods=["GET", "POST"])
def codes() -> str | tuple[str, int]:
    """Ten new recovery codes."""
    form = _prove_form()
    if form.validate_on_submit():
        with ShownIn(form):
            return _told(actions.renew_recovery_codes(get_db(), *_typed(form), by=me()))
    return _form_page(form, _("New recovery codes"))


@bp.route("/off", methods=["GET", "POST"])
def turn_off() -> str | Response | tuple[str, int]:
    """No second step any more."""
    form = _prove_form()
    if form.validate_on_submit():
        with ShownIn(form):
            actions.turn_off_second_step(get_db(), *_typed(form), needs_second_step(), by=me())
            flash(_("The second step is turned off."))
            return redirect(url_for(".second_step"))
    return _form_page(form, _("Turn off the second step"))


def _prove_form() -> ProveForm:
    return ProveForm(bool(g.sign_in["has_second_step"]))


def _typed(form: ProveForm) -> tuple[str, str]:
    return form.current.data or "", form.code.data or "" if form.code else ""


def _page(form: ProveForm) -> str:
    on, left = actions.own_second_step(get_db(), by=me())
    return render_template(
        "second_step/second_step.html", form=form, on=on, left=left, first=lacks_second_step(), must=needs_second_step()
    )


def _told(told: list[str]) -> str:
    """The recovery codes, in this answer and nowhere else."""
    return render_template("second_step/codes.html", codes=told)


def _form_page(form: ProveForm, title: str) -> tuple[str, int]:
    page = render_template("form_page.html", form=form, title=title, submit=_("Go on"), back=url_for(".second_step"))
    return page, 400 if form.errors else 200
