"""The agency's releases: what was published, what changed, and a button for the next one."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fitservice.actions.releasing import make_release
from fitservice.clock import today
from fitservice.complaints import problem_text
from fitservice.db import get_db
from fitservice.forms import ReleaseForm
from fitservice.model import MEASURES, Invalid, NotFound, Problem, Stage
from fitservice.reports.documents import FORMATS, MIMETYPES, figures_document
from fitservice.reports.downloads import figures_file
from fitservice.reports.figures import Table
from fitservice.reports.releases import periods_of, pull_released, releasable, see_releases, signed_in, what_changed
from fitservice.rules.periods import parse_period
from fitservice.web.guards import me

bp = Blueprint("releases", __name__, url_prefix="/city/releases")


@bp.get("")
def releases() -> str:
    """Every release, and the form for the next."""
    return _page(_form())


@bp.post("")
def make() -> AnyResponse | tuple[str, int]:
    """Make a release; it takes some seconds, and a second click finds it made: the form had not heard of it."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 400
    small_count = current_app.config["SMALL_COUNT"]
    try:
        if form.known.data != _known():
            raise Invalid(Problem("released_meanwhile"))
        name = make_release(
            get_db(), parse_period(form.period.data or ""), Stage(form.stage.data), small_count, by=me()
        )
    except Invalid as invalid:
        for problem in invalid.problems:
            form[problem.field or "period"].errors = [problem_text(problem)]
        return _page(form), 400
    flash(_("Release %(name)s is made.", name=name))
    return redirect(url_for(".release", name=name))


@bp.get("/<name>")
def release(name: str) -> str:
    """One release: its figures by district, and what it shows otherwise than the one before."""
    table = _table(name)
    area = request.args.get("area", "city")
    district = next((row for row in table.districts if row["code"] == area), None)
    if district is None:
        raise NotFound
    return render_template(
        "releases/release.html",
        release=table.releases[0],
        table=table,
        district=district,
        measures=MEASURES,
        changed=what_changed(get_db(), name, by=me()),
        signed=signed_in(get_db(), name, by=me()),
        names={row["code"]: row["name"] for row in table.districts},
        formats=FORMATS,
    )


@bp.get("/<name>/figures.<form>")
def figures(name: str, form: str) -> Response:
    """All figures of a release, as a file: JSON-stat for programs, the others in the reader's language."""
    if form not in FORMATS:
        raise NotFound
    file = f"fitservice-{name}.{form.removesuffix('-stat2')}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    table = _table(name)
    document = figures_document(table, form) if form == "json-stat2" else figures_file(table, form)
    return Response(document, mimetype=MIMETYPES[form], headers=headers)


def _table(name: str) -> Table:
    try:
        return pull_released(get_db(), periods_of(get_db(), [name], by=me()), [name], by=me())
    except Invalid:
        raise NotFound from None


def _form() -> ReleaseForm:
    return ReleaseForm(releasable(get_db(), today(), by=me()))


def _page(form: ReleaseForm) -> str:
    form.known.data = _known()
    return render_template("releases/list.html", form=form, releases=see_releases(get_db(), by=me()))


def _known() -> str:
    """Which releases a page has heard of: none is ever removed, so their number says it."""
    return str(len(see_releases(get_db(), by=me())))
