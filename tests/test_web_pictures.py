"""The agency's page of pictures: one half-year at a time, each picture as a file that its reader may keep."""

import re

import pytest
from factories import AMINA, make_service_user, make_session
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.clock import today
from fitservice.reports.pictures import NAMES
from fitservice.rules.periods import half_of, previous
from fitservice.store.rows import value

PICTURES = [f"/city/pictures/{name}.{form}?period=2022H1" for name in NAMES for form in ("svg", "png")]


@pytest.fixture(autouse=True)
def _six_measured(house_db: Database) -> None:
    for number in range(6):
        make_session(house_db, make_service_user(house_db, f"P-{number}", by=AMINA), life_satisfaction=5)


def test_the_page_shows_three_pictures_with_words_numbers_and_files(house: Flask) -> None:
    client = sign_in(house, "velferd")
    page = client.get("/city/pictures?period=2022H1&lang=en").text
    for name in NAMES:
        assert f'src="/city/pictures/{name}.svg?period=2022H1"' in page
        assert f'href="/city/pictures/{name}.png?period=2022H1"' in page
    assert all(len(text) > 60 for text in re.findall(r'<img [^>]*alt="([^"]*)"', page))
    assert page.count("<figcaption>") == page.count("<details>") == 3
    assert "<svg" not in page and "style=" not in page
    assert 'href="/city/pictures/report.pdf?period=2022H1"' in page
    assert re.search(r'<th scope="row">Alna</th><td class="text-end">7</td><td class="text-end">4.9</td>', page)


def test_the_latest_half_year_that_is_over_comes_first(house: Flask) -> None:
    page = sign_in(house, "velferd").get("/city/pictures").text
    latest = half_of(today())
    assert f'value="{previous(latest).code}" selected' in page and f'value="{latest.code}"' in page
    for unknown in ("1800H1", "x", "2199H2", "2022"):
        assert (
            f'value="{previous(latest).code}" selected'
            in sign_in(house, "velferd").get(f"/city/pictures?period={unknown}").text
        )


def test_the_board_leads_to_the_pictures(house: Flask) -> None:
    assert 'href="/city/pictures"' in sign_in(house, "velferd").get("/city").text


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_is_a_file_that_its_reader_keeps(house: Flask, house_db: Database, path: str) -> None:
    client = sign_in(house, "velferd")
    first = client.get(path)
    assert first.mimetype == ("image/png" if ".png" in path else "image/svg+xml")
    assert first.data.startswith(b"\x89PNG" if ".png" in path else b"<?xml")
    assert first.headers["Cache-Control"] == "private, no-cache"
    etag = {"If-None-Match": first.headers["ETag"]}
    kept = client.get(path, headers=etag)
    assert kept.status_code == 304 and kept.data == b""
    make_session(house_db, make_service_user(house_db, "P-9", by=AMINA), life_satisfaction=1)
    make_service_user(house_db, "P-10", by=AMINA)
    assert client.get(path, headers=etag).status_code == 200


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


@pytest.mark.parametrize("query", ["", "?period=", "?period=2022", "?period=2199H1", "?period=<b>"])
def test_a_picture_of_no_half_year_is_refused_in_words(house: Flask, query: str) -> None:
    for path in ("/city/pictures/funnel.svg", "/city/pictures/report.pdf"):
        answer = sign_in(house, "velferd").get(path + query)
        assert answer.status_code == 400 and "<b>" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
