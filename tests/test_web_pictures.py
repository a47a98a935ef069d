"""The agency's page of pictures: one released half-year at a time, each picture as a file that its reader may keep."""

import json
import re

import pytest
from factories import AMINA, VELFERD, make_cast, make_service_user, make_session
from flask import Flask
from released import release, released_copy
from sqlite_utils import Database
from web import sign_in

from fitservice.reports.pictures import CITY, NAMES
from fitservice.reports.releases import pull_released
from fitservice.rules.periods import half
from fitservice.store.rows import value

PICTURES = [f"/city/pictures/{name}.{form}?period=2022H1" for name in NAMES for form in ("svg", "png")]


@pytest.fixture(scope="module")
def cast_database(tmp_path_factory: pytest.TempPathFactory, cast_database: bytes) -> bytes:
    """The cast's house with a small city's year, released once for all these tests."""
    return released_copy(cast_database, tmp_path_factory.mktemp("released") / "fitservice.db")


def record_more(db: Database) -> None:
    """Twenty-four more service users in Alna, half of them measured in the first half-year."""
    for number in range(12):
        make_session(db, make_service_user(db, f"P-{number}", by=AMINA), life_satisfaction=7)
        make_service_user(db, f"Q-{number}", by=AMINA)


def test_the_page_shows_three_pictures_with_words_numbers_and_files(house: Flask, house_db: Database) -> None:
    client = sign_in(house, "velferd")
    page = client.get("/city/pictures?period=2022H1&lang=en").text
    for name in NAMES:
        assert f'src="/city/pictures/{name}.svg?period=2022H1"' in page
        assert f'href="/city/pictures/{name}.png?period=2022H1"' in page
    assert all(len(text) > 60 for text in re.findall(r'<img [^>]*alt="([^"]*)"', page))
    assert page.count("<figcaption>") == page.count("<details>") == 3
    assert "<svg" not in page and "style=" not in page
    assert 'href="/city/pictures/report.pdf?period=2022H1"' in page
    assert "a count from 1 to 4, or a figure that would give one away" in page
    figures = pull_released(house_db, [half(2022, 1)], by=VELFERD).figures["030112", "2022H1"]
    measured, mean = figures["measured_users"].value, figures["life_satisfaction_mean"].value
    assert measured and mean
    cells = f'<td class="text-end">{measured:.0f}</td><td class="text-end">{mean:.1f}</td>'
    assert f'<th scope="row">Alna</th>{cells}' in page


def test_the_city_is_the_published_one_beside_fifteen_districts(house: Flask, house_db: Database) -> None:
    """The city is no sixteenth district, and its coverage is not worked out from theirs."""
    page = sign_in(house, "velferd").get("/city/pictures?period=2022H1&lang=en").text
    assert page.count('<th scope="row">Alna</th>') == 3 and page.count('<th scope="row">The city</th>') == 2
    assert '<th scope="row">Oslo</th>' not in page
    mean = pull_released(house_db, [half(2022, 1)], by=VELFERD).figures[CITY, "2022H1"]["life_satisfaction_mean"]
    assert mean.value and f'<th scope="row">The city</th><td class="text-end">{mean.value:.1f}</td>' in page


def test_only_released_half_years_are_offered_the_latest_first(house: Flask) -> None:
    client = sign_in(house, "velferd")
    offered = re.compile(r'<option value="([^"]*)"( selected)?>')
    assert offered.findall(client.get("/city/pictures").text) == [("2022H2", " selected"), ("2022H1", "")]
    assert offered.findall(client.get("/city/pictures?period=2022H1").text) == [("2022H2", ""), ("2022H1", " selected")]
    for unknown in ("1800H1", "x", "2199H2", "2022", "2023H1"):
        page = client.get(f"/city/pictures?period={unknown}").text
        assert offered.findall(page) == [("2022H2", " selected"), ("2022H1", "")]


def test_where_nothing_is_released_the_page_says_so_and_leads_to_the_releases(app: Flask, db: Database) -> None:
    make_cast(db)
    make_session(db, make_service_user(db))
    client = sign_in(app, "velferd")
    page = client.get("/city/pictures?lang=en").text
    assert "nothing has been released yet" in page and 'href="/city/releases"' in page
    assert "<img" not in page and "<select" not in page and "report.pdf" not in page
    for path in (*PICTURES, "/city/pictures/report.pdf?period=2022H1"):
        answer = client.get(f"{path}&lang=en")
        assert answer.status_code == 400 and "2022H1 has not been released yet." in answer.text


def test_the_board_leads_to_the_pictures(house: Flask) -> None:
    assert 'href="/city/pictures"' in sign_in(house, "velferd").get("/city").text


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_is_a_file_that_its_reader_keeps(house: Flask, path: str) -> None:
    client = sign_in(house, "velferd")
    first = client.get(path)
    assert first.mimetype == ("image/png" if ".png" in path else "image/svg+xml")
    assert first.data.startswith(b"\x89PNG" if ".png" in path else b"<?xml")
    assert first.headers["Cache-Control"] == "private, no-cache"
    kept = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert kept.status_code == 304 and kept.data == b""


def test_what_is_recorded_later_changes_no_picture_until_it_is_released(house: Flask, house_db: Database) -> None:
    client = sign_in(house, "velferd")
    tags = {path: {"If-None-Match": client.get(path).headers["ETag"]} for path in PICTURES}
    record_more(house_db)
    assert {client.get(path, headers=etag).status_code for path, etag in tags.items()} == {304}
    release(house_db)
    assert {client.get(path, headers=etag).status_code for path, etag in tags.items()} == {200}


def test_each_form_and_each_language_has_an_etag_of_its_own(house: Flask) -> None:
    client = sign_in(house, "velferd")
    tags = [client.get(path).headers["ETag"] for path in [*PICTURES, f"{PICTURES[0]}&lang=en"]]
    assert len(set(tags)) == len(tags)


def test_the_right_etag_opens_nothing(house: Flask) -> None:
    etag = {"If-None-Match": sign_in(house, "velferd").get(PICTURES[0]).headers["ETag"]}
    assert sign_in(house, "carl").get(PICTURES[0], headers=etag).status_code == 403
    assert sign_in(house, None).get(PICTURES[0], headers=etag).status_code == 302


def test_every_look_is_logged_as_a_pull(house: Flask, house_db: Database) -> None:
    def pulls() -> int:
        return int(value(house_db, "SELECT COUNT(*) FROM audit WHERE act = 'pull_figures' AND actor = 'velferd'"))

    client = sign_in(house, "velferd")
    etag = client.get(PICTURES[0]).headers["ETag"]
    before = pulls()
    client.get(PICTURES[0], headers={"If-None-Match": etag})
    client.get("/city/pictures")
    assert pulls() == before + 2
    detail = json.loads(value(house_db, "SELECT detail FROM audit WHERE act = 'pull_figures' ORDER BY id DESC LIMIT 1"))
    assert detail == {"periods": ["2022H1", "2022H2"], "releases": ["2022-1", "2022-1"]}


@pytest.mark.parametrize("query", ["", "?period=", "?period=2022", "?period=2023H1", "?period=2199H1", "?period=<b>"])
def test_a_picture_of_no_half_year_is_refused_in_words(house: Flask, query: str) -> None:
    for path in ("/city/pictures/funnel.svg", "/city/pictures/report.pdf"):
        answer = sign_in(house, "velferd").get(path + query)
        assert answer.status_code == 400 and "<b>" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
