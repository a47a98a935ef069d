"""A half-year from the team lead's sign-off to the agency's word on it, through the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from factories import VELFERD, identity_number, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskClient
from released import record_year, release
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.deciding import decide_obligations
from fitservice.clock import set_to
from fitservice.rules.periods import half

JULY, LAST_DAY, LOCKED = date(2022, 7, 10), date(2022, 8, 15), date(2022, 8, 16)
OWN, AGENCYS = "/district/reporting/2022H1", "/city/030112/2022H1"
SIGN = {"step": "signed", "known": "0", "text": ""}


@contextmanager
def as_of(app: Flask, name: str | None, day: date = JULY, language: str = "en") -> Iterator[FlaskClient]:
    """Somebody's browser on that day; signed in today, for sign-ins keep the real time."""
    client = sign_in(app, name)
    client.post(f"/language/{language}")
    with set_to(day):
        yield client


def steps(db: Database) -> list[tuple[object, ...]]:
    """District, half-year, number, step and text of all that happened to sign-offs."""
    return db.execute("SELECT district_id, period, number, step, text FROM sign_offs ORDER BY id").fetchall()


def explained(db: Database) -> list[tuple[object, ...]]:
    """Kind, cause, text, expected day and whether it is withdrawn."""
    return db.execute("SELECT kind, cause, text, expected_on, withdrawn FROM explanations ORDER BY id").fetchall()


@pytest.fixture
def too_few(house: Flask, house_db: Database) -> Flask:
    """In 2022H1 one of Alna's two service users is measured, and nobody has said why not the other."""
    make_service_user(house_db, "AL-2", enrolled_from=date(2022, 6, 20))
    return house


@pytest.fixture
def signed(house: Flask, house_db: Database) -> Flask:
    """Alna has signed 2022H1 off, in which nothing is missing."""
    with as_of(house, "carl") as carl:
        assert carl.post(OWN, data=SIGN).status_code == 302
    assert [row[3] for row in steps(house_db)] == ["signed"]
    return house


def test_the_list_says_what_each_half_year_holds_and_when_it_is_due(too_few: Flask) -> None:
    with as_of(too_few, "carl") as carl:
        page = carl.get("/district/reporting").text
    assert page.index("2022H2") < page.index("2022H1") and "2021H2" not in page
    assert "Partly measured, 50%" in page and "Too few measured" in page and "Deadline: 31 Jul 2022." in page
    assert "explained" not in page


def test_an_unexplained_gap_is_not_signed_in_silence(too_few: Flask, house_db: Database) -> None:
    with as_of(too_few, "carl") as carl:
        assert "Explain it in its place, or say why here." in carl.get(OWN).text
        answer = carl.post(OWN, data=SIGN)
    assert answer.status_code == 400 and 'id="text-error"' in answer.text and 'role="alert"' in answer.text
    assert "nobody has explained" in answer.text
    assert steps(house_db) == []


def words_label(page: str) -> str:
    """The label of the words with the sign-off."""
    return page.split('for="text">')[1].split("</label>")[0]


def test_the_words_are_called_optional_only_where_they_are(too_few: Flask, house_db: Database) -> None:
    with as_of(too_few, "carl") as carl:
        assert "optional" not in words_label(carl.get(OWN).text)
        assert "optional" not in words_label(carl.post(OWN, data=SIGN).text)
        carl.post(f"{OWN}/low_coverage", data={"cause": "not_reached"})
        assert "(optional)" in words_label(carl.get(OWN).text)
        # of an explanation they are needed with one cause alone, and the hint says so
        page = carl.get(f"{OWN}/low_coverage").text
        assert "(optional)" in words_label(page) and "Needed where the cause is “Something else”." in page
        refused = carl.post(f"{OWN}/low_coverage", data={"cause": "other"})
        assert refused.status_code == 400 and "optional" not in words_label(refused.text)


def test_words_with_the_sign_off_are_enough(too_few: Flask, house_db: Database) -> None:
    with as_of(too_few, "carl") as carl:
        assert carl.post(OWN, data=SIGN | {"text": "One came in the last week."}).status_code == 302
        page = carl.get(OWN).text
    assert steps(house_db) == [(12, "2022H1", 1, "signed", "One came in the last week.")]
    assert "2022H1 is signed off." in page and "Signed off in time, 10 Jul 2022." in page
    assert "Undo the sign-off" in page and "Sign off 2022H1" not in page
    (logged,) = house_db.execute("SELECT actor, detail FROM audit WHERE act = 'sign_off'").fetchall()
    assert logged == ("carl", '{"period": "2022H1", "step": "signed"}')


def test_an_explained_gap_is_signed_without_more_words(too_few: Flask, house_db: Database) -> None:
    with as_of(too_few, "carl") as carl:
        answer = carl.post(f"{OWN}/low_coverage", data={"cause": "not_reached", "text": "", "expected_on": "1.9"})
        assert (answer.status_code, answer.location) == (302, OWN)
        page = carl.get(OWN).text
        assert "Service users could not be reached or declined." in page and "Expected by 1 Sept 2022." in page
        assert "Change the explanation" in page and "(explained)" in carl.get("/district/reporting").text
        assert carl.post(OWN, data=SIGN).status_code == 302
    assert [row[3] for row in steps(house_db)] == ["signed"]
    with as_of(too_few, "velferd") as velferd:
        # of one in two the agency does not hear whether they are enough, nor why not
        assert "Service users could not be reached or declined." not in velferd.get(AGENCYS).text


def test_the_agency_reads_an_explanation_beside_its_gap(too_few: Flask, house_db: Database) -> None:
    for number in range(12):
        person = make_service_user(house_db, f"AL-L-{number}")
        if number % 2:
            make_session(house_db, person)
    with as_of(too_few, "carl") as carl:
        assert carl.post(f"{OWN}/low_coverage", data={"cause": "not_reached"}).status_code == 302
    with as_of(too_few, "velferd") as velferd:
        page = velferd.get(AGENCYS).text
    assert "Too few measured" in page and "Service users could not be reached or declined." in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": f"It is {identity_number()}"}, "text"),
        ({"text": "Kari Nordmann was ill"}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"cause": ""}, "cause"),
        ({"cause": "other"}, "text"),
        ({"cause": "laziness"}, "cause"),
        ({"cause": ""}, "cause"),
        ({"expected_on": "9.7.2022"}, "expected_on"),
        ({"expected_on": "soon"}, "expected_on"),
        ({"expected_on": "31.2.2023"}, "expected_on"),
    ],
)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_explanation_that_cannot_stand_is_refused_at_its_field(
    too_few: Flask, house_db: Database, typed: dict[str, str], field: str, language: str
) -> None:
    good = {"cause": "staffing", "text": "", "expected_on": ""}
    with as_of(too_few, "carl", language=language) as carl:
        answer = carl.post(f"{OWN}/low_coverage", data=good | typed)
    assert answer.status_code == 400 and f'id="{field}-error"' in answer.text and 'aria-invalid="true"' in answer.text
    assert explained(house_db) == []


def test_an_explanation_is_changed_and_taken_back_and_every_word_is_kept(too_few: Flask, house_db: Database) -> None:
    with as_of(too_few, "carl") as carl:
        carl.post(f"{OWN}/low_coverage", data={"cause": "staffing", "text": "Illness", "expected_on": "01.09.2022"})
        form = carl.get(f"{OWN}/low_coverage").text
        assert 'value="Illness"' in form and 'value="01.09.2022"' in form and "Take the explanation back" in form
        carl.post(f"{OWN}/low_coverage", data={"cause": "training", "text": "", "expected_on": ""})
        assert "Staff are not trained yet." in carl.get(OWN).text
        assert carl.post(f"{OWN}/low_coverage/withdraw").status_code == 302
        assert "Staff are not trained yet." not in carl.get(OWN).text
        assert carl.post(f"{OWN}/low_coverage/withdraw").status_code == 404
        assert carl.post(OWN, data=SIGN).status_code == 400
    assert explained(house_db) == [
        ("low_coverage", "staffing", "Illness", "2022-09-01", 0),
        ("low_coverage", "training", None, None, 0),
        ("low_coverage", "training", None, None, 1),
    ]


def test_an_explanation_stands_while_a_sign_off_without_words_does(too_few: Flask, house_db: Database) -> None:
    gap = f"{OWN}/low_coverage"
    with as_of(too_few, "carl") as carl:
        carl.post(gap, data={"cause": "staffing", "text": "", "expected_on": ""})
        assert carl.post(OWN, data=SIGN).status_code == 302
        page = carl.get(gap).text
        assert "Take the explanation back" not in page and "this explanation has to stand" in page
        refused = carl.post(f"{gap}/withdraw")
        assert refused.status_code == 400 and "Change it, or undo the sign-off first." in refused.text
        assert carl.post(gap, data={"cause": "training", "text": "", "expected_on": ""}).status_code == 302
        carl.post(OWN, data=SIGN | {"step": "undone", "known": "1"})
        assert "Take the explanation back" in carl.get(gap).text
        assert carl.post(f"{gap}/withdraw").status_code == 302
    assert [row[4] for row in explained(house_db)] == [0, 0, 1]


def test_what_is_not_owed_is_not_said_to_be_well(too_few: Flask, house_db: Database) -> None:
    with set_to(JULY):
        decide_obligations(house_db, ["030112"], half(2022, 1), None, "closed", owed=False, by=VELFERD)
    with as_of(too_few, "carl") as carl:
        row = carl.get("/district/reporting").text.split(">2022H1</a>")[1].split("</tr>")[0]
        assert "Not required" in row and "Nothing" not in row
    for name, address in (("carl", OWN), ("velferd", AGENCYS)):
        with as_of(too_few, name) as client:
            page = client.get(address).text
        assert "does not owe a report for this half-year." in page and "Nothing is missing" not in page


def test_what_is_not_missing_cannot_be_explained(too_few: Flask, house_db: Database) -> None:
    with as_of(too_few, "carl") as carl:
        for path in (f"{OWN}/empty_period", f"{OWN}/nonsense", "/district/reporting/2022/low_coverage"):
            assert carl.get(path).status_code == 404
            assert carl.post(path, data={"cause": "staffing"}).status_code == 404
    assert explained(house_db) == []


def test_nothing_to_report_is_declared_only_where_nobody_is_enrolled(house: Flask, house_db: Database) -> None:
    declare = {"step": "nothing_to_report", "known": "0", "text": "The service opened in July."}
    with as_of(house, "carl") as carl:
        assert "Declare: nothing to report" not in carl.get(OWN).text
        answer = carl.post(OWN, data=declare)
        assert answer.status_code == 400 and "so there is something to report" in answer.text
    assert steps(house_db) == []
    house_db.execute("UPDATE staff SET district_id = 3 WHERE username = 'carl'")
    with as_of(house, "carl") as carl:
        page = carl.get(OWN).text
        assert "No service users" in page and "Declare: nothing to report" in page
        answer = carl.post(OWN, data=declare | {"text": ""})
        assert answer.status_code == 400 and 'id="text-error"' in answer.text
        assert steps(house_db) == []
        assert carl.post(OWN, data=declare).status_code == 302
        page = carl.get(OWN).text
    assert steps(house_db) == [(3, "2022H1", 1, "nothing_to_report", "The service opened in July.")]
    assert "Nothing to report. Signed off in time" in page and "Nothing is missing in this half-year." in page


def test_a_sign_off_is_undone_up_to_the_lock(signed: Flask, house_db: Database) -> None:
    with as_of(signed, "carl", LAST_DAY) as carl:
        assert carl.post(OWN, data={"step": "undone", "known": "1"}).status_code == 302
        page = carl.get(OWN).text
    assert [row[2:4] for row in steps(house_db)] == [(1, "signed"), (2, "undone")]
    assert "The sign-off is undone." in page and "Not signed off." in page and "Sign off 2022H1" in page


def test_after_the_lock_nothing_is_signed_or_undone(signed: Flask, house_db: Database) -> None:
    with as_of(signed, "carl", LOCKED) as carl:
        page = carl.get(OWN).text
        assert "locked since 16 Aug 2022" in page and 'name="step"' not in page
        for step in ("undone", "signed"):
            answer = carl.post(OWN, data={"step": step, "known": "1"})
            assert answer.status_code == 400 and "2022H1 is locked." in answer.text
    assert len(steps(house_db)) == 1


def test_a_half_year_that_runs_is_not_signed(house: Flask, house_db: Database) -> None:
    with as_of(house, "carl", date(2022, 6, 30)) as carl:
        assert "from 1 Jul 2022" in carl.get(OWN).text
        answer = carl.post(OWN, data=SIGN)
    assert answer.status_code == 400 and "2022H1 can be signed off when it is over." in answer.text
    assert steps(house_db) == []


def test_a_second_click_signs_nothing_twice(signed: Flask, house_db: Database) -> None:
    with as_of(signed, "carl") as carl:
        answer = carl.post(OWN, data=SIGN)
    assert answer.status_code == 400 and "Somebody did something with this half-year at the same time." in answer.text
    assert len(steps(house_db)) == 1
    # the page that says so has heard of the first
    assert 'name="known" value="1"' in answer.text and "Undo the sign-off" in answer.text


@pytest.mark.parametrize("known", ["", "-1", "1", "x", "99999999999"])
def test_a_form_that_has_not_heard_of_the_latest_step_is_refused(house: Flask, house_db: Database, known: str) -> None:
    with as_of(house, "carl") as carl:
        assert carl.post(OWN, data=SIGN | {"known": known}).status_code == 400
    assert steps(house_db) == []


@pytest.mark.parametrize("step", ["", "accepted", "returned", "reopened", "x"])
def test_a_team_lead_takes_no_step_of_the_agencys(signed: Flask, house_db: Database, step: str) -> None:
    with as_of(signed, "carl") as carl:
        assert carl.post(OWN, data={"step": step, "known": "1", "text": "x"}).status_code == 404
    assert len(steps(house_db)) == 1


def test_returned_with_words_and_a_day_signed_again_and_accepted(signed: Flask, house_db: Database) -> None:
    back = {"step": "returned", "known": "1", "text": "Two answers on paper are missing.", "until": "20.8"}
    with as_of(signed, "velferd", date(2022, 8, 5)) as velferd:
        page = velferd.get(AGENCYS).text
        assert 'value="19.08.2022"' in page and "Accept the sign-off" in page
        assert velferd.post(AGENCYS, data=back).status_code == 302
        page = velferd.get(AGENCYS).text
        assert "It is done, and the team lead sees it." in page and "Open until 20 Aug 2022." in page
        assert "Accept the sign-off" not in page
    with as_of(signed, "carl", date(2022, 8, 20)) as carl:
        page = carl.get(OWN).text
        assert "“Two answers on paper are missing.” Sign off again by 20 Aug 2022." in page
        # the day that counts is the leave's, not the lock that has passed
        assert "You can undo it until 20 Aug 2022." in page and "Open for this district until" in page
        assert "Returned by the agency. Sign off by 20 Aug 2022" in carl.get("/district/reporting").text
        # the same form sent twice: once is enough
        again = SIGN | {"known": "2", "text": "They are there now."}
        assert carl.post(OWN, data=again).status_code == 302
        assert carl.post(OWN, data=again).status_code == 400
        page = carl.get(OWN).text
        assert "Signed off in time, 20 Aug 2022." in page and "Sign off again by" not in page
    with as_of(signed, "velferd", date(2022, 8, 21)) as velferd:
        assert velferd.post(AGENCYS, data={"step": "accepted", "known": "3"}).status_code == 302
        assert velferd.post(AGENCYS, data={"step": "accepted", "known": "3"}).status_code == 400
    with as_of(signed, "carl", date(2022, 8, 21)) as carl:
        page = carl.get(OWN).text
        assert "The agency has accepted the sign-off, 21 Aug 2022." in page and 'name="step"' not in page
    assert [row[2:4] for row in steps(house_db)] == [(1, "signed"), (2, "returned"), (3, "signed"), (4, "accepted")]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "Ask Kari Nordmann"}, "text"),
        ({"until": ""}, "until"),
        ({"until": "9.7.2022"}, "until"),
        ({"until": "12.7.2022"}, "until"),
        ({"until": "20.8.2199"}, "until"),
        ({"until": "never"}, "until"),
    ],
)
def test_a_return_needs_words_and_a_day(signed: Flask, house_db: Database, typed: dict[str, str], field: str) -> None:
    back = {"step": "returned", "known": "1", "text": "Please look again.", "until": "20.8.2022"}
    with as_of(signed, "velferd") as velferd:
        answer = velferd.post(AGENCYS, data=back | typed)
    assert answer.status_code == 400 and f'id="{field}-error"' in answer.text
    assert len(steps(house_db)) == 1


def test_the_agency_gives_another_day_and_the_team_lead_reads_it(signed: Flask, house_db: Database) -> None:
    back = {"step": "returned", "known": "1", "text": "Please look again.", "until": "20.8.2022"}
    with as_of(signed, "velferd") as velferd:
        velferd.post(AGENCYS, data=back)
        page = velferd.get(AGENCYS).text
        assert "The district has until 20 Aug 2022. You can give it another day." in page
        assert 'value="20.08.2022"' in page and "Change the day" in page and "Return the sign-off" not in page
        soon = velferd.post(AGENCYS, data=back | {"known": "2", "until": "12.7.2022"})
        assert "Write a day at least 3 days from now, so that the district has time." in soon.text
        late = velferd.post(AGENCYS, data=back | {"known": "2", "until": "30.8.2199"})
        assert "Write a day at most 366 days from now." in late.text
        other = back | {"known": "2", "text": "Take your time.", "until": "30.8.2022"}
        assert velferd.post(AGENCYS, data=other).status_code == 302
    with as_of(signed, "carl", date(2022, 8, 30)) as carl:
        assert "“Take your time.” Sign off again by 30 Aug 2022." in carl.get(OWN).text
    assert [row[3] for row in steps(house_db)] == ["signed", "returned", "returned"]


def test_an_opening_gets_another_day_while_it_runs(house: Flask, house_db: Database) -> None:
    opening = {"step": "reopened", "known": "0", "text": "You may sign until Friday.", "until": "01.09.2022"}
    with as_of(house, "velferd", LOCKED) as velferd:
        velferd.post(AGENCYS, data=opening)
        assert 'value="reopened">Change the day' in velferd.get(AGENCYS).text
        assert velferd.post(AGENCYS, data=opening | {"known": "1", "until": "05.09.2022"}).status_code == 302
    with as_of(house, "velferd", date(2022, 9, 6)) as velferd:
        page = velferd.get(AGENCYS).text
        assert "Change the day" not in page and "Open the half-year again" in page
    assert [row[3] for row in steps(house_db)] == ["reopened", "reopened"]


def test_after_the_lock_the_agency_opens_it_again_and_it_is_late(house: Flask, house_db: Database) -> None:
    opening = {"step": "reopened", "known": "0", "text": "You may sign until Friday.", "until": "01.09.2022"}
    with as_of(house, "velferd") as velferd:
        answer = velferd.post(AGENCYS, data=opening)
        assert answer.status_code == 400 and "It need not be opened again." in answer.text
        assert "the district has not signed off, and it still can" in velferd.get(AGENCYS).text
    with as_of(house, "velferd", LOCKED) as velferd:
        assert "Open the half-year again" in velferd.get(AGENCYS).text
        assert velferd.post(AGENCYS, data=opening).status_code == 302
    with as_of(house, "carl", date(2022, 9, 1)) as carl:
        page = carl.get(OWN).text
        assert "opened the half-year again: “You may sign until Friday.” Sign off by 1 Sept 2022." in page
        assert carl.post(OWN, data=SIGN | {"known": "1"}).status_code == 302
        page = carl.get(OWN).text
        assert "Signed off late, 1 Sept 2022." in page and "Signed off 32 days too late." in page
        # up to the same day, what was signed can still be undone
        assert "Undo the sign-off" in page
    assert [row[3] for row in steps(house_db)] == ["reopened", "signed"]


def test_both_see_that_the_record_changed_but_only_the_district_sees_how(signed: Flask, house_db: Database) -> None:
    make_session(house_db, 1, date(2022, 6, 1), life_satisfaction=6)
    with as_of(signed, "carl") as carl:
        page = carl.get(OWN).text
        assert "Changed since the sign-off" in page and "4.0 → 6.0" in page
    with as_of(signed, "velferd") as velferd:
        page = velferd.get(AGENCYS).text
        assert "The record has changed since the sign-off." in page and "→" not in page and "6.0" not in page


def test_an_agency_page_never_names_a_service_user(signed: Flask, house_db: Database) -> None:
    make_session(house_db, 1, date(2022, 6, 1), life_satisfaction=6)
    pages = ["", "/030112", "/sign-offs", "/sign-offs.csv", "/board.csv", "/register", "/practice"]
    with as_of(signed, "velferd") as velferd:
        for path in (*(f"/city{page}" for page in pages), AGENCYS):
            answer = velferd.get(path)
            assert answer.status_code == 200, path
            for reference in ("AL-1", "BJ-1", "/service-users/"):
                assert reference not in answer.text, path


@pytest.mark.parametrize("name", ["amina", "admin", "velferd", None])
def test_nobody_else_signs_or_explains(too_few: Flask, house_db: Database, name: str | None) -> None:
    with as_of(too_few, name) as client:
        expected = 403 if name else 401
        assert client.post(OWN, data=SIGN | {"text": "x"}).status_code == expected
        assert client.post(f"{OWN}/low_coverage", data={"cause": "staffing"}).status_code == expected
        assert client.get(OWN).status_code == (403 if name else 302)
    assert (steps(house_db), explained(house_db)) == ([], [])


@pytest.mark.parametrize("name", ["amina", "carl", "admin", None])
def test_nobody_but_the_agency_judges(signed: Flask, house_db: Database, name: str | None) -> None:
    with as_of(signed, name) as client:
        answer = client.post(AGENCYS, data={"step": "accepted", "known": "1"})
        assert answer.status_code == (403 if name else 401)
    assert len(steps(house_db)) == 1


def test_a_team_lead_signs_for_the_own_district_alone(signed: Flask, house_db: Database) -> None:
    house_db.execute("UPDATE staff SET district_id = 9 WHERE username = 'carl'")
    with as_of(signed, "carl") as carl:
        page = carl.get(OWN).text
        assert "Nothing has happened yet." in page
        assert carl.post(OWN, data=SIGN).status_code == 302
    assert [row[0] for row in steps(house_db)] == [12, 9]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ["Dette ville blitt rapportert i dag", "For få målt", "Teamlederen: ", "Siden 01.01.2022"]),
        ("en", ["This is what would be reported today", "Too few measured", "The team lead: ", "Since 1 Jan 2022"]),
    ],
)
def test_both_languages(too_few: Flask, language: str, words: list[str]) -> None:
    with as_of(too_few, "carl", language=language) as carl:
        page = carl.get(OWN).text
        assert [word for word in words if word not in page] == []


def test_a_release_takes_what_was_signed_and_says_that_the_record_changed_since(
    house: Flask, house_db: Database
) -> None:
    record_year(house_db)
    with as_of(house, "carl") as carl:
        assert carl.post(OWN, data=SIGN | {"text": "As it is."}).status_code == 302
    for number in range(30):
        make_session(house_db, make_service_user(house_db, f"R-{number}"), life_satisfaction=1 + number % 7)
    name = release(house_db, "2022H1")
    with as_of(house, "velferd") as velferd:
        page = velferd.get(f"/city/releases/{name}?area=030112").text
    figures, _, signed = page.partition("Signed off when it was made")
    active = figures.split('<th scope="row">Service users</th>')[1].split("</tr>")[0]
    assert ">26<" in active
    row = signed.split('<th scope="row">Alna</th>')[1].split("</tr>")[0]
    assert "Signed off, 10 Jul 2022. The record has changed since." in row
    bjerke = signed.split('<th scope="row">Bjerke</th>')[1].split("</tr>")[0]
    assert "Not signed off" in bjerke and "changed" not in bjerke
