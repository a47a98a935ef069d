"""Every route × every member of the cast has an expected status; an endpoint that is missing here fails."""

import pytest
from flask import Flask
from web import sign_in

from fitservice import create_app

CAST = ("amina", "berit", "carl", "velferd", "admin", None)
SIGN_IN = 302

# (method, endpoint, path): status for amina, berit, carl, velferd, admin, nobody.
# Service user, enrolment and session 1 are in Alna (Amina, Carl), 2 in Bjerke (Berit).
# Releases: 2022-1 and 2022-2. Staff ids: 1 amina, 2 berit, 3 carl, 4 velferd, 5 admin.
TABLE = {
    ("GET", "home.first_page", "/"): (302, 302, 302, 302, 302, SIGN_IN),
    ("GET", "home.sign_ins", "/sign-ins"): (200, 200, 200, 200, 200, SIGN_IN),
    ("POST", "home.end_sign_ins", "/sign-ins/end"): (302, 302, 302, 302, 302, SIGN_IN),
    ("POST", "home.end_sign_in", "/sign-ins/999/end"): (404, 404, 404, 404, 404, SIGN_IN),
    ("GET", "home.password", "/password"): (200, 200, 200, 200, 200, SIGN_IN),
    ("POST", "home.password", "/password"): (400, 400, 400, 400, 400, SIGN_IN),
    ("GET", "second_step.second_step", "/second-step"): (200, 200, 200, 200, 200, SIGN_IN),
    ("POST", "second_step.begin", "/second-step"): (400, 400, 400, 400, 400, SIGN_IN),
    ("GET", "second_step.confirm", "/second-step/app"): (404, 404, 404, 404, 404, SIGN_IN),
    ("POST", "second_step.confirm", "/second-step/app"): (404, 404, 404, 404, 404, SIGN_IN),
    ("GET", "second_step.codes", "/second-step/codes"): (200, 200, 200, 200, 200, SIGN_IN),
    ("POST", "second_step.codes", "/second-step/codes"): (400, 400, 400, 400, 400, SIGN_IN),
    ("GET", "second_step.turn_off", "/second-step/off"): (200, 200, 200, 200, 200, SIGN_IN),
    ("POST", "second_step.turn_off", "/second-step/off"): (400, 400, 400, 400, 400, SIGN_IN),
    ("GET", "inbox.inbox", "/inbox"): (200, 200, 200, 200, 200, SIGN_IN),
    ("POST", "inbox.read", "/inbox/read"): (302, 302, 302, 302, 302, SIGN_IN),
    ("POST", "open_home.language", "/language/en"): (302, 302, 302, 302, 302, 302),
    ("GET", "sign_in.sign_in", "/sign-in"): (200, 200, 200, 200, 200, 200),
    ("POST", "sign_in.sign_in", "/sign-in"): (400, 400, 400, 400, 400, 400),
    ("GET", "city_sign_in.there", "/sign-in/city"): (404, 404, 404, 404, 404, 404),
    ("GET", "city_sign_in.back", "/sign-in/city/back"): (404, 404, 404, 404, 404, 404),
    ("POST", "sign_in.sign_out", "/sign-out"): (302, 302, 302, 302, 302, 302),
    ("GET", "sign_in.welcome", "/welcome/no-such-link"): (404, 404, 404, 404, 404, 404),
    ("POST", "sign_in.welcome", "/welcome/no-such-link"): (404, 404, 404, 404, 404, 404),
    ("GET", "service_users.caseload", "/service-users"): (200, 200, 200, 403, 403, SIGN_IN),
    ("POST", "service_users.search", "/service-users"): (302, 302, 302, 403, 403, SIGN_IN),
    ("GET", "participation.renewals", "/service-users/participation"): (200, 200, 200, 403, 403, SIGN_IN),
    ("GET", "participation.participation", "/service-users/1/participation"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "participation.participation", "/service-users/2/participation"): (404, 200, 404, 403, 403, SIGN_IN),
    ("POST", "participation.participation", "/service-users/1/participation"): (400, 404, 400, 403, 403, SIGN_IN),
    # 1 would stop what is asked below
    ("POST", "participation.withdraw", "/service-users/2/participation/withdraw"): (
        *(404, 302, 404, 403, 403),
        SIGN_IN,
    ),
    ("GET", "rights.copy_as_pdf", "/service-users/1/copy.pdf"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "rights.copy_as_json", "/service-users/1/copy.json"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "rights.correct", "/service-users/1/correct"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "rights.correct", "/service-users/1/correct"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "erasures.erasures", "/service-users/erasures"): (200, 200, 200, 403, 403, SIGN_IN),
    ("GET", "erasures.erasure", "/service-users/1/erasure"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "erasures.erasure", "/service-users/2/erasure"): (404, 200, 404, 403, 403, SIGN_IN),
    ("POST", "erasures.erasure", "/service-users/1/erasure"): (400, 404, 400, 403, 403, SIGN_IN),
    ("POST", "erasures.drop", "/service-users/1/erasure/drop"): (400, 404, 400, 403, 403, SIGN_IN),
    ("POST", "erasures.carry_out", "/service-users/1/erasure/carry-out"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "access.district", "/district/access"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "access.access", "/service-users/1/access"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "access.access", "/service-users/2/access"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "access.give", "/service-users/1/access/given"): (403, 403, 400, 403, 403, SIGN_IN),
    ("POST", "access.give", "/service-users/2/access/given"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "access.end_given", "/service-users/1/access/given/1/end"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "access.block", "/service-users/1/access/blocks"): (403, 403, 400, 403, 403, SIGN_IN),
    ("POST", "access.block", "/service-users/2/access/blocks"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "access.end_blocked", "/service-users/1/access/blocks/1/end"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "access.end_blocked", "/service-users/1/access/blocks/1/end"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "service_users.name", "/service-users/1/name"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "service_users.name", "/service-users/2/name"): (404, 200, 404, 403, 403, SIGN_IN),
    ("POST", "service_users.name", "/service-users/2/name"): (404, 302, 404, 403, 403, SIGN_IN),
    ("GET", "service_users.new", "/service-users/new"): (200, 200, 200, 403, 403, SIGN_IN),
    ("POST", "service_users.new", "/service-users/new"): (400, 400, 400, 403, 403, SIGN_IN),
    ("GET", "service_users.person", "/service-users/1"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "service_users.person", "/service-users/2"): (404, 200, 404, 403, 403, SIGN_IN),
    ("GET", "service_users.person", "/service-users/999"): (404, 404, 404, 403, 403, SIGN_IN),
    ("GET", "service_users.sheet", "/service-users/1/sheet"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "service_users.sheet", "/service-users/2/sheet"): (404, 200, 404, 403, 403, SIGN_IN),
    ("GET", "service_users.sheet_as_pdf", "/service-users/1/sheet.pdf"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "service_users.sheet_as_pdf", "/service-users/2/sheet.pdf"): (404, 200, 404, 403, 403, SIGN_IN),
    ("GET", "looked.looked", "/service-users/1/looked"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "looked.looked", "/service-users/2/looked"): (404, 200, 404, 403, 403, SIGN_IN),
    ("GET", "looked.looked_as_pdf", "/service-users/1/looked.pdf"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "look_ups.look_ups", "/district/look-ups"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "look_ups.look_ups", "/district/look-ups?staff=1"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "look_ups.look_ups", "/district/look-ups?person=1"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "look_ups.look_ups", "/district/look-ups?person=2"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "look_ups.look_ups", "/district/look-ups?first=1.1.2020"): (403, 403, 400, 403, 403, SIGN_IN),
    ("POST", "service_users.asked_in", "/service-users/1/asked-in"): (400, 400, 400, 403, 403, SIGN_IN),
    ("POST", "service_users.contact", "/service-users/1/contact"): (400, 400, 400, 403, 403, SIGN_IN),
    ("GET", "service_users.chart", "/service-users/1/enrolments/1/life_satisfaction.svg"): (
        *(200, 404, 200, 403, 403),
        SIGN_IN,
    ),
    ("GET", "enrolments.new", "/service-users/1/enrolments/new"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "enrolments.new", "/service-users/1/enrolments/new"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "enrolments.end", "/enrolments/1/end"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "enrolments.end", "/enrolments/1/end"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "enrolments.correct", "/enrolments/1/correct"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "enrolments.correct", "/enrolments/1/correct"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "sessions.new", "/service-users/1/sessions/new"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "sessions.new", "/service-users/1/sessions/new"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "sessions.session", "/sessions/1"): (200, 404, 200, 403, 403, SIGN_IN),
    ("GET", "sessions.session", "/sessions/2"): (404, 200, 404, 403, 403, SIGN_IN),
    ("GET", "sessions.correct", "/sessions/1/correct"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "sessions.correct", "/sessions/1/correct"): (400, 404, 400, 403, 403, SIGN_IN),
    ("POST", "sessions.note", "/sessions/1/note"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "sessions.withdraw", "/sessions/1/withdraw"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "sessions.withdraw", "/sessions/1/withdraw"): (400, 404, 400, 403, 403, SIGN_IN),
    ("GET", "handing_over.begin", "/service-users/1/hand-over"): (200, 404, 200, 403, 403, SIGN_IN),
    ("POST", "handing_over.begin", "/service-users/1/hand-over"): (302, 404, 302, 403, 403, SIGN_IN),
    ("GET", "handing_over.pin", "/pin"): (200, 200, 200, 403, 403, SIGN_IN),
    ("POST", "handing_over.pin", "/pin"): (400, 400, 400, 403, 403, SIGN_IN),
    ("GET", "hand_over.question", "/hand-over/1/1"): (404, 404, 404, 403, 403, SIGN_IN),
    ("POST", "hand_over.question", "/hand-over/1/1"): (404, 404, 404, 403, 403, SIGN_IN),
    ("GET", "hand_over.thanks", "/hand-over/1/thanks"): (404, 404, 404, 403, 403, SIGN_IN),
    ("GET", "hand_over.course", "/hand-over/1/course"): (404, 404, 404, 403, 403, SIGN_IN),
    ("GET", "hand_over.chart", "/hand-over/1/outcome.svg"): (404, 404, 404, 403, 403, SIGN_IN),
    ("GET", "hand_over.take_back", "/hand-over/1/back"): (404, 404, 404, 403, 403, SIGN_IN),
    ("POST", "hand_over.take_back", "/hand-over/1/back"): (404, 404, 404, 403, 403, SIGN_IN),
    ("GET", "district.trends", "/district"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "district.chart", "/district/distribution-2022H1.svg"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "district.rhythm", "/district/rhythm"): (403, 403, 400, 403, 403, SIGN_IN),
    ("GET", "supervision.supervise", "/district/supervision"): (403, 403, 200, 403, 403, SIGN_IN),
    ("POST", "supervision.discussed", "/district/supervision/1"): (403, 403, 302, 403, 403, SIGN_IN),
    ("POST", "supervision.discussed", "/district/supervision/2"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "quality.checks", "/district/checks/2022H1"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "quality.checks", "/district/checks/2022"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "quality.checks", "/district/checks/2199H2"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "quality.dismiss", "/district/checks/2022H1/dismiss"): (403, 403, 400, 403, 403, SIGN_IN),
    ("POST", "quality.take_back", "/district/checks/2022H1/take-back"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "reporting.periods", "/district/reporting"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "reporting.period", "/district/reporting/2022H1"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "reporting.period", "/district/reporting/2021H2"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "reporting.period", "/district/reporting/2022"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "reporting.take", "/district/reporting/2022H1"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "reporting.explain", "/district/reporting/2022H1/not_signed_off"): (403, 403, 200, 403, 403, SIGN_IN),
    ("GET", "reporting.explain", "/district/reporting/2022H1/late"): (403, 403, 404, 403, 403, SIGN_IN),
    ("GET", "reporting.explain", "/district/reporting/2022H1/nonsense"): (403, 403, 404, 403, 403, SIGN_IN),
    ("POST", "reporting.explain", "/district/reporting/2022H1/not_signed_off"): (403, 403, 400, 403, 403, SIGN_IN),
    ("POST", "reporting.withdraw", "/district/reporting/2022H1/not_signed_off/withdraw"): (
        *(403, 403, 404, 403, 403),
        SIGN_IN,
    ),
    ("GET", "overview.sign_offs", "/city/sign-offs"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "overview.status_list", "/city/sign-offs.csv"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "overview.board", "/city/board.xlsx"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "overview.board", "/city/board.exe"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "judging.period", "/city/030112/2022H1"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "judging.period", "/city/030199/2022H1"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "judging.period", "/city/030112/2199H1"): (403, 403, 403, 404, 403, SIGN_IN),
    ("POST", "judging.judge", "/city/030112/2022H1"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "register.register", "/city/register"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "register.obligations", "/city/register/obligations"): (403, 403, 403, 200, 403, SIGN_IN),
    ("POST", "register.obligations", "/city/register/obligations"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "register.dates", "/city/register/dates/2022H1"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "register.dates", "/city/register/dates/1999H1"): (403, 403, 403, 404, 403, SIGN_IN),
    ("POST", "register.dates", "/city/register/dates/2022H1"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "register.thresholds", "/city/register/thresholds"): (403, 403, 403, 200, 403, SIGN_IN),
    ("POST", "register.thresholds", "/city/register/thresholds"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "city.board", "/city"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "city.district", "/city/030112"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "city.district", "/city/999999"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "city.district", "/city/figures.csv"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "releases.releases", "/city/releases"): (403, 403, 403, 200, 403, SIGN_IN),
    ("POST", "releases.make", "/city/releases"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "releases.release", "/city/releases/2022-1"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "releases.release", "/city/releases/2022-9"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "releases.figures", "/city/releases/2022-1/figures.csv"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "releases.figures", "/city/releases/2022-1/figures.exe"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "releases.figures", "/city/releases/2022-9/figures.csv"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "pictures.pictures", "/city/pictures"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "pictures.picture", "/city/pictures/funnel.svg?period=2022H1"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "pictures.picture", "/city/pictures/coverage.png?period=2022H1"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "pictures.picture", "/city/pictures/means.svg?period=2022"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "pictures.picture", "/city/pictures/means.exe?period=2022H1"): (403, 403, 403, 404, 403, SIGN_IN),
    ("GET", "pictures.report", "/city/pictures/report.pdf?period=2022H1"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "pictures.report", "/city/pictures/report.pdf"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "practice.practice", "/city/practice"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "practice.practice", "/city/practice?period=2022H1"): (403, 403, 403, 200, 403, SIGN_IN),
    ("GET", "practice.practice", "/city/practice?period=2022"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "practice.practice", "/city/practice?period=2199H1"): (403, 403, 403, 400, 403, SIGN_IN),
    ("GET", "accounts.accounts", "/accounts"): (403, 403, 403, 403, 200, SIGN_IN),
    ("GET", "accounts.new", "/accounts/new"): (403, 403, 403, 403, 200, SIGN_IN),
    ("POST", "accounts.new", "/accounts/new"): (403, 403, 403, 403, 400, SIGN_IN),
    ("POST", "accounts.link", "/accounts/1/link"): (403, 403, 403, 403, 200, SIGN_IN),
    ("GET", "accounts.email", "/accounts/1/email"): (403, 403, 403, 403, 200, SIGN_IN),
    ("GET", "accounts.email", "/accounts/999/email"): (403, 403, 403, 403, 404, SIGN_IN),
    ("POST", "accounts.email", "/accounts/1/email"): (403, 403, 403, 403, 302, SIGN_IN),
    ("POST", "accounts.close", "/accounts/1/close"): (403, 403, 403, 403, 302, SIGN_IN),
    ("POST", "accounts.close", "/accounts/5/close"): (403, 403, 403, 403, 400, SIGN_IN),
    ("POST", "accounts.close", "/accounts/999/close"): (403, 403, 403, 403, 404, SIGN_IN),
    ("POST", "accounts.sign_out", "/accounts/1/sign-out"): (403, 403, 403, 403, 302, SIGN_IN),
    ("GET", "access_review.review", "/accounts/review"): (403, 403, 403, 403, 200, SIGN_IN),
    ("GET", "access_review.review", "/accounts/review?role=caseworker&district=030112"): (
        *(403, 403, 403, 403, 200),
        SIGN_IN,
    ),
    ("GET", "access_review.review", "/accounts/review?role=king"): (403, 403, 403, 403, 400, SIGN_IN),
    ("POST", "access_review.reviewed", "/accounts/review"): (403, 403, 403, 403, 400, SIGN_IN),
    ("GET", "access_review.review_file", "/accounts/review.csv"): (403, 403, 403, 403, 200, SIGN_IN),
    ("GET", "account.account", "/accounts/1"): (403, 403, 403, 403, 200, SIGN_IN),
    ("GET", "account.account", "/accounts/999"): (403, 403, 403, 403, 404, SIGN_IN),
    ("GET", "account.role", "/accounts/2/role"): (403, 403, 403, 403, 200, SIGN_IN),
    ("GET", "account.role", "/accounts/999/role"): (403, 403, 403, 403, 404, SIGN_IN),
    ("POST", "account.role", "/accounts/2/role"): (403, 403, 403, 403, 400, SIGN_IN),
    ("GET", "account.reset_second_step", "/accounts/2/second-step"): (403, 403, 403, 403, 200, SIGN_IN),
    ("POST", "account.reset_second_step", "/accounts/2/second-step"): (403, 403, 403, 403, 400, SIGN_IN),
    ("GET", "account.break_glass", "/accounts/2/break-glass"): (403, 403, 403, 403, 200, SIGN_IN),
    ("POST", "account.break_glass", "/accounts/2/break-glass"): (403, 403, 403, 403, 400, SIGN_IN),
    ("POST", "account.open_locked", "/accounts/2/open"): (403, 403, 403, 403, 302, SIGN_IN),
    ("POST", "account.open_locked", "/accounts/999/open"): (403, 403, 403, 403, 404, SIGN_IN),
    ("POST", "account.end_sign_in", "/accounts/2/sign-ins/999/end"): (403, 403, 403, 403, 404, SIGN_IN),
    ("GET", "api.districts", "/api/v1/districts"): (401, 401, 401, 401, 401, 401),
    ("GET", "api.periods", "/api/v1/periods"): (401, 401, 401, 401, 401, 401),
    ("GET", "api.measures", "/api/v1/measures"): (401, 401, 401, 401, 401, 401),
    ("GET", "api.gaps", "/api/v1/gaps?period=2022"): (401, 401, 401, 401, 401, 401),
    ("GET", "api.releases", "/api/v1/releases"): (401, 401, 401, 401, 401, 401),
    ("GET", "api.aggregates", "/api/v1/aggregates?period=2022"): (401, 401, 401, 401, 401, 401),
    ("GET", "api_docs.openapi", "/api/v1/openapi.json"): (200, 200, 200, 200, 200, 200),
    ("GET", "api_docs.docs", "/api/v1/docs"): (200, 200, 200, 200, 200, 200),
    ("GET", "watching.healthz", "/healthz"): (200, 200, 200, 200, 200, 200),
    # off, as it is unless it is turned on
    ("GET", "watching.metrics", "/metrics"): (404, 404, 404, 404, 404, 404),
    ("GET", "watching.readyz", "/readyz"): (200, 200, 200, 200, 200, 200),
    ("GET", "static", "/static/fitservice.css"): (200, 200, 200, 200, 200, 200),
    ("GET", "bootstrap.static", "/bootstrap/static/css/bootstrap.min.css"): (200, 200, 200, 200, 200, 200),
}


@pytest.mark.parametrize("name", CAST)
def test_every_route_answers_as_expected(published: Flask, name: str | None) -> None:
    wrong = []
    for (method, endpoint, path), statuses in TABLE.items():
        answer = sign_in(published, name).open(path, method=method)
        expected = statuses[CAST.index(name)]
        if name == "amina" and path.startswith("/accounts/1/"):
            assert answer.status_code == 403
        if answer.status_code != expected:
            wrong.append((method, path, answer.status_code, expected))
        if expected == SIGN_IN and name is None and endpoint.split(".")[0] not in ("open_home", "sign_in"):
            assert answer.location.startswith("/sign-in"), path
        answer.close()
    assert not wrong


def test_every_endpoint_is_in_the_table(house: Flask) -> None:
    methods = {
        (method, rule.endpoint)
        for rule in house.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert methods == {(method, endpoint) for method, endpoint, _ in TABLE}


def test_every_path_leads_to_its_endpoint(house: Flask) -> None:
    adapter = house.url_map.bind("localhost")
    for method, endpoint, path in TABLE:
        assert adapter.match(path.partition("?")[0], method=method)[0] == endpoint


def test_a_blueprint_without_a_guard_is_closed(house: Flask) -> None:
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, house.instance_path)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert sign_in(app, "admin").get("/forgotten").status_code == 404
