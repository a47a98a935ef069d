"""What the API tells is released: which releases there are, figures by release, and nothing that moves by a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from asking import program, record_six
from factories import AMINA, make_service_user, make_session, outcome_items
from flask import Flask
from flask.testing import FlaskClient
from released import record_year, release
from sqlite_utils import Database
from werkzeug.test import TestResponse

from fitservice import db as storage
from fitservice.clock import today
from fitservice.model import Scope
from fitservice.rules.periods import half_of

YEAR = "aggregates?period=2022H1&period=2022H2&period=2022"


@pytest.fixture
def agency(published: Flask, published_db: Database) -> FlaskClient:
    """A program of the agency's, in a city with two releases of 2022."""
    return program(published, published_db)


def ask(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """The answer to a question that must be answered."""
    answer = client.get(f"/api/v1/{path}", headers={name.replace("_", "-"): text for name, text in headers.items()})
    assert answer.status_code in (200, 304), answer.text
    return answer


def test_the_releases_are_listed_newest_first(agency: FlaskClient) -> None:
    newest, first = ask(agency, "releases").json["releases"]
    assert newest.pop("made_at").endswith("+00:00") and first.pop("made_at")
    known = {"stage": "provisional", "small_count": 5}
    assert first == known | {"name": "2022-1", "periods": ["2022H1"]}
    assert newest == known | {"name": "2022-2", "periods": ["2022H1", "2022H2", "2022"]}


def test_a_city_without_releases_has_an_empty_list(house: Flask, house_db: Database) -> None:
    assert ask(program(house, house_db), "releases").json == {"releases": []}


@pytest.mark.parametrize("query", ["", "?period=2022"])
def test_whoever_may_not_pull_figures_sees_no_release(published: Flask, published_db: Database, query: str) -> None:
    gaps_only = program(published, published_db, scopes=(Scope.GAPS,))
    answer = gaps_only.get(f"/api/v1/releases{query}")
    assert answer.status_code == 403 and 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def persons(client: FlaskClient, query: str) -> dict[str, int]:
    """Alna's active service users by period."""
    data = ask(client, f"aggregates?{query}&district=030112&measure=active_users").json
    return dict(zip(data["dimension"]["period"]["category"]["index"], data["value"], strict=True))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("period=2022H1", {"2022H1": 56}),
        ("period=2022H1&release=2022-2", {"2022H1": 56}),
        ("period=2022H1&release=2022-1", {"2022H1": 26}),
        ("period=2022H1&release=2022-1&release=2022-2", {"2022H1": 56}),
        ("release=2022-1", {"2022H1": 26}),
        ("release=2022-2", {"2022": 56, "2022H1": 56, "2022H2": 56}),
        ("release=2022-1&release=2022-2", {"2022": 56, "2022H1": 56, "2022H2": 56}),
    ],
)
def test_figures_come_from_the_newest_release_or_from_the_one_named(
    agency: FlaskClient, query: str, told: dict[str, int]
) -> None:
    assert persons(agency, query) == told


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=2022&release=2022-1", "2022 is not in the release you asked for."),
        ("period=2022H1&period=2022&release=2022-1", "2022 is not in the release you asked for."),
        ("period=2021", "2021 has not been released yet."),
        ("period=2022H1&period=2023H1", "2023H1 has not been released yet."),
        ("release=2022-2&release=2022-3", "There is no release 2022-3."),
    ],
)
def test_what_is_in_no_release_is_refused_before_a_figure_is_read(
    agency: FlaskClient, published_db: Database, query: str, words: str
) -> None:
    answer = agency.get(f"/api/v1/aggregates?{query}&lang=en")
    assert (answer.status_code, answer.json["detail"]) == (400, words)
    assert published_db.execute("SELECT COUNT(*) FROM audit WHERE act = 'pull_figures'").fetchone() == (0,)


def test_the_dataset_names_its_release_and_when_it_was_made(agency: FlaskClient) -> None:
    newest = ask(agency, "releases").json["releases"][0]
    data = ask(agency, "aggregates?period=2022&lang=en").json
    assert data["updated"] == newest["made_at"].replace("+00:00", "Z")
    assert any(note.startswith("Release 2022-2 (Provisional), made") for note in data["note"])


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every SQL statement that the service sends meanwhile."""
    seen: list[str] = []
    connect = storage.connect

    def watched(*args: object) -> Database:
        db = connect(*args)
        db.conn.set_trace_callback(seen.append)
        return db

    monkeypatch.setattr(storage, "connect", watched)
    yield seen
    monkeypatch.setattr(storage, "connect", connect)


@pytest.mark.parametrize("form", ["json-stat2", "csv", "xlsx"])
def test_whoever_has_the_figures_is_told_so_without_one_being_read(
    agency: FlaskClient, published_db: Database, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    first = ask(agency, f"{YEAR}&format={form}")
    make_session(published_db, make_service_user(published_db, "T-1"), life_satisfaction=1)
    assert ask(agency, f"{YEAR}&format={form}").headers["ETag"] == first.headers["ETag"]
    with statements(monkeypatch) as seen:
        again = ask(agency, f"{YEAR}&format={form}", If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert seen and [text for text in seen if "release_rows" in text or "counters" in text] == []
        assert ask(agency, f"{YEAR}&format={form}").status_code == 200
        assert [text for text in seen if "release_rows" in text]
    assert published_db.execute("SELECT COUNT(*) FROM audit WHERE act = 'pull_figures'").fetchone() == (3,)


def test_each_question_each_language_and_each_release_has_a_tag_of_its_own(agency: FlaskClient) -> None:
    queries = ["period=2022H1", "period=2022H1&lang=en", "period=2022H1&format=csv", "period=2022H1&release=2022-1"]
    tags = [ask(agency, f"aggregates?{query}").headers["ETag"] for query in [*queries, "release=2022-1", "period=2022"]]
    assert len(set(tags)) == 6
    assert ask(agency, "aggregates?period=2022", If_None_Match=tags[0]).status_code == 200


@pytest.mark.parametrize("path", ["aggregates?release=2022-2&format=csv", YEAR, "gaps?period=2022H1&period=2022"])
@pytest.mark.parametrize("is_new", [True, False])
def test_two_pulls_around_one_recorded_session_are_the_same_to_the_byte(
    agency: FlaskClient, published_db: Database, path: str, is_new: bool
) -> None:
    def pull() -> bytes:
        return ask(agency, f"{path}&lang=en").data

    before = pull()
    service_user = make_service_user(published_db, "S-1") if is_new else 1
    make_session(published_db, service_user, date(2022, 5, 20), life_satisfaction=7)
    assert pull() == before


def test_gaps_of_a_released_period_stay_as_they_are_where_a_late_session_would_close_them(
    agency: FlaskClient, published_db: Database
) -> None:
    """The first service user of a district that had none, and the first feedback of one that used none."""

    def pull() -> bytes:
        return ask(agency, "gaps?period=2022H1&period=2022&lang=en").data

    before = pull()
    assert b'"no_active_users"' in before and b'"feedback_not_used"' in before
    frogner = replace(AMINA, district_id=5, staff_id=None)
    make_session(published_db, make_service_user(published_db, "F-1", by=frogner), by=frogner, life_satisfaction=2)
    make_session(published_db, make_service_user(published_db, "F-2"), **outcome_items(20.0))
    assert pull() == before


def alna(client: FlaskClient, code: str) -> dict[str, object]:
    """What the gaps say of Alna in one period."""
    return next(row for row in ask(client, f"gaps?period={code}&lang=en").json["districts"] if row["code"] == "030112")


def test_gaps_tell_counts_of_the_newest_release_and_of_nothing_else(
    agency: FlaskClient, published_db: Database
) -> None:
    record_six(published_db)
    for code in ("2022H1", "2022H2", "2022"):
        assert alna(agency, code)["active_users"] == 56
    half_year = alna(agency, "2022H1")
    assert (half_year["measured_users"], half_year["coverage"]) == (56, 1.0)
    assert half_year["last_recorded"] is None
    later = alna(agency, "2023H1")
    assert [later[name] for name in ("active_users", "measured_users", "coverage")] == [None, None, None]


def test_whether_enough_are_measured_is_told_only_where_the_coverage_is_published(
    house: Flask, house_db: Database
) -> None:
    """Enough of a hidden number of active ones, beside a published number of measured ones, would narrow it down."""
    record_year(house_db)
    for number in range(15):
        make_service_user(house_db, f"U-{number}")
    client = program(house, house_db)
    told = alna(client, "2022H1")
    assert told["content"] == "not_told" and "low_coverage" not in [gap["kind"] for gap in told["gaps"]]
    release(house_db, "2022H1")
    told = alna(client, "2022H1")
    texts = {gap["kind"]: gap["text"] for gap in told["gaps"]}
    assert told["content"] == "partial" and 0.4 < told["coverage"] < 0.8
    assert texts["low_coverage"].startswith("Too few of the service users")
    assert not any(character.isdigit() for character in texts["low_coverage"])


def test_a_silence_is_told_by_its_month_and_never_by_the_day_of_a_session(house: Flask, house_db: Database) -> None:
    running = half_of(today()).code
    client = program(house, house_db)
    silent = alna(client, running)
    (gap,) = [gap for gap in silent["gaps"] if gap["kind"] == "silent"]
    assert gap["since"].endswith("-01") and silent["last_recorded"] is None
    make_session(house_db, 1, today() - timedelta(days=20), life_satisfaction=5)
    assert "silent" not in [gap["kind"] for gap in alna(client, running)["gaps"]]
    assert alna(client, running)["last_recorded"] is None
