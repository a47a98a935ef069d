"""Records closed to staff of their own district: written and ended by a team lead, kept with both reasons."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from factories import ADMIN, ALNA, AMINA, BERIT, CARL, OPERATOR, VELFERD, make_service_user, make_session, outcome_items
from flask import Flask
from sqlite_utils import Database
from test_grants import about_one
from test_routes import TABLE
from web import sign_in

from fitservice.actions.blocking import block_record, end_block
from fitservice.actions.checking import dismiss_finding, take_back_dismissal
from fitservice.actions.enrolling import (
    add_service_user,
    correct_service_user,
    end_enrolment,
    set_asked_in,
    set_caseworker,
)
from fitservice.actions.giving_access import give_access
from fitservice.actions.handing_over import hand_over, own_hand_over
from fitservice.actions.recording import record_session
from fitservice.actions.staffing import add_staff, close_staff
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.instruments import SHIPPED
from fitservice.model import Actor, Answers, Duplicate, Invalid, Kind, NotAllowed, NotFound, Role
from fitservice.reporting import Check
from fitservice.reports.caseload import caseload
from fitservice.reports.figures import own_district
from fitservice.reports.pace import own_pace
from fitservice.reports.person import see_person
from fitservice.reports.quality import findings
from fitservice.reports.sheet import print_sheet
from fitservice.right_forms import EVERYBODY
from fitservice.rules.periods import parse_half, parse_period
from fitservice.store import blocks, figures, service_users, staff
from fitservice.store.access_reviews import open_accounts
from fitservice.store.service_users import enrolled

DORA = Actor("dora", Role.TEAM_LEAD, ALNA, 6)
WHY = "de er i slekt"
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def two_leads(house_db: Database) -> Database:
    """The house, in which Dora leads Alna beside Carl."""
    add_staff(house_db, "dora", "Dora", Role.TEAM_LEAD, ALNA, by=OPERATOR)
    staff.set_password(house_db, DORA.staff_id, staff.by_username(house_db, "carl")["password_hash"])
    return house_db


def close_to(db: Database, *who: Actor, everybody: bool = False, by: Actor = DORA, person: int = 1) -> None:
    """Block a record."""
    block_record(db, person, [one.staff_id for one in who], everybody, WHY, by=by)


def block_of(db: Database, person: int = 1) -> int:
    """The id of the one block that has not ended."""
    (row,) = [row for row in blocks.of_service_user(db, person) if not row["ended_at"]]
    return int(row["id"])


@pytest.mark.parametrize("by", [AMINA, BERIT, VELFERD, ADMIN, OPERATOR], ids=lambda by: by.name)
def test_only_a_team_lead_blocks_and_opens(two_leads: Database, by: Actor) -> None:
    close_to(two_leads, AMINA)
    with pytest.raises(NotAllowed):
        close_to(two_leads, CARL, by=by)
    with pytest.raises(NotAllowed):
        end_block(two_leads, 1, block_of(two_leads), "feil", by=by)


def test_it_is_the_own_district_alone(two_leads: Database) -> None:
    close_to(two_leads, AMINA)
    gro = Actor("gro", Role.TEAM_LEAD, 9, 7)
    add_staff(two_leads, "gro", "Gro", Role.TEAM_LEAD, 9, by=OPERATOR)
    with pytest.raises(NotFound):
        close_to(two_leads, BERIT, by=gro)
    with pytest.raises(NotFound):
        end_block(two_leads, 1, block_of(two_leads), "feil", by=gro)
    with pytest.raises(Invalid, match="not_a_colleague"):
        close_to(two_leads, BERIT)


def test_ending_it_opens_the_record_and_keeps_both_reasons(two_leads: Database) -> None:
    close_to(two_leads, AMINA)
    with pytest.raises(NotFound):
        see_person(two_leads, 1, by=AMINA)
    block = block_of(two_leads)
    with pytest.raises(Invalid):
        end_block(two_leads, 1, block, " ", by=CARL)
    end_block(two_leads, 1, block, "feil av oss", by=CARL)
    assert see_person(two_leads, 1, by=AMINA).service_user["reference"] == "AL-1"
    (row,) = blocks.of_service_user(two_leads, 1)
    assert (row["reason"], row["end_reason"], row["blocker"], row["ender"]) == (WHY, "feil av oss", "Dora", "Carl")
    with pytest.raises(Invalid, match="block_over"):
        end_block(two_leads, 1, block, "en gang til", by=CARL)


def test_what_is_blocked_already_is_not_blocked_again(two_leads: Database) -> None:
    close_to(two_leads, AMINA, everybody=True)
    with pytest.raises(Invalid, match="blocked_already"):
        close_to(two_leads, AMINA)
    with pytest.raises(Invalid, match="everybody_blocked"):
        close_to(two_leads, everybody=True)
    with pytest.raises(Invalid, match="nobody_chosen"):
        close_to(two_leads)


def test_the_last_team_lead_is_not_shut_out_and_it_is_said_what_to_do(house: Flask, two_leads: Database) -> None:
    close_to(two_leads, CARL)
    with pytest.raises(Invalid, match="last_team_lead"):
        close_to(two_leads, DORA)
    with set_to(TUESDAY):
        client = sign_in(house, "dora")
        client.post("/language/en")
        answer = client.post("/service-users/1/access/blocks", data={"whom": ["6"], "reason": WHY})
        assert answer.status_code == 400 and "Ask the administrator for one more team lead first." in answer.text
        assert WHY in answer.text and client.get("/service-users/1").status_code == 200
    close_staff(two_leads, CARL.staff_id, by=ADMIN)
    other = make_service_user(two_leads, "AL-2")
    with pytest.raises(Invalid, match="last_team_lead"):
        close_to(two_leads, DORA, person=other)


def test_two_team_leads_who_shut_each_other_out_at_once_do_not(two_leads: Database) -> None:
    path = two_leads.conn.execute("PRAGMA database_list").fetchone()[2]
    both = Barrier(2)

    def shut_out(by: Actor, who: Actor) -> str:
        db = connect(path)
        try:
            both.wait()
            close_to(db, who, by=by)
            return "done"
        except NotFound:
            return "not found"
        finally:
            db.close()

    with ThreadPoolExecutor(2) as threads:
        ends = list(threads.map(shut_out, (CARL, DORA), (DORA, CARL)))
    assert sorted(ends) == ["done", "not found"]
    assert len(blocks.open_of(two_leads, 1)) == 1


def test_a_team_lead_may_shut_herself_out_and_is_told_who_can_end_it(house: Flask, two_leads: Database) -> None:
    with set_to(TUESDAY):
        client = sign_in(house, "carl")
        client.post("/language/en")
        answer = client.post(
            "/service-users/1/access/blocks", data={"whom": ["3"], "reason": WHY}, follow_redirects=True
        )
        assert answer.status_code == 200 and "also for you. Another team lead can end it." in answer.text
        assert "AL-1" not in answer.text
        with pytest.raises(NotFound):
            end_block(two_leads, 1, block_of(two_leads), "ombestemt", by=CARL)
        dora = sign_in(house, "dora")
        dora.post("/language/en")
        page = dora.get("/district/access").text
        assert "AL-1" in page and f"Reason: {WHY}" in page and "Blocked by Carl" in page
        block = block_of(two_leads)
        page = f"/service-users/1/access/blocks/{block}/end"
        assert dora.post(page, data={"reason": ""}).status_code == 400
        answer = dora.post(page, data={"reason": "ombestemt"}, follow_redirects=True)
        assert "The block is ended." in answer.text and "Ended by Dora: ombestemt" in answer.text
        assert "AL-1" in sign_in(house, "carl").get("/service-users/1").text


def test_a_double_click_that_shuts_oneself_out_leads_to_the_caseload_twice(house: Flask, two_leads: Database) -> None:
    block = "/service-users/1/access/blocks", {"whom": [str(CARL.staff_id)], "reason": WHY}
    contact = "/service-users/1/contact", {"contact": ""}
    with set_to(TUESDAY):
        set_caseworker(two_leads, 1, "amina", by=CARL)
        close_to(two_leads, everybody=True)
        for name, (address, typed) in {"carl": block, "amina": contact}.items():
            client = sign_in(house, name)
            for _ in range(2):
                answer = client.post(address, data=typed | {"once": f"a-key-of-{name}-twice"})
                assert (answer.status_code, answer.location) == (302, "/service-users")


def test_whoever_it_is_closed_to_is_answered_as_a_stranger_is(house: Flask, two_leads: Database) -> None:
    close_to(two_leads, AMINA)
    wrong = []
    client = sign_in(house, "amina")
    for (method, _endpoint, path), statuses in TABLE.items():
        if about_one(path):
            answer = client.open(path, method=method)
            if answer.status_code != statuses[1] or "AL-1" in answer.text:
                wrong.append((method, path, answer.status_code, statuses[1]))
    assert wrong == []
    stranger = sign_in(house, "amina").get("/service-users/999")
    closed = sign_in(house, "amina").get("/service-users/1")

    def words(answer) -> str:
        return answer.text.split("<main")[1].partition("</main>")[0].partition("<code")[0]

    assert words(stranger).partition("class=")[0] == words(closed).partition("class=")[0]


def test_a_form_that_was_open_when_it_was_closed_stores_nothing(house: Flask, two_leads: Database) -> None:
    client = sign_in(house, "amina")
    assert client.get("/service-users/1/sessions/new").status_code == 200
    before = two_leads.execute("SELECT COUNT(*) FROM sessions").fetchone()
    close_to(two_leads, AMINA)
    answer = client.post(
        "/service-users/1/sessions/new", data={"held_on": "1.4.2022", "life_satisfaction": "6", "note": ""}
    )
    assert answer.status_code == 404
    with pytest.raises(NotFound):
        record_session(two_leads, 1, date(2022, 4, 1), Answers(life_satisfaction=6), by=AMINA)
    assert two_leads.execute("SELECT COUNT(*) FROM sessions").fetchone() == before


@pytest.mark.parametrize("everybody", [True, False])
def test_a_screen_that_was_handed_over_ends_with_its_sign_in(
    house: Flask, two_leads: Database, everybody: bool
) -> None:
    with set_to(TUESDAY):
        client = sign_in(house, "amina")
        (sign_in_id,) = two_leads.execute("SELECT MAX(id) FROM sign_ins").fetchone()
        screen = hand_over(two_leads, 1, [Kind.LIFE_SATISFACTION], "nb", SHIPPED, by=AMINA, sign_in_id=int(sign_in_id))
        assert client.get(f"/hand-over/{screen}/1").status_code == 200
        close_to(two_leads, *(() if everybody else (AMINA,)), everybody=everybody)
        assert client.get(f"/hand-over/{screen}/1").status_code == 302
        assert "/sign-in" in client.get("/service-users").location
        with pytest.raises(NotFound):
            own_hand_over(two_leads, screen, SHIPPED, by=AMINA)


def test_a_screen_of_the_contact_goes_on(house: Flask, two_leads: Database) -> None:
    with set_to(TUESDAY):
        set_caseworker(two_leads, 1, "amina", by=CARL)
        client = sign_in(house, "amina")
        (sign_in_id,) = two_leads.execute("SELECT MAX(id) FROM sign_ins").fetchone()
        screen = hand_over(two_leads, 1, [Kind.LIFE_SATISFACTION], "nb", SHIPPED, by=AMINA, sign_in_id=int(sign_in_id))
        close_to(two_leads, everybody=True)
        assert client.get(f"/hand-over/{screen}/1").status_code == 200


def test_a_reference_that_is_taken_by_a_closed_record_leads_nowhere(two_leads: Database) -> None:
    close_to(two_leads, AMINA)
    with pytest.raises(Invalid, match="reference_not_free") as refused:
        add_service_user(two_leads, "AL-1", None, date(2022, 1, 1), by=AMINA)
    assert not isinstance(refused.value, Duplicate)
    other = make_service_user(two_leads, "AL-2")
    with pytest.raises(Invalid, match="reference_not_free"):
        correct_service_user(two_leads, other, "al-1", 1980, "feil", by=AMINA, corrections=0)
    with pytest.raises(Duplicate):
        add_service_user(two_leads, "AL-1", None, date(2022, 1, 1), by=CARL)


def test_nobody_to_whom_it_is_closed_becomes_the_contact(two_leads: Database) -> None:
    close_to(two_leads, AMINA)
    with pytest.raises(Invalid, match="contact_blocked"):
        set_caseworker(two_leads, 1, "amina", by=CARL)
    assert set_caseworker(two_leads, 1, "dora", by=CARL)


@pytest.mark.parametrize(("who", "left"), [([AMINA], None), ([AMINA, CARL], None), ([CARL], "amina"), ([], "amina")])
def test_a_contact_who_is_shut_out_by_name_is_none_any_more(
    house: Flask, two_leads: Database, who: list[Actor], left: str | None
) -> None:
    add_staff(two_leads, "erik", "Erik", Role.TEAM_LEAD, ALNA, by=OPERATOR)
    set_caseworker(two_leads, 1, "amina", by=CARL)
    client = sign_in(house, "dora")
    client.post("/language/en")
    chosen = {"whom": [str(one.staff_id) for one in who] or [EVERYBODY], "reason": WHY}
    page = client.post("/service-users/1/access/blocks", data=chosen, follow_redirects=True).text
    assert ("Amina is not the contact any more. Choose another" in page) is (left is None)
    assert service_users.by_id(two_leads, DORA, 1)["contact_username"] == left
    # whoever shuts herself out cannot choose another
    set_caseworker(two_leads, 1, "dora", by=DORA)
    if left != "amina" or who:
        page = client.post(
            "/service-users/1/access/blocks", data={"whom": [str(DORA.staff_id)], "reason": WHY}, follow_redirects=True
        ).text
        assert "Dora is not the contact any more. Another team lead can choose one." in page
    (detail,) = two_leads.execute("SELECT detail FROM audit WHERE act = 'block_record'").fetchone()
    assert json.loads(detail).get("contact_no_longer") == (None if left else "amina")


def test_a_contact_who_gives_the_record_away_is_led_to_the_list(house: Flask, two_leads: Database) -> None:
    set_caseworker(two_leads, 1, "amina", by=CARL)
    close_to(two_leads, everybody=True)
    answer = sign_in(house, "amina").post("/service-users/1/contact", data={"contact": "dora"})
    assert answer.location == "/service-users"


def test_reminders_count_what_the_contact_sees(two_leads: Database) -> None:
    set_caseworker(two_leads, 1, "amina", by=CARL)
    half, day = parse_half("2022H2"), date(2022, 12, 1)
    both = figures.without_score_now, figures.without_score_then
    assert [asked(two_leads, half, day) for asked in both] == [{AMINA.staff_id: 1}, {AMINA.staff_id: 1}]
    close_to(two_leads, AMINA)
    assert [asked(two_leads, half, day) for asked in both] == [{}, {}]


def test_figures_are_the_same_for_whoever_does_not_see_the_person(two_leads: Database) -> None:
    ended = make_service_user(two_leads, "AL-9")
    with set_to(date(2022, 9, 1)):
        (enrolment,) = two_leads.execute("SELECT id FROM enrolments WHERE service_user_id = ?", [ended]).fetchone()
        end_enrolment(two_leads, enrolment, date(2022, 9, 1), by=AMINA)
    close_to(two_leads, CARL, person=1)
    close_to(two_leads, CARL, person=ended)
    day = date(2022, 10, 1)
    carl, dora = (own_pace(two_leads, day, by=lead) for lead in (CARL, DORA))
    assert (carl.pace, carl.ended) == (dora.pace, dora.ended) and dora.ended == 1
    assert [case.reference for case in dora.without_score] == ["AL-1"] and carl.without_score == []
    assert own_district(two_leads, day, by=CARL).figures == own_district(two_leads, day, by=DORA).figures


def test_the_former_contacts_screen_ends_where_only_the_contact_sees_the_record(
    house: Flask, two_leads: Database
) -> None:
    with set_to(TUESDAY):
        set_caseworker(two_leads, 1, "amina", by=CARL)
        close_to(two_leads, everybody=True)
        client = sign_in(house, "amina")
        client.post("/service-users/1/hand-over", data={"kinds": ["life_satisfaction"], "language": "nb"})
        set_caseworker(two_leads, 1, "amina", by=CARL)
        assert "/hand-over/" in client.get("/service-users").location
        set_caseworker(two_leads, 1, None, by=CARL)
        # it led to a screen that is not found, from every page, and could not even be signed out
        assert "/sign-in" in client.get("/service-users").location
        assert sign_in(house, "amina").get("/service-users").status_code == 200


def test_a_finding_about_closed_records_alone_tells_nothing_of_them(house: Flask, two_leads: Database) -> None:
    half, day = parse_half("2022H2"), date(2022, 12, 15)
    with set_to(day):
        make_session(two_leads, make_service_user(two_leads, "AL-3"), day, life_satisfaction=6)
        (known,) = (one for one in findings(two_leads, half, day, by=CARL).told if one.finding.cases)
        assert (known.finding.check, known.finding.cases[0].reference) == (Check.NO_SESSION, "AL-1")
        key = known.finding.key
        dismiss_finding(two_leads, half, Check.NO_SESSION, key, "vi har snakket med moren", by=DORA)
        close_to(two_leads, CARL)
        client = sign_in(house, "carl")
        client.post("/language/en")
        answer = client.get("/district/checks/2022H2")
        assert answer.status_code == 200 and "Another team lead can look at it." in answer.text
        assert "No session for 2" not in answer.text and "moren" not in answer.text and key not in answer.text
        with pytest.raises(NotFound):
            take_back_dismissal(two_leads, half, Check.NO_SESSION, key, by=CARL)
        take_back_dismissal(two_leads, half, Check.NO_SESSION, key, by=DORA)
        assert client.get("/district/checks/2022H2").status_code == 200


def test_a_finding_is_counted_for_all_and_shown_to_whoever_sees_it(house: Flask, two_leads: Database) -> None:
    other = make_service_user(two_leads, "AL-5")
    alike = {f"alliance_{name}": 50 for name in ("heard", "topics", "approach", "overall")} | outcome_items(20)
    make_session(two_leads, other, life_satisfaction=5, **alike)
    half, day = parse_period("2022H1"), date(2022, 7, 10)
    (known,) = [told for told in findings(two_leads, half, day, by=CARL).told if told.finding.check is Check.ALL_EQUAL]
    close_to(two_leads, CARL, person=other)
    (told,) = [told for told in findings(two_leads, half, day, by=CARL).told if told.finding.check is Check.ALL_EQUAL]
    assert (told.finding.cases, told.hidden, told.is_open_to_reader) == ((), 1, False)
    with set_to(day):
        with pytest.raises(Invalid, match="finding_gone"):
            dismiss_finding(two_leads, half, Check.ALL_EQUAL, known.finding.key, "det stemmer", by=CARL)
        client = sign_in(house, "carl")
        client.post("/language/en")
        page = client.get("/district/checks/2022H1").text
        assert "1 case is about a record that is closed to you. Another team lead can look at it." in page
        assert "AL-5" not in page and f'value="{known.finding.key}"' not in page
        dismiss_finding(two_leads, half, Check.ALL_EQUAL, known.finding.key, "det stemmer", by=DORA)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_sheet_says_what_is_true(two_leads: Database, language: str) -> None:
    set_asked_in(two_leads, 1, language, by=CARL)

    def seen() -> str:
        sheet = print_sheet(two_leads, 1, TUESDAY, by=DORA, instruments=SHIPPED)
        return " ".join(line for section in sheet.sections for line in section.lines)

    before = seen()
    close_to(two_leads, AMINA, CARL, everybody=True)
    after = seen()
    assert "Amina, Carl" in after and "Amina" not in before
    nobody = {"nb": "bare teamlederne", "nn": "berre teamleiarane", "en": "only the team leads"}[language]
    assert nobody in after and nobody not in before
    set_caseworker(two_leads, 1, "dora", by=DORA)
    words = {"nb": "bare kontaktpersonen", "nn": "berre kontaktpersonen", "en": "only your contact"}[language]
    assert words in seen() and nobody not in seen() and words not in before


def test_nobody_is_told_that_somebody_reads_what_is_closed_to_them(house: Flask, two_leads: Database) -> None:
    with set_to(TUESDAY):
        give_access(two_leads, 1, BERIT.staff_id, None, "flytter over", by=CARL)
        client = sign_in(house, "carl")
        client.post("/language/en")
        pages = ("/service-users/1", "/service-users/1/access", "/district/access")
        for page in pages:
            assert "Has access until 8 Dec 2026" in client.get(page).text
        close_to(two_leads, everybody=True)
        for page in pages:
            told = client.get(page).text
            assert "Blocked, so no access now. Given until 8 Dec 2026" in told and "Has access" not in told
        assert "Nobody is the contact now" in client.get("/service-users/1/access").text
        sheet = print_sheet(two_leads, 1, TUESDAY, by=CARL, instruments=SHIPPED)
        lines = [line for section in sheet.sections for line in section.lines]
        assert any("Berit" in line and "men det er stengt nå" in line for line in lines)
        assert "Berit, Bjerke har fått lov" not in " ".join(lines)
        (berit,) = [row for row in open_accounts(two_leads) if row["username"] == "berit"]
        assert berit["granted"] == 0
        end_block(two_leads, 1, block_of(two_leads), "det var feil", by=CARL)
        assert "Has access until 8 Dec 2026" in client.get("/service-users/1/access").text


def test_whoever_ends_a_block_reads_whose_it_is_and_why(house: Flask, two_leads: Database) -> None:
    close_to(two_leads, AMINA)
    page = sign_in(house, "carl").get(f"/service-users/1/access/blocks/{block_of(two_leads)}/end").text
    assert "Amina" in page and WHY in page


def test_lists_ask_an_index_that_holds_open_blocks_alone(two_leads: Database) -> None:
    asked: list[str] = []
    two_leads.conn.set_trace_callback(asked.append)
    enrolled(two_leads, AMINA)
    caseload(two_leads, "", TUESDAY, by=AMINA)
    caseload(two_leads, "AL", TUESDAY, by=AMINA)
    two_leads.conn.set_trace_callback(None)
    queries = [text for text in asked if "FROM blocks" in text]
    plans = [step for text in queries for *_, step in two_leads.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()]
    of_blocks = {step for step in plans if " blocks" in step}
    assert of_blocks == {"SEARCH blocks USING INDEX blocks_open (service_user_id=?)"}


BLOCK = "INSERT INTO blocks VALUES (7, 1, {district}, {staff}, 'en grunn', 'carl', 'x', NULL, NULL, NULL)"


@pytest.mark.parametrize(
    "statement",
    [
        BLOCK.format(district=12, staff=2),
        BLOCK.format(district=9, staff="NULL"),
        BLOCK.format(district=12, staff=1),
        "UPDATE blocks SET staff_id = 3",
        "UPDATE blocks SET reason = 'en annen', ended_at = 'x', ended_by = 'carl', end_reason = 'fordi'",
        "UPDATE blocks SET ended_at = 'x', ended_by = 'carl'",
        "DELETE FROM blocks",
        "INSERT OR REPLACE INTO blocks SELECT * FROM blocks",
    ],
)
def test_the_tables_refuse_what_the_acts_never_do(two_leads: Database, statement: str) -> None:
    close_to(two_leads, AMINA)
    with pytest.raises(sqlite3.IntegrityError):
        two_leads.execute(statement)
