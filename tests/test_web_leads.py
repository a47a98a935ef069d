"""Carl's trends, the agency's board, the administrator's accounts."""

import pytest
from factories import VELFERD, make_service_user, make_session
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.clock import today
from fitservice.reports.gaps import reported_periods, see_gaps
from fitservice.rules.periods import half_of


def test_the_trend_is_a_chart_with_the_same_numbers_as_a_table(house: Flask) -> None:
    page = sign_in(house, "carl").get("/district").text
    assert "<h1>Alna</h1>" in page and "coverage-" in page and "mean-" in page
    assert page.count('scope="row"') >= 8


@pytest.mark.parametrize("name", ["coverage", "mean", "distribution"])
def test_each_chart_of_the_district_is_an_svg(house: Flask, house_db: Database, name: str) -> None:
    code = half_of(today()).code
    make_session(house_db, 1, today(), life_satisfaction=5)
    answer = sign_in(house, "carl").get(f"/district/{name}-{code}.svg")
    assert answer.mimetype == "image/svg+xml" and "<svg" in answer.text


def test_who_has_not_been_asked_in_time_is_listed_by_the_districts_rhythm(house: Flask) -> None:
    carl = sign_in(house, "carl")
    assert ">AL-1<" in carl.get("/district").text
    assert carl.post("/district/rhythm", data={"months": "25"}).status_code == 400
    assert carl.post("/district/rhythm", data={"months": "2"}).status_code == 302
    assert 'value="2"' in carl.get("/district").text


def test_nobody_enrolled_does_not_look_like_everybody_asked(house: Flask) -> None:
    carl = sign_in(house, "carl")
    carl.post("/enrolments/1/end", data={"enrolled_to": "2022-06-01"})
    page = carl.get("/district").text
    assert "Ingen er under oppfølging" in page and "Alle er spurt" not in page


def test_the_board_says_each_status_in_words(house: Flask) -> None:
    page = sign_in(house, "velferd").get("/city").text
    assert page.count('<th scope="row">') == 15
    assert "Ingen ennå" in page and "Ingen brukere" in page


@pytest.mark.parametrize("path", ["/city", "/city?by=year", "/city/030112", "/city/030112?by=year"])
def test_no_page_of_the_agencys_names_a_reference(house: Flask, path: str) -> None:
    page = sign_in(house, "velferd").get(path).text
    assert "AL-1" not in page and "BJ-1" not in page


def test_the_board_takes_as_many_queries_for_ten_times_the_service_users(house: Flask, house_db: Database) -> None:
    def queries() -> int:
        statements: list[str] = []
        house_db.conn.set_trace_callback(statements.append)
        periods = reported_periods(house_db, today(), by_year=False, by=VELFERD)[-6:]
        see_gaps(house_db, periods, today(), 5, by=VELFERD)
        house_db.conn.set_trace_callback(None)
        return sum(text.lstrip().upper().startswith(("SELECT", "WITH")) for text in statements)

    before = queries()
    for number in range(20):
        make_session(house_db, make_service_user(house_db, f"N-{number}"), life_satisfaction=5)
    assert queries() == before <= 16


def test_a_colleague_is_added_with_a_link_that_works_once(house: Flask) -> None:
    admin = sign_in(house, "admin")
    form = {"username": "dina", "name": "Dina", "role": "caseworker", "district": "12"}
    page = admin.post("/accounts/new", data=form).text
    link = "/welcome/" + page.split("/welcome/")[1].split("<")[0]
    assert "/welcome/" not in admin.get("/accounts").text
    passwords = {"password": "tolv tegn eller mer", "again": "tolv tegn eller mer"}
    dina = house.test_client()
    assert dina.post(link, data={**passwords, "again": "noe annet"}).status_code == 400
    assert dina.post(link, data=passwords).status_code == 302
    assert dina.get("/service-users").status_code == 200
    assert house.test_client().get(link).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"username": "amina", "name": "X", "role": "caseworker", "district": "12"},
        {"username": "AMINA", "name": "X", "role": "caseworker", "district": "12"},
        {"username": "d", "name": "X", "role": "caseworker", "district": "12"},
        {"username": "dina", "name": "", "role": "caseworker", "district": "12"},
        {"username": "dina", "name": "X", "role": "caseworker", "district": ""},
        {"username": "dina", "name": "X", "role": "administrator", "district": "12"},
        {"username": "dina", "name": "X", "role": "operator", "district": ""},
    ],
)
def test_an_account_that_cannot_be_is_refused(house: Flask, form: dict[str, str]) -> None:
    assert sign_in(house, "admin").post("/accounts/new", data=form).status_code == 400


def test_a_closed_account_is_signed_out_at_once(house: Flask) -> None:
    amina = sign_in(house, "amina")
    sign_in(house, "admin").post("/accounts/1/close")
    assert amina.get("/service-users").status_code == 302


def test_the_administrator_sees_no_score_and_no_reference(house: Flask) -> None:
    page = sign_in(house, "admin").get("/accounts").text
    assert "AL-1" not in page and "BJ-1" not in page
