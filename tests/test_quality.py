"""Quality checks on the record: what they read, who sees them, and dismissing a finding with a reason."""

import json
import sqlite3
from datetime import date, timedelta

import pytest
from factories import (
    ADMIN,
    AMINA,
    BERIT,
    CARL,
    VELFERD,
    enrolment_of,
    identity_number,
    make_cast,
    make_service_user,
    make_session,
    outcome_items,
)
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.checking import dismiss_finding, take_back_dismissal
from fitservice.actions.deciding import decide_dates
from fitservice.actions.enrolling import end_enrolment
from fitservice.actions.recording import correct_session, withdraw_session
from fitservice.clock import today
from fitservice.db import transaction
from fitservice.model import Actor, Answers, Invalid, NotAllowed, NotFound, Role
from fitservice.reporting import Check, Dates
from fitservice.reports.quality import findings
from fitservice.rules.periods import half, parse_half
from fitservice.rules.register import default_dates
from fitservice.store.counters import kept
from fitservice.store.rows import value

PERIOD = parse_half("2022H1")
DEADLINE, LATER = default_dates(PERIOD).deadline, date(2022, 8, 1)
DORTHE = Actor("dorthe", Role.TEAM_LEAD, BERIT.district_id)
WHY = "Skalaen var avtalt med etaten"


def look(db: Database, on: date = LATER, by: Actor = CARL) -> list[tuple[Check, bool]]:
    """Each finding of 2022H1 and whether it is open."""
    return [(told.finding.check, not told.dismissal) for told in findings(db, PERIOD, on, by=by).told]


def make_other_scale(db: Database, reference: str = "S-1", *, by: Actor = AMINA) -> str:
    """A session on another scale; the key of what is found then."""
    make_session(db, make_service_user(db, reference, by=by), by=by, life_satisfaction_1_10=8)
    return key_of(db, Check.OTHER_SCALE)


def key_of(db: Database, check: Check) -> str:
    """The key of the only finding of that check in Alna."""
    (told,) = findings(db, PERIOD, LATER, by=CARL).of(check)
    return told.finding.key


def dismiss(db: Database, key: str, reason: str = WHY, by: Actor = CARL, check: Check = Check.OTHER_SCALE) -> None:
    """Dismiss a finding of 2022H1."""
    dismiss_finding(db, PERIOD, check, key, reason, by=by)


def record_on(db: Database, service_user_id: int, held_on: date, recorded_at: str) -> None:
    """A session that was written down at another moment than now, as a file from another system brings it."""
    enrolment_id = enrolment_of(db, service_user_id)
    with transaction(db), kept(db, enrolment_ids=[enrolment_id]):
        db.execute(
            "INSERT INTO sessions (enrolment_id, held_on, life_satisfaction, recorded_by, recorded_at)"
            " VALUES (?, ?, 4, 'amina', ?)",
            (enrolment_id, held_on.isoformat(), recorded_at),
        )


def test_a_record_in_order_has_no_finding(db):
    for number, score in enumerate((3, 4, 5)):
        make_session(db, make_service_user(db, f"A-{number}"), life_satisfaction=score)
    found = findings(db, PERIOD, LATER, by=CARL)
    assert (found.told, found.sessions, found.enrolled) == ([], 3, 3)


def test_the_same_answer_for_everybody_names_the_recorder_to_the_own_team_lead(db):
    make_cast(db)
    for number in range(8):
        make_session(db, make_service_user(db, f"A-{number}"), life_satisfaction=4)
    (told,) = findings(db, PERIOD, LATER, by=CARL).told
    assert (told.finding.check, told.recorder, len(told.finding.cases)) == (Check.SAME_ANSWER, "Amina", 8)
    assert findings(db, PERIOD, LATER, by=DORTHE).told == []


def test_nine_equal_answers_are_found_as_they_were_recorded(db):
    alike = outcome_items(20) | {f"alliance_{name}": 50 for name in ("heard", "topics", "approach", "overall")}
    session_id = make_session(db, make_service_user(db), life_satisfaction=5, **alike)
    make_session(db, make_service_user(db, "A-2"), life_satisfaction=5, **alike | {"alliance_heard": 51})
    (told,) = findings(db, PERIOD, LATER, by=CARL).told
    assert [case.session_id for case in told.finding.cases] == [session_id]
    withdraw_session(db, session_id, "wrong person", by=AMINA, revision=1)
    assert look(db) == []


def test_a_correction_changes_neither_who_recorded_it_nor_when(db):
    make_cast(db)
    for number in range(8):
        session_id = make_session(db, make_service_user(db, f"A-{number}"), life_satisfaction=4)
        correct_session(
            db, session_id, date(2022, 3, 2), Answers(life_satisfaction=4), "other day", by=CARL, revision=1
        )
    (told,) = findings(db, PERIOD, LATER, by=CARL).told
    assert told.recorder == "Amina"


def test_the_session_before_the_half_year_is_read_up_to_two_years_back(db):
    people = [make_service_user(db, f"A-{number}", enrolled_from=date(2019, 1, 1)) for number in range(10)]
    for number, person in enumerate(people):
        for day in (date(2019, 12, 30), date(2022, 3, 1)):
            make_session(db, person, day, life_satisfaction=1 + number % 7)
    assert look(db) == []
    for number, person in enumerate(people):
        make_session(db, person, date(2020, 1, 10), life_satisfaction=1 + number % 7)
    assert look(db) == [(Check.COPIED, True)]


@pytest.mark.parametrize(
    ("recorded_at", "found"),
    [
        ("2022-07-28T21:59:00+00:00", []),
        ("2022-07-28T22:00:00+00:00", [(Check.BURST, True)]),
        ("2022-07-31T21:59:00+00:00", [(Check.BURST, True)]),
        ("2022-07-31T22:00:00+00:00", []),
    ],
    ids=["a minute too early in Oslo", "three days before", "at the last moment", "too late"],
)
def test_the_last_three_days_are_days_in_oslo(db, recorded_at, found):
    for number in range(10):
        record_on(db, make_service_user(db, f"A-{number}"), date(2022, 3, 1) + timedelta(days=2 * number), recorded_at)
    assert [finding for finding in look(db) if finding[0] is Check.BURST] == found


def test_a_correction_in_the_last_days_is_not_recording_in_them(db):
    person = make_service_user(db)
    for number in range(10):
        record_on(db, person, date(2022, 3, 1) + timedelta(days=9 * number), "2022-06-01T12:00:00+00:00")
    deadline = today()
    for row in list(db.query("SELECT id, held_on FROM sessions")):
        day = date.fromisoformat(row["held_on"])
        correct_session(db, row["id"], day, Answers(life_satisfaction=5), "mistyped", by=AMINA, revision=1)
    decide_dates(db, PERIOD, Dates(*[deadline] * 5), "as late as today", by=VELFERD)
    found = findings(db, PERIOD, deadline, by=CARL)
    assert Check.BURST not in found.unjudged and not found.of(Check.BURST)


def test_the_service_refuses_sessions_after_the_end_so_only_other_ways_can_bring_them(db):
    person = make_service_user(db)
    make_session(db, person, date(2022, 5, 1))
    with pytest.raises(Invalid, match="session_after_end"):
        end_enrolment(db, enrolment_of(db, person), date(2022, 4, 30), by=AMINA)
    end_enrolment(db, enrolment_of(db, person), date(2022, 5, 1), by=AMINA)
    with pytest.raises(Invalid, match="outside_enrolment"):
        make_session(db, person, date(2022, 5, 2))
    assert look(db) == []
    record_on(db, person, date(2022, 5, 2), "2022-05-02T12:00:00+00:00")
    (told,) = findings(db, PERIOD, LATER, by=CARL).told
    assert told.finding.check is Check.AFTER_END
    assert [case.day for case in told.finding.cases] == [date(2022, 5, 2)]


def test_an_open_enrolment_without_a_session_for_half_a_year(db):
    never = make_service_user(db, "NEVER", enrolled_from=date(2021, 12, 1))
    seen = make_service_user(db, "SEEN", enrolled_from=date(2021, 12, 1))
    make_session(db, seen, date(2022, 1, 1))
    make_service_user(db, "NEW", enrolled_from=date(2022, 1, 1))
    ended = make_service_user(db, "ENDED", enrolled_from=date(2021, 12, 1))
    end_enrolment(db, enrolment_of(db, ended), date(2022, 7, 15), by=AMINA)
    (told,) = findings(db, PERIOD, LATER, by=CARL).told
    assert [case.service_user_id for case in told.finding.cases] == [never]
    make_session(db, never, date(2022, 7, 10))
    assert look(db) == [(Check.NO_SESSION, True)], "a session after the half-year does not change what it held"
    assert look(db, date(2022, 7, 15)) == [(Check.NO_SESSION, True)] * 2
    make_session(db, never, date(2022, 6, 30))
    assert look(db) == []


def test_figures_are_compared_with_the_districts_own_half_years(db):
    for year, number in ((2020, 1), (2020, 2), (2021, 1), (2021, 2)):
        for person in range(4):
            service_user_id = make_service_user(
                db, f"A-{year}-{number}-{person}", enrolled_from=half(year, number).first_day
            )
            make_session(db, service_user_id, half(year, number).first_day, life_satisfaction=3 + person % 3)
            end_enrolment(db, enrolment_of(db, service_user_id), half(year, number).last_day, by=AMINA)
    make_session(db, make_service_user(db, "B-1"), life_satisfaction=4)
    found = findings(db, PERIOD, LATER, by=CARL)
    assert [told.finding.measure for told in found.of(Check.FAR_FROM_HISTORY)] == [
        *("active_users", "measured_users", "sessions")
    ]
    assert found.has_history and look(db, PERIOD.last_day) == []


def test_only_the_own_district_is_looked_at(db):
    make_other_scale(db)
    make_session(db, make_service_user(db, "B-1", by=BERIT), by=BERIT, life_satisfaction_1_10=8)
    for lead in (CARL, DORTHE):
        (told,) = findings(db, PERIOD, LATER, by=lead).told
        assert len(told.finding.cases) == 1


@pytest.mark.parametrize("by", [AMINA, VELFERD, ADMIN])
def test_nobody_but_a_team_lead_sees_or_decides(db, by):
    key = make_other_scale(db)
    for act in (
        lambda: findings(db, PERIOD, LATER, by=by),
        lambda: dismiss(db, key, by=by),
        lambda: take_back_dismissal(db, PERIOD, Check.OTHER_SCALE, key, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_half_year_that_has_not_begun_is_refused(db):
    with pytest.raises(Invalid, match="period_not_begun"):
        findings(db, PERIOD, date(2021, 12, 31), by=CARL)


def test_a_dismissed_finding_stays_visible_with_its_reason(db):
    make_cast(db)
    dismiss(db, make_other_scale(db), f"  {WHY} ")
    found = findings(db, PERIOD, today(), by=CARL)
    (told,) = found.of(Check.OTHER_SCALE)
    assert (told.dismissal["reason"], told.dismissal["dismissed_by"]) == (WHY, "Carl")
    assert told not in found.open


def test_a_dismissal_counts_from_the_day_it_was_made(db):
    dismiss(db, make_other_scale(db))
    assert look(db, today() - timedelta(days=1))[0] == (Check.OTHER_SCALE, True)
    assert (Check.OTHER_SCALE, False) in look(db, today())


def test_another_case_opens_it_again_and_the_old_state_closes_it(db):
    dismiss(db, make_other_scale(db))
    session_id = make_session(db, make_service_user(db, "S-2"), life_satisfaction_1_10=3)
    assert (Check.OTHER_SCALE, True) in look(db, today())
    withdraw_session(db, session_id, "wrong person", by=AMINA, revision=1)
    assert (Check.OTHER_SCALE, False) in look(db, today())


def test_open_findings_come_first(db):
    dismiss(db, make_other_scale(db))
    make_service_user(db, "NEVER", enrolled_from=date(2021, 1, 1))
    make_service_user(db, "NEVER-2", enrolled_from=date(2021, 1, 1))
    assert [is_open for _, is_open in look(db, today())] == [True, True, False]
    key = findings(db, PERIOD, today(), by=CARL).open[0].finding.key
    dismiss(db, key, check=Check.NO_SESSION)
    assert [is_open for _, is_open in look(db, today())] == [True, False, False]


def test_twice_the_same_is_one_dismissal_and_another_reason_takes_its_place(db):
    key = make_other_scale(db)
    for reason in (WHY, WHY, "Avtalt på nytt"):
        dismiss(db, key, reason)
    assert value(db, "SELECT COUNT(*) FROM check_dismissals") == 2
    (told,) = findings(db, PERIOD, today(), by=CARL).of(Check.OTHER_SCALE)
    assert told.dismissal["reason"] == "Avtalt på nytt"


def test_taken_back_it_is_open_again_and_can_be_dismissed_anew(db):
    key = make_other_scale(db)
    dismiss(db, key)
    for _ in range(2):
        take_back_dismissal(db, PERIOD, Check.OTHER_SCALE, key, by=CARL)
        assert (Check.OTHER_SCALE, True) in look(db, today())
    assert value(db, "SELECT COUNT(*) FROM check_dismissals") == 2
    dismiss(db, key)
    assert (Check.OTHER_SCALE, False) in look(db, today())
    rows = db.execute("SELECT withdrawn, reason FROM check_dismissals ORDER BY id").fetchall()
    assert rows == [(0, WHY), (1, None), (0, WHY)]


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("", "required"),
        ("ok", "too_short"),
        ("- . - 12", "too_short"),
        ("x" * 301, "too_long"),
        ("Avtalt med Kari", "note_name"),
        ("Ring 22 33 44 55", "note_number"),
        (identity_number(), "identity_number"),
    ],
)
def test_a_reason_is_some_words_that_name_nobody(db, reason, problem):
    key = make_other_scale(db)
    with pytest.raises(Invalid) as refused:
        dismiss(db, key, reason)
    assert [(each.code, each.field) for each in refused.value.problems] == [(problem, "reason")]
    assert value(db, "SELECT COUNT(*) FROM check_dismissals") == 0


def test_a_finding_that_is_not_there_is_refused(db):
    key = make_other_scale(db)
    for wrong in (
        lambda: dismiss(db, "period:0123456789abcdef"),
        lambda: dismiss(db, key, check=Check.COPIED),
        lambda: dismiss(db, key, by=DORTHE),
        lambda: dismiss_finding(db, half(2022, 2), Check.OTHER_SCALE, key, WHY, by=CARL),
    ):
        with pytest.raises(Invalid, match="finding_gone"):
            wrong()
    dismiss(db, key)
    with pytest.raises(NotFound):
        take_back_dismissal(db, PERIOD, Check.OTHER_SCALE, key, by=DORTHE)


def test_what_is_decided_is_logged_without_names_keys_or_reasons(db):
    key = make_other_scale(db)
    dismiss(db, key)
    take_back_dismissal(db, PERIOD, Check.OTHER_SCALE, key, by=CARL)
    rows = db.execute("SELECT act, subject_kind, subject_id, detail FROM audit ORDER BY id DESC LIMIT 2").fetchall()
    assert [(act, kind, number, json.loads(detail)) for act, kind, number, detail in rows[::-1]] == [
        (act, "district", CARL.district_id, {"period": "2022H1", "check": "other_scale", "again": False})
        for act in ("dismiss_finding", "take_back_dismissal")
    ]


def test_a_dismissal_and_its_log_are_one(db):
    key = make_other_scale(db)
    before = value(db, "SELECT COUNT(*) FROM audit")
    db.execute(
        "CREATE TRIGGER full_disk BEFORE INSERT ON audit WHEN NEW.act = 'dismiss_finding'"
        " BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        dismiss(db, key)
    assert value(db, "SELECT COUNT(*) FROM check_dismissals") == 0
    assert value(db, "SELECT COUNT(*) FROM audit") == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM check_dismissals",
        "UPDATE check_dismissals SET reason = 'another reason'",
        "REPLACE INTO check_dismissals SELECT * FROM check_dismissals",
    ],
)
def test_a_decision_stays_as_it_was_recorded(db, statement):
    dismiss(db, make_other_scale(db))
    with pytest.raises(sqlite3.IntegrityError, match="stays"):
        db.execute(statement)


@pytest.mark.parametrize(
    ("reason", "withdrawn"), [(None, 0), ("a reason", 1), ("ab", 0), ("x" * 301, 0), ("a reason", 2)]
)
def test_a_decision_that_cannot_be_is_refused_by_its_table(db, reason, withdrawn):
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(
            "INSERT INTO check_dismissals (district_id, period, check_name, key, reason, withdrawn, dismissed_by,"
            " dismissed_at) VALUES (12, '2022H1', 'copied', 'k', ?, ?, 'carl', '2022-08-01T12:00:00+00:00')",
            (reason, withdrawn),
        )


def traced(db: Database) -> list[str]:
    """The queries that a look at 2022H1 asks."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    findings(db, PERIOD, LATER, by=CARL)
    db.conn.set_trace_callback(None)
    return [text for text in asked if text.lstrip().startswith("SELECT")]


def test_a_look_takes_as_many_queries_for_twenty_times_the_sessions(db):
    make_other_scale(db)
    before = len(traced(db))
    for number in range(20):
        make_session(db, make_service_user(db, f"N-{number}"), life_satisfaction=5)
    assert len(traced(db)) == before <= 12


def test_it_reads_no_session_but_those_it_needs(db):
    make_other_scale(db)
    plans = [step for text in traced(db) for *_, step in db.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()]
    assert [
        step
        for step in plans
        if step.startswith("SCAN ")
        and any(name in step for name in ("sessions", "enrolments", "service_users", "check_dismissals"))
    ] == []
    assert "SEARCH sessions USING INDEX sessions_of (enrolment_id=? AND held_on>? AND held_on<?)" in plans
    assert any(step.startswith("SEARCH check_dismissals USING INDEX check_dismissals_of") for step in plans)


def test_the_page_explains_links_and_dismisses(house: Flask, house_db: Database) -> None:
    make_other_scale(house_db)
    session_id = value(house_db, "SELECT id FROM sessions WHERE life_satisfaction_1_10 = 8")
    carl = sign_in(house, "carl")
    page = carl.get("/district/checks/2022H1?lang=en").text
    for words in ("Another scale than 1–7", "1 session has a score from 1 to 10.", "Why it matters", "What you can do"):
        assert words in page
    assert f'href="/sessions/{session_id}"' in page and "Nothing found." in page
    key = page.split('name="key" value="')[1].split('"')[0]
    form = {"check": "other_scale", "key": key, "reason": WHY}
    assert carl.post("/district/checks/2022H1/dismiss", data=form).status_code == 302
    page = carl.get("/district/checks/2022H1?lang=en").text
    assert f"by Carl: {WHY}" in page and "Open again" in page
    assert carl.post("/district/checks/2022H1/take-back", data=form).status_code == 302
    assert WHY not in carl.get("/district/checks/2022H1?lang=en").text


def test_a_reason_that_is_refused_comes_back_beside_its_field(house: Flask, house_db: Database) -> None:
    key = make_other_scale(house_db)
    answer = sign_in(house, "carl").post(
        "/district/checks/2022H1/dismiss?lang=en", data={"check": "other_scale", "key": key, "reason": "Ask Kari"}
    )
    assert answer.status_code == 400 and "looks like a name" in answer.text and key in answer.text
    assert "Ask Kari" in answer.text
    # which finding it is about
    told = sign_in(house, "carl").get("/district/checks/2022H1?lang=en").text
    assert (sentence := "1 session has a score from 1 to 10.") in told and sentence in answer.text


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({}, 400, "Fill this in."),
        ({"reason": WHY}, 404, ""),
        ({"check": "no_such_check", "key": "x", "reason": WHY}, 404, ""),
        ({"check": "other_scale", "key": "x", "reason": WHY}, 400, "no longer there, or it has changed"),
    ],
)
def test_a_form_that_fits_no_finding_stores_nothing(house: Flask, house_db: Database, form, status, words) -> None:
    answer = sign_in(house, "carl").post("/district/checks/2022H1/dismiss?lang=en", data=form)
    assert answer.status_code == status and words in answer.text
    assert value(house_db, "SELECT COUNT(*) FROM check_dismissals") == 0


@pytest.mark.parametrize("code", ["2022", "2022h1", "2022H3", "nonsense", "2199H1"])
def test_what_is_no_half_year_or_has_not_begun_is_not_found(house: Flask, code: str) -> None:
    carl = sign_in(house, "carl")
    assert carl.get(f"/district/checks/{code}").status_code == 404
    assert carl.post(f"/district/checks/{code}/dismiss", data={"reason": WHY}).status_code == 404
    assert carl.post(f"/district/checks/{code}/take-back").status_code == 404


def test_the_half_years_lead_to_each_other_and_the_district_to_them(house: Flask) -> None:
    carl = sign_in(house, "carl")
    assert 'href="/district/checks/' in carl.get("/district").text
    page = carl.get("/district/checks/2022H2").text
    assert 'href="/district/checks/2022H1"' in page and 'href="/district/checks/2023H1"' in page
    assert 'href="/district/checks/2021H2"' not in carl.get("/district/checks/2022H1").text


def test_a_page_without_findings_says_what_was_looked_for(house: Flask) -> None:
    page = sign_in(house, "carl").get("/district/checks/2022H1?lang=en").text
    assert "No finding is open." in page
    assert page.count("Nothing found.") + page.count("fewer than four earlier half-years") == len(Check)
