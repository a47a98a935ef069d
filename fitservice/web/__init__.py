"""HTTP and nothing else: each blueprint beside its guard, errors in plain words, headers on every answer."""

from flask import Flask, abort, request
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from fitservice.model import Role
from fitservice.web import (
    access,
    access_review,
    account,
    accounts,
    api,
    api_docs,
    city,
    city_sign_in,
    cookies,
    district,
    enrolments,
    erasures,
    errors,
    hand_over,
    headers,
    home,
    inbox,
    judging,
    look_ups,
    overview,
    participation,
    pictures,
    practice,
    quality,
    register,
    releases,
    reporting,
    request_log,
    rights,
    second_step,
    service_users,
    sessions,
    sign_in,
    supervision,
    templating,
    watching,
)
from fitservice.web.guards import bearer, handed_over, only, open_to_everyone, recognise
from fitservice.web.once import repeated

DISTRICT = only(Role.CASEWORKER, Role.TEAM_LEAD)
EVERYONE = only(Role.CASEWORKER, Role.TEAM_LEAD, Role.AGENCY_ANALYST, Role.ADMINISTRATOR)

GUARDS = (
    (sign_in.bp, open_to_everyone),
    (city_sign_in.bp, open_to_everyone),
    (home.open_bp, open_to_everyone),
    (home.bp, EVERYONE),
    (second_step.bp, EVERYONE),
    (inbox.bp, EVERYONE),
    (service_users.bp, DISTRICT),
    (enrolments.bp, DISTRICT),
    (sessions.bp, DISTRICT),
    (look_ups.looked_bp, DISTRICT),
    (participation.bp, DISTRICT),
    (rights.bp, DISTRICT),
    (erasures.bp, DISTRICT),
    (hand_over.staff_bp, DISTRICT),
    (hand_over.bp, DISTRICT),
    (access.bp, only(Role.TEAM_LEAD)),
    (district.bp, only(Role.TEAM_LEAD)),
    (reporting.bp, only(Role.TEAM_LEAD)),
    (supervision.bp, only(Role.TEAM_LEAD)),
    (quality.bp, only(Role.TEAM_LEAD)),
    (look_ups.bp, only(Role.TEAM_LEAD)),
    (city.bp, only(Role.AGENCY_ANALYST)),
    (overview.bp, only(Role.AGENCY_ANALYST)),
    (judging.bp, only(Role.AGENCY_ANALYST)),
    (register.bp, only(Role.AGENCY_ANALYST)),
    (releases.bp, only(Role.AGENCY_ANALYST)),
    (pictures.bp, only(Role.AGENCY_ANALYST)),
    (practice.bp, only(Role.AGENCY_ANALYST)),
    (accounts.bp, only(Role.ADMINISTRATOR)),
    (account.bp, only(Role.ADMINISTRATOR)),
    (access_review.bp, only(Role.ADMINISTRATOR)),
    (api.bp, bearer),
    (api_docs.bp, open_to_everyone),
    (watching.bp, open_to_everyone),
)


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Register everything; an endpoint without a guard is closed."""
    guards = {bp.name: guard for bp, guard in GUARDS}
    request_log.init_app(app)
    cookies.init_app(app)

    @app.before_request
    def let_in() -> AnyResponse | None:
        if request.endpoint is None or request.endpoint in headers.KEPT_BY_BROWSERS:
            return None
        if request.blueprint not in guards:
            abort(404)
        if request.blueprint == watching.bp.name:  # who asks is not looked up: it lives without a database too
            return None
        headers.refuse_what_no_page_sends()
        recognise()
        return handed_over() or guards[request.blueprint]() or repeated()

    for bp, _ in GUARDS:
        app.register_blueprint(bp)
    csrf.exempt(api.bp)
    headers.init_app(app)
    errors.init_app(app)
    templating.init_app(app)
