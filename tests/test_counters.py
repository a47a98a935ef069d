"""The counters behind the figures: whatever is done in whatever order, they are what the sessions say."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from counted_by_sql import counts as counted_by_sql
from counted_by_sql import days as days_by_sql
from factories import ALNA, AMINA, BJERKE, OPERATOR, VELFERD, enrolment_of, make_service_user, make_session
from licensed import add_instrument, changed
from sqlite_utils import Database

from fitservice import create_app
from fitservice.actions.counting import bring_up_to_date, check_counters, recount
from fitservice.actions.demo import make_demo
from fitservice.actions.enrolling import add_enrolment, end_enrolment
from fitservice.actions.recording import note_session, withdraw_session
from fitservice.instruments import SHIPPED, Instruments, read_instruments
from fitservice.model import NotAllowed, Period
from fitservice.reports.figures import pull_figures, pull_internal_figures
from fitservice.rules.contribution import marks_of
from fitservice.rules.figures import figures_from_counts
from fitservice.rules.periods import half, parse_period, year
from fitservice.store import counters, days

H1 = parse_period("2022H1")


def differing_from_sql(db: Database, periods: list[Period], instruments: Instruments = SHIPPED) -> dict:
    """Every figure and count of a day that the counters and SQL over the sessions tell differently."""
    marks = [(key, *mark) for key, mark in marks_of(instruments).items()]
    by_sql = counted_by_sql(db, periods, instruments=marks)
    known = counters.counts(db, periods)
    told = {key: figures_of(counts) for key, counts in known.items()} | days_told(db)
    right = {key: figures_of(by_sql.get(key, {})) for key in known} | days_by_sql(db)
    return {key: (told.get(key), right.get(key)) for key in told.keys() | right if told.get(key) != right.get(key)}


def figures_of(counts: dict[str, int]) -> dict[str, float | None]:
    """The figures, and the count that is no figure."""
    return {**figures_from_counts(counts), "feedback_users": counts.get("feedback_users", 0)}


def days_told(db: Database) -> dict[tuple[int, str], dict[str, int]]:
    """What is kept of each day, but those that were emptied again."""
    rows = db.query("SELECT * FROM days WHERE sessions > 0 OR other_scale > 0 OR newly_measured > 0")
    return {(row.pop("district_id"), row.pop("day")): row for row in rows}


def test_the_demo_citys_counters_are_what_sql_counts(db):
    make_demo(db, date(2022, 12, 31), 17, by=OPERATOR)
    periods = [
        period for number in (2020, 2021, 2022, 2023) for period in (half(number, 1), half(number, 2), year(number))
    ]
    assert differing_from_sql(db, periods) == {}
    told = pull_internal_figures(db, periods[3:9], by=OPERATOR).figures["030112", "2022"]
    assert told["measured_users"].value > 20


def test_a_service_user_of_no_session_still_counts_as_active_for_ever_after(db):
    service_user_id = make_service_user(db, enrolled_from=date(2021, 8, 1))
    codes = ["2021H1", "2021H2", "2022H1", "2199H2", "2020", "2021", "2199"]
    periods = [parse_period(code) for code in codes]
    counts = counters.counts(db, periods)
    assert [counts[ALNA, code]["active_users"] for code in codes] == [0, 1, 1, 1, 0, 1, 1]
    end_enrolment(db, enrolment_of(db, service_user_id), date(2021, 9, 1), by=AMINA)
    add_enrolment(db, service_user_id, date(2022, 3, 1), by=AMINA)
    counts = counters.counts(db, periods, ALNA)
    assert [counts[ALNA, code]["active_users"] for code in codes] == [0, 1, 1, 1, 0, 1, 1]


def test_enrolments_that_share_days_count_their_service_user_once_and_the_latest_day(db):
    # no action lets them: somebody wrote them into the file, and recounted
    service_user_id = make_service_user(db, enrolled_from=date(2022, 1, 1))
    make_session(db, service_user_id, date(2022, 5, 1), life_satisfaction=6)
    with counters.kept(db, [service_user_id]):
        db.execute(
            "INSERT INTO enrolments (id, service_user_id, enrolled_from, enrolled_to, recorded_by, recorded_at)"
            " VALUES (7, :id, '2022-02-01', '2022-04-01', 'x', '2022-04-01')",
            {"id": service_user_id},
        )
    with counters.kept(db, enrolment_ids=[7]):
        db.execute(
            "INSERT INTO sessions (enrolment_id, held_on, life_satisfaction, recorded_by, recorded_at)"
            " VALUES (7, '2022-03-01', 2, 'x', '2022-03-01')"
        )
    assert differing_from_sql(db, [H1, parse_period("2022H2"), parse_period("2022")]) == {}
    counted = counters.counts(db, [H1])[ALNA, "2022H1"]
    assert [counted[name] for name in ("active_users", "sessions", "life_satisfaction_6")] == [1, 2, 1]


def test_a_session_recorded_afterwards_becomes_the_first_for_later_years(db):
    service_user_id = make_service_user(db, enrolled_from=date(2020, 1, 1))
    make_session(db, service_user_id, date(2022, 3, 1), life_satisfaction=6)
    make_session(db, service_user_id, date(2020, 3, 1), life_satisfaction=2)
    counted = counters.counts(db, [H1])[ALNA, "2022H1"]
    assert [counted[f"life_satisfaction_{name}"] for name in ("paired", "change_sum", "improved")] == [1, 4, 1]
    assert counters.differences(db) == {}


def test_a_day_counts_who_is_first_measured_on_it_in_the_half_year(db):
    service_user_id = make_service_user(db, enrolled_from=date(2022, 1, 1))
    for day, score in ((date(2022, 3, 2), 4), (date(2022, 5, 1), 3), (date(2022, 7, 1), 2)):
        make_session(db, service_user_id, day, life_satisfaction=score)
    make_session(db, make_service_user(db, "A-2"), date(2022, 3, 2), life_satisfaction=4)
    halves = [H1, parse_period("2022H2"), parse_period("2023H1")]
    measured = {(ALNA, "2022H1"): {date(2022, 3, 2): 2}, (ALNA, "2022H2"): {date(2022, 7, 1): 1}}
    assert days.newly_measured(db, halves) == days.newly_measured(db, halves, ALNA) == measured
    # an earlier one becomes the first
    make_session(db, service_user_id, date(2022, 2, 1), life_satisfaction=4)
    assert days.newly_measured(db, [H1], ALNA)[ALNA, "2022H1"] == {date(2022, 2, 1): 1, date(2022, 3, 2): 1}
    assert days.newly_measured(db, halves, BJERKE) == {}


def test_the_last_session_and_the_first_on_another_scale_are_days(db):
    service_user_id = make_service_user(db, enrolled_from=date(2022, 1, 1))
    known = [
        make_session(db, service_user_id, date(2022, 3, 1), life_satisfaction=None, missing_reason="declined"),
        make_session(db, service_user_id, date(2022, 4, 1), life_satisfaction=None, life_satisfaction_1_10=6),
        make_session(db, service_user_id, date(2022, 5, 1), life_satisfaction=None, life_satisfaction_1_10=7),
        make_session(db, service_user_id, date(2022, 8, 1), life_satisfaction=None, life_satisfaction_1_10=7),
    ]
    periods = [H1, parse_period("2022H2"), parse_period("2022")]

    def told(until: date) -> tuple[date | None, list[date | None]]:
        assert days.last_sessions(db, until).get(ALNA) == days.last_sessions(db, until, ALNA).get(ALNA)
        first = days.first_other_scale(db, periods)
        assert days.first_other_scale(db, periods, ALNA) == first
        assert days.first_other_scale(db, periods, BJERKE) == days.last_sessions(db, until, BJERKE) == {}
        return days.last_sessions(db, until).get(ALNA), [first.get((ALNA, one.code)) for one in periods]

    assert told(date(2022, 12, 31)) == (date(2022, 8, 1), [date(2022, 4, 1), date(2022, 8, 1), date(2022, 4, 1)])
    assert told(date(2022, 7, 31))[0] == date(2022, 5, 1)
    assert told(date(2022, 2, 28))[0] is None
    for session_id in (known[1], known[3]):
        withdraw_session(db, session_id, "wrong person", by=AMINA, revision=1)
    assert told(date(2022, 12, 31)) == (date(2022, 5, 1), [date(2022, 5, 1), None, date(2022, 5, 1)])


def test_what_is_asked_of_days_walks_through_no_table(db):
    looks: list[str] = []
    db.conn.set_trace_callback(looks.append)
    days.last_sessions(db, date(2022, 12, 31))
    days.first_other_scale(db, [H1])
    days.newly_measured(db, [H1])
    db.conn.set_trace_callback(None)
    for sql in looks:
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert [step for step in plan if "days" in step and "SEARCH" not in step] == []
    assert len(looks) == 3


def test_a_note_writes_no_counter(db):
    session_id = make_session(db, make_service_user(db))
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    note_session(db, session_id, "said more", None, by=AMINA, revision=1)
    db.conn.set_trace_callback(None)
    assert not [text for text in seen if re.search(r"(UPDATE|INTO)\s+(counters|days)\b", text)]


def test_a_pull_reads_no_session_and_no_enrolment(db):
    make_session(db, make_service_user(db))
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    pull_figures(db, [H1], 5, by=VELFERD)
    db.conn.set_trace_callback(None)
    assert any("counters" in text for text in seen)
    assert [text for text in seen if re.search(r"(FROM|JOIN)\s+(sessions|enrolments|service_users)\b", text)] == []


def test_counters_never_go_below_zero(db):
    make_session(db, make_service_user(db))
    for name in counters.NAMES:
        if not name.endswith("change_sum"):
            with pytest.raises(Exception, match="CHECK"):
                db.execute(f"UPDATE counters SET {name} = -1")
    for name in counters.DAY_NAMES:
        with pytest.raises(Exception, match="CHECK"):
            db.execute(f"UPDATE days SET {name} = -1")


def counted(db: Database) -> list[dict]:
    """Every row of what is counted."""
    return [*db.query("SELECT * FROM counters"), *db.query("SELECT * FROM days")]


def tamper(db: Database) -> None:
    """What no action does: another number of sessions, and a row too many."""
    db.execute("UPDATE counters SET sessions = sessions + 1 WHERE district_id = 12 AND period = '2022H1'")
    db.execute("INSERT INTO counters (district_id, period, active_begun) VALUES (9, '1999', 2)")
    db.execute("UPDATE days SET newly_measured = 3 WHERE district_id = 12")


def test_recounting_finds_and_mends_what_is_wrong(house, house_db):
    cli = house.test_cli_runner()
    assert cli.invoke(args=["recount", "--check"]).exit_code == 0
    before = counted(house_db)
    tamper(house_db)
    check = cli.invoke(args=["recount", "--check"])
    lines = [
        "Bjerke  1999  active_begun: 2 → 0",
        "Alna  2022-03-01  newly_measured: 3 → 1",
        "Alna  2022H1  sessions: 2 → 1",
    ]
    assert (check.exit_code, check.stdout.splitlines()) == (1, lines)
    assert "3 counts differ" in check.stderr
    mended = cli.invoke(args=["recount"])
    assert (mended.exit_code, mended.stdout.splitlines()) == (0, [*lines, "3 counts were mended."])
    assert counted(house_db) == before
    again = cli.invoke(args=["recount", "--check"])
    assert (again.exit_code, again.stdout) == (0, "Every count is what the sessions say.\n")
    logged = house_db.execute("SELECT detail FROM audit WHERE act = 'recount' ORDER BY id").fetchall()
    assert [json.loads(detail) for (detail,) in logged] == [
        {"check": True, "differences": 0},
        {"check": True, "differences": 3},
        {"differences": 3},
        {"check": True, "differences": 0},
    ]


@pytest.mark.parametrize("count", [check_counters, recount])
def test_only_the_operator_recounts(db, count):
    with pytest.raises(NotAllowed):
        count(db, by=VELFERD)


def test_a_record_from_before_the_counters_is_counted_when_it_is_brought_up_to_date(house, house_db):
    before = counted(house_db)
    house_db.execute("DELETE FROM counters")
    house_db.execute("DELETE FROM days")
    house_db.execute("DELETE FROM counter_marks")
    with pytest.raises(counters.NotCounted):
        pull_figures(house_db, [H1], 5, by=VELFERD)
    assert bring_up_to_date(house.config["DATABASE"], SHIPPED) == ([], True)
    assert counted(house_db) == before
    assert bring_up_to_date(house.config["DATABASE"], SHIPPED) == ([], False)


def test_other_instruments_have_everything_counted_anew(instance: Path, db: Database):
    service_user_id = make_service_user(db)
    for month, tenths in ((3, 50), (4, 63)):
        items = dict.fromkeys(("outcome_personal", "outcome_close", "outcome_social", "outcome_overall"), tenths)
        make_session(db, service_user_id, date(2022, month, 1), outcome_instrument="ors_test", **items)

    def judged() -> list[int]:
        counts = counters.counts(db, [H1])[ALNA, "2022H1"]
        return [counts[f"outcome_{name}"] for name in ("paired", "improved", "deteriorated")]

    assert judged() == [1, 0, 0]
    add_instrument(instance, changed(("electronic = true", 'electronic = true\nbetter = "lower"')))
    cli = create_app({"TESTING": True}, instance).test_cli_runner()
    refused = cli.invoke(args=["aggregates", "--internal", "--period", "2022H1", "--format", "csv"])
    assert (refused.exit_code, refused.stdout, "fitservice migrate" in refused.stderr) == (1, "", True)
    assert "anew" in cli.invoke(args=["migrate"]).stdout
    assert judged() == [1, 0, 1]
    assert differing_from_sql(db, [H1], read_instruments(instance / "instruments", SHIPPED)) == {}
    assert cli.invoke(args=["aggregates", "--internal", "--period", "2022H1", "--format", "csv"]).exit_code == 0
