"""Access across districts: one account, one service user, until a day, to read; and every look is kept with its why."""

import io
import json
import sqlite3
from datetime import date

import pytest
from factories import ADMIN, AMINA, BERIT, CARL, OPERATOR, VELFERD, make_service_user
from flask import Flask
from pypdf import PdfReader
from sqlite_utils import Database
from test_routes import TABLE
from web import sign_in

from fitservice.actions.blocking import block_record, end_block
from fitservice.actions.enrolling import set_asked_in
from fitservice.actions.giving_access import end_access, give_access
from fitservice.actions.keeping_accounts import change_role
from fitservice.actions.staffing import add_staff, close_staff
from fitservice.clock import set_to
from fitservice.instruments import SHIPPED
from fitservice.model import AccessEnded, Actor, Invalid, NotAllowed, NotFound, Role
from fitservice.reports.access import district_access, given_to_me
from fitservice.reports.caseload import caseload
from fitservice.reports.look_ups import see_look_ups
from fitservice.reports.looked import who_looked
from fitservice.reports.own_copy import own_copy
from fitservice.reports.person import see_person, see_session
from fitservice.reports.sheet import print_sheet
from fitservice.rules.look_ups import Why
from fitservice.store import blocks

TUESDAY, LAST = date(2026, 11, 24), date(2026, 12, 1)
WHY = "flytter over til oss"


@pytest.fixture
def given(house_db: Database) -> int:
    """Carl has let Berit read about 1 of Alna until the first of December."""
    with set_to(TUESDAY, 8):
        return give_access(house_db, 1, BERIT.staff_id, LAST, WHY, by=CARL)


def read(db: Database, by: Actor = BERIT, day: date = TUESDAY) -> None:
    """Open the page, the session and the sheet."""
    with set_to(day, 12):
        see_person(db, 1, by=by, to_read=True)
        see_session(db, 1, by=by, to_read=True)
        print_sheet(db, 1, day, by=by, instruments=SHIPPED)


def test_until_the_last_day_it_lets_in_to_read(house_db: Database, given: int) -> None:
    read(house_db)
    read(house_db, day=LAST)
    with pytest.raises(AccessEnded):
        read(house_db, day=date(2026, 12, 2))


def test_it_lets_in_one_account_to_one_service_user(house_db: Database, given: int) -> None:
    add_staff(house_db, "bo", "Bo", Role.CASEWORKER, 9, by=OPERATOR)
    other = make_service_user(house_db, "AL-2")
    with set_to(TUESDAY):
        for by, person in ((Actor("bo", Role.CASEWORKER, 9, 6), 1), (BERIT, other)):
            with pytest.raises(NotFound) as refused:
                see_person(house_db, person, by=by, to_read=True)
            assert not isinstance(refused.value, AccessEnded)


@pytest.mark.parametrize("by", [AMINA, BERIT, VELFERD, ADMIN, OPERATOR], ids=lambda by: by.name)
def test_only_a_team_lead_gives_and_ends(house_db: Database, given: int, by: Actor) -> None:
    with set_to(TUESDAY):
        with pytest.raises(NotAllowed):
            give_access(house_db, 1, BERIT.staff_id, None, WHY, by=by)
        with pytest.raises(NotAllowed):
            end_access(house_db, 1, given, by=by)


def test_a_team_lead_gives_and_ends_in_the_own_district_alone(house_db: Database, given: int) -> None:
    add_staff(house_db, "gro", "Gro", Role.TEAM_LEAD, 9, by=OPERATOR)
    gro = Actor("gro", Role.TEAM_LEAD, 9, 6)
    with set_to(TUESDAY):
        with pytest.raises(NotFound):
            give_access(house_db, 1, AMINA.staff_id, None, WHY, by=gro)
        with pytest.raises(NotFound):
            end_access(house_db, 1, given, by=gro)
        with pytest.raises(NotFound):
            end_access(house_db, 2, given, by=gro)


def test_it_is_given_to_an_open_account_of_another_district_once(house_db: Database, given: int) -> None:
    add_staff(house_db, "gone", "Gone", Role.CASEWORKER, 1, by=OPERATOR)
    close_staff(house_db, 6, by=ADMIN)
    for staff_id, problem in ((1, "not_elsewhere"), (4, "not_elsewhere"), (5, "not_elsewhere"), (6, "not_elsewhere")):
        assert refused(house_db, staff_id) == problem
    assert refused(house_db, 999) == "not_elsewhere"
    assert refused(house_db, BERIT.staff_id) == "access_given"
    assert refused(house_db, BERIT.staff_id, "Kari Nordmann ba om det") == "note_name"
    with set_to(date(2026, 12, 2)):
        give_access(house_db, 1, BERIT.staff_id, None, WHY, by=CARL)


def refused(db: Database, staff_id: int, reason: str = WHY) -> str:
    """Why Carl cannot give this account access; nothing is stored."""
    before = db.execute("SELECT COUNT(*) FROM grants").fetchone()
    with set_to(TUESDAY), pytest.raises(Invalid) as error:
        give_access(db, 1, staff_id, None, reason, by=CARL)
    assert db.execute("SELECT COUNT(*) FROM grants").fetchone() == before
    return error.value.problems[0].code


def test_it_can_be_ended_at_once_and_once(house_db: Database, given: int) -> None:
    read(house_db)
    with set_to(TUESDAY):
        end_access(house_db, 1, given, by=CARL)
        with pytest.raises(AccessEnded):
            see_session(house_db, 1, by=BERIT, to_read=True)
        with pytest.raises(Invalid, match="access_over"):
            end_access(house_db, 1, given, by=CARL)


def test_another_role_or_district_ends_it_for_good(house_db: Database, given: int) -> None:
    with set_to(TUESDAY):
        change_role(house_db, BERIT.staff_id, Role.TEAM_LEAD, 9, "vikar", by=ADMIN)
        change_role(house_db, BERIT.staff_id, Role.CASEWORKER, 9, "vikar", by=ADMIN)
    with pytest.raises(AccessEnded):
        read(house_db)
    (row,) = house_db.query("SELECT ended_by, ended_at FROM grants")
    assert row["ended_by"] is None and row["ended_at"]


def test_a_closed_account_ends_it_for_good(house_db: Database, given: int) -> None:
    close_staff(house_db, BERIT.staff_id, by=ADMIN)
    house_db.execute("UPDATE staff SET closed_at = NULL WHERE id = ?", [BERIT.staff_id])
    with pytest.raises(AccessEnded):
        read(house_db)


def test_other_changes_to_the_account_leave_it(house_db: Database, given: int) -> None:
    house_db.execute("UPDATE staff SET email = 'b@example.org', name = 'Berit B' WHERE id = ?", [BERIT.staff_id])
    read(house_db)


READS = {
    *("service_users.person", "service_users.sheet", "service_users.sheet_as_pdf", "service_users.chart"),
    "sessions.session",
}


def about_one(path: str) -> bool:
    """Whether an address of the table is about the service user of Alna, their session or their enrolment."""
    return path.startswith(("/service-users/1", "/sessions/1", "/enrolments/1"))


def test_it_opens_nothing_but_reading(house: Flask, house_db: Database, given: int) -> None:
    wrong = []
    with set_to(TUESDAY):
        client = sign_in(house, "berit")
        for (method, endpoint, path), statuses in TABLE.items():
            if about_one(path):
                expected = 200 if method == "GET" and endpoint in READS else statuses[1]
                answer = client.open(path, method=method)
                if answer.status_code != expected:
                    wrong.append((method, path, answer.status_code, expected))
                answer.close()
        assert [case.reference for case in caseload(house_db, "AL-1", TUESDAY, by=BERIT)] == []
    assert wrong == []
    assert {endpoint for (_, endpoint, path) in TABLE if about_one(path)} >= READS


def test_the_page_says_by_what_one_is_there_and_has_no_form(house: Flask, house_db: Database, given: int) -> None:
    with set_to(TUESDAY):
        client = sign_in(house, "berit")
        client.post("/language/en")
        for path in ("/service-users/1", "/sessions/1"):
            page = client.get(path).text.split("<main")[1]
            assert "You can read this because Carl has given you access until and including 1 Dec 2026." in page
            assert "It is logged each time you look" in page
            assert "<form" not in page and "/edit" not in page and "/correct" not in page and "/copy" not in page
            links = {link.partition('"')[0] for link in page.split('href="')[1:]}
            assert links <= {"/service-users/1", "/service-users/1/sheet", "/sessions/1"}, links


def test_the_first_page_lists_it_and_says_until_when_and_why(house: Flask, house_db: Database, given: int) -> None:
    with set_to(TUESDAY):
        client = sign_in(house, "berit")
        client.post("/language/en")
        page = client.get("/service-users").text
        assert "Service users you have been given access to" in page and WHY in page and "Until 1 Dec 2026." in page
        assert "AL-1" in page and "AL-1" not in page.split('class="search"')[1]
        end_access(house_db, 1, given, by=CARL)
        assert "AL-1" not in client.get("/service-users").text
        assert "given access to" not in sign_in(house, "carl").get("/district").text


def test_looking_at_the_own_list_is_logged_where_there_is_one(house_db: Database, given: int) -> None:
    with set_to(TUESDAY):
        assert [row["reference"] for row in given_to_me(house_db, by=BERIT)] == ["AL-1"]
        assert given_to_me(house_db, by=AMINA) == []
    rows = house_db.execute("SELECT actor FROM audit WHERE act = 'see_given'").fetchall()
    assert rows == [("berit",)]


def test_a_grant_that_ended_between_page_and_press_is_said_so(house: Flask, house_db: Database, given: int) -> None:
    with set_to(TUESDAY):
        client, stranger = sign_in(house, "berit"), sign_in(house, "berit")
        client.post("/language/en")
        stranger.post("/language/en")
        assert client.get("/service-users/1").status_code == 200
        end_access(house_db, 1, given, by=CARL)
        for path in ("/service-users/1", "/sessions/1", "/service-users/1/sheet"):
            answer = client.get(path)
            assert answer.status_code == 404 and "Your access to this service user has ended." in answer.text
            assert "AL-1" not in answer.text
        other = make_service_user(house_db, "AL-2")
        assert "has ended" not in client.get(f"/service-users/{other}").text


def test_every_look_is_kept_with_its_grant_and_told_with_its_reason(house_db: Database, given: int) -> None:
    read(house_db)
    rows = house_db.execute(
        "SELECT act, service_user_id, detail FROM audit WHERE actor = 'berit' ORDER BY id"
    ).fetchall()
    assert [(act, person) for act, person, _ in rows] == [
        ("see_service_user", 1),
        ("see_session", 1),
        ("print_sheet", 1),
    ]
    assert all(json.loads(detail) == {"grant": given} for _, _, detail in rows)
    with set_to(TUESDAY, 13):
        found = see_look_ups(house_db, TUESDAY, TUESDAY, by=CARL)
        looked = who_looked(house_db, 1, TUESDAY, by=AMINA)
        copied = own_copy(house_db, 1, TUESDAY, by=AMINA)
    assert (Why.OUTSIDE, "berit") in {(one.why, one.actor) for one in found.unusual}
    assert {row.grant_reason for row in found.rows if row.actor == "berit"} == {WHY}
    assert all(found.was_let_in(one) for one in found.unusual if one.why is Why.OUTSIDE)
    assert (BERIT.staff_id, "Berit, Bjerke") in found.staff
    assert any(f"åpnet siden (fikk lese det: {WHY})" in row[3] for row in looked.rows)
    assert {row[2] for row in looked.rows if row[1] == "Berit"} == {"saksbehandler, Bjerke"}
    assert WHY in str(copied.data["looked"]) and f"(fikk lese det: {WHY})" in str(copied.sections)
    assert WHY not in str(house_db.execute("SELECT * FROM audit").fetchall())


def test_the_team_leads_page_of_look_ups_says_why_somebody_was_let_in(
    house: Flask, house_db: Database, given: int
) -> None:
    read(house_db)
    with set_to(TUESDAY, 13):
        client = sign_in(house, "carl")
        client.post("/language/en")
        assert f"(had access: {WHY})" in client.get("/district/look-ups").text


@pytest.mark.parametrize(
    ("language", "holds", "held"),
    [
        ("nb", "Berit, Bjerke har fått lov av Carl til å lese det til og med 1. desember 2026", "hadde lov til"),
        ("nn", "Berit, Bjerke har fått lov av Carl til å lese det til og med 1. desember 2026", "frå 24. november"),
        ("en", "Carl has let Berit, Bjerke read it until 1 December 2026", "was let in to read it from 24 November"),
    ],
)
def test_the_service_users_own_sheet_says_who_was_let_in(
    house_db: Database, given: int, language: str, holds: str, held: str
) -> None:
    set_asked_in(house_db, 1, language, by=AMINA)

    def seen(day: date) -> str:
        with set_to(day):
            sheet = print_sheet(house_db, 1, day, by=AMINA, instruments=SHIPPED)
        return " ".join(line for section in sheet.sections for line in section.lines)

    assert holds in seen(TUESDAY) and WHY in seen(TUESDAY)
    assert held in seen(date(2027, 1, 1)) and holds not in seen(date(2027, 1, 1))
    assert WHY not in seen(date(2028, 1, 1))


def test_the_copy_tells_of_access_and_blocks(house: Flask, house_db: Database, given: int) -> None:
    with set_to(TUESDAY):
        block_record(house_db, 1, [AMINA.staff_id], True, "de er i slekt", by=CARL)
        (block, _) = blocks.of_service_user(house_db, 1)
        end_block(house_db, 1, block["id"], "feil av oss", by=CARL)
        client = sign_in(house, "carl")
        data = json.loads(client.get("/service-users/1/copy.json").data)
        pdf = client.get("/service-users/1/copy.pdf").data
    (row,) = data["access_given"]
    assert (row["name"], row["home"], row["reason"], row["valid_to"], row["recorded_by"]) == (
        *("Berit", "Bjerke", WHY, "2026-12-01"),
        "Carl",
    )
    assert {row["name"] for row in data["blocks"]} == {"Amina", None}
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)
    for said in ("Hvem som har fått innsyn", WHY, "de er i slekt", "feil av oss", "alle andre enn kontaktpersonen"):
        assert said in text, said


def test_a_record_that_is_blocked_for_the_account_is_not_opened_to_it(house: Flask, house_db: Database) -> None:
    with set_to(TUESDAY):
        page = sign_in(house, "carl").get("/service-users/1/access").text
        assert "Opphev sperringen før du gir innsyn" not in page and 'name="valid_to"' in page
        block_record(house_db, 1, [], True, "kjenner mange", by=CARL)
        page = sign_in(house, "carl").get("/service-users/1/access").text
        assert "Opphev sperringen før du gir innsyn" in page and 'name="valid_to"' not in page
    assert refused(house_db, BERIT.staff_id) == "access_blocked"


def test_the_districts_list_holds_what_holds_and_what_is_past(house_db: Database, given: int) -> None:
    with set_to(TUESDAY):
        found = district_access(house_db, by=CARL)
        assert [row["name"] for row in found.grants] == ["Berit"] and found.past_grants == []
    with set_to(date(2026, 12, 2)):
        found = district_access(house_db, by=CARL)
        assert found.grants == [] and [row["reason"] for row in found.past_grants] == [WHY]


def test_a_team_lead_gives_and_ends_it_on_the_page(house: Flask, house_db: Database) -> None:
    with set_to(TUESDAY):
        client = sign_in(house, "carl")
        client.post("/language/en")
        form = {"staff": "2", "reason": WHY, "valid_to": "1.12.2026"}
        answer = client.post("/service-users/1/access/given", data=form | {"valid_to": "1.6.2027"})
        assert answer.status_code == 400 and "at most 90 days from now" in answer.text and WHY in answer.text
        answer = client.post("/service-users/1/access/given", data=form | {"staff": ""})
        assert answer.status_code == 400
        answer = client.post("/service-users/1/access/given", data=form, follow_redirects=True)
        assert "Access is given." in answer.text and "Has access until 1 Dec 2026" in answer.text
        assert "Has access until 1 Dec 2026" in client.get("/service-users/1").text
        assert "Has access until 1 Dec 2026" in client.get("/district/access").text
        (grant,) = house_db.execute("SELECT id FROM grants").fetchone()
        answer = client.post(f"/service-users/1/access/given/{grant}/end", follow_redirects=True)
        assert "The access is ended." in answer.text and "Ended by Carl." in answer.text
        again = client.post(f"/service-users/1/access/given/{grant}/end")
        assert again.status_code == 400 and "This access has ended already." in again.text


GIVEN = "INSERT INTO grants VALUES (7, 1, 12, {staff}, 'en grunn', '2026-12-01', 'carl', 'x', NULL, NULL)"


@pytest.mark.parametrize(
    "statement",
    [
        GIVEN.format(staff=1),
        GIVEN.format(staff=4),
        GIVEN.format(staff=2).replace("12,", "9,"),
        "UPDATE grants SET valid_to = '2027-12-31', ended_at = 'x'",
        "UPDATE grants SET staff_id = 1, ended_at = 'x'",
        "DELETE FROM grants",
        "INSERT OR REPLACE INTO grants SELECT * FROM grants",
    ],
)
def test_the_tables_refuse_what_the_acts_never_do(house_db: Database, given: int, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        house_db.execute(statement)


def test_the_sheet_tells_colleagues_to_whom_it_is_closed_to_nobody_elsewhere(house_db: Database, given: int) -> None:
    with set_to(TUESDAY, 12):
        block_record(house_db, 1, [AMINA.staff_id], everybody=False, reason="kjenner familien", by=CARL)

        def said(by: Actor) -> str:
            return str(print_sheet(house_db, 1, TUESDAY, by=by, instruments=SHIPPED).sections)

        assert "stengt for Amina" in said(CARL)
        assert "Amina" not in said(BERIT)
