"""The agency's API: tokens, JSON-stat, CSV, gaps; clear refusals as problem+json."""

import csv
import io

import pytest
from factories import OPERATOR, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from fitservice.actions.tokens import issue_token, revoke_token
from fitservice.clock import today
from fitservice.model import MEASURES


@pytest.fixture
def client(house: Flask, house_db: Database) -> FlaskClient:
    """A program of the agency's, with its token in every request."""
    client = house.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {issue_token(house_db, 'test', by=OPERATOR)}"
    return client


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "bearer x y"])
def test_without_a_valid_token_nothing_is_told(house: Flask, header: str) -> None:
    answer = house.test_client().get("/api/v1/districts", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


def test_a_revoked_token_opens_nothing(client: FlaskClient, house_db: Database) -> None:
    assert client.get("/api/v1/districts").status_code == 200
    revoke_token(house_db, "test", by=OPERATOR)
    assert client.get("/api/v1/districts").status_code == 401


def test_the_districts_are_the_fifteen_of_klass(client: FlaskClient) -> None:
    districts = client.get("/api/v1/districts").json["districts"]
    assert len(districts) == 15 and districts[11] == {"code": "030112", "name": "Alna"}


def test_json_stat_has_roles_a_full_array_and_hidden_figures(client: FlaskClient, house_db: Database) -> None:
    for number in range(6):
        make_session(house_db, make_service_user(house_db, f"J-{number}"), life_satisfaction=5)
    data = client.get("/api/v1/aggregates?period=2022H1&period=2022").json
    assert data["version"] == "2.0" and data["class"] == "dataset"
    assert data["id"] == ["district", "period", "measure"] and data["size"] == [15, 2, len(MEASURES)]
    assert len(data["value"]) == 15 * 2 * len(MEASURES)
    assert data["role"] == {"geo": ["district"], "time": ["period"], "metric": ["measure"]}
    for dimension in data["dimension"].values():
        assert list(dimension["category"]["label"]) == dimension["category"]["index"]
    alna = 11 * 2 * len(MEASURES)
    assert data["value"][alna + MEASURES.index("measured_users")] == 7
    four = alna + MEASURES.index("life_satisfaction_4")
    assert data["value"][four] is None and data["status"][str(four)] == ":"
    assert set(data["status"].values()) == {":"}


def test_csv_marks_hidden_figures(client: FlaskClient) -> None:
    answer = client.get("/api/v1/aggregates?period=2022H1&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 15 * len(MEASURES) and answer.mimetype == "text/csv"
    assert {row["status"] for row in rows} == {"", ":"}


def test_gaps_are_told_without_small_counts(client: FlaskClient) -> None:
    data = client.get("/api/v1/gaps?period=2022").json
    alna = next(row for row in data["districts"] if row["code"] == "030112")
    assert data["as_of"] == today().isoformat() and data["threshold"] == 0.8
    assert alna["content"] == "with_data" and alna["active_users"] is None and alna["coverage"] is None
    assert [gap["kind"] for gap in alna["gaps"]] == ["feedback_not_used"]


@pytest.mark.parametrize(
    "query",
    [
        "aggregates",
        "aggregates?period=",
        "aggregates?period=2022Q1",
        "aggregates?period=2199",
        "aggregates?period=2022&format=exe",
        "aggregates?period=٢٠٢٢",
        "aggregates?" + "&".join(["period=2022"] * 10_000),
        "gaps",
        "gaps?period=0000",
        "gaps?period=2022&as_of=2022-02-01",
    ],
)
def test_a_nonsense_question_gets_a_clear_answer(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json" and answer.json["detail"]


def test_an_unknown_path_and_a_wrong_method_answer_as_problems(client: FlaskClient) -> None:
    assert client.get("/api/v1/persons").mimetype == "application/problem+json"
    assert client.post("/api/v1/gaps?period=2022").status_code == 405


def test_pulls_are_logged_with_the_tokens_label(client: FlaskClient, house_db: Database) -> None:
    client.get("/api/v1/aggregates?period=2022H1")
    assert list(house_db.query("SELECT actor, role FROM audit WHERE act = 'pull_figures'")) == [
        {"actor": "token:test", "role": "api_client"}
    ]
