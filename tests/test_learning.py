"""Learning the expected course: from which totals, by whom, and that what was learned stays."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import (
    ADMIN,
    AMINA,
    CARL,
    FIRST_DAY,
    OPERATOR,
    VELFERD,
    make_courses,
    make_service_user,
    make_session,
    outcome_items,
    session_row,
)
from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.actions.enrolling import add_enrolment, end_enrolment
from fitservice.actions.learning import Learned, fit_expected_courses
from fitservice.actions.recording import withdraw_session
from fitservice.clock import today
from fitservice.db import connect, transaction
from fitservice.instruments import SHIPPED
from fitservice.model import NotAllowed
from fitservice.rules.expected_course import first_courses, fit
from fitservice.store import bulk, expected_courses
from fitservice.store.enrolments import of_service_user
from fitservice.store.rows import value

OUTCOME = SHIPPED["outcome"]


def learn(db: Database) -> Learned:
    """What the operator's command learns of the shipped outcome."""
    (learned,) = fit_expected_courses(db, SHIPPED, by=OPERATOR)
    return learned


def test_with_199_service_users_nothing_is_learned_and_with_200_a_curve(db):
    courses = make_courses(db, 199)
    assert (learn(db).fit, learn(db).service_users, expected_courses.newest(db)) == (None, 199, {})
    courses += make_courses(db, 1, seed=2)
    learned = learn(db)
    assert (learned.instrument.key, learned.service_users) == ("outcome", 200)
    assert learned.fit == fit(courses)
    assert expected_courses.newest(db) == {"outcome": (today(), learned.fit)}


def test_fitting_again_makes_a_new_row_and_the_newest_counts(db):
    make_courses(db, 200)
    first = learn(db).fit
    make_courses(db, 20, seed=2)
    second = learn(db).fit
    assert (first.service_users, second.service_users) == (200, 220)
    assert expected_courses.newest(db)["outcome"][1] == second
    kept = db.execute("SELECT service_users, intercept FROM expected_courses ORDER BY id").fetchall()
    assert kept == [(200, first.intercept), (220, second.intercept)]


def test_withdrawn_sessions_are_not_learned_from(db):
    courses = make_courses(db, 200)
    mistake = make_session(db, 10_000, FIRST_DAY + timedelta(days=1), **outcome_items(40))
    assert learn(db).fit != fit(courses)
    withdraw_session(db, mistake, "wrong person", by=AMINA, revision=1)
    assert learn(db).fit == fit(courses)


def test_totals_of_other_instruments_are_not_learned_from(db):
    courses = make_courses(db, 200)
    with transaction(db):
        bulk.add_sessions(db, (session_row(10_000 + n, 5, 40, "other_outcome") for n in range(200)))
    assert learn(db).fit == fit(courses)
    other = replace(OUTCOME, key="other_outcome")
    by_instrument = fit_expected_courses(db, [OUTCOME, other], by=OPERATOR)
    assert [(learned.instrument.key, learned.service_users) for learned in by_instrument] == [
        ("outcome", 200),
        ("other_outcome", 0),
    ]


def test_half_an_answer_is_no_total(db):
    courses = make_courses(db, 200)
    make_session(db, 10_000, FIRST_DAY + timedelta(days=1), outcome_personal=100, life_satisfaction=7)
    assert learn(db).fit == fit(courses)


def test_of_one_service_user_the_first_enrolment_with_three_totals_is_learned_from(db):
    service_user_id = make_service_user(db, enrolled_from=FIRST_DAY)
    for totals in ((1, 2), (3, 4, 5), (6, 7, 8, 9)):
        (enrolment, *_) = of_service_user(db, service_user_id)
        day = date.fromisoformat(enrolment["enrolled_from"])
        for points in totals:
            make_session(db, service_user_id, day, **outcome_items(points * 4))
            day += timedelta(days=7)
        end_enrolment(db, enrolment["id"], day, by=AMINA)
        add_enrolment(db, service_user_id, day + timedelta(days=1), by=AMINA)
    assert first_courses(expected_courses.totals(db, OUTCOME)) == [[12, 16, 20]]


def test_the_citys_own_question_can_be_learned_from_too(db):
    service_user_id = make_service_user(db)
    for month, score in ((2, 3), (3, 5), (4, 4)):
        make_session(db, service_user_id, date(2022, month, 1), life_satisfaction=score)
    assert first_courses(expected_courses.totals(db, SHIPPED["life_satisfaction"])) == [[3, 5, 4]]


@pytest.mark.parametrize("by", [AMINA, CARL, VELFERD, ADMIN])
def test_only_the_operator_fits(db, by):
    make_courses(db, 200)
    with pytest.raises(NotAllowed):
        fit_expected_courses(db, SHIPPED, by=by)
    assert expected_courses.newest(db) == {}


def test_the_audit_row_says_what_was_fitted_and_no_score(db):
    make_courses(db, 200)
    learn(db)
    rows = db.execute("SELECT actor, act, subject_kind, detail FROM audit").fetchall()
    assert rows == [("operator", "fit_expected_course", None, '{"fitted": ["outcome"]}')]


def test_what_cannot_be_logged_is_not_kept(db):
    make_courses(db, 200)
    db.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="disk is full"):
        learn(db)
    assert expected_courses.newest(db) == {}


def test_reading_to_learn_does_not_hold_up_a_caseworkers_save(db, instance, monkeypatch):
    other = connect(instance / "fitservice.db")
    other.execute("PRAGMA busy_timeout = 0")
    service_user_id = make_service_user(db)

    def meanwhile(totals):
        found = first_courses(totals)
        make_session(other, service_user_id)
        return found

    monkeypatch.setattr("fitservice.actions.learning.first_courses", meanwhile)
    learn(db)
    other.close()
    assert value(db, "SELECT COUNT(*) FROM sessions") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE expected_courses SET spread = 0",
        "DELETE FROM expected_courses",
        "REPLACE INTO expected_courses SELECT * FROM expected_courses",
        "UPDATE OR REPLACE expected_courses SET id = 2",
    ],
)
@pytest.mark.parametrize("recursive", [0, 1])
def test_what_was_learned_is_not_overwritten(db, statement, recursive):
    make_courses(db, 200)
    learn(db)
    db.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = list(db.conn.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match="what was learned stays"):
        db.execute(statement)
    assert list(db.conn.iterdump()) == before


@pytest.mark.parametrize(("field", "wrong"), [("service_users", 199), ("scores", 399), ("spread", -1.0)])
def test_a_fit_to_too_few_is_refused_by_its_table_too(db, field, wrong):
    make_courses(db, 200)
    known = replace(learn(db).fit, **{field: wrong})
    with pytest.raises(sqlite3.IntegrityError), acting(db, OPERATOR, Act.FIT_EXPECTED_COURSE):
        expected_courses.add(db, "outcome", today(), known)


def test_the_command_says_in_plain_words_what_was_learned_or_is_missing(db, cli):
    make_courses(db, 142)
    result = cli.invoke(args=["fit-expected-course"])
    assert result.stdout == "Outcome: 142 of the 200 service users needed have three totals.\n"
    make_courses(db, 58, seed=2)
    result = cli.invoke(args=["fit-expected-course"])
    (_, found) = expected_courses.newest(db)["outcome"]
    assert result.stdout == (
        f"Outcome: learned from 200 service users and 400 scores; the residual spread is {found.spread:.1f} points.\n"
    )


def test_the_command_says_so_if_everybody_began_alike(db, cli, monkeypatch):
    monkeypatch.setattr("fitservice.actions.learning.first_courses", lambda totals: [[20, 21, 22]] * 200)
    assert "all first totals are equal" in cli.invoke(args=["fit-expected-course"]).stdout
