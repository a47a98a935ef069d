"""What was tried against the service and must go on to fail: one test an attack."""

import socket
import sqlite3
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from factories import ADMIN, ALNA, AMINA, OPERATOR, PASSWORD, make_service_user, make_session
from flask import Flask
from serving import served
from sqlite_utils import Database
from web import sign_in

from fitservice.actions import signing_in, staffing
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.clock import moment, today
from fitservice.db import connect
from fitservice.model import Invalid, NotAllowed
from fitservice.reports.figures import pull_figures
from fitservice.reports.gaps import see_gaps
from fitservice.rules.periods import parse_period
from fitservice.store.rows import value, written
from fitservice.turns import turn

HUGE = "99999999999999999999"


HEAD = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = HEAD.replace(b"GET", b"POST") + b"Content-Type: application/x-www-form-urlencoded\r\n"
SLOW = {
    "say nothing": b"",
    "begin a line": b"GE",
    "begin a head": HEAD,
    "begin a body": POST + b"Content-Length: 20000\r\n\r\nusername=",
    "begin chunks": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nuse",
    "promise too much": POST + b"Content-Length: 99999999\r\n\r\nusername=",
    "begin a long head": HEAD + b"X-A: " + b"a" * 60_000,
    "take nothing": b"".join(HEAD + b"\r\n" for _ in range(40)),
}


def ask(address: str, headers: dict[str, str] | None = None) -> str:
    """The page, which must come within 4 seconds."""
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {}), timeout=4) as answer:
        return str(answer.read().decode())


def test_slow_clients_keep_nobody_out(tmp_path: Path) -> None:
    with served(tmp_path / "slow", "--no-demo") as service:
        port = int(service.address.rpartition(":")[2])
        for manner, sent in SLOW.items():
            slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
            for connection in slow:
                connection.sendall(sent)
            begun = time.monotonic()
            for _ in range(4):
                ask(f"{service.address}/sign-in")
            assert time.monotonic() - begun < 4, manner
            for connection in slow:
                connection.close()
        # what a proxy sends moves neither the path nor the scheme
        moved = {"SCRIPT_NAME": "/moved", "PATH_INFO": "/healthz", "X-Forwarded-Proto": "https"}
        assert "/moved" not in ask(f"{service.address}/sign-in", moved)
        ask_in_pieces(port)
        assert "Traceback" not in service.greeting and "AL-1" not in service.greeting


def ask_in_pieces(port: int) -> None:
    """A request that comes byte by byte is answered, and so are two at once on one connection."""
    for sent, answers in (([bytes([one]) for one in HEAD + b"\r\n"], 1), ([HEAD + b"\r\n" + HEAD + b"\r\n"], 2)):
        with socket.create_connection(("127.0.0.1", port), timeout=4) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in sent:
                connection.sendall(piece)
            received = b""
            while received.count(b"HTTP/1.1 200") < answers or not received.rstrip().endswith(b"</html>"):
                more = connection.recv(65536)
                assert more
                received += more


def test_nothing_in_the_folder_of_the_start_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = tmp_path / "trap"
    (trap / "fitservice").mkdir(parents=True)
    for name in ("fitservice/__init__.py", "gunicorn.conf.py"):
        (trap / name).write_text("print('TRAPPED', flush=True)")
    monkeypatch.chdir(trap)
    with served(tmp_path / "real", "--no-demo") as service:
        assert "TRAPPED" not in service.greeting


@pytest.mark.parametrize(
    "content",
    [
        'district,reference,enrolled_from\nAlna,"R1,2021-01-01\nAlna,R2",2021-01-01\n',
        'district,reference,enrolled_from\nAlna,"R1,2021-01-01\nAlna,R2,2021-01-01\n',
        'district,reference,enrolled_from\nAlna,"R\r1",2021-01-01\n',
    ],
)
def test_an_open_quotation_mark_swallows_no_row_in_silence(db: Database, content: str) -> None:
    try:
        outcome = import_file(db, SERVICE_USERS, content.encode(), today(), by=OPERATOR)
        assert outcome.problems and not outcome.stored
    except Invalid as invalid:
        assert invalid.problems[0].code == "broken_row"
    assert value(db, "SELECT COUNT(*) FROM service_users") == 0


REPLACEMENTS = [
    "INSERT OR REPLACE INTO audit (id, at, actor, role, act) VALUES (1, 'x', 'forged', 'x', 'x')",
    "REPLACE INTO sessions (id, enrolment_id, held_on, recorded_by, recorded_at)"
    " SELECT id, enrolment_id, held_on, 'forged', 'x' FROM sessions",
    "REPLACE INTO sessions (enrolment_id, held_on, recorded_by, recorded_at)"
    " SELECT enrolment_id, held_on, 'forged', 'x' FROM sessions",
    "REPLACE INTO enrolments (service_user_id, enrolled_from, recorded_by, recorded_at)"
    " SELECT service_user_id, enrolled_from, 'forged', 'x' FROM enrolments",
    "UPDATE OR REPLACE sessions SET id = 2, revision = 2, reason = 'x'",
    "INSERT INTO session_revisions (session_id, revision, enrolment_id, held_on, life_satisfaction, withdrawn,"
    " recorded_by, recorded_at) SELECT id, 1, enrolment_id, held_on, 7, 0, recorded_by, recorded_at FROM sessions;"
    "UPDATE sessions SET revision = 2, reason = 'x', life_satisfaction = 7",
]


@pytest.mark.parametrize("recursive", [0, 1])
@pytest.mark.parametrize("statement", REPLACEMENTS)
def test_no_statement_replaces_what_was_recorded(instance: Path, db: Database, statement: str, recursive: int) -> None:
    make_session(db, make_service_user(db), life_satisfaction=4)
    raw = sqlite3.connect(instance / "fitservice.db")
    raw.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.IntegrityError):
        raw.executescript(statement)
    raw.close()
    assert value(db, "SELECT life_satisfaction || recorded_by FROM sessions") == "4amina"
    assert value(db, "SELECT COUNT(*) FROM audit WHERE actor = 'forged'") == 0


def test_the_status_of_a_period_gives_no_hidden_count_away(db: Database) -> None:
    for number in range(5):
        person = make_service_user(db, f"A-{number}")
        if number:
            make_session(db, person)
    period = [parse_period("2022H1")]
    alna = next(status for status in see_gaps(db, period, today(), 5, by=OPERATOR) if status.district["id"] == ALNA)
    assert alna.measured_users.hidden and alna.active_users.hidden and alna.coverage.hidden
    figures = pull_figures(db, period, 5, by=OPERATOR).figures["030112", "2022H1"]
    assert figures["active_users"].hidden and figures["measured_users"].hidden


def test_an_old_password_signs_nobody_in_once_it_was_changed(house: Flask, house_db: Database) -> None:
    old = value(house_db, "SELECT password_hash FROM staff WHERE id = 1")
    link = staffing.invite_staff(house_db, 1, 1, by=ADMIN)
    staffing.use_link(house_db, link, "et helt nytt passord")
    assert signing_in.start_sign_in(house_db, 1, None, checked=signing_in.Checked(old)) is None


def test_whoever_was_closed_in_the_meantime_changes_nothing(house: Flask, house_db: Database) -> None:
    staffing.close_staff(house_db, AMINA.staff_id, by=ADMIN)
    with pytest.raises(NotAllowed):
        make_session(house_db, 1, today() - timedelta(days=1), life_satisfaction=5)


@pytest.mark.parametrize(
    "path",
    ["/service-users/{}", "/sessions/{}", "/sessions/{}/correct", "/enrolments/{}/end", "/enrolments/{}/correct"],
)
@pytest.mark.parametrize("number", [HUGE, str(2**63)])
def test_an_id_larger_than_any_row_is_not_found(house: Flask, path: str, number: str) -> None:
    assert sign_in(house, "amina").get(path.format(number)).status_code == 404


def test_an_account_id_larger_than_any_row_is_not_found(house: Flask) -> None:
    assert sign_in(house, "admin").post(f"/accounts/{HUGE}/close").status_code == 404


@pytest.mark.parametrize("reason", ["om 410190  12393", "om 410190\t12393", "om 410190_12393", "feil\u202e"])
def test_no_way_of_writing_an_identity_number_gets_into_a_reason(house: Flask, house_db: Database, reason: str) -> None:
    form = {"held_on": "2022-03-01", "life_satisfaction": "6", "revision": "1", "reason": reason}
    assert sign_in(house, "amina").post("/sessions/1/correct", data=form).status_code == 400
    assert value(house_db, "SELECT revision FROM sessions WHERE id = 1") == 1


def test_walking_through_ids_is_seen(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    for number in (2, 3, 4):
        amina.get(f"/service-users/{number}")
    amina.get("/city")
    rows = list(house_db.query("SELECT actor, subject_id FROM audit WHERE act = 'refused' ORDER BY id"))
    assert rows == [{"actor": "amina", "subject_id": number} for number in (2, 3, 4, None)]


def test_a_link_is_never_made_for_another_host(house: Flask) -> None:
    admin = sign_in(house, "admin")
    assert admin.post("/accounts/1/link", headers={"Host": "evil.example"}).status_code == 400
    answer = admin.post("/accounts/1/link")
    assert "/welcome/" in answer.text and "/welcome/" not in admin.get("/accounts").text


def test_a_lost_database_is_not_replaced_by_an_empty_one(house: Flask) -> None:
    Path(house.config["DATABASE"]).unlink()
    form = {"username": "amina", "password": PASSWORD}
    assert house.test_client().post("/sign-in", data=form).status_code == 503
    assert not Path(house.config["DATABASE"]).exists()


def test_a_busy_database_says_so_and_loses_nothing(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    house_db.execute("BEGIN IMMEDIATE")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitservice.db.PRAGMAS", ("PRAGMA foreign_keys = ON",))
        answer = amina.get("/service-users/1")
    house_db.rollback()
    assert answer.status_code == 503 and answer.headers["Retry-After"]


def test_whoever_gets_no_turn_to_write_is_told_so_and_waits_once(
    house: Flask, house_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = sign_in(house, "amina")
    house_db.execute("UPDATE sign_ins SET last_seen_at = ?", [written(moment() - timedelta(minutes=2))])
    monkeypatch.setattr("fitservice.db.PATIENCE", 0.4)
    with turn(Path(house.config["DATABASE"]), 1):
        begun = time.monotonic()
        answer = amina.get("/service-users/1")
        waited = time.monotonic() - begun
    # not by 500, as a fault of ours; and not once more to see whose browser it is
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
    assert waited < 0.8
    assert amina.get("/service-users/1").status_code == 200


def test_ids_tell_nothing_of_how_much_others_record(db: Database) -> None:
    ids = [make_service_user(db, f"A-{number}") for number in range(8)]
    assert len(set(ids)) == 8 and ids != sorted(ids) and min(ids) > 2**40


def test_eight_identical_recordings_at_once_are_one(house: Flask, house_db: Database) -> None:
    clients = [sign_in(house, "amina") for _ in range(8)]
    form = {"held_on": "2022-05-02", "life_satisfaction": "5"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: client.post("/service-users/1/sessions/new", data=form), clients))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert value(house_db, "SELECT COUNT(*) FROM sessions WHERE held_on = '2022-05-02'") == 1


def test_a_dry_run_is_a_look_and_is_logged(db: Database) -> None:
    make_service_user(db)
    content = b"district,reference,held_on,life_satisfaction\nAlna,A-1,2022-03-01,4\n"
    outcome = import_file(db, SESSIONS, content, today(), by=OPERATOR, dry_run=True)
    assert (outcome.added, outcome.stored) == (1, False)
    assert value(db, "SELECT detail FROM audit ORDER BY id DESC") == '{"file": "sessions", "dry_run": true}'


def test_files_with_persons_are_for_their_owner_alone(db: Database, cli: object, tmp_path: Path) -> None:
    make_service_user(db)
    file = tmp_path / "march.csv"
    file.write_text("district,reference,held_on,life_satisfaction\nAlna,A-1,2022-03-01,9\n")
    cli.invoke(args=["import", "sessions", str(file), "--skip-bad"])  # type: ignore[attr-defined]
    assert (tmp_path / "march.rejected.csv").stat().st_mode & 0o777 == 0o600


def test_a_connection_opens_no_new_file(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
