"""Getting in and out: sign-ins that end, links that stay inside, forms that only we can post, headers."""

from pathlib import Path

import pytest
from factories import PASSWORD
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice import create_app

WRONG = "The username or the password is wrong, or there were too many wrong tries."


@pytest.mark.parametrize(
    ("username", "password"), [("amina", "feil passord her"), ("nobody", PASSWORD), ("", ""), ("amina", "")]
)
def test_wrong_and_unknown_get_the_same_words(house: Flask, username: str, password: str) -> None:
    answer = house.test_client().post("/sign-in?lang=en", data={"username": username, "password": password})
    assert answer.status_code == 400
    if username:
        assert WRONG in answer.text


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/service-users/1", "/service-users/1"),
        ("/service-users?q=a", "/service-users?q=a"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_inside(house: Flask, target: str, expected: str) -> None:
    form = {"username": "amina", "password": PASSWORD}
    answer = house.test_client().post("/sign-in", query_string={"next": target}, data=form)
    assert answer.location == expected


def test_each_role_starts_at_its_own_work(house: Flask) -> None:
    starts = {name: sign_in(house, name).get("/").location for name in ("amina", "carl", "velferd", "admin")}
    assert starts == {"amina": "/service-users", "carl": "/district", "velferd": "/city", "admin": "/accounts"}


def test_signing_out_ends_the_sign_in_for_a_copied_cookie_too(house: Flask) -> None:
    amina, thief = sign_in(house, "amina"), house.test_client()
    cookie = amina.get_cookie("fitservice")
    assert cookie is not None
    thief.set_cookie("fitservice", cookie.value)
    assert thief.get("/service-users").status_code == 200
    amina.post("/sign-out")
    assert thief.get("/service-users").status_code == 302


def test_a_sign_in_that_ends_in_the_middle_of_a_form_loses_nothing(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    house_db.execute("UPDATE sign_ins SET ended_at = '2022-01-01'")
    form = {"held_on": "2022-04-01", "life_satisfaction": "6", "outcome_close": "7,5"}
    answer = amina.post("/service-users/1/sessions/new", data=form)
    assert answer.status_code == 401 and 'name="kept:outcome_close" value="7,5"' in answer.text
    kept = {f"kept:{name}": value for name, value in form.items()}
    again = {"username": "amina", "kept_path": "/service-users/1/sessions/new", **kept}
    wrong = amina.post("/sign-in", data={**again, "password": "feil passord her"})
    assert wrong.status_code == 400 and 'name="kept:life_satisfaction" value="6"' in wrong.text
    page = amina.post("/sign-in", data={**again, "password": PASSWORD})
    assert 'action="/service-users/1/sessions/new"' in page.text and 'name="life_satisfaction" value="6"' in page.text
    assert amina.post("/service-users/1/sessions/new", data=form).status_code == 302


def test_the_form_that_was_kept_can_be_saved_with_its_new_token(tmp_path: Path, cast_database: bytes) -> None:
    (tmp_path / "fitservice.db").write_bytes(cast_database)
    client = create_app({"TESTING": True}, tmp_path).test_client()

    def token(page: str) -> str:
        return page.split('name="csrf_token"')[-1].split('value="')[1].split('"')[0]

    form = {"csrf_token": token(client.get("/sign-in").text), "held_on": "2022-04-01", "life_satisfaction": "6"}
    page = client.post("/service-users/1/sessions/new", data=form).text
    again = {"csrf_token": token(page), "username": "amina", "password": PASSWORD, "kept:life_satisfaction": "6"}
    page = client.post("/sign-in", data={**again, "kept_path": "/service-users/1/sessions/new"}).text
    answer = client.post("/service-users/1/sessions/new", data={**form, "csrf_token": token(page)})
    assert answer.status_code == 302 and answer.location.startswith("/sessions/")


def test_a_password_never_waits_in_a_page(house: Flask) -> None:
    form = {"current": PASSWORD, "password": "et helt nytt passord", "again": "et helt nytt passord"}
    answer = house.test_client().post("/password", data=form)
    assert answer.status_code == 302 and PASSWORD not in answer.text and "nytt passord" not in answer.text


def test_what_was_kept_is_never_sent_elsewhere(house: Flask) -> None:
    form = {"username": "amina", "password": PASSWORD, "kept_path": "https://evil.example/", "kept:a": "1"}
    assert 'action="/"' in house.test_client().post("/sign-in", data=form).text


def test_signing_out_everywhere_ends_the_other_browser(house: Flask) -> None:
    one, other = sign_in(house, "amina"), sign_in(house, "amina")
    one.post("/sign-ins/end")
    assert other.get("/service-users").status_code == 302


@pytest.mark.parametrize(("column", "ago"), [("last_seen_at", "-31 minutes"), ("created_at", "-601 minutes")])
def test_a_sign_in_ends_when_idle_and_when_old(house: Flask, house_db: Database, column: str, ago: str) -> None:
    amina = sign_in(house, "amina")
    house_db.execute(f"UPDATE sign_ins SET {column} = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', :ago)", {"ago": ago})
    assert amina.get("/service-users").status_code == 302


def test_a_sign_in_that_is_used_stays_alive(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    house_db.execute("UPDATE sign_ins SET last_seen_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-20 minutes')")
    amina.get("/service-users")
    house_db.execute(
        "UPDATE sign_ins SET last_seen_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', last_seen_at, '-20 minutes')"
    )
    assert amina.get("/service-users").status_code == 200


def test_every_form_needs_its_csrf_token(tmp_path: Path, cast_database: bytes) -> None:
    (tmp_path / "fitservice.db").write_bytes(cast_database)
    client = create_app({"TESTING": True}, tmp_path).test_client()
    for path in ("/sign-in", "/sign-out", "/language/en", "/service-users/1/sessions/new", "/accounts/1/close"):
        assert client.post(path, data={"username": "amina", "password": PASSWORD}).status_code == 400, path


def test_pages_carry_a_strict_policy_and_are_not_kept(house: Flask) -> None:
    answer = sign_in(house, "amina").get("/service-users/1")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(house: Flask) -> None:
    answer = house.test_client().post("/sign-in", data={"username": "amina", "password": PASSWORD})
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_a_page_that_does_not_exist_is_not_found_in_words(house: Flask) -> None:
    answer = house.test_client().get("/no-such-page")
    assert answer.status_code == 404 and "Fant ikke siden" in answer.text


def test_an_unexpected_fault_shows_no_trace(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    house_db.execute("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'secret detail'); END")
    answer = amina.get("/service-users/1")
    assert answer.status_code == 500
    assert "Noe gikk galt" in answer.text and "secret" not in answer.text and "AL-1" not in answer.text


def test_a_form_that_is_too_large_is_refused(house: Flask) -> None:
    form = {"username": "amina", "password": "x" * 300_000}
    assert house.test_client().post("/sign-in", data=form).status_code == 413


NEW = "et helt nytt passord"


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [("feil passord her", NEW, NEW), (PASSWORD, "for kort", "for kort"), (PASSWORD, NEW, "noe annet enn det")],
)
def test_a_password_that_cannot_be_is_refused(house: Flask, current: str, new: str, again: str) -> None:
    form = {"current": current, "password": new, "again": again}
    assert sign_in(house, "amina").post("/password", data=form).status_code == 400
    assert sign_in(house, "amina").get("/service-users").status_code == 200


def test_a_new_password_ends_every_other_sign_in(house: Flask) -> None:
    here, elsewhere = sign_in(house, "amina"), sign_in(house, "amina")
    form = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert here.post("/password", data=form).status_code == 302
    assert here.get("/service-users").status_code == 200
    assert elsewhere.get("/service-users").status_code == 302
    old = house.test_client().post("/sign-in", data={"username": "amina", "password": PASSWORD})
    new = house.test_client().post("/sign-in", data={"username": "amina", "password": NEW})
    assert (old.status_code, new.status_code) == (400, 302)
