"""Sign-ins on the server: made anew, listed, ended one by one and everywhere; roles that change."""

import pytest
from factories import ADMIN, ALNA, AMINA, BERIT, BJERKE, CARL, PASSWORD, make_cast
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.keeping_accounts import change_role, end_sign_in_of
from fitservice.actions.recording import record_session
from fitservice.actions.signing_in import end_own_sign_in, start_sign_in
from fitservice.model import Answers, Invalid, NotAllowed, NotFound, Role
from fitservice.store import staff

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
ENDED = "SELECT id FROM sign_ins WHERE ended_at IS NOT NULL ORDER BY id"


def ids(db: Database) -> list[int]:
    """Every sign-in's id."""
    return [row[0] for row in db.execute("SELECT id FROM sign_ins ORDER BY id")]


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(house: Flask) -> None:
    victim, attacker = house.test_client(), house.test_client()
    attacker.post("/language/en")
    planted = attacker.get_cookie("fitservice")
    victim.set_cookie("fitservice", planted.value)
    victim.post("/sign-in", data={"username": "amina", "password": PASSWORD})
    assert victim.get("/service-users").status_code == 200
    assert victim.get_cookie("fitservice").value != planted.value
    assert attacker.get("/service-users").status_code == 302
    with victim.session_transaction() as kept:
        assert set(kept) <= {"sign_in", "language", "_flashes", "csrf_token"} and kept["language"] == "en"


def test_what_a_session_held_before_does_not_come_along(house: Flask) -> None:
    client = house.test_client()
    with client.session_transaction() as before:
        before.update({"sign_in": "planted", "csrf_token": "planted", "_state_oidc_x": {}})
    client.post("/sign-in", data={"username": "amina", "password": PASSWORD})
    with client.session_transaction() as after:
        assert "planted" not in after.values() and "_state_oidc_x" not in after


def test_signing_in_again_ends_what_this_browser_held(house: Flask) -> None:
    browser, thief = sign_in(house, "amina"), house.test_client()
    thief.set_cookie("fitservice", browser.get_cookie("fitservice").value)
    browser.post("/sign-in", data={"username": "amina", "password": PASSWORD})
    assert thief.get("/service-users").status_code == 302
    assert browser.get("/service-users").status_code == 200


def test_each_sign_in_is_listed_with_its_kind_of_browser_and_no_more(house: Flask, house_db: Database) -> None:
    sign_in(house, "amina")
    client = house.test_client()
    form = {"username": "amina", "password": PASSWORD}
    client.post("/sign-in", data=form, headers={"User-Agent": FIREFOX})
    page = client.get("/sign-ins?lang=en").text
    assert "This one (Firefox, Windows)" in page and page.count("Sign out there") == 1
    assert "Gecko" not in "\n".join(house_db.conn.iterdump())


def test_one_browser_is_ended_and_the_other_stays(house: Flask, house_db: Database) -> None:
    one, other = sign_in(house, "amina"), sign_in(house, "amina")
    assert other.post(f"/sign-ins/{ids(house_db)[0]}/end").status_code == 302
    assert one.get("/service-users").status_code == 302
    assert other.get("/service-users").status_code == 200
    assert other.post(f"/sign-ins/{ids(house_db)[0]}/end").status_code == 404


def test_nobody_ends_a_strangers_sign_in(db) -> None:
    make_cast(db)
    start_sign_in(db, BERIT.staff_id, None)
    with pytest.raises(NotFound):
        end_own_sign_in(db, ids(db)[0], by=AMINA)
    with pytest.raises(NotAllowed):
        end_sign_in_of(db, BERIT.staff_id, ids(db)[0], by=CARL)
    # an id beside another person's name leads nowhere
    with pytest.raises(NotFound):
        end_sign_in_of(db, AMINA.staff_id, ids(db)[0], by=ADMIN)
    assert db.execute(ENDED).fetchall() == []
    end_sign_in_of(db, BERIT.staff_id, ids(db)[0], by=ADMIN)
    assert db.execute(ENDED).fetchall() == [(ids(db)[0],)]


def test_the_administrator_ends_one_on_the_accounts_page(house: Flask, house_db: Database) -> None:
    one, other, admin = sign_in(house, "amina"), sign_in(house, "amina"), sign_in(house, "admin")
    assert admin.get("/accounts/1?lang=en").text.count("Sign out there") == 2
    assert admin.post(f"/accounts/1/sign-ins/{ids(house_db)[1]}/end").status_code == 302
    assert (one.get("/service-users").status_code, other.get("/service-users").status_code) == (200, 302)


def test_another_role_ends_every_sign_in_and_is_kept_with_its_reason(house: Flask, house_db: Database) -> None:
    amina, admin = sign_in(house, "amina"), sign_in(house, "admin")
    form = {"role": "team_lead", "district": str(BJERKE), "reason": "ny leder i Bjerke"}
    assert admin.post("/accounts/1/role", data=form).status_code == 302
    assert amina.get("/service-users").status_code == 302
    assert sign_in(house, "amina").get("/district").status_code == 200
    row = house_db.execute("SELECT actor, subject_id, detail FROM audit WHERE act = 'change_role'").fetchone()
    assert row[:2] == ("admin", 1)
    assert row[2] == '{"from": ["caseworker", 12], "to": ["team_lead", 9], "reason": "ny leder i Bjerke"}'


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"role": Role.ADMINISTRATOR}, "no_district"),
        ({"district_id": None}, "role_needs_district"),
        ({"district_id": 16}, "unknown_district"),
        ({"reason": " "}, "required"),
        ({"reason": "x" * 201}, "not_a_line"),
        ({"role": Role.CASEWORKER, "district_id": ALNA}, "nothing_changed"),
        ({"staff_id": ADMIN.staff_id, "role": Role.AGENCY_ANALYST, "district_id": None}, "own_role"),
    ],
)
def test_a_role_that_cannot_be_is_refused_and_nothing_ends(db, changed, code) -> None:
    make_cast(db)
    start_sign_in(db, AMINA.staff_id, None)
    given = {"staff_id": 1, "role": Role.TEAM_LEAD, "district_id": BJERKE, "reason": "ny leder"} | changed
    with pytest.raises(Invalid, match=f"^{code}$"):
        change_role(db, **given, by=ADMIN)
    assert db.execute(ENDED).fetchall() == []
    assert staff.by_id(db, 1)["role"] == "caseworker"


@pytest.mark.parametrize("by", [AMINA, CARL], ids=lambda by: by.name)
def test_only_an_administrator_changes_roles(db, by) -> None:
    make_cast(db)
    with pytest.raises(NotAllowed):
        change_role(db, 2, Role.TEAM_LEAD, ALNA, "fordi jeg vil", by=by)


def test_an_act_that_began_in_the_old_role_does_not_happen(db) -> None:
    make_cast(db)
    change_role(db, AMINA.staff_id, Role.CASEWORKER, BJERKE, "flytter", by=ADMIN)
    with pytest.raises(NotAllowed):
        record_session(db, 1, None, Answers(life_satisfaction=4), by=AMINA)
