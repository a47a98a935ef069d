"""fitservice gaps: each format, what is hidden, how it was signed off and explained, and the day it is told as of."""

import csv
import io
import json
import re
from datetime import date

import pytest
from factories import BERIT, CARL, VELFERD, make_service_user, make_session

from fitservice.actions.explaining import explain_gap
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import set_to, today
from fitservice.reporting import Cause, GapKind, Step
from fitservice.rules.periods import parse_half

H1 = parse_half("2022H1")


@pytest.fixture(autouse=True)
def _seven_measured(db):
    """Eight service users in Alna, seven measured on 1 March 2022."""
    for number in range(7):
        make_session(db, make_service_user(db, f"A-{number}"))
    make_service_user(db, "A-8")


def test_gaps_as_json_have_exactly_these_keys(run):
    document = json.loads(run("gaps", *["--period", "2022H1", "--as-of", "2023-02-01", "--format", "json"]).stdout)
    assert list(document) == ["period", "as_of", "threshold", "districts"]
    assert (document["period"], document["as_of"], document["threshold"]) == ("2022H1", "2023-02-01", 0.8)
    assert len(document["districts"]) == 15
    alna = document["districts"][11]
    unexplained = {"part_of": None, "owner": "team_lead", "cause": None, "expected_on": None}
    texts = [gap.pop("text") for gap in alna["gaps"]]
    assert alna == {
        "code": "030112",
        "name": "Alna",
        "content": "with_data",
        "timing": "missing",
        "submission": "missing",
        "deadline": "2022-07-31",
        "signed_on": None,
        "active_users": 8,
        "measured_users": 7,
        "coverage": 0.875,
        "last_recorded": "2022-03-01",
        "gaps": [
            {"kind": "not_signed_off", "since": "2022-08-01", **unexplained},
            {"kind": "feedback_not_used", "since": "2022-01-01", **unexplained},
        ],
    }
    assert all(text.endswith(".") for text in texts)
    oslo = document["districts"][0]
    assert (oslo["content"], oslo["coverage"], oslo["last_recorded"]) == ("no_active_users", None, None)


def test_gaps_as_csv_have_one_row_a_gap(run):
    text = run("gaps", *["--period", "2022H1", "--as-of", "2023-02-01", "--format", "csv"]).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 30
    alna = [(row["kind"], row["since"], row["owner"]) for row in rows if row["name"] == "Alna"]
    assert alna == [("not_signed_off", "2022-08-01", "team_lead"), ("feedback_not_used", "2022-01-01", "team_lead")]


def test_gaps_as_a_table_name_every_district_with_its_words(run):
    text = run("gaps", "--period", "2022H1", "--as-of", "2023-02-01").stdout
    heading, *lines = text.splitlines()
    assert heading.split()[:2] == ["Code", "District"] and heading.endswith("Sign-off        Explained")
    (alna,) = [line for line in lines if "Alna" in line]
    assert re.split(r"\s{2,}", alna) == ["030112", "Alna", "Measured", "7", "8", "87%", "Not signed off", "0 of 2"]
    assert lines[lines.index(alna) + 1].strip() == (
        "The deadline has passed, and the half-year is not signed off. Since 1 Aug 2022."
    )
    assert text.count("No service users") >= 14


def test_gaps_hide_small_counts(run, db):
    make_session(db, make_service_user(db, "B-1", by=BERIT), by=BERIT)
    document = json.loads(run("gaps", *["--period", "2022H1", "--as-of", "2023-02-01", "--format", "json"]).stdout)
    small = document["districts"][8]
    assert (small["active_users"], small["measured_users"], small["coverage"]) == (None, None, None)
    text = run("gaps", "--period", "2022H1", "--as-of", "2023-02-01").stdout
    hidden = [line.split()[1] for line in text.splitlines() if line.split().count(":") == 3]
    assert hidden == ["Bjerke"]


def test_gaps_are_judged_on_today_unless_told_otherwise(run, db):
    document = json.loads(run("gaps", "--period", "2022H1", "--format", "json").stdout)
    assert document["as_of"] == today().isoformat()
    assert db.execute("SELECT act FROM audit ORDER BY id DESC LIMIT 1").fetchone() == ("see_city",)


def test_the_day_to_judge_on_is_understood_as_both_forms_of_a_date(run):
    first, second = (
        run("gaps", *["--period", "2022H1", "--as-of", day, "--format", "json"]).stdout
        for day in ("2023-02-01", "01.02.2023")
    )
    assert json.loads(second)["as_of"] == "2023-02-01"
    assert first == second


def alna_of(text: str) -> tuple[list[str], list[str]]:
    """The last two columns of Alna, and the lines below it."""
    after = text.split("030112", 1)[1]
    line, *below = after.split("030113")[0].splitlines()
    return re.split(r"\s{2,}", line.strip())[-2:], [one.strip() for one in below]


def test_the_table_says_how_it_was_signed_off_and_what_was_explained(run, db):
    with set_to(date(2022, 7, 10)):
        explain_gap(db, H1, GapKind.FEEDBACK_NOT_USED, Cause.TRAINING, "In autumn.", date(2022, 10, 1), by=CARL)
        take_step(db, H1, Step.SIGNED, None, 0, by=CARL)
    state, below = alna_of(run("gaps", "--period", "2022H1", "--as-of", "2022-07-10").stdout)
    assert state == ["Signed off in time, 10 Jul 2022", "1 of 1"]
    assert below == [
        "Outcome and view of the session have not been used in this period. Since 1 Jan 2022.",
        "Explained: Staff are not trained yet. “In autumn.” Expected by 1 Oct 2022.",
    ]
    for number, step, until, said in (
        (1, Step.ACCEPTED, None, "Signed off in time, 10 Jul 2022; Accepted by the agency"),
        (2, Step.RETURNED, date(2022, 8, 20), "Not due yet; Returned by the agency"),
    ):
        with set_to(date(2022, 7, 10 + number)):
            judge_sign_off(db, "030112", H1, step, "Please.", until, number, by=VELFERD)
        state, _ = alna_of(run("gaps", "--period", "2022H1", "--as-of", f"2022-07-{10 + number}").stdout)
        assert state[0] == said
    # a year is not signed off
    state, _ = alna_of(run("gaps", "--period", "2022").stdout)
    assert state[0] == "–"
    rows = list(csv.DictReader(io.StringIO(run("gaps", "--period", "2022H1", "--format", "csv").stdout)))
    (alna,) = [row for row in rows if row["kind"] == "feedback_not_used" and row["code"] == "030112"]
    assert (alna["cause"], alna["expected_on"], alna["timing"]) == ("training", "2022-10-01", "missing")
