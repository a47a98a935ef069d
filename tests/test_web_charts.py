"""Charts are kept by the browser and asked for each time: never drawn twice, never shown to whoever may not see."""

import re
from datetime import date

import pytest
from factories import make_service_user, make_session
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from web import sign_in
from werkzeug.test import TestResponse

from fitservice import charts
from fitservice.clock import today
from fitservice.rules.periods import half_of
from fitservice.store.rows import value

COURSE = "/service-users/1/enrolments/1/life_satisfaction.svg"
DISTRICT = [f"/district/{name}-{half_of(today()).code}.svg" for name in ("coverage", "mean", "distribution")]
CHARTS = [("amina", COURSE), *(("carl", path) for path in DISTRICT)]


@pytest.fixture(autouse=True)
def _score_of_today(house_db: Database) -> None:
    make_session(house_db, 1, today(), life_satisfaction=6)


def again(client: FlaskClient, path: str, etag: str) -> TestResponse:
    """What a browser that keeps the chart of this ETag is answered."""
    return client.get(path, headers={"If-None-Match": etag})


def drawn() -> int:
    """How many charts this process drew."""
    return sum(chart.cache_info().misses for chart in (charts.course_chart, charts.bars_chart, charts.means_chart))


@pytest.mark.parametrize(("name", "path"), CHARTS)
def test_whoever_has_a_chart_is_told_so_without_drawing(house: Flask, name: str, path: str) -> None:
    client = sign_in(house, name)
    first = client.get(path)
    assert first.status_code == 200 and first.mimetype == "image/svg+xml" and "<svg" in first.text
    for draw in (charts.course_chart, charts.bars_chart, charts.means_chart):
        draw.cache_clear()
    answer = again(client, path, first.headers["ETag"])
    assert answer.status_code == 304 and answer.data == b""
    assert answer.headers["ETag"] == first.headers["ETag"]
    assert drawn() == 0


@pytest.mark.parametrize(("name", "path"), CHARTS)
def test_the_same_chart_is_drawn_once(house: Flask, name: str, path: str) -> None:
    first = sign_in(house, name).get(path)
    before = drawn()
    second = sign_in(house, name).get(path)
    assert second.status_code == 200 and second.data == first.data
    assert drawn() == before


@pytest.mark.parametrize(("name", "path"), CHARTS)
def test_a_chart_is_kept_by_its_reader_alone_and_always_asked_for(house: Flask, name: str, path: str) -> None:
    client = sign_in(house, name)
    first = client.get(path)
    for answer in (first, again(client, path, first.headers["ETag"])):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Cookie" in answer.headers["Vary"]


def test_the_right_etag_opens_nothing(house: Flask) -> None:
    etag = sign_in(house, "amina").get(COURSE).headers["ETag"]
    for known in (etag, "*"):
        answer = again(sign_in(house, "berit"), COURSE, known)
        assert answer.status_code == 404 and answer.headers["Cache-Control"] == "no-store"
        assert again(sign_in(house, None), COURSE, known).status_code == 302
        assert again(sign_in(house, "velferd"), COURSE, known).status_code == 403


def test_a_look_that_draws_nothing_is_logged_too(house: Flask, house_db: Database) -> None:
    def looks() -> int:
        return int(value(house_db, "SELECT COUNT(*) FROM audit WHERE act = 'see_service_user' AND subject_id = 1"))

    amina = sign_in(house, "amina")
    etag = amina.get(COURSE).headers["ETag"]
    before = looks()
    assert again(amina, COURSE, etag).status_code == 304
    assert looks() == before + 1


def test_a_corrected_score_is_drawn_anew(house: Flask) -> None:
    amina = sign_in(house, "amina")
    before = amina.get(COURSE)
    form = {"held_on": "2022-03-01", "life_satisfaction": "2", "reason": "Trykket feil", "revision": "1"}
    assert amina.post("/sessions/1/correct", data=form).status_code == 302
    after = again(amina, COURSE, before.headers["ETag"])
    assert after.status_code == 200 and after.headers["ETag"] != before.headers["ETag"]
    assert after.data != before.data


def test_another_score_changes_the_districts_charts(house: Flask, house_db: Database) -> None:
    carl = sign_in(house, "carl")
    before = [carl.get(path) for path in DISTRICT]
    make_session(house_db, make_service_user(house_db, "AL-2"), today(), life_satisfaction=3)
    make_service_user(house_db, "AL-3")
    for path, kept in zip(DISTRICT, before, strict=True):
        assert again(carl, path, kept.headers["ETag"]).status_code == 200, path


@pytest.mark.parametrize(("name", "path"), CHARTS[:3])
def test_another_language_is_another_chart(house: Flask, name: str, path: str) -> None:
    client = sign_in(house, name)
    norwegian = client.get(path)
    client.post("/language/en")
    english = again(client, path, norwegian.headers["ETag"])
    assert english.status_code == 200 and english.headers["ETag"] != norwegian.headers["ETag"]
    client.post("/language/nb")
    assert again(client, path, norwegian.headers["ETag"]).status_code == 304


def test_a_change_of_the_drawing_reaches_those_who_keep_the_old_one(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = sign_in(house, "amina")
    etag = amina.get(COURSE).headers["ETag"]
    monkeypatch.setattr(charts, "VERSION", charts.VERSION + 1)
    assert again(amina, COURSE, etag).status_code == 200


def test_everything_else_is_not_kept(house: Flask) -> None:
    for path in ("/service-users/1", "/service-users", "/service-users/1/enrolments/1/outcome.svg"):
        assert sign_in(house, "amina").get(path).headers["Cache-Control"] == "no-store"


def test_the_first_day_begins_inside_the_picture() -> None:
    points = ((date(2025, 3, 27), 3.0), (date(2025, 9, 21), 2.0))
    drawing = charts.course_chart(points, 1, 7, ("27 September 2025", "21 September 2026", "2"))
    start = re.search(r'text-anchor: start;[^>]* x="([0-9.]+)"[^>]*>27 September', drawing)
    assert start and float(start[1]) > 0
