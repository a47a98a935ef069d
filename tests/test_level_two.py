"""What ASVS 5 asks for at level 2 and no other test shows; docs/ASVS.md names them item by item."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from applications import application
from factories import ADMIN, AMINA, PASSWORD
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from sqlite_utils import Database
from test_routes import TABLE
from test_second_step import turn_on
from web import sign_in

from fitservice import create_app
from fitservice.actions.keeping_accounts import set_break_glass
from fitservice.actions.staffing import invite_staff
from fitservice.clock import set_to, today
from fitservice.credentials import recovery_codes
from fitservice.logs import Line

NEW = "kaffe-vulkan-sykkel"
OIDC = {
    "OIDC_ISSUER": "https://login.example.org",
    "OIDC_CLIENT_ID": "fitservice",
    "OIDC_CLIENT_SECRET": "a-secret-of-ours",
    "OIDC_ROLES": {"admins": ["administrator"]},
}


def chooses(app: Flask, db: Database, staff_id: int) -> bool:
    """Whether a password that is chosen by a one-time link is enough to come in."""
    client = app.test_client()
    link = invite_staff(db, staff_id, 1, by=ADMIN)
    answer = client.post(f"/welcome/{link}", data={"password": NEW, "again": NEW})
    assert answer.status_code == 302, answer.text
    return client.get("/sign-ins").status_code == 200


def test_a_one_time_link_never_replaces_the_second_step(house: Flask, house_db: Database) -> None:
    assert chooses(house, house_db, 3)
    turn_on(sign_in(house, "amina"))
    assert not chooses(house, house_db, 1)
    answer = house.test_client().post("/sign-in", data={"username": "amina", "password": NEW})
    assert answer.status_code == 400


def test_a_one_time_link_signs_nobody_in_where_passwords_are_for_emergencies(house: Flask, house_db: Database) -> None:
    app = create_app(
        {"TESTING": True, "WTF_CSRF_ENABLED": False, **OIDC, "PASSWORDS": "break_glass"}, house.instance_path
    )
    assert not chooses(app, house_db, AMINA.staff_id)
    set_break_glass(house_db, AMINA.staff_id, True, "den bydelen ringer til", by=ADMIN)
    assert chooses(app, house_db, AMINA.staff_id)


def test_recovery_codes_are_long_enough_for_a_plain_hash() -> None:
    codes = recovery_codes()
    plain = {code.replace("-", "") for code in codes}
    # each sign of base32 is five bits; ASVS asks for 112
    assert len(plain) == 10 and all(re.fullmatch("[A-Z2-7]+", code) and 5 * len(code) >= 112 for code in plain)


def test_signing_out_has_the_browser_forget(house: Flask) -> None:
    answer = sign_in(house, "amina").post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_cookie_that_is_signed_otherwise_is_nobodys(house: Flask) -> None:
    client = sign_in(house, "amina")
    with client.session_transaction() as session:
        held = dict(session)
    weaker = SecureCookieSessionInterface().get_signing_serializer(house)
    right = house.session_interface.get_signing_serializer(house)  # type: ignore[attr-defined]
    for signer, status in ((right, 200), (weaker, 302)):
        fresh = house.test_client()
        fresh.set_cookie("fitservice", signer.dumps(held))
        assert fresh.get("/service-users").status_code == status


def test_no_environment_turns_debugging_on(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setenv("FITSERVICE_DEBUG", "true")
    (instance / "config.py").write_text("DEBUG = True\n")
    assert create_app(instance_path=instance).debug is False


@pytest.mark.parametrize(
    "path", ["/static/", "/static", "/bootstrap/static/", "/bootstrap/static/css/", "/.git/config"]
)
def test_no_folder_lists_what_is_in_it(house: Flask, path: str) -> None:
    assert house.test_client().get(path).status_code == 404


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: +5",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding: gzip",
    ],
)
def test_a_request_whose_end_can_be_read_in_two_ways_is_refused(head: bytes) -> None:
    """What the server's own parser says, with the settings of commands/server.py that bear on it: none."""
    raw = b"POST / HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n0\r\n\r\n"
    with pytest.raises(Exception, match=r"Invalid|Unsupported"):
        next(RequestParser(Config(), iter([raw]), ("127.0.0.1", 1)))


# Every page

KEPT_BY_LOOKING = {"audit", "audit_checkpoints", "sign_ins", "sign_in_tries", "sqlite_sequence"}
"""Tables that grow by looking: who looked, and when a browser was last used."""
PASSWORD_FIELD = re.compile(r'<input[^>]*name="(?:password|current|again)"[^>]*>')


@pytest.mark.parametrize("name", ["amina", "carl", "velferd", "admin"])
def test_every_page_says_its_type_and_leads_out_and_changes_nothing(
    published: Flask, published_db: Database, name: str
) -> None:
    client, seen = sign_in(published, name), 0
    before = _content(published_db)
    for path in sorted({path for method, _, path in TABLE if method == "GET" and not path.endswith((".pdf", ".png"))}):
        with client.get(path) as answer:
            kind, _, charset = answer.content_type.partition(";")
            if kind.startswith("text/") or kind.endswith(("+xml", "/xml")):
                assert charset.strip() == "charset=utf-8", (path, kind)
            if kind == "text/html" and answer.status_code == 200 and not path.startswith(("/api/", "/hand-over")):
                seen += 1
                assert 'action="/sign-out"' in answer.text, path
                for field in PASSWORD_FIELD.findall(answer.text):
                    assert 'type="password"' in field and "autocomplete=" in field, (path, field)
    after = _content(published_db)
    assert {name for name in after if after[name] != before[name]} <= KEPT_BY_LOOKING and seen > 7


def _content(db: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: db.execute(f"SELECT * FROM [{name}]").fetchall() for name in db.table_names()}


def test_what_no_form_asks_for_is_not_taken(house: Flask, house_db: Database) -> None:
    client = sign_in(house, "amina")
    form = {"reference": "AL-9", "enrolled_from": "2022-01-01", "language": "nb"}
    planted = {"district_id": "9", "district": "030109", "id": "77", "role": "administrator", "closed_at": "2022-01-01"}
    client.post("/service-users/new", data=form | planted)
    client.post("/sign-ins/end", data=planted | {"staff_id": "5"})
    row = house_db.execute("SELECT id, district_id FROM service_users WHERE reference = 'AL-9'").fetchone()
    assert row and row[0] != 77 and row[1] == 12
    assert house_db.execute("SELECT role, closed_at FROM staff WHERE username = 'amina'").fetchone() == (
        "caseworker",
        None,
    )


def test_the_fields_of_passwords_are_a_browsers_to_fill_in(house: Flask) -> None:
    fields = PASSWORD_FIELD.findall(application(Path(house.instance_path)).test_client().get("/sign-in").text)
    assert len(fields) == 1 and 'autocomplete="current-password"' in fields[0] and "maxlength" not in fields[0]
    new = PASSWORD_FIELD.findall(sign_in(house, "amina").get("/password").text)
    assert [re.search('autocomplete="([a-z-]+)"', field)[1] for field in new] == [  # type: ignore[index]
        "current-password",
        *["new-password"] * (len(new) - 1),
    ]


def test_a_password_of_64_and_more_is_taken_and_stays_good(house: Flask) -> None:
    client, long = sign_in(house, "amina"), "blå måne over byen, " * 4
    assert len(long) > 64
    answer = client.post("/password", data={"current": PASSWORD, "password": long, "again": long})
    assert answer.status_code == 302
    with set_to(today() + timedelta(days=3000)):
        answer = house.test_client().post("/sign-in", data={"username": "amina", "password": long})
    assert answer.status_code == 302 and answer.location != "/password"


@pytest.mark.parametrize("form", ["json", "text"])
def test_every_log_tells_utc(form: str) -> None:
    record = logging.LogRecord("fitservice", logging.INFO, "x.py", 1, "request", (), None)
    assert datetime.fromtimestamp(record.created, UTC).isoformat()[:19] in Line(form).format(record)
    assert "+00:00" in Line(form).format(record)
