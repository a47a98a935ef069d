"""The agency's register and what it takes home: forms with bad input, the board and the list of sign-offs as files."""

import csv
import io
import re
from datetime import date

import pytest
from factories import CARL, VELFERD, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import set_to
from fitservice.reporting import Content, GapKind, Step, Timing
from fitservice.rules.periods import half_of, parse_half
from fitservice.store.districts import all_districts

NOW = date(2022, 7, 10)
OBLIGATION = {"districts": ["030112"], "owed": "no", "first": "2023H1", "last": "", "reason": "A trial"}
DATES = {
    "deadline": "31.08.2022",
    "lock": "15.09.2022",
    "provisional": "16.09.2022",
    "corrected": "15.04.2023",
    "final": "15.06.2023",
    "reason": "A late start",
}
THRESHOLD = {"name": "coverage", "value": "90 %", "first": "2022H2", "reason": "Agreed with the districts"}


@pytest.fixture
def velferd(house: Flask) -> FlaskClient:
    """The agency's analyst, who reads English."""
    client = sign_in(house, "velferd")
    client.post("/language/en")
    return client


def counted(db: Database) -> tuple[int, int, int]:
    """How many decisions there are about obligations, days and thresholds."""
    tables = ("obligations", "reporting_dates", "thresholds")
    first, second, third = (db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables)
    return first, second, third


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(
    ("path", "good", "wrong", "field"),
    [
        ("obligations", OBLIGATION, {"first": "2022"}, "first"),
        ("obligations", OBLIGATION, {"first": ""}, "first"),
        ("obligations", OBLIGATION, {"first": "2022h3"}, "first"),
        ("obligations", OBLIGATION, {"last": "2022"}, "last"),
        ("obligations", OBLIGATION, {"first": "2023H1", "last": "2022H2"}, "last"),
        ("obligations", OBLIGATION, {"districts": []}, "districts"),
        ("obligations", OBLIGATION, {"districts": [], "everywhere": ""}, "districts"),
        ("obligations", OBLIGATION, {"districts": ["030112", "030199"]}, "districts"),
        ("obligations", OBLIGATION, {"owed": "perhaps"}, "owed"),
        ("obligations", OBLIGATION, {"reason": " "}, "reason"),
        ("obligations", OBLIGATION, {"reason": "x" * 301}, "reason"),
        ("dates/2022H1", DATES, {"deadline": "30.06.2022"}, "deadline"),
        ("dates/2022H1", DATES, {"lock": "30.08.2022"}, "lock"),
        ("dates/2022H1", DATES, {"provisional": "31.08.2022"}, "provisional"),
        ("dates/2022H1", DATES, {"corrected": "31.08.2022"}, "corrected"),
        ("dates/2022H1", DATES, {"final": "31.08.2022"}, "final"),
        ("dates/2022H1", DATES, {"final": ""}, "final"),
        ("dates/2022H1", DATES, {"lock": "soon"}, "lock"),
        ("dates/2022H1", DATES, {"final": "31.12.9999"}, "final"),
        ("dates/2022H1", DATES, {"reason": ""}, "reason"),
        ("thresholds", THRESHOLD, {"value": "0"}, "value"),
        ("thresholds", THRESHOLD, {"value": "101 %"}, "value"),
        ("thresholds", THRESHOLD, {"value": "most"}, "value"),
        ("thresholds", THRESHOLD, {"value": ""}, "value"),
        ("thresholds", THRESHOLD, {"name": "silence_weeks", "value": "1,5"}, "value"),
        ("thresholds", THRESHOLD, {"name": "silence_weeks", "value": "0"}, "value"),
        ("thresholds", THRESHOLD, {"name": "stale_months", "value": "61"}, "value"),
        ("thresholds", THRESHOLD, {"name": "mood"}, "name"),
        ("thresholds", THRESHOLD, {"first": "2022"}, "first"),
        ("dates/2022H1", DATES, {"deadline": "09.07.2022"}, "deadline"),
        ("thresholds", THRESHOLD, {"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_decided_is_refused_at_its_field_and_nothing_is_stored(
    house: Flask,
    house_db: Database,
    path: str,
    good: dict[str, object],
    wrong: dict[str, object],
    field: str,
    language: str,
) -> None:
    before, client = counted(house_db), sign_in(house, "velferd")
    with set_to(NOW):
        answer = client.post(f"/city/register/{path}?lang={language}", data=good | wrong)
    assert answer.status_code == 400 and 'role="alert"' in answer.text and f'id="{field}-error"' in answer.text
    assert counted(house_db) == before


def test_who_reports_is_decided_for_the_chosen_districts(velferd: FlaskClient, house_db: Database) -> None:
    some = {"districts": ["030112", "030109"], "first": "2022H1", "last": "2022H1"}
    with set_to(NOW):
        assert velferd.post("/city/register/obligations", data=OBLIGATION | some).status_code == 302
        page = velferd.get("/city/register").text
        assert "The register is changed." in page and "does not report" in page and "A trial" in page
        overview = velferd.get("/city/sign-offs").text
    assert cells_of(overview, "2022H1") == ["0", "0", "0", "0", "13", "2"]
    # whoever reports in the half-year that runs
    assert "15 of 15 districts." in page
    sign, carl = {"step": "signed", "known": "0", "text": "As it is."}, sign_in(velferd.application, "carl")
    with set_to(NOW):
        page = carl.get("/district/reporting/2022H1?lang=en").text
        assert "does not owe a report for this half-year" in page and 'name="step"' not in page
        refused = carl.post("/district/reporting/2022H1?lang=en", data=sign)
    assert refused.status_code == 400 and "Your district does not owe a report for 2022H1." in refused.text


def test_other_days_open_a_half_year_again_and_are_in_the_form_the_next_time(
    house: Flask, velferd: FlaskClient, house_db: Database
) -> None:
    carl = sign_in(house, "carl")
    with set_to(date(2022, 8, 20)):
        assert 'name="step"' not in carl.get("/district/reporting/2022H1").text
        assert 'value="31.07.2022"' in velferd.get("/city/register/dates/2022H1").text
        assert velferd.post("/city/register/dates/2022H1", data=DATES).status_code == 302
        assert 'value="31.08.2022"' in velferd.get("/city/register/dates/2022H1").text
        assert "A late start" in velferd.get("/city/register").text
        assert carl.post("/district/reporting/2022H1", data={"step": "signed", "known": "0"}).status_code == 302
        assert "Signed off in time" in carl.get("/district/reporting/2022H1?lang=en").text


def test_a_threshold_judges_from_its_half_year_on(velferd: FlaskClient, house_db: Database) -> None:
    with set_to(NOW):
        answer = velferd.post("/city/register/thresholds", data=THRESHOLD | {"first": "2022H1", "value": "100"})
        assert answer.status_code == 302
        page = velferd.get("/city/register").text
    assert "<strong>100%</strong>" in page and "Agreed with the districts" in page
    # a third is not 33 per cent
    assert "<strong>33.3%</strong>" in page and "<strong>90%</strong>" in page


def test_no_district_is_chosen_before_somebody_chooses(velferd: FlaskClient, house_db: Database) -> None:
    form = velferd.get("/city/register/obligations").text
    assert form.count('type="checkbox"') == 16 and " checked" not in form
    before = counted(house_db)
    with set_to(NOW):
        refused = velferd.post("/city/register/obligations", data=OBLIGATION | {"districts": []})
        assert "Choose at least one district." in refused.text and counted(house_db) == before
        # what was ticked stays ticked while something else is put right
        again = velferd.post("/city/register/obligations", data=OBLIGATION | {"reason": ""}).text
        assert again.count(" checked") == 1
        everywhere = OBLIGATION | {"districts": [], "everywhere": "y"}
        assert velferd.post("/city/register/obligations", data=everywhere).status_code == 302
    assert counted(house_db)[0] == before[0] + 15


def test_a_deadline_that_moves_back_makes_nobody_late(velferd: FlaskClient, house_db: Database) -> None:
    with set_to(date(2022, 7, 5)):
        take_step(house_db, parse_half("2022H1"), Step.SIGNED, "As it is.", 0, by=CARL)
    with set_to(date(2022, 8, 1)):
        refused = velferd.post("/city/register/dates/2022H1", data=DATES | {"deadline": "02.07.2022"})
        assert refused.status_code == 400 and "whoever signed off in time would be late" in refused.text
        assert cells_of(velferd.get("/city/sign-offs").text, "2022H1")[1:4] == ["1", "0", "14"]


def test_a_threshold_leaves_alone_what_is_locked_or_accepted(velferd: FlaskClient, house_db: Database) -> None:
    before, lower = counted(house_db), THRESHOLD | {"first": "2022H1", "value": "10"}
    with set_to(date(2022, 8, 16)):
        refused = velferd.post("/city/register/thresholds", data=lower)
        assert refused.status_code == 400 and "2022H1 is locked, or a sign-off of it is accepted." in refused.text
    with set_to(date(2022, 7, 5)):
        take_step(house_db, parse_half("2022H1"), Step.SIGNED, "As it is.", 0, by=CARL)
        judge_sign_off(house_db, "030112", parse_half("2022H1"), Step.ACCEPTED, None, None, 1, by=VELFERD)
    with set_to(NOW):
        assert velferd.post("/city/register/thresholds", data=lower).status_code == 400
        # a half-year before it would judge it too
        assert velferd.post("/city/register/thresholds", data=lower | {"first": "2019H1"}).status_code == 400
        assert counted(house_db) == before
        assert velferd.post("/city/register/thresholds", data=lower | {"first": "2022H2"}).status_code == 302


def test_what_was_returned_is_neither_missing_nor_not_due(velferd: FlaskClient, house_db: Database) -> None:
    half, until = parse_half("2022H1"), date(2022, 8, 20)
    with set_to(date(2022, 7, 5)):
        take_step(house_db, half, Step.SIGNED, "As it is.", 0, by=CARL)
        judge_sign_off(house_db, "030112", half, Step.RETURNED, "Why so few?", until, 1, by=VELFERD)
    for day, word in ((until, "Returned"), (date(2022, 8, 21), "Missing")):
        with set_to(day):
            listed = velferd.get("/city/sign-offs.csv?lang=en").text
            page = velferd.get("/city/sign-offs").text.split("Who has submitted")[-1]
        assert f"030112,Alna,2022H1,{word}" in listed and "few" not in listed
        assert word in page.split(">Alna</th>")[1].split("</tr>")[0]


@pytest.mark.parametrize("name", ["amina", "carl", "admin", None])
def test_nobody_else_decides_or_takes_a_file_home(house: Flask, house_db: Database, name: str | None) -> None:
    before, client = counted(house_db), sign_in(house, name)
    for path, typed in (("obligations", OBLIGATION), ("dates/2022H1", DATES), ("thresholds", THRESHOLD)):
        assert client.post(f"/city/register/{path}", data=typed).status_code == (403 if name else 401)
    for path in ("board.csv", "board.xlsx", "sign-offs.csv", "sign-offs", "register"):
        assert client.get(f"/city/{path}").status_code == (403 if name else 302)
    assert counted(house_db) == before


def cells_of(page: str, half: str) -> list[str]:
    """What stands in a half-year's row of the sums, without the shares and the labels of a phone."""
    page = re.sub('<span class="phone-label">[^<]*</span>', "", page)
    row = page.split(f'<th scope="row">{half}</th>')[1].split("</tr>")[0]
    return [cell.split("<")[0].split(">")[1].strip() for cell in row.split("<td")[1:]]


@pytest.fixture
def filed(house: Flask, house_db: Database) -> FlaskClient:
    """Alna has 9 service users in 2022H1 of whom 3 are measured, and has signed off; Bjerke has one, measured."""
    for number in range(8):
        service_user = make_service_user(house_db, f"F-{number}", enrolled_from=date(2022, 6, 20))
        if number < 2:
            make_session(house_db, service_user, date(2022, 6, 28))
    with set_to(NOW):
        take_step(house_db, parse_half("2022H1"), Step.SIGNED, "As it is.", 0, by=CARL)
    return sign_in(house, "velferd")


def test_the_board_as_a_workbook_hides_small_counts(filed: FlaskClient) -> None:
    answer = filed.get("/city/board.xlsx?lang=en")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fitservice-board.xlsx"'
    header, *rows = load_workbook(io.BytesIO(answer.data)).active.values
    known = [dict(zip(header, row, strict=True)) for row in rows]
    alna = [row for row in known if (row["Code"], row["Period"]) == ("030112", "2022H1")]
    assert {row["What is missing"] for row in alna} == {"Feedback not used"}
    counts = ("Service users", "Measured", "Coverage in per cent")
    for row in alna:
        assert [row[name] for name in counts] == [":"] * 3
        assert (row["Sign-off"], row["Deadline"]) == ("Signed off in time", "31 Jul 2022")
        assert (row["Signed off on"], row["Who can close it"]) == ("10 Jul 2022", "The team lead")
        assert "%" not in row["In words"]
    for row in known:
        if (row["Code"], row["Period"]) == ("030109", "2022H1"):
            assert [row[name] for name in counts] == [":"] * 3
        assert row["Service users"] not in range(1, 5) and row["Measured"] not in range(1, 5)
    assert all(reference not in str(rows) for reference in ("AL-1", "BJ-1", "F-1"))
    assert {row["Period"] for row in known} >= {"2022H1", "2022H2"}


def _number(cell: object) -> object:
    """A cell as it is meant: a number where it is one, None where it is empty."""
    try:
        return float(str(cell))
    except ValueError:
        return cell or None


def test_the_board_as_csv_opens_in_the_readers_excel_and_says_the_same(filed: FlaskClient) -> None:
    english = filed.get("/city/board.csv?lang=en")
    assert english.headers["Content-Disposition"] == 'attachment; filename="fitservice-board.csv"'
    header, *rows = csv.reader(io.StringIO(english.text))
    sheet_header, *sheet = load_workbook(io.BytesIO(filed.get("/city/board.xlsx?lang=en").data)).active.values
    assert tuple(header) == sheet_header
    read = [[_number(cell) for cell in row] for row in rows]
    assert read == [[_number(cell) for cell in row] for row in sheet]
    norwegian = filed.get("/city/board.csv?lang=nb").data
    assert norwegian.startswith("\ufeff".encode()) and b";Bydel;Periode;Innhold;" in norwegian
    # what is meant for programs stands in no file that people take home
    assert not [code for code in (*Content, *Timing, *GapKind, "caseworker", "2022-07") if code.encode() in norwegian]


def test_the_list_of_sign_offs_holds_no_count(filed: FlaskClient, house_db: Database) -> None:
    answer = filed.get("/city/sign-offs.csv?lang=en")
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert header == ["Code", "District", "Half-year", "Sign-off"]
    districts = list(all_districts(house_db))
    halves = [row[2] for row in rows if row[0] == "030112"]
    assert halves[0] == half_of(date.today()).code and halves[-1] == "2022H1"
    assert len(rows) == len(districts) * len(halves)
    names = {row["code"]: row["name"] for row in districts}
    for code, name, _, status in rows:
        assert name == names[code] and status in ("Submitted", "Returned", "Missing", "Not due yet", "Not required")
    assert ["030112", "Alna", "2022H1", "Submitted"] in rows
    assert ["030109", "Bjerke", "2022H1", "Missing"] in rows


def test_the_overview_adds_up_and_says_late_nowhere_but_in_the_sums(filed: FlaskClient) -> None:
    page = filed.get("/city/sign-offs?lang=en").text
    assert cells_of(page, "2022H1") == ["15", "1", "0", "14", "0", "0"]
    assert page.split('<th scope="row">2022H1</th>')[1].split("</tr>")[0].count("(") == 3
    listed = page.split("Who has submitted")[-1]
    assert "Submitted" in listed and "Late" not in listed and "late" not in listed


def test_every_file_is_logged(filed: FlaskClient, house_db: Database) -> None:
    for path in ("board.csv", "board.xlsx", "sign-offs.csv"):
        assert filed.get(f"/city/{path}").status_code == 200
    logged = house_db.execute("SELECT actor FROM audit WHERE act = 'see_city'").fetchall()
    assert logged == [("velferd",)] * 3
