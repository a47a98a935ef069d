"""The agency's API: tokens, JSON-stat, CSV, gaps; clear refusals as problem+json."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from asking import program
from factories import AMINA, CARL, OPERATOR, VELFERD, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskClient
from released import record_year, release
from sqlite_utils import Database

from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.actions.tokens import revoke_token
from fitservice.clock import set_to, today
from fitservice.model import MEASURES
from fitservice.reporting import Step
from fitservice.rules.periods import half_of, parse_half


@pytest.fixture
def client(house: Flask, house_db: Database) -> FlaskClient:
    """A program of the agency's, with its token in every request."""
    return program(house, house_db)


@pytest.fixture
def agency(published: Flask, published_db: Database) -> FlaskClient:
    """The same in a city that has two releases of 2022."""
    return program(published, published_db)


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


def test_the_periods_go_from_the_first_session_to_now(client: FlaskClient) -> None:
    periods = client.get("/api/v1/periods").json["periods"]
    codes = [period["code"] for period in periods]
    assert codes[:4] == ["2022H1", "2022H2", "2022", "2023H1"]
    assert codes[-1] == str(today().year) and len(codes) == len(set(codes))
    assert periods[0] == {"code": "2022H1", "first_day": "2022-01-01", "last_day": "2022-06-30", "closed": True}
    assert [period["code"] for period in periods if not period["closed"]] == [half_of(today()).code, codes[-1]]
    for code in codes:
        assert client.get(f"/api/v1/gaps?period={code}").status_code == 200


def test_every_measure_says_what_it_is_in_both_languages(client: FlaskClient) -> None:
    measures = client.get("/api/v1/measures").json["measures"]
    assert [measure["code"] for measure in measures] == list(MEASURES)
    known = {measure["code"]: measure for measure in measures}
    assert known["coverage"]["label"] == {"nb": "Dekning", "en": "Coverage"}
    assert known["coverage"]["unit"] == "share" and known["life_satisfaction_mean"]["unit"] == "points_1_7"
    assert known["outcome_change"]["unit"] == "points_0_40" and known["life_satisfaction_7"]["unit"] == "persons"
    for measure in measures:
        for texts in (measure["label"], measure["definition"]):
            assert set(texts) == {"nb", "en"} and all(texts.values())


def test_filters_pick_districts_and_measures_in_the_tables_order(agency: FlaskClient) -> None:
    everything = agency.get("/api/v1/aggregates?period=2022H1&period=2022").json
    data = agency.get(
        "/api/v1/aggregates?period=2022H1&period=2022&measure=sessions&measure=active_users"
        "&district=030112&district=030109&district=030112"
    ).json
    assert data["size"] == [2, 2, 2]
    assert data["dimension"]["district"]["category"]["index"] == ["030109", "030112"]
    assert data["dimension"]["measure"]["category"]["index"] == ["active_users", "sessions"]
    assert data["value"] == [26, 40, 26, 63, 56, 75, 56, 97]
    whole = len(MEASURES)
    assert data["value"][4] == everything["value"][11 * 2 * whole + MEASURES.index("active_users")]
    assert data["status"] == {}
    city = agency.get("/api/v1/aggregates?period=2022&district=city&measure=active_users").json
    assert (city["dimension"]["district"]["category"]["label"], city["value"]) == ({"city": "Oslo"}, [107])


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("aggregates?period=2022&district=030199", ["“030199”", "030101, 030102", ", city"]),
        ("aggregates?period=2022&measure=ranking", ["“ranking”", "active_users, measured_users"]),
        ("aggregates?period=2022H1&period=2022", ["2022H1 has not been released yet."]),
        ("aggregates?period=2199", ["2199 has not been released yet."]),
        ("aggregates?period=2022&release=2022-9", ["There is no release 2022-9."]),
        ("aggregates?release=newest", ["“newest” is not a release", "2022-1"]),
        ("releases?period=2022", ["“period”", "lang"]),
        ("gaps?period=1999", ["“1999”", "2022H1, 2022H2, 2022"]),
        ("aggregates?period=2022Q1", ["“2022Q1”", "2022H1, 2022H2 or 2022"]),
        ("aggregates?period=2022&format=exe", ["csv, json-stat2, xlsx"]),
        ("aggregates?period=2022&distict=030112", ["“distict”", "period, district, measure, release, format, lang"]),
        ("districts?lang=en&lang=klingon", ["“klingon”", "nb, en"]),
    ],
)
def test_a_refusal_names_the_value_and_what_is_allowed(client: FlaskClient, query: str, named: list[str]) -> None:
    answer = client.get(f"/api/v1/{query}{'' if 'lang' in query else '&lang=en'}")
    assert answer.status_code == 400
    for words in named:
        assert words in answer.json["detail"]


def test_problems_speak_the_readers_language(client: FlaskClient) -> None:
    problems = {language: client.get(f"/api/v1/aggregates?period=x&lang={language}").json for language in ("nb", "en")}
    assert problems["nb"]["detail"].startswith("«x» er ikke en periode")
    assert problems["en"]["detail"].startswith("“x” is not a period")
    for problem in problems.values():
        assert set(problem) == {"type", "title", "status", "detail"} and problem["status"] == 400
        assert problem["type"] == "/api/v1/docs#problem-400"


def test_json_stat_has_roles_a_full_array_and_hidden_figures(agency: FlaskClient) -> None:
    data = agency.get("/api/v1/aggregates?period=2022H1&period=2022").json
    assert data["version"] == "2.0" and data["class"] == "dataset"
    assert data["id"] == ["district", "period", "measure"] and data["size"] == [16, 2, len(MEASURES)]
    assert len(data["value"]) == 16 * 2 * len(MEASURES)
    assert data["role"] == {"geo": ["district"], "time": ["period"], "metric": ["measure"]}
    for dimension in data["dimension"].values():
        assert list(dimension["category"]["label"]) == dimension["category"]["index"]
    alna = 11 * 2 * len(MEASURES)
    assert data["value"][alna + MEASURES.index("measured_users")] == 56
    four = alna + MEASURES.index("life_satisfaction_4")
    assert data["value"][four] is None and data["status"][str(four)] == ":"
    assert set(data["status"].values()) == {":"}


def test_csv_marks_hidden_figures(agency: FlaskClient) -> None:
    answer = agency.get("/api/v1/aggregates?period=2022H1&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 16 * len(MEASURES) and answer.mimetype == "text/csv"
    assert {row["status"] for row in rows} == {"", ":"}
    known = {(row["district"], row["measure"]): row["value"] for row in rows}
    assert (known["030112", "active_users"], known["030112", "coverage"]) == ("56", "1.0")
    assert all(row["value"] == "" for row in rows if row["status"])


def test_gaps_are_told_without_what_no_release_says(client: FlaskClient) -> None:
    data = client.get("/api/v1/gaps?period=2022").json
    alna = next(row for row in data["districts"] if row["code"] == "030112")
    assert data["as_of"] == today().isoformat() and data["threshold"] == 0.8
    assert alna["content"] == "not_told" and alna["active_users"] is None and alna["coverage"] is None
    assert alna["gaps"] == []


def test_gaps_come_as_csv_too_a_row_a_gap(client: FlaskClient) -> None:
    answer = client.get("/api/v1/gaps?period=2022H1&period=2022&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.mimetype == "text/csv" and {row["period"] for row in rows} == {"2022H1", "2022"}
    alna = [row for row in rows if row["code"] == "030112"]
    assert [(row["period"], row["timing"], row["kind"], row["since"], row["owner"]) for row in alna] == [
        ("2022H1", "missing", "not_signed_off", "2022-08-01", "team_lead"),
        ("2022", "", "", "", ""),
    ]
    assert {row["active_users"] for row in rows} == {""}


def test_a_returned_half_year_is_told_as_returned_without_words_and_counts(house: Flask, house_db: Database) -> None:
    half = parse_half("2022H1")
    for number in range(7):
        make_session(house_db, make_service_user(house_db, f"S-{number}"))
    with set_to(date(2022, 7, 10)):
        take_step(house_db, half, Step.SIGNED, "As it is.", 0, by=CARL)
        judge_sign_off(house_db, "030112", half, Step.RETURNED, "Why so few?", date(2022, 7, 20), 1, by=VELFERD)
    agency = program(house, house_db)
    with set_to(date(2022, 7, 20)):
        told = agency.get("/api/v1/gaps?period=2022H1").json["districts"]
    alna = next(row for row in told if row["code"] == "030112")
    assert (alna["timing"], alna["submission"], alna["signed_on"]) == ("awaited", "returned", None)
    assert (alna["content"], alna["active_users"], alna["measured_users"]) == ("not_told", None, None)
    assert "few" not in str(alna)
    assert {row["submission"] for row in told if row["code"] != "030112"} == {"not_due"}


def test_a_row_of_empty_half_years_says_what_it_is_part_of(house: Flask, house_db: Database) -> None:
    record_year(house_db)
    frogner = replace(AMINA, district_id=5, staff_id=None)
    for number in range(20):
        make_service_user(house_db, f"F-{number}", by=frogner)
    release(house_db, "2022")
    told = program(house, house_db).get("/api/v1/gaps?period=2022H2").json["districts"]
    gaps = next(row for row in told if row["code"] == "030105")["gaps"]
    assert {gap["kind"]: gap["part_of"] for gap in gaps} == {
        "empty_period": None,
        "consecutive": "empty_period",
        "not_signed_off": None,
    }


@pytest.mark.parametrize(
    "query",
    [
        "aggregates",
        "aggregates?period=",
        "aggregates?release=",
        "aggregates?release=2022-1",
        "aggregates?release=٢٠٢٢-1",
        "aggregates?release=2022-1' OR 1=1",
        "aggregates?period=2022Q1",
        "aggregates?period=2199",
        "aggregates?period=2022&format=exe",
        "aggregates?period=٢٠٢٢",
        "aggregates?" + "&".join(["period=2022"] * 10_000),
        "gaps",
        "gaps?period=0000",
        "gaps?period=2022&format=xlsx",
        "gaps?period=2022&as_of=2022-02-01",
    ],
)
def test_a_nonsense_question_gets_a_clear_answer(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json" and answer.json["detail"]


@pytest.mark.parametrize("path", ["persons", "", "districts/", "docs/../x", "%00"])
def test_an_unknown_path_answers_as_a_problem(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["districts", "gaps?period=2022", "releases", "openapi.json", "docs"])
def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(f"/api/v1/{path}", method=method)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_another_host_is_refused_as_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/districts", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "query",
    ["period=2022&" * 10_000, "period=" + "2" * 100_000, "&" * 100_000, "period=2022Q9", "measure=x&period=2022"],
)
def test_nonsense_is_refused_and_reads_no_figure(client: FlaskClient, house_db: Database, query: str) -> None:
    assert client.get(f"/api/v1/aggregates?{query}").status_code == 400
    assert house_db.execute("SELECT COUNT(*) FROM audit WHERE act = 'pull_figures'").fetchone() == (0,)


def test_too_much_is_refused_before_the_token_is_looked_at(house: Flask) -> None:
    stranger = house.test_client()
    assert stranger.get("/api/v1/aggregates?" + "period=2022&" * 200).status_code == 400
    assert stranger.get("/api/v1/aggregates?period=2022").status_code == 401


def test_pulls_are_logged_with_the_tokens_label(agency: FlaskClient, published_db: Database) -> None:
    agency.get("/api/v1/aggregates?period=2022H1")
    (row,) = published_db.query("SELECT actor, role, detail FROM audit WHERE act = 'pull_figures'")
    assert (row["actor"], row["role"]) == ("token:test", "api_client")
    assert json.loads(row["detail"]) == {"periods": ["2022H1"], "releases": ["2022-2"]}
