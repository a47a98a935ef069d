"""Histories are told with names as people read them, while the record keeps usernames."""

from datetime import date

import pytest
from factories import ALNA, AMINA, CARL, OPERATOR, VELFERD, enrolment_of, make_service_user, make_session
from flask import Flask
from released import release
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.deciding import decide_dates, decide_obligations, decide_threshold
from fitservice.actions.enrolling import end_enrolment
from fitservice.actions.explaining import explain_gap
from fitservice.actions.recording import note_session
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import set_to
from fitservice.reporting import Cause, GapKind, Step, Threshold
from fitservice.reports.gaps import statuses_of
from fitservice.reports.sign_offs import EVERYTHING
from fitservice.rules.periods import parse_half
from fitservice.rules.register import default_dates
from fitservice.store import enrolments, sessions
from fitservice.store.rows import called

H1 = parse_half("2022H1")
JULY = date(2022, 7, 10)
NAMES = {"amina": "Amina Ask", "carl": "Carl Lie", "velferd": "Vel Ferd"}


@pytest.fixture
def named(house: Flask, house_db: Database) -> Flask:
    """The house, whose people have names that are not their usernames."""
    for username, name in NAMES.items():
        house_db.execute("UPDATE staff SET name = ? WHERE username = ?", (name, username))
    return house


def page_of(app: Flask, name: str, path: str) -> str:
    """A page in English, as of July, without the line that says who is signed in."""
    client = sign_in(app, name)
    with set_to(JULY):
        answer = client.get(f"{path}?lang=en")
    assert answer.status_code == 200
    return answer.text.split("<main")[1]


@pytest.mark.parametrize(
    ("reader", "path"), [("carl", "/district/reporting/2022H1"), ("velferd", "/city/030112/2022H1")]
)
def test_the_steps_of_a_sign_off_are_told_with_names(named: Flask, house_db: Database, reader: str, path: str) -> None:
    with set_to(JULY):
        take_step(house_db, H1, Step.SIGNED, "As it is.", 0, by=CARL)
        judge_sign_off(house_db, "030112", H1, Step.RETURNED, "Please look again.", date(2022, 8, 20), 1, by=VELFERD)
    happened = page_of(named, reader, path).split("What has happened")[1]
    assert ", Carl Lie." in happened and ", Vel Ferd." in happened
    assert "carl" not in happened and "velferd" not in happened
    kept = house_db.execute("SELECT acted_by FROM sign_offs ORDER BY number").fetchall()
    assert kept == [("carl",), ("velferd",)]


def test_an_explanation_is_told_with_the_name(named: Flask, house_db: Database) -> None:
    make_service_user(house_db, "AL-2", enrolled_from=date(2022, 6, 20))
    with set_to(JULY):
        explain_gap(house_db, H1, GapKind.LOW_COVERAGE, Cause.STAFFING, None, None, by=CARL)
        (status,) = statuses_of(house_db, [H1], JULY, EVERYTHING, ALNA)
    assert status.explanations[GapKind.LOW_COVERAGE]["by"] == "Carl Lie"
    assert "Carl Lie, " in page_of(named, "carl", "/district/reporting/2022H1")
    assert house_db.execute("SELECT explained_by FROM explanations").fetchall() == [("carl",)]


def test_the_register_is_told_with_names_and_the_operator_by_the_systems(named: Flask, house_db: Database) -> None:
    with set_to(JULY):
        decide_obligations(house_db, ["030112"], H1, None, "A trial", owed=True, by=VELFERD)
        decide_dates(house_db, H1, default_dates(H1), "The summer", by=VELFERD)
        decide_threshold(house_db, Threshold.COVERAGE, H1, 0.7, "Agreed on", by=OPERATOR)
    page = page_of(named, "velferd", "/city/register")
    assert page.count("Vel Ferd, ") == 2 and "operator, " in page and "velferd" not in page


def test_releases_are_told_with_names(named: Flask, house_db: Database) -> None:
    release(house_db)
    assert "<td>Vel Ferd</td>" in page_of(named, "velferd", "/city/releases")
    assert "by Vel Ferd." in page_of(named, "velferd", "/city/releases/2022-1")


def test_sessions_enrolments_and_what_they_were_before_are_told_with_names(named: Flask, house_db: Database) -> None:
    person = make_service_user(house_db, "AL-2")
    session = make_session(house_db, person, by=AMINA)
    note_session(house_db, session, "Agreed.", None, by=CARL, revision=1)
    end_enrolment(house_db, enrolment_of(house_db, person), date(2022, 6, 1), by=CARL)
    page = page_of(named, "carl", f"/service-users/{person}")
    assert "<td>Carl Lie</td>" in page and "recorded by Amina Ask" in page
    page = page_of(named, "carl", f"/sessions/{session}")
    assert "Recorded by Carl Lie on" in page and "<td>Amina Ask, " in page
    # the record itself keeps who it was
    (row,) = sessions.of_service_user(house_db, person)
    assert (row["recorded_by"], row["recorder"]) == ("carl", "Carl Lie")
    assert house_db.execute("SELECT recorded_by FROM session_revisions").fetchall() == [("amina",)]
    assert [row["recorded_by"] for row in enrolments.of_service_user(house_db, person)] == ["carl"]


@pytest.mark.parametrize(("kept", "told"), [("carl", "Carl Lie"), ("CARL", "Carl Lie"), ("root", "root"), (None, None)])
def test_a_username_without_an_account_stays_as_it_is(
    named: Flask, house_db: Database, kept: str | None, told: str | None
) -> None:
    sql = f"SELECT {called('who')} FROM (SELECT ? AS who)"
    assert house_db.execute(sql, (kept,)).fetchone() == (told,)


def test_a_name_is_looked_up_by_an_index_however_many_accounts_there_are(house_db: Database) -> None:
    plan = house_db.execute(f"EXPLAIN QUERY PLAN SELECT {called('decided_by')} FROM obligations").fetchall()
    (looked_up,) = [detail for *_, detail in plan if "staff" in detail]
    assert looked_up.startswith("SEARCH staff USING INDEX staff_username")
