"""Too many wrong tries: counted in the database, under the lock, for accounts and addresses; the way out."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from factories import ADMIN, AMINA, CARL, OPERATOR, PASSWORD, make_cast
from flask import Flask
from sqlite_utils import Database
from web import sign_in as client_of

from fitservice import trying
from fitservice.actions.keeping_accounts import open_locked
from fitservice.actions.signing_in import sign_in, who
from fitservice.actions.staffing import change_password, set_pin
from fitservice.clock import moment
from fitservice.db import connect
from fitservice.model import Invalid, NotAllowed, NotFound
from fitservice.reports.staff import see_staff
from fitservice.store import sign_in_tries

LIMITS = timedelta(minutes=30), timedelta(hours=10)
NEW = "kaffe-vulkan-sykkel"


@pytest.fixture
def cast(db: Database) -> Database:
    """A database with the cast."""
    make_cast(db)
    return db


def guess(db: Database, times: int, username: str = "amina", address: str | None = None) -> None:
    """So many wrong passwords."""
    for _ in range(times):
        assert sign_in(db, username, "wrong", address) is None


def older(db: Database, **by: int) -> None:
    """Everything that was tried was so long ago."""
    db.execute("UPDATE sign_in_tries SET at = ?", ((moment() - timedelta(**by)).isoformat(timespec="seconds"),))


def tries(db: Database) -> int:
    """How many wrong tries are kept."""
    return int(db.execute("SELECT COUNT(*) FROM sign_in_tries WHERE outcome = 'wrong'").fetchone()[0])


def test_after_five_wrong_ones_the_right_password_waits_too(cast):
    guess(cast, 4)
    assert sign_in(cast, "amina", PASSWORD, None)
    guess(cast, 5)
    assert sign_in(cast, "amina", PASSWORD, None) is None
    assert sign_in(cast, "carl", PASSWORD, None)
    older(cast, minutes=6)
    assert sign_in(cast, "amina", PASSWORD, None)


def test_what_is_tried_while_one_waits_is_not_looked_at_nor_counted(cast):
    guess(cast, 30)
    assert tries(cast) == 5
    rows = cast.execute("SELECT detail, COUNT(*) FROM audit WHERE act = 'sign_in_refused' GROUP BY 1 ORDER BY 1")
    assert rows.fetchall() == [(None, 5), ('{"too_many": true}', 25)]


def test_a_guesser_over_many_names_is_stopped_by_the_address(cast):
    for number in range(25):
        guess(cast, 1, f"name{number}", "1.2.3.4")
    assert tries(cast) == 20
    assert sign_in(cast, "carl", PASSWORD, "1.2.3.4") is None
    assert sign_in(cast, "carl", PASSWORD, "1.2.3.5")
    older(cast, minutes=15)
    assert sign_in(cast, "carl", PASSWORD, "1.2.3.4")


def test_an_own_account_does_not_help_a_guesser_at_the_same_address(cast):
    for number in range(20):
        guess(cast, 1, f"name{number}", "1.2.3.4")
        if number < 19:
            assert sign_in(cast, "carl", PASSWORD, "1.2.3.4")
    assert sign_in(cast, "carl", PASSWORD, "1.2.3.4") is None


def test_tries_at_once_are_no_more_tries(cast, instance, monkeypatch):
    counted = sign_in_tries.wrong_of_accounts

    def slowly(*given: object) -> dict[int, list[datetime]]:
        found = counted(*given)
        # long enough for all the others to count as well, were they let in
        time.sleep(0.03)
        return found

    monkeypatch.setattr(sign_in_tries, "wrong_of_accounts", slowly)

    def attempt(number: int) -> bool:
        db = connect(instance / "fitservice.db")
        try:
            return trying.begin_try(db, AMINA.staff_id, f"10.0.0.{number}") is not None
        finally:
            db.close()

    with ThreadPoolExecutor(8) as pool:
        looked_at = list(pool.map(attempt, range(12)))
    assert looked_at.count(True) == 5


@pytest.mark.parametrize("act", [change_password, set_pin], ids=lambda act: act.__name__)
def test_the_password_is_not_guessed_from_an_open_browser_either(cast, act):
    for _ in range(5):
        with pytest.raises(Invalid, match=r"^wrong_password$"):
            act(cast, "wrong", "2580" if act is set_pin else NEW, by=AMINA)
    with pytest.raises(Invalid, match=r"^wrong_password$"):
        act(cast, PASSWORD, "2580" if act is set_pin else NEW, by=AMINA)
    assert sign_in(cast, "amina", PASSWORD, None) is None


def test_the_administrator_sees_who_waits_and_opens(cast):
    guess(cast, 5)
    waiting = {row["username"] for row in see_staff(cast, by=ADMIN) if row["waits_until"]}
    assert waiting == {"amina"}
    open_locked(cast, AMINA.staff_id, by=ADMIN)
    assert not any(row["waits_until"] for row in see_staff(cast, by=ADMIN))
    token = sign_in(cast, "amina", PASSWORD, None)
    # she still hears of them
    assert who(cast, token, *LIMITS, None)["misses"] == 5
    row = cast.execute("SELECT actor, subject_id, detail FROM audit WHERE act = 'open_locked'").fetchone()
    assert row == ("admin", AMINA.staff_id, '{"tries": 5}')


@pytest.mark.parametrize("by", [AMINA, CARL, OPERATOR], ids=lambda by: by.name)
def test_only_an_administrator_opens(cast, by):
    with pytest.raises(NotAllowed):
        open_locked(cast, AMINA.staff_id, by=by)


def test_nobody_to_open_is_not_found(cast):
    with pytest.raises(NotFound):
        open_locked(cast, 99, by=ADMIN)


def test_a_sign_in_tells_of_the_one_before_and_of_wrong_ones_since(cast):
    guess(cast, 2)
    first = who(cast, sign_in(cast, "amina", PASSWORD, None), *LIMITS, None)
    assert (first["previous_at"], first["misses"]) == (None, 2)
    guess(cast, 3)
    second = who(cast, sign_in(cast, "amina", PASSWORD, None), *LIMITS, None)
    assert (bool(second["previous_at"]), second["misses"]) == (True, 3)
    third = who(cast, sign_in(cast, "amina", PASSWORD, None), *LIMITS, None)
    assert third["misses"] == 0


def test_old_tries_and_sign_ins_are_removed(cast):
    guess(cast, 3)
    sign_in(cast, "amina", PASSWORD, None)
    older(cast, days=91)
    for _ in range(2):
        sign_in(cast, "carl", PASSWORD, None)
    cast.execute("UPDATE sign_ins SET last_seen_at = '2020-01-01T12:00:00+00:00'")
    sign_in(cast, "amina", PASSWORD, None)
    assert sign_in_tries.misses(cast, AMINA.staff_id, None) == 0 and tries(cast) == 0
    # the newest of each stays: the accounts say when they were last used
    assert cast.execute("SELECT staff_id FROM sign_ins ORDER BY id").fetchall() == [(CARL.staff_id,), (AMINA.staff_id,)]


def test_unknown_wrong_waiting_and_closed_read_the_same(house: Flask, house_db: Database) -> None:
    house_db.execute("UPDATE staff SET closed_at = '2022-01-01' WHERE username = 'berit'")
    guess(house_db, 5, "carl")

    def words(username: str, password: str) -> str:
        answer = house.test_client().post("/sign-in?lang=en", data={"username": username, "password": password})
        assert answer.status_code == 400
        return re.sub('name="csrf_token"[^>]*', "", answer.text).replace(username, "NAME")

    pages = {words(*typed) for typed in (("nobody", "x"), ("amina", "x"), ("carl", PASSWORD), ("berit", PASSWORD))}
    assert len(pages) == 1
    page = pages.pop()
    assert "too many wrong tries" in page and "ask your administrator to open your account" in page


def test_the_page_tells_of_last_time_once(house: Flask, house_db: Database) -> None:
    client_of(house, "amina")
    guess(house_db, 1)
    amina = client_of(house, "amina")
    page = amina.get("/service-users").text
    assert "Forrige innlogging" in page and "1 mislykket forsøk siden sist" in page
    assert "mislykket forsøk" not in amina.get("/service-users").text


def test_the_accounts_say_who_waits_and_a_button_opens(house: Flask, house_db: Database) -> None:
    admin = client_of(house, "admin")
    assert "Too many wrong tries" not in admin.get("/accounts?lang=en").text
    guess(house_db, 5)
    assert "Too many wrong tries" in admin.get("/accounts?lang=en").text
    assert "Let them sign in at once" in admin.get("/accounts/1?lang=en").text
    admin.post("/accounts/1/open")
    assert "Let them sign in at once" not in admin.get("/accounts/1?lang=en").text
    assert client_of(house, "amina").get("/service-users").status_code == 200
