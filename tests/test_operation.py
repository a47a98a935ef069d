"""What whoever runs the service reads: health, lines of the log, and the doctor."""

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from applications import application
from click.testing import Result
from factories import CAST, PASSWORD
from flask import Flask
from sqlite_utils import Database
from test_routes import TABLE
from web import sign_in

from fitservice import create_app
from fitservice.clock import moment, set_to, today
from fitservice.db import as_migrated, connect
from fitservice.logs import Line
from fitservice.rules.health import check_settings
from fitservice.settings import SettingsError
from fitservice.store import health


def test_alive_needs_no_database_and_ready_does(house: Flask) -> None:
    client = sign_in(house, "amina")
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)
    path = Path(house.config["DATABASE"])
    path.rename(path.with_suffix(".away"))
    answer = client.get("/readyz")
    assert client.get("/healthz").status_code == 200
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    path.with_suffix(".away").rename(path)


def test_it_is_not_ready_without_its_keys_or_a_migration(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house.test_client()
    monkeypatch.delenv("FITSERVICE_KEYS")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    monkeypatch.undo()
    db = connect(house.config["DATABASE"])
    db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'fitservice', '9999_later', 'then')")
    assert client.get("/readyz").status_code == 503
    db.execute("DELETE FROM _sqlite_migrations WHERE name = '9999_later'")
    assert client.get("/readyz").status_code == 200
    db.execute("DELETE FROM _sqlite_migrations WHERE name = '0016_signing_in'")
    db.close()
    assert client.get("/readyz").status_code == 503


# Lines of the log

REQUEST_KEYS = {"at", "level", "event", "request", "method", "rule", "role", "status", "ms"}


@pytest.fixture
def lines(tmp_path: Path, released_database: bytes) -> Flask:
    """The published city, which logs as JSON."""
    (tmp_path / "fitservice.db").write_bytes(released_database)
    return create_app({"TESTING": True, "WTF_CSRF_ENABLED": False, "LOG": "json"}, tmp_path)


def test_no_line_holds_anything_of_a_person(lines: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*CAST, None):
        client = sign_in(lines, name)
        for method, _, path in TABLE:
            if method == "GET":
                client.get(path, headers={"X-Request-Id": "AL-1", "User-Agent": "secret-browser"}).close()
        client.post("/service-users", data={"q": "AL-1"}, follow_redirects=True)
        client.open("/no/AL-1?secret=AL-1", method="AMINA")
        client.post("/sign-in?next=/AL-1", data={"username": "ola nordmann", "password": "feil passord her"})
    written = capsys.readouterr().err
    known = [json.loads(line) for line in written.splitlines()]
    assert len(known) > 500
    assert {frozenset(line) for line in known} == {frozenset(REQUEST_KEYS)}
    assert {line["role"] for line in known} == {role.value for role, _ in CAST.values()} | {"nobody"}
    assert "/service-users/<int:service_user_id>" in {line["rule"] for line in known}
    text = written.lower()
    people = {"al-1", "bj-1", "r-1", "y-1", "ola nordmann", PASSWORD, "feil passord"}
    for secret in (*people, *CAST, "secret", "search=", "?", "127.0.0.1", "no-such-link"):
        # the role is called administrator
        assert secret not in text.replace("administrator", ""), secret


def test_an_error_is_logged_by_its_type_and_place_alone(lines: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    client = sign_in(lines, "amina")
    db = connect(lines.config["DATABASE"])
    db.execute("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'said of AL-1'); END")
    db.close()
    answer = client.get("/service-users/1")
    written = capsys.readouterr().err
    error, request = (json.loads(line) for line in written.splitlines()[-2:])
    assert (error["level"], error["error"], error["code"]) == ("error", "IntegrityError", "SQLITE_CONSTRAINT_TRIGGER")
    assert re.search(r"fitservice/store/rows\.py:\d+ insert <", error["where"])
    assert "AL-1" not in written
    # support finds it by what stands on the page
    assert answer.status_code == 500 and error["request"] == request["request"]
    assert answer.headers["X-Request-Id"] == error["request"] and error["request"] in answer.text


ID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(("proxies", "given", "taken"), [(1, ID, True), (0, ID, False), (1, "AL-1", False)])
def test_an_id_is_taken_over_from_a_proxy_of_ours_alone(
    tmp_path: Path, cast_database: bytes, proxies: int, given: str, taken: bool
) -> None:
    (tmp_path / "fitservice.db").write_bytes(cast_database)
    client = create_app({"TESTING": True, "PROXIES": proxies}, tmp_path).test_client()
    answers = [client.get("/no-such-page", headers={"X-Request-Id": given}) for _ in range(2)]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert (ids == [given, given]) is taken
    assert taken or (ids[0] != ids[1] and re.fullmatch("[0-9a-f]{16}", ids[0]))
    assert ids[0] in answers[0].text


def test_an_error_page_for_programs_carries_the_id(house: Flask) -> None:
    assert house.test_client().get("/api/v1/no-such").headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Invalid request from ip=1.2.3.4: Invalid HTTP request line: 'GET /AL-1'", "a request that is none"),
        ("Error handling request POST /service-users/1?q=AL-1", "a request was not handled"),
        ("Worker (pid:7)\nexited", "Worker (pid:7) exited"),
    ],
)
def test_lines_of_the_server_hold_nothing_that_was_sent(message: str, expected: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "x.py", 1, message, (), None)
    assert json.loads(Line("json").format(record))["event"] == expected
    line = Line("text").format(record)
    assert line.endswith(f" warning {expected}") and "\n" not in line


def test_a_form_of_the_log_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LOG"):
        create_app({"LOG": "xml"}, tmp_path)


# The doctor

Run = Callable[..., Result]
GOOD = {"TOTP_ROLES": ["administrator"], "BACKUPS": "/srv/backups"}


@pytest.fixture
def well(instance: Path, db: Database) -> Path:
    """An instance with which nothing is wrong."""
    instance.chmod(0o700)
    for path in instance.iterdir():
        path.chmod(0o600)
    return instance


def doctor(folder: Path, *options: str, **settings: object) -> tuple[int, list[str]]:
    """Its exit code, and what it says needs a look."""
    app = application(folder)
    app.config.update({**GOOD, **settings})
    result = app.test_cli_runner().invoke(args=["doctor", *options])
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    lines = result.stdout.splitlines()
    assert all(line.startswith(("ok  ", "look here")) for line in lines), result.output
    return result.exit_code, [line[10:].strip() for line in lines if line.startswith("look here")]


def test_the_doctor_finds_nothing_where_all_is_well(well: Path) -> None:
    assert doctor(well) == (0, [])
    assert doctor(well, "--whole") == (0, [])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("DROP TRIGGER audit_no_update", "trigger audit_no_update"),
        ("DROP INDEX audit_of_actor", "index audit_of_actor"),
        ("CREATE TRIGGER mine AFTER INSERT ON audit BEGIN SELECT 1; END", "trigger mine"),
        ("CREATE TABLE copied (name TEXT)", "table copied"),
        ("DELETE FROM _sqlite_migrations WHERE name = '0016_signing_in'", "not up to date"),
        ("INSERT INTO counters (district_id, period, sessions) VALUES (12, '2022H1', 7)", "counts differ"),
        (
            "INSERT INTO audit_checkpoints VALUES (1, hex(zeroblob(32)), '2022-01-01', 'gone', hex(zeroblob(32)))",
            "gone",
        ),
    ],
)
def test_the_doctor_sees_what_was_done_to_the_database(well: Path, db: Database, wrong: str, words: str) -> None:
    db.execute(wrong)
    code, said = doctor(well)
    assert code == 1 and any(words in line for line in said), said
    db.execute("DELETE FROM counters")


def test_the_doctor_sees_a_changed_row_of_the_log(well: Path, db: Database) -> None:
    doctor(well)
    trigger = _migrated()["trigger audit_no_update"]
    db.execute("DROP TRIGGER audit_no_update")
    db.execute("UPDATE audit SET actor = 'another' WHERE id = (SELECT MAX(id) FROM audit)")
    db.execute(trigger)
    code, said = doctor(well)
    assert code == 1 and any("audit verify" in line for line in said), said


def _migrated() -> dict[str, str]:
    with as_migrated(Path()) as right:
        return health.objects(right)


def test_the_doctor_reads_the_newest_rows_unless_told_otherwise(
    well: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitservice.commands.doctor.NEWEST", 5)
    for _ in range(4):  # each leaves two rows
        doctor(well)
    trigger = _migrated()["trigger audit_no_update"]
    db.execute("DROP TRIGGER audit_no_update")
    db.execute("UPDATE audit SET actor = 'another' WHERE id = 1")
    db.execute(trigger)
    assert doctor(well) == (0, [])
    assert doctor(well, "--whole")[0] == 1


@pytest.mark.parametrize(
    ("name", "mode"), [("fitservice.db", 0o644), ("secret_key", 0o640), ("config.py", 0o604), (".", 0o777)]
)
def test_the_doctor_sees_who_else_could_read(well: Path, name: str, mode: int) -> None:
    (well / "config.py").write_text("")
    (well / "config.py").chmod(0o600)
    doctor(well)
    (well / name).chmod(mode)
    code, said = doctor(well)
    (well / name).chmod(0o700)
    assert code == 1 and len(said) == 1 and name.strip(".") in said[0]


def test_the_doctor_sees_a_missing_key(well: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FITSERVICE_KEYS")
    code, said = doctor(well)
    assert code == 1 and any("keys" in line for line in said)


def test_the_doctor_sees_a_clock_that_went_back(well: Path) -> None:
    doctor(well)
    with set_to(today() - timedelta(days=2)):
        code, said = doctor(well)
    assert code == 1 and len(said) == 1 and str(moment().year) in said[0]


def test_the_doctor_sees_a_full_disk(well: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fitservice.reports.health.LEAST_FREE", 10**18)
    code, said = doctor(well)
    assert code == 1 and "Make room" in said[0]


def test_the_doctor_says_so_where_there_is_no_database(tmp_path: Path) -> None:
    code, said = doctor(tmp_path)
    assert code == 1 and any("fitservice migrate" in line for line in said)
    assert not (tmp_path / "fitservice.db").exists()


ALONE = {
    "TRUSTED_HOSTS": ["127.0.0.1", "localhost"],
    "TOTP_ROLES": [],
    "OIDC_ISSUER": "",
    "BEHIND_TLS": False,
    "PROXIES": 0,
}


@pytest.mark.parametrize(
    ("settings", "is_demo", "bad"),
    [
        ({}, True, set()),
        ({}, False, {"second_step", "backups"}),
        ({"OIDC_ISSUER": "https://login.example.org", "BACKUPS": "/b"}, False, set()),
        ({"TOTP_ROLES": ["administrator"], "BACKUPS": "/b"}, False, set()),
        ({"TRUSTED_HOSTS": ["fit.example.org"]}, True, {"tls"}),
        ({"TRUSTED_HOSTS": ["fit.example.org"], "BEHIND_TLS": True}, True, {"proxies"}),
        ({"TRUSTED_HOSTS": ["fit.example.org"], "BEHIND_TLS": True, "PROXIES": 1}, True, set()),
    ],
)
def test_settings_are_judged_by_what_they_are_for(settings: dict[str, object], is_demo: bool, bad: set[str]) -> None:
    found = check_settings({**ALONE, **settings}, is_demo=is_demo)
    assert {one.about for one in found if not one.well} == bad
