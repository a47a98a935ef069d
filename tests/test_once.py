"""A form that is sent once more does the thing once, and shows the same result."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from factories import ALNA, AMINA, BERIT, make_session
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlite_utils import Database
from web import sign_in

from fitservice import forms, look_up_forms, reporting_forms, right_forms, session_forms, staff_forms
from fitservice.access import Act
from fitservice.acting import acting, done_before
from fitservice.clock import moment, set_to
from fitservice.fields import ActForm
from fitservice.model import Actor, DoneAlready
from fitservice.store import once

KEY = "a-key-of-one-view-of-a-form"


def key_in(page: str) -> str:
    """The key of a page's last form that has one."""
    found = re.findall(r'name="once"[^>]* value="([^"]+)"', page)
    assert found, "no key in the form"
    return str(found[-1])


def counted(db: Database, table: str) -> int:
    """How many rows a table has."""
    return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


# who, the page that holds the form, where it is sent, what is typed, which table grows by one
FORMS = {
    "a session": (
        *("amina", "/service-users/1/sessions/new", "/service-users/1/sessions/new"),
        *({"held_on": "2022-03-05", "life_satisfaction": "4"}, "sessions"),
    ),
    "a correction": (
        *("amina", "/sessions/1/correct", "/sessions/1/correct"),
        *(
            {"held_on": "2022-03-01", "life_satisfaction": "5", "reason": "mistyped", "revision": "1"},
            "session_revisions",
        ),
    ),
    "a note": (
        *("amina", "/sessions/1", "/sessions/1/note"),
        *({"note": "Vil prøve igjen", "next_step": "", "revision": "1"}, "session_revisions"),
    ),
    "a withdrawal": (
        *("amina", "/sessions/1/withdraw", "/sessions/1/withdraw"),
        *({"reason": "by mistake", "revision": "1"}, "session_revisions"),
    ),
    "a service user": (
        *("amina", "/service-users/new", "/service-users/new"),
        *({"reference": "AL-77", "enrolled_from": "2022-01-01", "asked_in": "nb"}, "service_users"),
    ),
    "the end of an enrolment": (
        *("amina", "/enrolments/1/end", "/enrolments/1/end", {"enrolled_to": "2022-06-01"}, "enrolment_revisions"),
    ),
    "other days of an enrolment": (
        *("amina", "/enrolments/1/correct", "/enrolments/1/correct"),
        *({"enrolled_from": "2021-12-01", "reason": "mistyped", "revision": "1"}, "enrolment_revisions"),
    ),
    "an obligation": (
        *("velferd", "/city/register/obligations", "/city/register/obligations"),
        *({"districts": "030112", "first": "2026H2", "last": "", "owed": "yes", "reason": "as decided"}, "obligations"),
    ),
    "a threshold": (
        *("velferd", "/city/register/thresholds", "/city/register/thresholds"),
        *({"name": "coverage", "first": "2027H1", "value": "70", "reason": "as decided"}, "thresholds"),
    ),
    "a colleague": (
        *("admin", "/accounts/new", "/accounts/new"),
        *({"username": "dina", "name": "Dina", "role": "caseworker", "district": str(ALNA)}, "staff"),
    ),
    "an explanation": (
        *("carl", "/district/reporting/2022H1/not_signed_off", "/district/reporting/2022H1/not_signed_off"),
        *({"cause": "staffing", "text": "Vi var få på jobb"}, "explanations"),
    ),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_same_form_sent_three_times_does_it_once_and_shows_the_same(
    house: Flask, house_db: Database, form: tuple[str, str, str, dict[str, str], str]
) -> None:
    name, page, path, typed, table = form
    browser = sign_in(house, name)
    sent = typed | {"once": key_in(browser.get(page).text)}
    before = counted(house_db, table)
    first = browser.post(path, data=sent)
    assert first.status_code in (200, 302), re.findall("error.*", first.text)
    assert counted(house_db, table) == before + 1
    logged = counted(house_db, "audit")
    for _ in range(2):
        again = browser.post(path, data=sent)
        assert again.status_code == 302
        if first.status_code == 302:
            assert again.headers["Location"] == first.headers["Location"]
    assert counted(house_db, table) == before + 1
    assert counted(house_db, "audit") == logged
    said = browser.get(again.headers["Location"]).text
    assert "Nothing was done twice" in said or "to ganger" in said


def record(browser: FlaskClient, **typed: str) -> tuple[int, str]:
    """Send Amina's form for the service user 1: the status and where it leads."""
    answer = browser.post("/service-users/1/sessions/new", data={"once": KEY, **typed})
    return answer.status_code, answer.headers.get("Location", "")


def test_what_was_changed_before_it_was_sent_again_is_not_the_same(house: Flask, house_db: Database) -> None:
    browser = sign_in(house, "amina")
    first = record(browser, held_on="2022-03-05", life_satisfaction="4")
    # another score for the same day must never be taken for the one that is stored
    assert record(browser, held_on="2022-03-05", life_satisfaction="5")[0] == 400
    assert record(browser, held_on="2022-03-06", life_satisfaction="4") not in (first, (400, ""))
    assert counted(house_db, "sessions") == 4


def test_a_form_that_was_refused_may_be_sent_again(house: Flask, house_db: Database) -> None:
    browser = sign_in(house, "amina")
    assert record(browser, held_on="2019-03-05", life_satisfaction="4")[0] == 400
    page = browser.post("/service-users/1/sessions/new", data={"once": KEY, "held_on": "x"}).text
    assert key_in(page) == KEY
    assert record(browser, held_on="2022-03-05", life_satisfaction="4")[0] == 302


def test_another_persons_key_is_not_ones_own(house: Flask, house_db: Database) -> None:
    typed = {"reference": "X-9", "enrolled_from": "2022-01-01", "asked_in": "nb", "once": KEY}
    first = sign_in(house, "amina").post("/service-users/new", data=typed)
    other = sign_in(house, "berit").post("/service-users/new", data=typed)
    assert first.status_code == other.status_code == 302
    assert first.headers["Location"] != other.headers["Location"]
    assert counted(house_db, "service_users") == 4


def as_form(by: Actor, form: str = "f" * 64) -> Actor:
    """The same person, sending this form."""
    return Actor(by.name, by.role, by.district_id, by.staff_id, once=form)


def test_of_two_that_come_at_the_same_moment_one_acts(house: Flask, house_db: Database) -> None:
    typed = {"enrolled_to": "2022-06-01", "once": KEY}
    browsers = [sign_in(house, "amina") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda browser: browser.post("/enrolments/1/end", data=typed), browsers))
    assert {(answer.status_code, answer.headers.get("Location")) for answer in answers} == {(302, "/service-users/1")}
    assert counted(house_db, "enrolment_revisions") == 1


def test_inside_the_act_the_second_is_told_what_the_first_did(house_db: Database) -> None:
    """Where both passed the door before either had acted."""
    by = as_form(AMINA)
    make_session(house_db, 1, date(2022, 3, 5), by=by)
    with pytest.raises(DoneAlready) as told:
        make_session(house_db, 1, date(2022, 3, 5), by=by)
    kept = house_db.execute("SELECT id FROM sessions WHERE held_on = '2022-03-05'").fetchone()
    assert told.value.target == ("session", *kept)
    assert done_before(house_db, by=as_form(BERIT)) is None


def test_it_is_kept_with_the_act_or_not_at_all(house_db: Database) -> None:
    by = as_form(AMINA)
    with pytest.raises(ZeroDivisionError), acting(house_db, by, Act.RECORD_SESSION):
        raise ZeroDivisionError
    assert counted(house_db, "done_once") == 0
    with pytest.raises(ZeroDivisionError), set_to(date(2022, 4, 1)):
        make_session(house_db, 1, date(2022, 3, 5), by=by)
        raise ZeroDivisionError
    assert counted(house_db, "done_once") == 1


def test_looks_use_no_key_up(house_db: Database) -> None:
    with acting(house_db, as_form(AMINA), Act.SEE_SESSION):
        pass
    assert counted(house_db, "done_once") == 0


def test_after_a_day_it_is_forgotten(house_db: Database) -> None:
    with set_to(date(2022, 3, 10)):
        once.keep(house_db, "a" * 64, 1, "record_session", None)
        assert once.target(house_db, "a" * 64, 1) == ()
    with set_to(date(2022, 3, 10) + timedelta(days=2)):
        once.keep(house_db, "b" * 64, 1, "record_session", ("session", 1))
    assert once.target(house_db, "a" * 64, 1) is None
    assert moment() and once.target(house_db, "b" * 64, 1) == ("session", 1)


WITHOUT_KEY = {
    # the frame's own two (language, signing out), and what waited while somebody signed in again: it brings its key
    *("base.html", "resume.html"),
    # an answer given twice is one answer already
    "hand_over/question.html",
    # a search looks, and may look again
    "service_users/caseload.html",
}
BY_HAND = re.compile(r'name="csrf_token" value="\{\{ csrf_token\(\) \}\}">\s*(<input type="hidden" name="once")?')


def test_every_form_that_is_written_by_hand_has_a_key() -> None:
    templates = Path(__file__).parent.parent / "templates"
    found = {
        path.relative_to(templates).as_posix(): all(BY_HAND.findall(text))
        for path in templates.rglob("*.html")
        if "csrf_token()" in (text := path.read_text(encoding="utf-8"))
    }
    assert len(found) > 10
    assert {name for name, has in found.items() if not has} == WITHOUT_KEY


PASSWORDS_AND_CODES = {
    *("SignInForm", "ProveForm", "CodeForm", "PasswordForm", "FirstAdministratorForm", "ChangePasswordForm"),
    *("PinForm", "TakeBackForm"),
}


def test_every_form_of_ours_has_a_key_but_those_of_passwords_and_of_questions() -> None:
    ours = {
        one.__name__: issubclass(one, ActForm)
        for module in (forms, session_forms, reporting_forms, staff_forms, look_up_forms, right_forms)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, FlaskForm) and one.__module__ == module.__name__
    }
    assert {name for name, has in ours.items() if not has} == PASSWORDS_AND_CODES | {"LookUpsForm"}
