"""Tokens for the API: until when, for what, how often; and what a program is told when it may not."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from asking import program
from click.testing import Result
from factories import OPERATOR
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from serving import served
from sqlite_utils import Database

from fitservice import create_app
from fitservice.actions.tokens import api_token, count_request, issue_token, revoke_token
from fitservice.db import connect, migrations
from fitservice.model import Scope
from fitservice.rules.requests import seconds_to_wait
from fitservice.settings import SettingsError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def row(db: Database, label: str) -> dict[str, str | None]:
    """A token as it is stored."""
    return next(iter(db.query("SELECT * FROM api_tokens WHERE label = :label", {"label": label})))


def age(db: Database, label: str, days: int) -> None:
    """Let so many days pass for one token."""
    for column in ("created_at", "expires_at"):
        db.execute(
            f"UPDATE api_tokens SET {column} = strftime('%Y-%m-%dT%H:%M:%S+00:00', {column}, :by) WHERE label = :label",
            {"by": f"-{days} days", "label": label},
        )


@pytest.mark.parametrize("way", ["expired", "revoked", "unknown"])
def test_a_token_that_is_not_in_force_is_told_so(house: Flask, house_db: Database, way: str) -> None:
    client = program(house, house_db)
    if way == "expired":
        age(house_db, "test", 364)
        assert client.get("/api/v1/districts").status_code == 200
        age(house_db, "test", 1)
    elif way == "revoked":
        revoke_token(house_db, "test", by=OPERATOR)
    else:
        client.environ_base["HTTP_AUTHORIZATION"] = "Bearer of-bad-news"
    answer = client.get("/api/v1/districts?lang=en")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="fitservice", error="invalid_token"'


def test_whoever_sends_no_token_is_told_of_no_error_in_it(house: Flask) -> None:
    assert house.test_client().get("/api/v1/gaps").headers["WWW-Authenticate"] == 'Bearer realm="fitservice"'


@pytest.mark.parametrize(
    ("scopes", "figures", "gaps"),
    [((Scope.FIGURES,), 200, 403), ((Scope.GAPS,), 403, 200), (tuple(Scope), 200, 200)],
)
def test_a_token_is_good_for_its_scopes_and_the_lists(
    published: Flask, published_db: Database, scopes: tuple[Scope, ...], figures: int, gaps: int
) -> None:
    client = program(published, published_db, scopes=scopes)
    for path, expected in (("aggregates?period=2022", figures), ("releases", figures), ("gaps?period=2022", gaps)):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == expected
        if expected == 403:
            assert answer.mimetype == "application/problem+json"
            assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
            assert client.get(f"/api/v1/{path.partition('?')[0]}?period=nonsense").status_code == 403
    for path in ("districts", "periods", "measures"):
        assert client.get(f"/api/v1/{path}").status_code == 200


def test_a_refusal_for_lack_of_scope_is_logged(house: Flask, house_db: Database) -> None:
    program(house, house_db, scopes=(Scope.GAPS,)).get("/api/v1/aggregates?period=2022")
    logged = house_db.execute("SELECT actor, act FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert logged == ("token:test", "refused")


def test_the_last_use_is_kept_to_the_hour(house: Flask, house_db: Database) -> None:
    client = program(house, house_db)
    assert row(house_db, "test")["last_used_at"] is None
    client.get("/api/v1/districts")
    first = row(house_db, "test")["last_used_at"]
    assert first is not None
    for minutes, changed in ((59, False), (61, True)):
        then = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")
        house_db.execute("UPDATE api_tokens SET last_used_at = :then", {"then": then})
        client.get("/api/v1/districts")
        assert (row(house_db, "test")["last_used_at"] != then) is changed


def test_one_request_too_many_waits_for_the_minute_to_end(house: Flask, house_db: Database) -> None:
    first, other = program(house, house_db), program(house, house_db, "other")
    house.config["API_REQUESTS_A_MINUTE"] = 3
    statuses = [first.get("/api/v1/districts").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    answer = first.get("/api/v1/aggregates?period=2022")
    assert answer.mimetype == "application/problem+json" and 1 <= int(answer.headers["Retry-After"]) <= 60
    assert other.get("/api/v1/districts").status_code == 200
    house_db.execute("UPDATE api_requests SET minute_began = minute_began - 60")
    assert first.get("/api/v1/districts").status_code == 200


def test_sixty_a_minute_are_answered_unless_set_otherwise(house: Flask) -> None:
    assert house.config["API_REQUESTS_A_MINUTE"] == 60


@pytest.mark.parametrize("value", [0, -1, "60", True, 1.5])
def test_a_limit_that_cannot_be_used_is_said_so(tmp_path: Path, value: object) -> None:
    with pytest.raises(SettingsError, match="API_REQUESTS_A_MINUTE"):
        create_app({"API_REQUESTS_A_MINUTE": value}, tmp_path)


@pytest.mark.parametrize(
    ("requests_made", "now", "wait"), [(59, 0, 0), (60, 0, 60), (60, 59, 1), (60, 60, 0), (500, 61, 0), (60, -1, 0)]
)
def test_the_minute_begins_with_its_first_request(requests_made: int, now: int, wait: int) -> None:
    assert seconds_to_wait(1000, requests_made, 60, 1000 + now) == wait


def test_what_is_refused_writes_nothing(house: Flask, house_db: Database) -> None:
    token = api_token(house_db, issue_token(house_db, "flood", by=OPERATOR), None)
    assert token is not None
    assert [count_request(house_db, token, 1, NOON) for _ in range(2)] == [0, 60]
    before = house_db.conn.total_changes
    assert count_request(house_db, token, 1, NOON + timedelta(seconds=20)) == 40
    assert house_db.conn.total_changes == before


def test_whoever_waited_for_the_lock_is_counted_again(house: Flask, house_db: Database) -> None:
    token = api_token(house_db, issue_token(house_db, "race", by=OPERATOR), None)
    assert token is not None

    def ask(_: int) -> int:
        db = connect(house.config["DATABASE"])
        try:
            return count_request(db, token, 3, NOON)
        finally:
            db.close()

    with ThreadPoolExecutor(8) as pool:
        house_db.execute("BEGIN IMMEDIATE")
        waiting = [pool.submit(ask, number) for number in range(8)]
        time.sleep(0.3)  # all have seen an empty minute by now
        house_db.execute("COMMIT")
        waits = [future.result() for future in waiting]
    assert sorted(waits) == [0, 0, 0, 60, 60, 60, 60, 60]


def test_two_workers_count_together(tmp_path: Path, cast_database: bytes) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "fitservice.db").write_bytes(cast_database)
    (instance / "config.py").write_text("API_REQUESTS_A_MINUTE = 20\n")
    db = connect(instance / "fitservice.db")
    headers = {"Authorization": f"Bearer {issue_token(db, 'many', by=OPERATOR)}"}
    db.close()
    with served(instance, "--no-demo", "--workers", "2") as service, ThreadPoolExecutor(8) as pool:
        address = f"{service.address}/api/v1/districts"
        answers = list(pool.map(lambda _: requests.get(address, headers=headers, timeout=20), range(50)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(429)) == (20, 30)


def listed(cli: FlaskCliRunner) -> str:
    """What 'fitservice tokens' prints."""
    result = cli.invoke(args=["tokens"])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_tokens_are_listed_with_their_state_and_never_their_secret(cli: FlaskCliRunner, db: Database) -> None:
    secrets = [
        cli.invoke(args=["issue-token", *arguments]).stdout.strip()
        for arguments in (["board"], ["old", "--days", "1", "--scope", "gaps"], ["gone"])
    ]
    age(db, "old", 2)
    cli.invoke(args=["revoke-token", "gone"])
    heading, *lines = listed(cli).splitlines()
    assert heading.split("  ")[0] == "Label" and heading.endswith("Last used")
    assert [line.split()[0] for line in lines] == ["gone", "old", "board"]
    assert "revoked" in lines[0] and "expired" in lines[1] and "in force until" in lines[2]
    assert "figures, gaps" in lines[2] and "figures" not in lines[1] and "never used" in lines[2]
    assert not [secret for secret in secrets if secret in listed(cli)]
    assert db.execute("SELECT act FROM audit ORDER BY id DESC LIMIT 1").fetchone() == ("see_tokens",)


def test_a_token_lasts_a_year_unless_told_otherwise(cli: FlaskCliRunner, db: Database) -> None:
    def days(label: str) -> int:
        made = row(db, label)
        return (datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])).days

    cli.invoke(args=["issue-token", "year"])
    cli.invoke(args=["issue-token", "month", "--days", "30"])
    assert (days("year"), days("month")) == (365, 30)


@pytest.mark.parametrize("option", [["--days", "0"], ["--days", "99999"], ["--scope", "persons"]])
def test_a_token_for_nonsense_is_a_usage_error(cli: FlaskCliRunner, db: Database, option: list[str]) -> None:
    result: Result = cli.invoke(args=["issue-token", "board", *option])
    assert result.exit_code == 2 and db.execute("SELECT COUNT(*) FROM api_tokens").fetchone() == (0,)


def test_a_token_never_opens_a_page(house: Flask, house_db: Database) -> None:
    client: FlaskClient = program(house, house_db)
    assert client.get("/city").status_code == 302


def test_a_token_from_before_tokens_ended_lasts_a_year_from_its_day(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    db = connect(path)
    migrations().apply(db, stop_before="0009_tokens")
    db.execute(
        "INSERT INTO api_tokens (label, token_hash, created_at) VALUES ('old', 'x', '2026-03-01T12:00:00+00:00')"
    )
    migrations().apply(db)
    kept = row(db, "old")
    assert (kept["expires_at"], kept["scopes"], kept["last_used_at"]) == (
        *("2027-03-01T12:00:00+00:00", "figures gaps"),
        None,
    )
    db.close()
