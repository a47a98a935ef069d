"""The made-up city: seeded, never ahead of its last day, with the audit's pattern, and only in a fresh database."""

import json
import sqlite3
from datetime import date

import pytest
from factories import OPERATOR, make_service_user

from fitservice import create_app
from fitservice.actions.demo import CAST, make_demo
from fitservice.actions.staffing import add_staff
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.model import Actor, Invalid, NotFound, Role
from fitservice.reports.access import given_to_me
from fitservice.reports.person import see_person
from fitservice.rules.demo_city import persons
from fitservice.store import demo, staff

UNTIL = date(2022, 12, 31)


def everything(db) -> list[tuple]:
    """All that a city consists of, without times and ids."""
    return db.execute(
        """
        SELECT district_id, reference, birth_year, enrolled_from, enrolled_to, held_on, life_satisfaction,
               missing_reason, life_satisfaction_1_10, outcome_total, alliance_total, sessions.recorded_by,
               enrolments.recorded_by
        FROM service_users
        JOIN enrolments ON service_user_id = service_users.id
        LEFT JOIN sessions ON enrolment_id = enrolments.id
        ORDER BY district_id, reference, enrolled_from, held_on
        """
    ).fetchall()


def gaps_of(cli, year: str, as_of: str = "2023-02-01") -> dict:
    """The districts of 'gaps --format json' by name."""
    result = cli.invoke(args=["gaps", "--period", year, "--as-of", as_of, "--format", "json"])
    assert result.exit_code == 0, result.stderr
    return {district["name"]: district for district in json.loads(result.stdout)["districts"]}


@pytest.mark.parametrize("until", [UNTIL, date(2023, 1, 1), date(2024, 2, 29), date(2024, 6, 30)])
def test_the_same_seed_makes_the_same_persons(until):
    first = list(persons("Alna", 6, until, 17))
    assert first == list(persons("Alna", 6, until, 17))
    assert first != list(persons("Alna", 6, until, 18))


def test_the_same_seed_makes_the_same_city(db, tmp_path, empty_database):
    (tmp_path / "other.db").write_bytes(empty_database)
    other = connect(tmp_path / "other.db")
    assert make_demo(db, UNTIL, 17, by=OPERATOR) == make_demo(other, UNTIL, 17, by=OPERATOR)
    assert everything(db) == everything(other)
    other.close()


@pytest.mark.parametrize("until", [UNTIL, date(2023, 1, 1), date(2024, 2, 29), date(2024, 6, 30)])
def test_nothing_is_made_up_after_its_last_day_or_outside_an_enrolment(db, until):
    make_demo(db, until, 17, by=OPERATOR)
    rows = everything(db)
    assert max(row[5] for row in rows if row[5]) <= until.isoformat()
    assert all(row[3] <= until.isoformat() and (row[4] or "") <= until.isoformat() for row in rows)
    assert all(row[3] <= row[5] <= (row[4] or "9999") for row in rows if row[5])


def test_the_city_has_the_audits_pattern(cli):
    made = cli.invoke(args=["demo", "--until", "2022-12-31"])
    assert made.exit_code == 0, made.stderr
    empty = {
        year: {name for name, district in gaps_of(cli, year).items() if district["content"] == "empty"}
        for year in ("2021", "2022")
    }
    assert empty == {
        "2021": {"Nordre Aker", "Ullern", "Søndre Nordstrand"},
        "2022": {"Vestre Aker", "Østensjø", "Søndre Nordstrand"},
    }


def test_gaps_of_the_city_name_their_districts(cli):
    cli.invoke(args=["demo", "--until", "2022-12-31"])
    districts = gaps_of(cli, "2022")
    kinds = {name: {gap["kind"] for gap in district["gaps"]} for name, district in districts.items()}
    assert {name for name in kinds if "empty_period" in kinds[name]} == {
        *("Vestre Aker", "Østensjø", "Søndre Nordstrand")
    }
    assert {name for name in kinds if "consecutive" in kinds[name]} == {"Søndre Nordstrand"}
    assert {name for name in kinds if "other_scale" in kinds[name]} == {"Vestre Aker"}
    assert {name for name in kinds if "feedback_not_used" not in kinds[name]} == {"St. Hanshaugen", "Grünerløkka"}
    assert not any("no_active_users" in found for found in kinds.values())


def test_a_district_of_the_running_half_year_is_silent(cli):
    cli.invoke(args=["demo", "--until", "2022-11-30"])
    districts = gaps_of(cli, "2022H2", "2022-11-30")
    silent = {name for name in districts if "silent" in {gap["kind"] for gap in districts[name]["gaps"]}}
    assert silent == {"Søndre Nordstrand"}


def test_all_districts_and_both_years_are_there(db):
    made = make_demo(db, UNTIL, 17, by=OPERATOR)
    rows = everything(db)
    assert len([row for row in rows if row[5]]) == made
    assert {row[0] for row in rows} == set(range(1, 16))
    assert min(row[5] for row in rows if row[5]) < "2021-02-01"
    assert max(row[5] for row in rows if row[5]) > "2022-12-01"


def test_amina_is_the_contact_of_two_in_three_of_alnas_service_users(db):
    make_demo(db, UNTIL, 17, by=OPERATOR)
    contacts = db.execute(
        """
        SELECT COUNT(*), COUNT(caseworker_id), COUNT(DISTINCT caseworker_id), MAX(username)
        FROM service_users
        JOIN districts ON districts.id = service_users.district_id
        LEFT JOIN staff ON staff.id = caseworker_id
        WHERE districts.name = 'Alna'
        """
    ).fetchone()
    assert contacts[0] * 0.6 < contacts[1] < contacts[0] * 0.75
    assert contacts[2:] == (1, "amina")


def test_the_demos_staff_can_be_told_from_others(db):
    make_demo(db, UNTIL, 17, by=OPERATOR)
    assert [row["username"] for row in staff.demo_staff(db)] == [username for username, *_ in CAST]
    assert demo.is_demo(db)


@pytest.mark.parametrize(
    "act",
    [
        lambda db: add_staff(db, "kari", "Kari", Role.ADMINISTRATOR, None, by=OPERATOR),
        lambda db: make_service_user(db),
        lambda db: make_demo(db, UNTIL, 17, by=OPERATOR),
    ],
    ids=["an account", "a service user", "a demo"],
)
def test_a_demo_is_refused_where_anything_was_done(db, act):
    act(db)
    before = everything(db), len(staff.demo_staff(db))
    with pytest.raises(Invalid) as refused:
        make_demo(db, UNTIL, 17, by=OPERATOR)
    assert refused.value.problems[0].code == "not_a_fresh_database"
    assert (everything(db), len(staff.demo_staff(db))) == before


def test_the_command_says_so_too(cli):
    cli.invoke(args=["issue-token", "board"])
    result = cli.invoke(args=["demo"])
    assert result.exit_code == 1
    assert "fresh" in result.stderr


def test_the_last_day_is_understood_as_both_forms_of_a_date(cli, db, tmp_path, empty_database):
    (tmp_path / "fitservice.db").write_bytes(empty_database)
    other = create_app({"TESTING": True}, tmp_path)
    first = cli.invoke(args=["demo", "--until", "2022-12-31"])
    second = other.test_cli_runner().invoke(args=["demo", "--until", "31.12.2022"])
    assert (first.exit_code, second.exit_code) == (0, 0), second.stderr
    assert first.stdout == second.stdout
    other_db = connect(tmp_path / "fitservice.db")
    assert everything(db) == everything(other_db)
    other_db.close()


@pytest.mark.parametrize("until", ["2199-01-01", "1999-12-31", "0001-01-01"])
def test_a_city_of_the_future_or_of_long_ago_is_refused(cli, db, until):
    result = cli.invoke(args=["demo", "--until", until])
    assert result.exit_code == 1
    assert "from 2000 to today" in result.stderr
    assert not demo.is_demo(db)


INSERT_STAFF = """
    INSERT INTO staff (username, name, role, is_demo, created_at)
    VALUES ('mallory', 'Mallory', 'administrator', :is_demo, '2022-01-01')
"""


def test_demo_staff_cannot_be_put_into_a_real_database_even_by_hand(db):
    with pytest.raises(sqlite3.IntegrityError, match="demo"):
        db.execute(INSERT_STAFF, {"is_demo": 1})
    db.execute(INSERT_STAFF, {"is_demo": 0})
    with pytest.raises(sqlite3.IntegrityError, match="demo"):
        db.execute("UPDATE staff SET is_demo = 1")
    with pytest.raises(sqlite3.IntegrityError, match="demo"):
        db.execute("INSERT INTO demo_city (id, made_on) VALUES (1, '2022-01-01')")


def test_a_demo_stays_a_demo(db):
    make_demo(db, UNTIL, 17, by=OPERATOR)
    with pytest.raises(sqlite3.IntegrityError, match="demo"):
        db.execute("DELETE FROM demo_city")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO demo_city (id, made_on) VALUES (2, '2022-01-01')")


def test_somebody_of_alna_is_open_to_berit_and_somebody_is_closed_to_amina(db):
    make_demo(db, UNTIL, 17, by=OPERATOR)
    with set_to(UNTIL):
        accounts = {row["username"]: row for row in staff.demo_staff(db)}
        amina, berit = (
            Actor(name, Role.CASEWORKER, accounts[name]["district_id"], accounts[name]["id"])
            for name in ("amina", "berit")
        )
        (given,) = given_to_me(db, by=berit)
        assert see_person(db, given["service_user_id"], by=berit, to_read=True).service_user["district"] == "Alna"
        (closed,) = db.execute("SELECT service_user_id FROM blocks").fetchone()
        with pytest.raises(NotFound):
            see_person(db, closed, by=amina)
