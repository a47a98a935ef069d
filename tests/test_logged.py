"""Everything that tells of persons or hands out a file leaves a row in the log, and so does every refusal."""

import ast
import json
from pathlib import Path

import pytest
from factories import CAST as PEOPLE
from factories import PASSWORD
from flask import Flask
from sqlite_utils import Database
from test_routes import CAST, TABLE
from web import sign_in

from fitservice.access import Act

HOUSE = Path(__file__).parent.parent / "fitservice"

PERSONS = {
    *("service_users.caseload", "service_users.person", "service_users.sheet", "service_users.sheet_as_pdf"),
    *("service_users.name", "participation.renewals", "participation.participation"),
    *("erasures.erasures", "erasures.erasure"),
    *("rights.copy_as_pdf", "rights.copy_as_json", "rights.correct"),
    *("service_users.chart", "enrolments.new", "enrolments.end", "enrolments.correct"),
    *("sessions.new", "sessions.session", "sessions.correct", "sessions.withdraw", "handing_over.begin"),
    *("looked.looked", "looked.looked_as_pdf", "look_ups.look_ups"),
    *("district.trends", "supervision.supervise", "quality.checks", "access.district", "access.access"),
}
"""Endpoints that tell of persons where they answer 200."""
FIGURES = {
    *("district.chart", "reporting.periods", "reporting.period", "reporting.explain"),
    *("overview.sign_offs", "overview.status_list", "overview.board", "judging.period", "city.board", "city.district"),
    *("releases.release", "releases.figures", "pictures.pictures", "pictures.picture"),
    *("pictures.report", "practice.practice", "accounts.accounts", "accounts.email", "inbox.inbox"),
    *("access_review.review", "access_review.review_file"),
    *("account.account", "account.role", "account.break_glass", "account.reset_second_step"),
}
"""Endpoints that tell figures, what was decided, of accounts, or hand out a file of these."""
TELLS_NOTHING = {
    # decisions of the agency, what is released, the way in, empty forms, the own browsers, what is open to all
    *("home.first_page", "home.sign_ins", "home.password", "open_home.language", "sign_in.sign_in", "sign_in.welcome"),
    *("second_step.second_step", "second_step.codes", "second_step.turn_off"),
    "releases.releases",
    *("register.register", "register.obligations", "register.dates", "register.thresholds"),
    *("service_users.new", "accounts.new", "handing_over.pin", "api_docs.openapi", "api_docs.docs"),
    *("static", "bootstrap.static", "watching.healthz", "watching.readyz", "watching.metrics"),
}
SUBJECT = {
    "service_users.caseload": "district",
    "reporting.periods": "district",
    "reporting.period": "district",
    "service_users.person": "service_user",
    "service_users.sheet": "service_user",
    "service_users.sheet_as_pdf": "service_user",
    "service_users.chart": "service_user",
    "erasures.erasures": "district",
    "erasures.erasure": "service_user",
    "rights.copy_as_pdf": "service_user",
    "rights.copy_as_json": "service_user",
    "rights.correct": "service_user",
    "participation.renewals": "district",
    "participation.participation": "service_user",
    "looked.looked": "service_user",
    "looked.looked_as_pdf": "service_user",
    "handing_over.begin": "service_user",
    "enrolments.new": "service_user",
    "enrolments.end": "service_user",
    "enrolments.correct": "service_user",
    "sessions.new": "service_user",
    "sessions.session": "session",
    "sessions.correct": "session",
    "sessions.withdraw": "session",
    "supervision.supervise": "district",
    "quality.checks": "district",
    "access.district": "district",
    "access.access": "service_user",
    "district.trends": "district",
}


def rows_after(db: Database, newest: int) -> list[dict]:
    """The rows of the log after this one."""
    return list(db.query("SELECT * FROM audit WHERE id > ? ORDER BY id", [newest]))


def newest(db: Database) -> int:
    """The id of the newest row."""
    return db.execute("SELECT MAX(id) FROM audit").fetchone()[0] or 0


@pytest.mark.parametrize("name", CAST[:5])
def test_each_route_that_tells_or_refuses_leaves_its_row(published: Flask, published_db: Database, name: str) -> None:
    missing = []
    role, district_id = PEOPLE[name]
    client = sign_in(published, name)
    for (method, endpoint, path), statuses in TABLE.items():
        before = newest(published_db)
        answer = client.open(path, method=method, environ_base={"REMOTE_ADDR": "10.1.2.3"})
        answer.close()
        rows = rows_after(published_db, before)
        if method == "POST":  # it may have ended the sign-in, or handed the screen over
            client = sign_in(published, name)
        status = statuses[CAST.index(name)]
        assert all(
            (row["actor"], row["role"], row["district_id"], row["address"])
            == (name, role.value, district_id, "10.1.2.3")
            for row in rows
        ), (path, rows)
        if endpoint.startswith("watching."):  # who asks is not looked up, and it leaves no row
            fits = not rows
        elif status in (403, 404):
            fits = [row for row in rows if row["act"] == "refused" and json.loads(row["detail"])["page"] == endpoint]
        elif status == 200 and method == "GET" and endpoint in PERSONS | FIGURES:
            kind = SUBJECT.get(endpoint)
            fits = [row for row in rows if row["act"] in set(Act) and (kind is None or row["subject_kind"] == kind)]
        else:
            continue
        if not fits:
            missing.append((method, path, status, [(row["act"], row["subject_kind"]) for row in rows]))
    assert missing == []
    hold_no_secrets(published_db)


def hold_no_secrets(db: Database) -> None:
    """Whatever was done: no reference, no name, no score in the log."""
    text = str(db.execute("SELECT * FROM audit").fetchall())
    for secret in ("AL-1", "BJ-1", "R-1", "Y-1", PASSWORD, "Amina", "Berit", "Carl"):
        assert secret not in text, secret
    details = [detail for (detail,) in db.execute("SELECT detail FROM audit WHERE detail IS NOT NULL")]
    words = {key for detail in details for key in json.loads(detail)}
    words -= {"without_score"}  # a number of service users
    assert not {word for word in words if "satisfaction" in word or "score" in word or "reference" in word}


def test_every_page_is_said_to_tell_something_or_nothing():
    told = {endpoint for (method, endpoint, _), statuses in TABLE.items() if method == "GET" and 200 in statuses}
    elsewhere = {"home.first_page", "open_home.language", "sign_in.welcome", "district.chart", "watching.metrics"}
    assert told == (PERSONS | FIGURES | TELLS_NOTHING) - elsewhere


def test_what_is_served_as_unchanged_is_logged_too(house: Flask, house_db: Database) -> None:
    client, path = sign_in(house, "amina"), "/service-users/1/enrolments/1/life_satisfaction.svg"
    etag = client.get(path).headers["ETag"]
    before = newest(house_db)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert [(row["act"], row["service_user_id"]) for row in rows_after(house_db, before)] == [("see_service_user", 1)]


def test_what_is_recorded_is_no_look_but_a_form_shown_again_is_one(house: Flask, house_db: Database) -> None:
    client, path = sign_in(house, "amina"), "/service-users/1/sessions/new"
    sent = {"held_on": "2022-05-01", "asked_in": "nb"}
    before = newest(house_db)
    assert client.post(path, data={**sent, "life_satisfaction": "9"}).status_code == 400
    assert [row["act"] for row in rows_after(house_db, before)] == ["see_service_user"]
    before = newest(house_db)
    assert client.post(path, data={**sent, "life_satisfaction": "5"}).status_code == 302
    assert [row["act"] for row in rows_after(house_db, before)] == ["record_session"]
    house_db.execute("UPDATE service_users SET asked_in = 'en' WHERE id = 1")
    for said, language in (({"switch_to": "nn"}, "nn"), ({"asked_in": "xx"}, "en"), ({}, "en")):
        before = newest(house_db)
        page = client.post(path, data={"held_on": "2022-05-02", "life_satisfaction": "9", **said}).text
        assert f'name="asked_in" value="{language}"' in page
        assert [row["act"] for row in rows_after(house_db, before)] == ["see_service_user"]


FULL = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"


@pytest.mark.parametrize("name", CAST[:5])
def test_what_cannot_be_logged_is_not_told(published: Flask, published_db: Database, name: str) -> None:
    client, told = sign_in(published, name), []
    published_db.execute(FULL)
    for (method, endpoint, path), statuses in TABLE.items():
        if method == "GET" and endpoint in PERSONS | FIGURES:
            answer = client.get(path)
            if answer.status_code == 200 or b"AL-1" in answer.data or b"BJ-1" in answer.data:
                told.append((path, answer.status_code))
            elif statuses[CAST.index(name)] == 200:
                assert answer.status_code == 500, path
            answer.close()
    assert told == []


def test_the_log_holds_no_word_of_a_search_nor_of_what_was_typed(house: Flask, house_db: Database) -> None:
    client = sign_in(house, "amina")
    for typed in ("AL-1", "hemmelig ord"):
        assert client.post("/service-users", data={"q": typed}, follow_redirects=True).status_code == 200
    assert client.get("/service-users/1/sheet").status_code == 200
    form = {"held_on": "1.4.2022", "life_satisfaction": "6", "note": "sov godt"}
    assert client.post("/service-users/1/sessions/new", data=form).status_code == 302
    client.post("/sign-in", data={"username": "ola nordmann", "password": "feil passord her"})
    hold_no_secrets(house_db)
    text = str(house_db.execute("SELECT * FROM audit").fetchall())
    assert "record_session" in text and "sign_in_refused" in text
    for secret in ("hemmelig", "ola nordmann", "feil passord her", "sov godt"):
        assert secret not in text, secret


def test_every_act_is_framed_so_that_it_is_logged():
    framed = set()
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("acting", "telling"):
                framed |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    # the sheet asks for its person by its own act; lists, heads and the register tell of nobody
    assert {act.name for act in Act} - framed == {"PRINT_SHEET", "SEE_LISTS", "SEE_HEAD", "SEE_REGISTER"}


def test_a_token_that_is_refused_leaves_a_row_and_a_stranger_without_one_does_not(house: Flask, house_db: Database):
    client, before = house.test_client(), newest(house_db)
    assert client.get("/api/v1/releases").status_code == 401
    assert rows_after(house_db, before) == []
    assert client.get("/api/v1/releases", headers={"Authorization": "Bearer secret-x"}).status_code == 401
    (row,) = rows_after(house_db, before)
    assert (row["act"], row["actor"], row["role"], row["address"]) == (
        "token_refused",
        "unknown",
        "nobody",
        "127.0.0.1",
    )
    assert "secret-x" not in str(row)


def test_a_link_that_is_none_leaves_a_row(house: Flask, house_db: Database):
    before = newest(house_db)
    assert house.test_client().get("/welcome/no-such-link").status_code == 404
    (row,) = rows_after(house_db, before)
    assert (row["act"], row["actor"]) == ("link_refused", "unknown")
    assert "no-such-link" not in str(row)
