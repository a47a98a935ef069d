"""An added instrument in use: asked while it is valid, its scores never mixed with another's, shown afterwards."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from factories import AMINA, OPERATOR, enrolment_of, make_service_user, make_session
from flask import Flask
from licensed import LICENSED, add_instrument, changed
from sqlite_utils import Database
from web import sign_in

from fitservice import create_app
from fitservice.actions.counting import bring_up_to_date
from fitservice.clock import today
from fitservice.instruments import SHIPPED, Instruments, read_instruments
from fitservice.model import OUTCOME_ITEMS, Change, Kind
from fitservice.reports.figures import pull_internal_figures
from fitservice.reports.person import Person, see_person
from fitservice.reports.sheet import print_sheet
from fitservice.rules.periods import parse_period
from fitservice.store.rows import Row, one

FORM = {"held_on": "2022-04-01", **dict.fromkeys(OUTCOME_ITEMS, "5")}
YESTERDAY = (today() - timedelta(days=1)).isoformat()


@pytest.fixture
def known(tmp_path: Path) -> Instruments:
    """The shipped instruments and the added one."""
    return read_instruments(add_instrument(tmp_path).parent, SHIPPED)


def start(house: Flask, text: str) -> Flask:
    """The same house, started again with this file in its instance folder."""
    add_instrument(Path(house.instance_path), text)
    return create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, house.instance_path)


def answered(db: Database, service_user_id: int, key: str, day: date, total: int) -> int:
    """A session with this total of the instrument, in points divisible by four."""
    tenths = dict.fromkeys(OUTCOME_ITEMS, total * 10 // 4)
    return make_session(db, service_user_id, day, outcome_instrument=key, **tenths)


def held(db: Database, day: str, columns: str) -> Row | None:
    """These columns of the session that was held on that day."""
    return one(db, f"SELECT {columns} FROM sessions WHERE held_on = :day", {"day": day})


def outcome_course(person: Person) -> dict[str, tuple[list[float], Change | None]]:
    """Per instrument its totals and what they amount to."""
    enrolment_id = person.enrolments[0]["id"]
    return {
        instrument.key: ([score.value for score in person.scores(instrument, enrolment_id)], stands.change)
        for instrument, stands in person.courses(enrolment_id, date.max)
    }


def test_the_added_one_is_in_use_while_it_is_valid(known):
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2099, 12, 31), date(2100, 1, 1)]
    assert [known.in_use(Kind.OUTCOME, day).key for day in days] == ["outcome", "ors_test", "ors_test", "outcome"]
    assert known.in_use(Kind.ALLIANCE, days[1]).key == "alliance"
    assert [one.key for one in known] == ["life_satisfaction", "outcome", "ors_test", "alliance"]


def test_a_recorded_session_keeps_on_what_it_was_answered(house: Flask, house_db: Database) -> None:
    amina = sign_in(start(house, LICENSED), "amina")
    page = amina.get("/service-users/1/sessions/new").text
    assert "Prøvespørsmål 1?" in page and "Hvordan har du det med deg selv?" not in page
    place = amina.post("/service-users/1/sessions/new", data=FORM).location
    row = held(house_db, "2022-04-01", "outcome_instrument, outcome_total")
    assert row == {"outcome_instrument": "ors_test", "outcome_total": 200}
    page = amina.get(place).text
    assert "Prøveskjema" in page and "ors_test.svg" in page and "/outcome.svg" not in page


def test_a_session_without_its_items_says_nothing_about_the_instrument(house: Flask, house_db: Database) -> None:
    amina = sign_in(start(house, LICENSED), "amina")
    amina.post("/service-users/1/sessions/new", data={"held_on": "2022-04-01", "life_satisfaction": "5"})
    row = held(house_db, "2022-04-01", "outcome_instrument")
    assert row == {"outcome_instrument": "outcome"}


def test_scores_of_two_instruments_are_never_one_course(db, known):
    service_user_id = make_service_user(db)
    for month, (key, total) in enumerate([("outcome", 8), ("outcome", 12), ("ors_test", 32), ("ors_test", 36)]):
        answered(db, service_user_id, key, date(2022, 1 + month, 5), total)
    person = see_person(db, service_user_id, by=AMINA, instruments=known)
    assert outcome_course(person) == {
        "outcome": ([8, 12], Change.UNCHANGED),
        "ors_test": ([32, 36], Change.UNCHANGED),
    }


@pytest.mark.parametrize(
    ("birth_year", "first", "current", "change"),
    [
        (1980, 20, 28, Change.RECOVERED),
        (1980, 16, 24, Change.IMPROVED),
        (1980, 28, 36, Change.IMPROVED),
        (1980, 24, 28, Change.UNCHANGED),
        (1980, 28, 20, Change.DETERIORATED),
        (2008, 16, 24, Change.IMPROVED),
        (2008, 20, 28, Change.RECOVERED),
        (None, 20, 28, Change.IMPROVED),
    ],
)
def test_a_cut_off_is_that_of_the_persons_age(db, known, birth_year, first, current, change):
    service_user_id = make_service_user(db, birth_year=birth_year)
    answered(db, service_user_id, "ors_test", date(2022, 3, 1), first)
    answered(db, service_user_id, "ors_test", date(2022, 6, 1), current)
    person = see_person(db, service_user_id, by=AMINA, instruments=known)
    assert outcome_course(person)["ors_test"][1] is change


def test_recovered_stands_in_words_on_the_page_and_on_the_sheet(house: Flask, house_db: Database, known) -> None:
    for month, total in ((3, 20), (6, 28)):
        answered(house_db, 1, "ors_test", date(2022, month, 2), total)
    page = sign_in(start(house, LICENSED), "amina").get("/service-users/1").text
    assert "Klart bedre enn første gang, og forbi grenseverdien" in page
    sheet = print_sheet(house_db, 1, today(), by=AMINA, instruments=known)
    said = next(course for course in sheet.courses if course.title == "Prøveskjema")
    assert "passert en grense som gjelder for dette skjemaet" in said.lines[1]


def test_figures_pair_within_one_instrument_and_judge_each_by_its_own_reliable_change(instance, db, known):
    people = [  # (instrument, each item in tenths) in March and in June
        (("ors_test", 50), ("ors_test", 63)),
        (("outcome", 50), ("outcome", 63)),
        (("outcome", 20), ("ors_test", 90)),
        (("ors_test", 63), ("ors_test", 50)),
        (("outcome", 63), ("outcome", 50)),
    ]
    for number, said in enumerate(people):
        service_user_id = make_service_user(db, f"A-{number}")
        for month, (key, tenths) in zip((3, 6), said, strict=True):
            answers = dict.fromkeys(OUTCOME_ITEMS, tenths)
            make_session(db, service_user_id, date(2022, month, 1), outcome_instrument=key, **answers)
    bring_up_to_date(instance / "fitservice.db", known)
    table = pull_internal_figures(db, [parse_period("2022H1")], by=OPERATOR)
    figures = table.figures["030112", "2022H1"]
    # 5.2 points are more than ors_test's 5 and less than our own 6
    expected = {"users": 5, "paired": 4, "improved": 1, "deteriorated": 1, "change": 0}
    assert {name: figures[f"outcome_{name}"].value for name in expected} == expected


def test_when_the_licence_has_run_out_the_shipped_one_is_asked_and_old_scores_still_show(
    house: Flask, house_db: Database
) -> None:
    answered(house_db, 1, "ors_test", date(2022, 4, 1), 20)
    amina = sign_in(start(house, changed(("2099-12-31", YESTERDAY))), "amina")
    page = amina.get("/service-users/1/sessions/new").text
    assert "Prøvespørsmål" not in page and "Hvordan har du det med deg selv?" in page
    assert "Prøveskjema" in amina.get("/service-users/1").text
    enrolment_id = enrolment_of(house_db, 1)
    assert amina.get(f"/service-users/1/enrolments/{enrolment_id}/ors_test.svg").status_code == 200
    assert amina.get(f"/service-users/1/enrolments/{enrolment_id}/outcome.svg").status_code == 404


def test_a_correction_asks_the_questions_that_were_answered(house: Flask, house_db: Database) -> None:
    session_id = answered(house_db, 1, "ors_test", date(2022, 4, 1), 20)
    amina = sign_in(start(house, changed(("2099-12-31", YESTERDAY))), "amina")
    assert "Prøvespørsmål 1?" in amina.get(f"/sessions/{session_id}/correct").text
    form = {**FORM, **dict.fromkeys(OUTCOME_ITEMS, "6"), "reason": "Lest feil", "revision": "1"}
    assert amina.post(f"/sessions/{session_id}/correct", data=form).status_code == 302
    row = one(house_db, "SELECT outcome_instrument, outcome_total FROM sessions WHERE id = :id", {"id": session_id})
    assert row == {"outcome_instrument": "ors_test", "outcome_total": 240}


def test_what_is_licensed_for_paper_only_is_never_on_the_screen_but_typed_in(house: Flask, house_db: Database) -> None:
    amina = sign_in(start(house, changed(("electronic = true", "electronic = false"))), "amina")
    new = "/service-users/1/sessions/new"
    page = amina.get(new).text
    assert "Prøvespørsmål" not in page and 'name="outcome_personal"' not in page and 'name="alliance_heard"' in page
    assert "Prøveskjema" in page and f'href="{new}?mode=paper"' in page
    # and what is sent all the same is not kept
    amina.post(new, data={**FORM, "life_satisfaction": "5"})
    row = held(house_db, "2022-04-01", "outcome_total, mode")
    assert row == {"outcome_total": None, "mode": "conversation"}
    paper = amina.get(f"{new}?mode=paper").text
    assert "Prøvespørsmål 1?" in paper and 'name="outcome_personal"' in paper
    amina.post(f"{new}?mode=paper", data={**FORM, "held_on": "2022-05-01"})
    row = held(house_db, "2022-05-01", "outcome_instrument, outcome_total, mode")
    assert row == {"outcome_instrument": "ors_test", "outcome_total": 200, "mode": "paper"}


def test_a_page_that_was_open_when_the_instrument_changed_is_not_taken_for_the_other(
    house: Flask, house_db: Database
) -> None:
    shown = "life_satisfaction outcome alliance"
    answer = sign_in(start(house, LICENSED), "amina").post(
        "/service-users/1/sessions/new", data={**FORM, "on_screen": shown}
    )
    assert answer.status_code == 400
    assert held(house_db, "2022-04-01", "id") is None


def test_an_instruments_file_reaches_no_other_district(house: Flask, house_db: Database) -> None:
    answered(house_db, 1, "ors_test", date(2022, 4, 1), 20)
    berit = sign_in(start(house, LICENSED), "berit")
    assert berit.get("/service-users/1/enrolments/1/ors_test.svg").status_code == 404
    assert "Prøveskjema" not in berit.get("/service-users/2").text
