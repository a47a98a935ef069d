"""The administrator's page of who can see what, and writing down that it was looked through."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fitservice.actions.reviewing import review_access
from fitservice.clock import today
from fitservice.db import get_db
from fitservice.fields import ShownIn
from fitservice.reports.access_review import Access, access_file, see_all_access
from fitservice.reports.documents import MIMETYPES
from fitservice.reports.staff import district_choices
from fitservice.review_forms import AccessForm, ReviewForm
from fitservice.web.guards import me

bp = Blueprint("access_review", __name__, url_prefix="/accounts")


@bp.get("/review")
def review() -> str | tuple[str, int]:
    """Who can see what, what is worth attention on top."""
    return _page(ReviewForm(formdata=None))


@bp.post("/review")
def reviewed() -> str | AnyResponse | tuple[str, int]:
    """Write down that it was looked through today."""
    form = ReviewForm()
    if form.validate_on_submit():
        with ShownIn(form):
            review_access(get_db(), form.comment.value, *_limits(), by=me())
            flash(_("The review is saved."))
            return redirect(url_for(".review"))
    return _page(form)


@bp.get("/review.csv")
def review_file() -> Response | AnyResponse:
    """The same as a file."""
    form = AccessForm(request.args, district_choices(get_db()))
    if not form.validate():
        return redirect(url_for(".review", role=request.args.get("role"), district=request.args.get("district")))
    headers = {"Content-Disposition": f'attachment; filename="fitservice-access-{today()}.csv"'}
    return Response(access_file(_access(form).lines), mimetype=MIMETYPES["csv"], headers=headers)


def _page(form: ReviewForm) -> str | tuple[str, int]:
    asked = AccessForm(request.args, district_choices(get_db()))
    found = _access(asked) if asked.validate() else None
    page = render_template(
        "accounts/review.html",
        asked=asked,
        form=form,
        found=found,
        unused_days=current_app.config["UNUSED_DAYS"],
        kept=asked.kept if found else {},
    )
    return (page, 400) if form.errors or not found else page


def _access(asked: AccessForm) -> Access:
    return see_all_access(get_db(), *_limits(), asked.role.data or "", asked.district.data or "", by=me())


def _limits() -> tuple[int, list[str]]:
    """After how many days something is unused, and which roles must have a second step."""
    return current_app.config["UNUSED_DAYS"], current_app.config["TOTP_ROLES"]
