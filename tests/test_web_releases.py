"""The agency's pages of releases: the list, the button, one release, what changed, downloads."""

import csv
import io
import json
import re

import pytest
from factories import make_cast
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from released import release
from sqlite_utils import Database
from web import sign_in

from fitservice.clock import today
from fitservice.model import MEASURES, Stage

WANTED = {"known": "0", "period": "2022", "stage": "provisional"}


@pytest.fixture
def analyst(published: Flask) -> FlaskClient:
    """The agency's analyst in a city with two releases of 2022."""
    return sign_in(published, "velferd")


def names(db: Database) -> list[tuple[str, ...]]:
    """Year, version, stage and maker of every release."""
    return db.execute("SELECT year, version, stage, made_by FROM releases ORDER BY id").fetchall()


def test_the_list_has_every_release_with_its_stage_periods_and_maker(analyst: FlaskClient) -> None:
    page = analyst.get("/city/releases?lang=en").text
    assert page.index("/city/releases/2022-2") < page.index("/city/releases/2022-1")
    assert "Provisional" in page and "2022H1, 2022H2, 2022" in page and page.count("<td>Velferd</td>") == 2
    assert '<option value="2022">' in page
    # a half-year after its year, a second half-year and what is not over yet are not on offer
    assert '<option value="2022H' not in page and f'<option value="{today().year}">' not in page


def test_the_form_says_what_follows_what_and_offers_no_stage_that_is_refused(house: Flask, house_db: Database) -> None:
    analyst = sign_in(house, "velferd")
    page = analyst.get("/city/releases?lang=en").text
    assert "A half-year is released before its year or not at all" in page.split('id="release-order"')[1]
    assert '<option value="provisional">' in page
    for year in range(2022, today().year):
        release(house_db, str(year), stage=Stage.CORRECTED)
    if today().month > 6:
        release(house_db, f"{today().year}H1", stage=Stage.CORRECTED)
    page = analyst.get("/city/releases?lang=en").text
    assert '<option value="provisional">' not in page and '<option value="corrected">' in page
    known = {"known": str(len(names(house_db)))}
    refused = analyst.post("/city/releases?lang=en", data=WANTED | known)
    assert refused.status_code == 400 and "An earlier release of this year is further on." in refused.text


def test_a_city_that_has_released_nothing_says_so(house: Flask) -> None:
    page = sign_in(house, "velferd").get("/city/releases?lang=en").text
    assert "Nothing has been released yet." in page and "Make the release" in page


def test_without_a_period_that_is_over_there_is_no_button(app: Flask, db: Database) -> None:
    make_cast(db)
    page = sign_in(app, "velferd").get("/city/releases?lang=en").text
    assert "There is no period that is over yet." in page and "Make the release" not in page


def test_the_button_makes_a_release_and_shows_it(house: Flask, house_db: Database) -> None:
    analyst = sign_in(house, "velferd")
    answer = analyst.post("/city/releases?lang=en", data=WANTED)
    assert (answer.status_code, answer.location) == (302, "/city/releases/2022-1")
    assert names(house_db) == [(2022, 1, "provisional", "velferd")]
    assert "Release 2022-1 is made." in analyst.get("/city/releases/2022-1?lang=en").text
    assert house_db.execute("SELECT actor FROM audit WHERE act = 'make_release'").fetchall() == [("velferd",)]


def test_a_second_click_makes_no_second_release(house: Flask, house_db: Database) -> None:
    analyst = sign_in(house, "velferd")
    assert analyst.post("/city/releases", data=WANTED).status_code == 302
    second = analyst.post("/city/releases?lang=en", data=WANTED)
    assert second.status_code == 400 and "Somebody made a release" in second.text
    assert len(names(house_db)) == 1
    # the page that says so has heard of the first, so that the next is meant
    assert 'name="known" type="hidden" value="1"' in second.text
    assert analyst.post("/city/releases", data={**WANTED, "known": "1", "stage": "final"}).status_code == 302
    assert [row[1:3] for row in names(house_db)] == [(1, "provisional"), (2, "final")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2022H2"},
        {"period": str(today().year)},
        {"period": "2199"},
        {"period": "x' OR 1=1"},
        {"period": ""},
        {"stage": "secret"},
        {"stage": ""},
        {"known": ""},
        {"known": "7"},
    ],
)
def test_what_cannot_be_released_is_refused_and_nothing_is_made(
    house: Flask, house_db: Database, wrong: dict[str, str]
) -> None:
    answer = sign_in(house, "velferd").post("/city/releases", data=WANTED | wrong)
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert names(house_db) == []


def test_nothing_follows_a_final_release_and_the_stage_is_where_it_says_so(house: Flask, house_db: Database) -> None:
    release(house_db, stage=Stage.FINAL)
    answer = sign_in(house, "velferd").post("/city/releases?lang=en", data=WANTED | {"known": "1"})
    assert answer.status_code == 400 and "This year has a final release." in answer.text
    assert 'id="stage-error"' in answer.text and 'id="period-error"' not in answer.text
    assert len(names(house_db)) == 1


def test_a_release_shows_the_city_and_each_district(analyst: FlaskClient) -> None:
    city = analyst.get("/city/releases/2022-2?lang=en").text
    assert "<h2>Oslo</h2>" in city and city.count('<option value="03') == 15
    alna = analyst.get("/city/releases/2022-2?area=030112&lang=en").text
    assert "<h2>Alna</h2>" in alna and '<option value="030112" selected>' in alna
    assert alna.count('<th scope="row">') >= len(MEASURES) and ">56<" in alna and ">:<" in alna
    assert "AL-1" not in alna and "BJ-1" not in alna


def test_what_changed_since_the_release_before_is_listed(analyst: FlaskClient) -> None:
    page = analyst.get("/city/releases/2022-2?lang=en").text
    changed = page.partition("Changed since the release before")[2]
    assert "Alna" in changed and "2022H1" in changed and ">26<" in changed and ">56<" in changed
    assert "Bjerke" not in changed and "2022H2" not in changed
    assert "Changed since" not in analyst.get("/city/releases/2022-1?lang=en").text


def test_a_release_that_shows_the_same_as_before_says_so(house: Flask, house_db: Database) -> None:
    release(house_db)
    release(house_db)
    page = sign_in(house, "velferd").get("/city/releases/2022-2?lang=en").text
    assert "No figure that both show has changed." in page


def test_a_csv_is_written_as_the_excel_of_the_readers_language_opens_it(analyst: FlaskClient) -> None:
    answer = analyst.get("/city/releases/2022-2/figures.csv?lang=en")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fitservice-2022-2.csv"'
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert header == ["Code", "District", "Period", "Figure", "Value", "Unit"]
    known = {tuple(row[:4]): row[4:] for row in rows}
    assert len(known) == len(rows) == 16 * 3 * len(MEASURES)
    assert known["030112", "Alna", "2022H1", "Service users"] == ["56", "service users"]
    assert known["030112", "Alna", "2022H1", "Life satisfaction: score 4"][0] == ":"
    norwegian = analyst.get("/city/releases/2022-2/figures.csv?lang=nb").data
    assert norwegian.startswith("\ufeff".encode()) and b";Bydel;Periode;" in norwegian
    means = re.findall(";Livskvalitet: gjennomsnitt;([^;]*);", norwegian.decode())
    assert any(re.fullmatch("[1-7],[0-9]", mean) for mean in means) and not any("." in mean for mean in means)
    assert b"life_satisfaction" not in norwegian


def test_a_workbook_and_json_stat_hold_the_same_numbers(analyst: FlaskClient) -> None:
    book = analyst.get("/city/releases/2022-1/figures.xlsx?lang=en")
    assert book.headers["Content-Disposition"].endswith('"fitservice-2022-1.xlsx"')
    header, *rows = load_workbook(io.BytesIO(book.data)).active.values
    assert header == ("Code", "District", "Period", "Figure", "Value", "Unit")
    known = {row[:4]: row[4] for row in rows}
    assert known["030112", "Alna", "2022H1", "Measured service users"] == 26
    assert known["030112", "Alna", "2022H1", "Life satisfaction: score 4"] == ":"
    answer = analyst.get("/city/releases/2022-1/figures.json-stat2")
    assert answer.headers["Content-Disposition"].endswith('"fitservice-2022-1.json"')
    data = json.loads(answer.data)
    assert data["size"] == [16, 1, len(MEASURES)]
    assert data["value"] == [None if value == ":" else value for value in known.values()]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json-stat2"])
def test_every_download_is_logged(analyst: FlaskClient, published_db: Database, form: str) -> None:
    assert analyst.get(f"/city/releases/2022-1/figures.{form}").status_code == 200
    (logged,) = published_db.execute("SELECT actor, detail FROM audit WHERE act = 'pull_figures'").fetchall()
    assert logged[0] == "velferd" and json.loads(logged[1]) == {"periods": ["2022H1"], "releases": ["2022-1"]}


@pytest.mark.parametrize(
    "path", ["2022-3", "2021-1", "x", "2022", "2022-2?area=999999", "2022-3/figures.csv", "2022-2/figures.pdf"]
)
def test_what_is_no_release_is_not_found(analyst: FlaskClient, path: str) -> None:
    assert analyst.get(f"/city/releases/{path}").status_code == 404


@pytest.mark.parametrize("name", ["amina", "carl", "admin", None])
def test_nobody_else_sees_makes_or_downloads_a_release(
    published: Flask, published_db: Database, name: str | None
) -> None:
    client, expected = sign_in(published, name), 403 if name else 302
    for path in ("", "/2022-1", "/2022-1/figures.csv", "/2022-9"):
        assert client.get(f"/city/releases{path}").status_code == expected
    answer = client.post("/city/releases", data=WANTED | {"known": "2"})
    assert answer.status_code == (403 if name else 401)
    assert len(names(published_db)) == 2
