"""The third net: the tables themselves refuse what the forms and the actions would never send."""

import sqlite3
from dataclasses import replace
from datetime import date

import pytest
from factories import AMINA, BERIT, CARL, enrolment_of, make_cast, make_service_user, make_session

from fitservice.actions.enrolling import correct_enrolment, end_enrolment
from fitservice.actions.recording import correct_session, record_session, withdraw_session
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Answers, Role
from fitservice.reports.person import see_person, see_session
from fitservice.store import enrolments, service_users, sessions

DISTRICTS = [
    *("Gamle Oslo", "Grünerløkka", "Sagene", "St. Hanshaugen", "Frogner", "Ullern", "Vestre Aker", "Nordre Aker"),
    *("Bjerke", "Grorud", "Stovner", "Alna", "Østensjø", "Nordstrand", "Søndre Nordstrand"),
]
RECORDED = "'someone', '2022-01-01T00:00:00+00:00'"


@pytest.fixture
def service_user_id(db) -> int:
    """A-1 of Alna, enrolled since January 2022."""
    return make_service_user(db)


@pytest.fixture
def enrolment_id(db, service_user_id) -> int:
    """A-1's enrolment."""
    return enrolment_of(db, service_user_id)


@pytest.fixture
def session_id(db, service_user_id) -> int:
    """Amina's session with A-1: life satisfaction 4."""
    return make_session(db, service_user_id)


def test_the_fifteen_districts_have_their_klass_codes(db):
    rows = db.execute("SELECT code, name FROM districts ORDER BY code").fetchall()
    assert rows == [(f"0301{number:02}", name) for number, name in enumerate(DISTRICTS, start=1)]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 10000), ("secure_delete", 1)],
)
def test_every_connection_has_its_pragmas(db, pragma, value):
    assert db.execute(f"PRAGMA {pragma}").fetchone()[0] == value


def test_every_table_is_strict(db):
    tables = db.execute(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
    ).fetchall()
    loose = {name for name, strict in tables if not strict}
    assert loose <= {"sqlite_schema", "sqlite_sequence", "_sqlite_migrations"}


@pytest.mark.parametrize(
    "values",
    [
        "life_satisfaction = 0",
        "life_satisfaction = 8",
        "life_satisfaction = 'four'",
        "life_satisfaction = 4.5",
        "life_satisfaction_1_10 = 11",
        "life_satisfaction = 4, missing_reason = 'declined'",
        "missing_reason = 'forgot'",
        "outcome_personal = 101",
        "outcome_overall = -1",
        "alliance_heard = 101",
        "held_on = '2022-02-30'",
        "held_on = '01.03.2022'",
        "withdrawn = 2",
        "reason = 'a first revision has none'",
    ],
)
def test_a_session_that_cannot_be_is_refused_by_its_table(db, session_id, enrolment_id, values):
    changed = dict(part.split(" = ") for part in values.split(", "))
    given = {"enrolment_id": str(enrolment_id), "held_on": "'2022-04-01'", **changed}
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(
            f"INSERT INTO sessions ({', '.join(given)}, recorded_by, recorded_at)"
            f" VALUES ({', '.join(given.values())}, {RECORDED})"
        )


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        ("sessions", "enrolment_id, held_on", "99, '2022-03-01'"),
        ("enrolments", "service_user_id, enrolled_from", "99, '2022-03-01'"),
        ("enrolments", "service_user_id, enrolled_from, enrolled_to", "{id}, '2022-03-01', '2022-02-01'"),
    ],
)
def test_a_row_without_its_parent_or_its_order_is_refused(db, session_id, service_user_id, table, columns, values):
    values = values.format(id=service_user_id)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"INSERT INTO {table} ({columns}, recorded_by, recorded_at) VALUES ({values}, {RECORDED})")


@pytest.mark.parametrize(
    ("role", "district_id"),
    [
        (Role.CASEWORKER, None),
        (Role.TEAM_LEAD, None),
        (Role.AGENCY_ANALYST, 12),
        (Role.ADMINISTRATOR, 12),
        (Role.OPERATOR, None),
        (Role.CASEWORKER, 16),
    ],
)
def test_a_role_and_its_district_belong_together(db, role, district_id):
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(
            "INSERT INTO staff (username, name, role, district_id, created_at) VALUES ('kari', 'Kari', ?, ?, '2022')",
            (role.value, district_id),
        )


def test_a_reference_is_unique_in_its_district_whatever_its_case(db, session_id):
    service_users.add(db, 1, "a-1", None)
    with pytest.raises(sqlite3.IntegrityError):
        service_users.add(db, AMINA.district_id, "a-1", None)


def test_a_look_at_one_person_reads_nobody_elses_rows(db, service_user_id, session_id):
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    see_person(db, service_user_id, by=AMINA)
    see_session(db, session_id, by=AMINA)
    record_session(db, service_user_id, date(2022, 4, 1), Answers(life_satisfaction=5), by=AMINA)
    db.conn.set_trace_callback(None)
    queries = [text for text in asked if text.lstrip().startswith("SELECT")]
    plans = [step for text in queries for *_, step in db.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()]
    about_nobody = ("SCAN CONSTANT ROW", "SCAN expected_courses", "SCAN counter_marks", "SCAN json_each")
    assert [step for step in plans if step.startswith("SCAN") and not step.startswith(about_nobody)] == []
    assert "SEARCH sessions USING INDEX sessions_of (enrolment_id=?)" in plans


def test_where_more_match_than_are_wanted_the_first_in_norwegian_order_are_given(db):
    for reference in ("Å-1", "b-1", "Ø-1", "A-1"):
        service_users.add(db, 1, reference, None)
        enrolments.add(db, service_users.by_reference(db, 1, reference)["id"], date(2022, 1, 1), "someone")
    assert [row["reference"] for row in service_users.matching(db, replace(AMINA, district_id=1), "-1", [], 3)] == [
        "A-1",
        "b-1",
        "Ø-1",
    ]


def test_norwegian_letters_are_found_and_are_unique_whatever_their_case(db):
    service_users.add(db, 1, "ØS-1", None)
    with pytest.raises(sqlite3.IntegrityError):
        service_users.add(db, 1, "øs-1", None)
    assert service_users.by_reference(db, 1, "øs-1")


def test_the_contact_works_in_the_same_district(db, service_user_id):
    make_cast(db)
    with pytest.raises(sqlite3.IntegrityError, match="same district"):
        service_users.set_caseworker(db, service_user_id, BERIT.staff_id)
    service_users.set_caseworker(db, service_user_id, CARL.staff_id)
    service_users.set_caseworker(db, service_user_id, None)


@pytest.mark.parametrize("table", ["sessions", "enrolments"])
def test_what_was_recorded_is_not_overwritten(db, session_id, table):
    for change in ("recorded_by = 'mallory'", "revision = revision + 1, reason = 'none kept'"):
        with pytest.raises(sqlite3.IntegrityError, match="keep the old one"):
            db.execute(f"UPDATE {table} SET {change}")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM sessions",
        "DELETE FROM enrolments",
        "UPDATE session_revisions SET life_satisfaction = 7",
        "DELETE FROM session_revisions",
        "UPDATE enrolment_revisions SET enrolled_from = '2020-01-01'",
        "DELETE FROM enrolment_revisions",
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
    ],
)
def test_nothing_recorded_can_be_deleted_or_changed_by_hand(db, session_id, enrolment_id, statement):
    correct_session(db, session_id, date(2022, 3, 2), Answers(life_satisfaction=5), "mistyped", by=AMINA, revision=1)
    correct_enrolment(db, enrolment_id, date(2021, 12, 1), None, "began earlier", by=AMINA, revision=1)
    before = list(db.conn.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)
    assert list(db.conn.iterdump()) == before


@pytest.mark.parametrize("table", ["sessions", "session_revisions", "enrolments", "enrolment_revisions", "audit"])
def test_nor_replaced_by_an_insert(db, session_id, enrolment_id, table):
    correct_session(db, session_id, date(2022, 3, 2), Answers(life_satisfaction=5), "mistyped", by=AMINA, revision=1)
    correct_enrolment(db, enrolment_id, date(2021, 12, 1), None, "began earlier", by=AMINA, revision=1)
    columns = db.execute(f"SELECT * FROM {table} LIMIT 0").description
    names = ", ".join(column[0] for column in columns if not column[0].endswith("_total") or "revisions" in table)
    before = list(db.conn.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"REPLACE INTO {table} ({names}) SELECT {names} FROM {table}")
    assert list(db.conn.iterdump()) == before


def test_each_correction_keeps_what_was_there_before(db, session_id):
    for revision, score in enumerate((5, 6, 7), start=1):
        answers = Answers(life_satisfaction=score)
        correct_session(db, session_id, date(2022, 3, score), answers, f"reason {score}", by=AMINA, revision=revision)
    withdraw_session(db, session_id, "wrong person", by=AMINA, revision=4)
    earlier = sessions.earlier_revisions(db, session_id)
    assert [(row["revision"], row["life_satisfaction"], row["held_on"], row["reason"]) for row in earlier] == [
        (4, 7, "2022-03-07", "reason 7"),
        (3, 6, "2022-03-06", "reason 6"),
        (2, 5, "2022-03-05", "reason 5"),
        (1, 4, "2022-03-01", None),
    ]


def test_totals_are_sums_and_are_kept_with_each_revision(db):
    items = dict.fromkeys(OUTCOME_ITEMS, 75) | dict.fromkeys(ALLIANCE_ITEMS, 91)
    session_id = make_session(db, make_service_user(db), **items)
    answers = Answers(**items | {"outcome_overall": None})
    correct_session(db, session_id, date(2022, 3, 1), answers, "one was not answered", by=AMINA, revision=1)
    (before,) = sessions.earlier_revisions(db, session_id)
    now = sessions.by_id(db, AMINA, session_id)
    assert (before["outcome_total"], before["alliance_total"]) == (300, 364)
    assert (now["outcome_total"], now["alliance_total"]) == (None, 364)


def test_each_change_of_an_enrolment_keeps_what_was_there_before(db, service_user_id, enrolment_id):
    end_enrolment(db, enrolment_id, date(2022, 5, 1), by=AMINA)
    correct_enrolment(db, enrolment_id, date(2022, 1, 1), None, "came back", by=AMINA, revision=2)
    earlier = enrolments.earlier_revisions(db, service_user_id)
    assert [(row["revision"], row["enrolled_to"]) for row in earlier] == [(2, "2022-05-01"), (1, None)]
    (now,) = enrolments.of_service_user(db, service_user_id)
    assert (now["revision"], now["enrolled_to"], now["reason"]) == (3, None, "came back")
