"""Reminding: who gets which message, once; read by its owner alone; and what the command says."""

import json
import os
import sqlite3
import subprocess
from datetime import date, timedelta

import pytest
from factories import ADMIN, ALNA, AMINA, BERIT, CARL, OPERATOR, VELFERD, make_cast, make_service_user, make_session
from flask import Flask
from serving import FITSERVICE
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.enrolling import end_enrolment, set_caseworker
from fitservice.actions.explaining import explain_gap
from fitservice.actions.reminding import mark_read, remind
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.actions.staffing import add_staff, close_staff
from fitservice.clock import set_to
from fitservice.model import Actor, Invalid, NotAllowed, Role
from fitservice.reporting import Cause, GapKind, Reminder, ReminderKind, Step
from fitservice.reports.inbox import inbox
from fitservice.rules.periods import parse_period
from fitservice.store import enrolments, figures
from fitservice.wording.reminders import reminder_text

H1 = parse_period("2022H1")
TWO_WEEKS_LEFT = date(2022, 6, 16)
DEADLINE = date(2022, 7, 31)
DAY = timedelta(days=1)
SECRET = "Very-Secret-1"


@pytest.fixture
def city(db: Database) -> Database:
    """The cast; in Alna one service user of Amina's with a score of 7 in June, and two without; one is nobody's."""
    make_cast(db)
    for reference in (SECRET, "A-2", "A-3"):
        own(db, reference)
    make_service_user(db, "A-4")
    make_session(db, id_of(db, SECRET), date(2022, 6, 1), life_satisfaction=7, outcome_personal=61)
    return db


def own(db: Database, reference: str, by: Actor = AMINA, enrolled_from: date = date(2022, 1, 1)) -> None:
    """A service user of Alna with a contact."""
    set_caseworker(db, make_service_user(db, reference, by=by, enrolled_from=enrolled_from), by.name, by=by)


def id_of(db: Database, reference: str) -> int:
    """The id of a service user."""
    return int(db.execute("SELECT id FROM service_users WHERE reference = :r", {"r": reference}).fetchone()[0])


def run(db: Database, as_of: date, on: date | None = None, **options: bool) -> dict[str, list[str]]:
    """What was made for a day, on that day or on another: kinds by username."""
    with set_to(on or as_of):
        made = remind(db, as_of, by=OPERATOR, **options)
    return {message.username: [reminder.kind.value for reminder in message.reminders] for message in made}


def said(db: Database, actor=AMINA) -> list[list[Reminder]]:
    """What stands in somebody's inbox, newest first."""
    return [message["reminders"] for message in inbox(db, by=actor)]


def stored(db: Database) -> list[tuple[int, str, str]]:
    """Every message."""
    return db.execute("SELECT staff_id, day, items FROM reminders ORDER BY id").fetchall()


def test_a_caseworker_hears_how_many_of_the_own_service_users_have_no_score(city):
    assert run(city, TWO_WEEKS_LEFT) == {"amina": ["without_score"]}
    assert said(city) == [[Reminder(ReminderKind.WITHOUT_SCORE, "2022H1", date(2022, 6, 30), number=2)]]
    assert said(city, CARL) == said(city, BERIT) == said(city, VELFERD) == said(city, ADMIN) == []


def test_whoever_has_ended_can_no_longer_be_asked(city):
    with set_to(date(2022, 6, 10)):
        (enrolment,) = enrolments.of_service_user(city, id_of(city, "A-2"))
        end_enrolment(city, enrolment["id"], date(2022, 6, 9), by=AMINA)
    run(city, TWO_WEEKS_LEFT)
    assert said(city)[0][0].number == 1


def test_without_cause_there_is_no_message(city):
    for reference in ("A-2", "A-3"):
        make_session(city, id_of(city, reference), date(2022, 6, 2), life_satisfaction=4)
    assert run(city, TWO_WEEKS_LEFT) == run(city, TWO_WEEKS_LEFT + DAY) == {}
    assert stored(city) == []


def test_a_team_lead_who_is_somebodys_contact_hears_of_them_too(city):
    own(city, "A-5", CARL)
    assert run(city, TWO_WEEKS_LEFT) == {"amina": ["without_score"], "carl": ["without_score"]}
    assert (said(city)[0][0].number, said(city, CARL)[0][0].number) == (2, 1)


def test_a_second_run_adds_nothing_also_when_there_is_more_to_say(city):
    run(city, TWO_WEEKS_LEFT)
    before = stored(city)
    own(city, "A-5")
    assert run(city, TWO_WEEKS_LEFT) == {}
    assert stored(city) == before


def test_a_dry_run_tells_and_leaves_nothing_but_its_audit_row(city):
    assert run(city, TWO_WEEKS_LEFT, dry_run=True) == {"amina": ["without_score"]}
    assert stored(city) == []
    assert city.execute("SELECT detail FROM audit WHERE act = 'remind'").fetchall() == [
        ('{"as_of": "2022-06-16", "dry_run": true}',)
    ]
    assert run(city, TWO_WEEKS_LEFT) == {"amina": ["without_score"]}
    assert run(city, TWO_WEEKS_LEFT, dry_run=True) == {}


def test_a_missed_day_is_told_as_it_was_known_then(city):
    make_session(city, id_of(city, "A-2"), date(2022, 6, 18), life_satisfaction=4)
    own(city, "A-5", enrolled_from=date(2022, 6, 18))
    assert run(city, TWO_WEEKS_LEFT, on=date(2022, 6, 20)) == {"amina": ["without_score"]}
    assert said(city)[0][0].number == 2


def test_a_day_is_told_alike_on_the_day_and_later(city):
    for as_of in (date(2022, 2, 1), date(2022, 6, 1), TWO_WEEKS_LEFT):
        assert figures.without_score_now(city, H1, as_of) == figures.without_score_then(city, H1, as_of)
    assert figures.without_score_now(city, H1, date(2022, 2, 1)) == {AMINA.staff_id: 3}


def test_a_day_to_come_is_refused(city):
    with set_to(TWO_WEEKS_LEFT), pytest.raises(Invalid, match="future_day"):
        remind(city, TWO_WEEKS_LEFT + DAY, by=OPERATOR)
    assert stored(city) == []


@pytest.mark.parametrize("actor", [AMINA, CARL, VELFERD, ADMIN])
@pytest.mark.parametrize("dry_run", [True, False])
def test_only_the_operator_reminds(city, actor, dry_run):
    with set_to(TWO_WEEKS_LEFT), pytest.raises(NotAllowed):
        remind(city, TWO_WEEKS_LEFT, by=actor, dry_run=dry_run)
    assert stored(city) == []


def test_a_closed_account_gets_none(city):
    close_staff(city, AMINA.staff_id or 0, by=ADMIN)
    assert run(city, TWO_WEEKS_LEFT) == {}


def test_the_sign_off_is_asked_for_until_it_is_there_and_then_the_agency_until_it_accepts(city):
    make_session(city, id_of(city, "A-2"), date(2022, 7, 5))
    assert run(city, DEADLINE) == {"carl": ["sign_off_due"]}
    assert run(city, DEADLINE + DAY) == {"velferd": ["not_signed"]}
    assert len(said(city, VELFERD)[0][0].districts) == 15
    assert run(city, date(2022, 8, 7)) == {"carl": ["sign_off_overdue"]}
    with set_to(date(2022, 8, 8)):
        take_step(city, H1, Step.SIGNED, "Few came.", 0, by=CARL)
    assert run(city, date(2022, 8, 14)) == {}
    assert "carl" not in run(city, date(2022, 8, 16))
    assert "030112" not in said(city, VELFERD)[0][0].districts
    assert run(city, date(2022, 8, 22)) == {"velferd": ["not_accepted"]}
    assert said(city, VELFERD)[0][0].districts == ("030112",)
    with set_to(date(2022, 8, 23)):
        judge_sign_off(city, "030112", H1, Step.RETURNED, "Look again.", date(2022, 9, 6), 1, by=VELFERD)
    assert run(city, date(2022, 8, 23)) == {}
    assert run(city, date(2022, 8, 24)) == {"carl": ["returned"]}
    assert run(city, date(2022, 9, 3)) == {"carl": ["leave_ends"]}


def test_a_gap_is_named_until_it_closes_and_again_when_what_was_expected_did_not_come(city):
    first = date(2022, 7, 27)  # eight weeks after the session of 1 June
    h2 = parse_period("2022H2")
    assert run(city, first) == {"carl": ["gap"]}
    with set_to(first):
        explain_gap(city, h2, GapKind.SILENT, Cause.STAFFING, None, date(2022, 8, 30), by=CARL)
    assert run(city, date(2022, 8, 10)) == {}
    assert run(city, date(2022, 8, 31)) == {"carl": ["expected_passed"]}
    assert run(city, date(2022, 9, 7)) == {"carl": ["gap"]}
    make_session(city, id_of(city, "A-2"), date(2022, 9, 8), life_satisfaction=4)
    assert run(city, date(2022, 9, 21)) == {}


def test_what_is_stored_are_kinds_and_facts_and_nothing_of_a_person(city):
    with set_to(date(2022, 7, 27)):
        explain_gap(city, parse_period("2022H2"), GapKind.SILENT, Cause.OTHER, "A caseworker is ill", None, by=CARL)
    for as_of in (TWO_WEEKS_LEFT, date(2022, 7, 27), DEADLINE, DEADLINE + DAY):
        run(city, as_of)
    items = [item for _, _, text in stored(city) for item in json.loads(text)]
    assert {item["kind"] for item in items} == {"without_score", "gap", "sign_off_due", "not_signed"}
    assert set().union(*items) == {"kind", "period", "day", "gap", "number", "districts"}
    dumped = str(stored(city))
    assert not [word for word in (SECRET, "A-2", "Kari", "ill", "Amina", 'score":', "61") if word in dumped]
    assert [item["number"] for item in items if "number" in item] == [2]


def test_the_cost_does_not_grow_with_staff_or_service_users(city):
    def queries() -> int:
        seen = []
        city.conn.set_trace_callback(lambda sql: seen.append(sql) if sql.lstrip()[:6] in ("SELECT", "WITH p") else None)
        run(city, TWO_WEEKS_LEFT, dry_run=True)
        city.conn.set_trace_callback(None)
        return len(seen)

    before = queries()
    for number in range(20):
        name = f"someone{number}"
        add_staff(city, name, name, Role.CASEWORKER, ALNA, by=ADMIN)
        own(city, f"B-{number}")
    assert queries() == before


def test_three_processes_at_once_make_one_message_each(city, instance):
    environment = os.environ | {"FITSERVICE_INSTANCE_PATH": str(instance)}
    running = [
        subprocess.Popen(
            [FITSERVICE, "remind", "--as-of", "2022-06-16"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    assert sorted(out.split()[0] for out, _ in told) == ["0", "0", "1"]
    assert [row[0] for row in stored(city)] == [AMINA.staff_id]


def test_everybody_reads_and_marks_their_own_messages_only(city):
    run(city, TWO_WEEKS_LEFT)
    run(city, DEADLINE)
    mine, carls = inbox(city, by=AMINA), inbox(city, by=CARL)
    assert len(mine) == len(carls) == 1
    mark_read(city, carls[0]["id"], by=AMINA)
    assert inbox(city, by=AMINA)[0]["read_at"]
    assert inbox(city, by=CARL)[0]["read_at"] is None


def test_what_came_after_the_page_was_drawn_stays_unread(city):
    run(city, DEADLINE)
    on_screen = inbox(city, by=CARL)[0]["id"]
    run(city, date(2022, 8, 7))
    mark_read(city, on_screen, by=CARL)
    assert [message["read_at"] is None for message in inbox(city, by=CARL)] == [True, False]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reminders SET items = '[{}]'",
        "UPDATE reminders SET day = '2022-06-17'",
        "UPDATE reminders SET read_at = NULL",
        "DELETE FROM reminders",
        "INSERT OR REPLACE INTO reminders (staff_id, day, items, made_at) VALUES (1, '2022-06-16', '[1]', 'now')",
        "INSERT INTO reminders (staff_id, day, items, made_at) VALUES (1, '2022-06-17', '[]', 'now')",
        "INSERT INTO reminders (staff_id, day, items, made_at) VALUES (1, '2022-06-31', '[1]', 'now')",
        "UPDATE staff SET email = 'no address'",
        "UPDATE staff SET email = 'a@b.no' || char(13) || 'Bcc: c@d.no'",
    ],
)
def test_the_tables_refuse_what_must_not_be(city, sql):
    run(city, TWO_WEEKS_LEFT)
    mark_read(city, inbox(city, by=AMINA)[0]["id"], by=AMINA)
    with pytest.raises(sqlite3.IntegrityError):
        city.execute(sql)


def test_the_frame_counts_what_is_unread_until_it_is_marked(app: Flask, city):
    amina = sign_in(app, "amina")
    assert "unread" not in amina.get("/service-users?lang=en").text
    run(city, TWO_WEEKS_LEFT)
    assert "1 unread" in amina.get("/service-users?lang=en").text
    page = amina.get("/inbox?lang=en").text
    assert "2 of the service users whose contact you are have no life-satisfaction score in 2022H1 yet." in page
    assert 'href="/service-users?whose=mine"' in page and "Unread" in page
    assert "1 unread" in amina.get("/inbox?lang=en").text, "looking does not mark"
    answer = amina.post("/inbox/read", data={"newest": str(inbox(city, by=AMINA)[0]["id"])})
    assert answer.location == "/inbox"
    page = amina.get("/inbox?lang=en").text
    assert "unread" not in page and "Unread" not in page and "Mark as read" not in page


@pytest.mark.parametrize("newest", ["", "x", "-1", "99999999999999999999", "1 OR 1=1"])
def test_marking_nothing_that_was_shown_marks_nothing(app: Flask, city, newest):
    run(city, TWO_WEEKS_LEFT)
    assert sign_in(app, "amina").post("/inbox/read", data={"newest": newest}).status_code == 302
    assert inbox(city, by=AMINA)[0]["read_at"] is None


@pytest.mark.parametrize(
    ("name", "as_of", "link", "others"),
    [
        ("carl", DEADLINE, "/district/reporting/2022H1", ("amina", "berit", "velferd", "admin")),
        ("velferd", DEADLINE + DAY, "/city/030112/2022H1", ("amina", "berit", "carl", "admin")),
    ],
)
def test_each_message_leads_its_reader_to_where_it_is_closed(app: Flask, city, name, as_of, link, others):
    run(city, as_of)
    reader = sign_in(app, name)
    assert f'href="{link}"' in reader.get("/inbox").text
    assert reader.get(link).status_code == 200
    for other in others:
        assert "There are no messages" in sign_in(app, other).get("/inbox?lang=en").text


def test_every_kind_has_its_sentence_and_leads_somewhere(app: Flask, city):
    every = [
        Reminder(kind, "2022H1", DEADLINE, GapKind.SILENT, 2, ("030112",) if kind.value in AGENCYS else ())
        for kind in ReminderKind
    ]
    for actor, own in ((CARL, every[1:8]), (VELFERD, every[8:])):
        city.execute(
            "INSERT INTO reminders (staff_id, day, items, made_at) VALUES (:id, '2022-08-01', :items, 'now')",
            {"id": actor.staff_id, "items": json.dumps([facts(reminder) for reminder in own])},
        )
        page = sign_in(app, actor.name).get("/inbox?lang=en").text
        assert page.count("<li>") == len(own) and page.count('class="places"><a href=') == len(own)
        assert "%(" not in page


AGENCYS = ("not_signed", "locked_unsigned", "not_accepted")


def test_a_pace_has_no_day_on_which_it_began(app: Flask):
    behind, silent = (
        Reminder(ReminderKind.GAP, "2022H1", date(2022, 1, 1), kind) for kind in (GapKind.BEHIND_PACE, GapKind.SILENT)
    )
    with app.app_context():
        assert reminder_text(behind).startswith("2022H1: “Behind at today's pace”. Ask ")
        assert reminder_text(silent).startswith("2022H1: “No session for a long time” since 1 Jan 2022. Record ")


def facts(reminder: Reminder) -> dict[str, object]:
    """A reminder as the table holds it."""
    return {**vars(reminder), "day": reminder.day.isoformat(), "districts": list(reminder.districts)}


def test_the_command_prints_what_would_be_said_without_numbers(cli, city):
    result = cli.invoke(args=["remind", "--as-of", "16.06.2022", "--dry-run"])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "amina: Some of the service users whose contact you are have no life-satisfaction score in 2022H1 yet.",
        "1 message would be made.",
    ]
    assert cli.invoke(args=["remind", "--as-of", "2022-06-16"]).stdout == "1 message was made.\n"
    assert cli.invoke(args=["remind", "--as-of", "2022-06-16"]).stdout == "0 messages were made.\n"
    assert (
        cli.invoke(args=["remind", "--as-of", "2022-08-01", "--dry-run"])
        .stdout.splitlines()[0]
        .startswith(
            "velferd: The deadline for 2022H1 was 31 Jul 2022. These districts have not signed off: Gamle Oslo, "
        )
    )


def test_the_command_refuses_a_day_to_come(cli, city):
    result = cli.invoke(args=["remind", "--as-of", "2199-01-01"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "in the future" in result.stderr
