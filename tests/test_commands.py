"""The other commands: accounts, tokens, migrating, settings; always a clear word and never a trace."""

import getpass
import socket
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from factories import OPERATOR, PASSWORD, identity_number

from fitservice import create_app
from fitservice.actions.signing_in import sign_in
from fitservice.actions.staffing import use_link
from fitservice.actions.tokens import api_token
from fitservice.clock import set_to
from fitservice.credentials import DEMO_PASSWORD, hash_of
from fitservice.resources import resource_folder
from fitservice.settings import SettingsError
from fitservice.store import staff


@pytest.fixture
def add_staff(cli):
    """fitservice add-staff USERNAME --name … with more arguments."""

    def run(*arguments: str, username: str = "kari", typed: str | None = None):
        return cli.invoke(args=["add-staff", username, "--name", "Kari Nordmann", *arguments], input=typed)

    return run


@pytest.mark.parametrize(
    ("spelling", "role"),
    [
        ("team_lead", "team_lead"),
        ("team-lead", "team_lead"),
        ("Team lead", "team_lead"),
        ("lead", "team_lead"),
        ("caseworker", "caseworker"),
    ],
)
@pytest.mark.parametrize("district", ["Alna", "alna", "030112", "Bydel Alna"])
def test_a_role_and_a_district_as_people_write_them(add_staff, db, spelling, role, district):
    result = add_staff("--role", spelling, "--district", district)
    assert result.exit_code == 0, result.output
    account = staff.by_username(db, "kari")
    assert (account["name"], account["role"], account["district"]) == ("Kari Nordmann", role, "Alna")


@pytest.mark.parametrize(
    ("spelling", "role"),
    [
        ("administrator", "administrator"),
        ("admin", "administrator"),
        ("agency analyst", "agency_analyst"),
        ("analyst", "agency_analyst"),
    ],
)
def test_roles_without_a_district(add_staff, db, spelling, role):
    assert add_staff("--role", spelling).exit_code == 0
    assert staff.by_username(db, "kari")["role"] == role


def test_without_a_password_a_one_time_link_is_printed(add_staff, db):
    result = add_staff("--role", "admin")
    link = result.stdout.split("/welcome/")[1].split()[0]
    assert link not in "\n".join(db.conn.iterdump())
    staff_id = use_link(db, link, PASSWORD)
    assert staff.by_id(db, staff_id)["username"] == "kari"


@pytest.mark.parametrize("typed", [f"{PASSWORD}\n", f"{PASSWORD}\r\nmore\n", PASSWORD])
def test_a_password_is_read_from_the_first_line_of_standard_input(add_staff, db, typed):
    result = add_staff("--role", "admin", "--password-stdin", typed=typed)
    assert result.exit_code == 0, result.output
    assert "/welcome/" not in result.stdout
    assert PASSWORD not in result.stdout
    assert sign_in(db, "kari", PASSWORD, None)


def test_an_address_for_reminders_is_added(add_staff, db):
    assert add_staff("--role", "admin", "--email", "kari@example.org").exit_code == 0
    assert staff.by_username(db, "kari")["email"] == "kari@example.org"


REFUSED = {
    "no e-mail address": (("--role", "admin", "--email", "kari@oslo"), "", 1, "Write an e-mail address"),
    "caseworker without a district": (("--role", "caseworker"), "", 1, "belong to a district"),
    "administrator with a district": (("--role", "admin", "--district", "Alna"), "", 1, "Only caseworkers"),
    "unknown district": (("--role", "caseworker", "--district", "Bærum"), "", 1, "15 districts"),
    "unknown role": (("--role", "boss"), "", 2, "caseworker, team_lead"),
    "operator": (("--role", "operator"), "", 2, "caseworker, team_lead"),
    "weak password": (("--role", "admin", "--password-stdin"), "short\n", 1, "at least 12"),
    "no password": (("--role", "admin", "--password-stdin"), "", 1, "at least 12"),
    "the demo's password": (("--role", "admin", "--password-stdin"), f"{DEMO_PASSWORD}\n", 1, "guessed early"),
}


@pytest.mark.parametrize(("arguments", "typed", "exit_code", "fragment"), REFUSED.values(), ids=REFUSED)
def test_an_account_that_cannot_be_is_refused(add_staff, db, arguments, typed, exit_code, fragment):
    result = add_staff(*arguments, typed=typed)
    assert result.exit_code == exit_code
    assert fragment in result.stderr
    assert not staff.any_staff(db)


def test_a_username_is_taken_once(add_staff):
    add_staff("--role", "admin")
    result = add_staff("--role", "admin", username="KARI")
    assert (result.exit_code, "already in use" in result.stderr) == (1, True)


def test_an_identity_number_as_username_is_not_echoed(add_staff):
    result = add_staff("--role", "admin", username=identity_number())
    assert result.exit_code == 1
    assert identity_number() not in result.output + result.stderr


def test_a_token_is_printed_once_and_stored_hashed(cli, db):
    result = cli.invoke(args=["issue-token", "board"])
    token = result.stdout.strip()
    assert (result.exit_code, len(result.stdout.splitlines()), len(token) >= 40) == (0, 1, True)
    assert db.execute("SELECT label, token_hash FROM api_tokens").fetchall() == [("board", hash_of(token))]
    assert token not in "\n".join(db.conn.iterdump())
    assert api_token(db, token, None)["actor"].name == "token:board"


def test_a_token_is_revoked_by_its_label(cli, db):
    token = cli.invoke(args=["issue-token", "board"]).stdout.strip()
    again = cli.invoke(args=["issue-token", "board"])
    assert (again.exit_code, again.stdout) == (1, "")
    assert cli.invoke(args=["revoke-token", "board"]).exit_code == 0
    assert api_token(db, token, None) is None
    result = cli.invoke(args=["revoke-token", "board"])
    assert (result.exit_code, "nothing by that name" in result.stderr) == (1, True)


def test_the_operator_is_logged_by_the_operating_systems_name(cli, db, monkeypatch):
    monkeypatch.setenv("LOGNAME", "driftsvakt")
    cli.invoke(args=["issue-token", "board"])
    assert getpass.getuser() == "driftsvakt"
    rows = db.execute("SELECT actor, role, act, address FROM audit").fetchall()
    assert rows == [("driftsvakt", OPERATOR.role, "make_token", "console")]


def test_migrating_says_what_it_did_and_then_that_there_is_nothing_to_do(tmp_path):
    cli = create_app({"TESTING": True}, tmp_path / "new").test_cli_runner()
    first, second = cli.invoke(args=["migrate"]), cli.invoke(args=["migrate"])
    names = sorted(path.stem for path in resource_folder("migrations").glob("*.sql"))
    assert (first.exit_code, first.stdout.split()) == (0, names)
    assert (second.exit_code, "Nothing to do" in second.stdout) == (0, True)


COMMANDS = [
    "gaps --period 2022",
    "aggregates --period 2022 --format csv",
    "add-staff kari --name Kari --role admin",
    "issue-token board",
    "fit-expected-course",
    "demo",
]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_database_that_needs_migrating_gives_a_clear_word(tmp_path, arguments):
    app = create_app({"TESTING": True}, tmp_path)
    sqlite3.connect(tmp_path / "fitservice.db").close()
    result = app.test_cli_runner().invoke(args=arguments.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert "fitservice migrate" in result.stderr


@pytest.mark.parametrize("forked", [False, True], ids=["later", "forked"])
@pytest.mark.parametrize("arguments", [*COMMANDS, "migrate", "serve --no-demo --port PORT", "doctor"])
def test_a_database_of_a_later_version_is_refused_and_left_alone(house, house_db, arguments, forked):
    house_db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'fitservice', '9999_later', 'then')")
    if forked:  # something of ours is pending too
        house_db.execute("DELETE FROM _sqlite_migrations WHERE name = '0016_signing_in'")
    before = list(house_db.iterdump())
    with socket.create_server(("127.0.0.1", 0)) as taken:  # should it come so far, "serve" does not go on for ever
        port = str(taken.getsockname()[1])
        result = house.test_cli_runner().invoke(args=arguments.replace("PORT", port).split())
    assert result.exit_code == 1 and "9999_later" in result.output and "Traceback" not in result.output
    assert list(house_db.iterdump()) == before
    assert not (Path(house.instance_path) / "backups").exists()


@pytest.mark.parametrize("arguments", [*COMMANDS, "migrate"])
def test_a_file_that_is_no_database_gives_a_clear_word(tmp_path, arguments):
    app = create_app({"TESTING": True}, tmp_path)
    (tmp_path / "fitservice.db").write_text("not a database at all, and long enough to be read as one" * 20)
    result = app.test_cli_runner().invoke(args=arguments.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert "fitservice.db cannot be used" in result.stderr


def test_settings_come_from_the_instance_and_then_from_the_environment(instance, monkeypatch):
    (instance / "config.py").write_text("IDLE_MINUTES = 5\nSMALL_COUNT = 7\n")
    monkeypatch.setenv("FITSERVICE_SMALL_COUNT", "9")
    config = create_app(instance_path=instance).config
    assert (config["IDLE_MINUTES"], config["SMALL_COUNT"], config["LINK_HOURS"]) == (5, 9, 72)


def test_the_threshold_reaches_the_gaps(instance):
    runner = create_app(instance_path=instance).test_cli_runner()
    decided = ["set-threshold", "coverage", "65", "--from", "2022H2", "--reason", "agreed with the districts"]
    refused = runner.invoke(args=decided)
    assert refused.exit_code == 1 and "is locked" in refused.stderr
    with set_to(date(2022, 7, 10)):
        assert runner.invoke(args=decided).exit_code == 0
    for period, threshold in (("2022H1", 0.8), ("2022H2", 0.65), ("2022", 0.65)):
        result = runner.invoke(args=["gaps", "--period", period, "--format", "json"])
        assert f'"threshold": {threshold}' in result.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # decided in the register since, where its history is kept
        ("COVERAGE_THRESHOLD", "0.8"),
        ("SMALL_COUNT", "true"),
        ("SESSION_COOKIE_SECURE", "False"),
        ("SMALL_COUNT", "0"),
        ("SMALL_COUNT", "2.5"),
        ("IDLE_MINUTES", "-1"),
        ("LINK_HOURS", '"72h"'),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(instance, monkeypatch, name, text):
    monkeypatch.setenv(f"FITSERVICE_{name}", text)
    with pytest.raises(SettingsError, match=name):
        create_app(instance_path=instance)


@pytest.mark.parametrize("text", ["SMALL_COUNT = ", "SMALL_COUNT = unknown", "1 / 0"])
def test_a_configuration_that_cannot_be_read_is_named(instance, text):
    (instance / "config.py").write_text(text)
    with pytest.raises(SettingsError, match=r"config\.py"):
        create_app(instance_path=instance)


def fitservice(folder, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """The console script as a process of its own, with one instance folder."""
    return subprocess.run(
        [sys.executable, "-c", "from fitservice.commands import main; main()", *arguments],
        env={"PATH": "/usr/bin:/bin", "LANG": "en_GB.UTF-8", "FITSERVICE_INSTANCE_PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_instance_folder_can_be_moved_and_its_key_is_the_owners_alone(tmp_path):
    result = fitservice(tmp_path / "elsewhere", "migrate")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "elsewhere" / "fitservice.db").exists()
    assert (tmp_path / "elsewhere" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_bad_setting_is_a_clear_word_at_the_console_too(tmp_path):
    result = fitservice(tmp_path, "gaps", "--period", "2022", FITSERVICE_SMALL_COUNT="none")
    assert (result.returncode, result.stdout) == (1, "")
    assert "SMALL_COUNT must be" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("language", "fragment"),
    [
        ("C.UTF-8", "er ikke en periode"),
        ("nb_NO.UTF-8", "er ikke en periode"),
        ("en_GB.UTF-8", "is not a period"),
    ],
)
def test_a_complaint_is_one_line_in_norwegian_unless_english_was_asked_for(tmp_path, language, fragment):
    result = fitservice(tmp_path, "gaps", "--period", "nonsense", LANG=language)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert f"nonsense» {fragment}" in result.stderr or f"nonsense” {fragment}" in result.stderr
