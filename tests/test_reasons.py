"""Every reason that reporting keeps is read by one rule, whichever door it comes through."""

from collections.abc import Callable
from datetime import date

import pytest
from factories import CARL, VELFERD, identity_number, make_service_user
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.checking import dismiss_finding
from fitservice.actions.deciding import decide_dates, decide_obligations, decide_threshold
from fitservice.actions.explaining import explain_gap
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import set_to, today
from fitservice.model import Invalid
from fitservice.reporting import Cause, Check, GapKind, Step, Threshold
from fitservice.rules.periods import half_of, parse_half
from fitservice.rules.register import default_dates

H1 = parse_half("2022H1")
JULY, AUGUST = date(2022, 7, 10), date(2022, 8, 10)
Door = Callable[[Database, str], None]

DOORS: dict[str, Door] = {
    "an obligation": lambda db, text: decide_obligations(db, ["030112"], H1, None, text, owed=True, by=VELFERD),
    "days": lambda db, text: decide_dates(db, H1, default_dates(H1), text, by=VELFERD),
    "a threshold": lambda db, text: decide_threshold(db, Threshold.COVERAGE, H1, 0.7, text, by=VELFERD),
    "an explanation": lambda db, text: explain_gap(db, H1, GapKind.LOW_COVERAGE, Cause.STAFFING, text, None, by=CARL),
    "a sign-off": lambda db, text: take_step(db, H1, Step.SIGNED, text, 0, by=CARL),
    "a return": lambda db, text: judge_sign_off(db, "030112", H1, Step.RETURNED, text, AUGUST, 1, by=VELFERD),
    "a dismissal": lambda db, text: dismiss_finding(db, H1, Check.NO_SESSION, "any", text, by=CARL),
}
WRONG = {
    "Kari was ill": "note_name",
    "after a call with Ola Nordmann": "note_name",
    f"it was {identity_number()}": "identity_number",
    "call 22 33 44 55": "note_number",
    "ask ola@example.org": "note_address",
    "x" * 301: "too_long",
    "ok": "too_short",
    ".": "too_short",
    "\u3164\u3164\u3164": "not_printable",
}


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("door", DOORS)
def test_a_reason_that_names_somebody_or_says_nothing_is_kept_nowhere(
    house: Flask, house_db: Database, door: str, text: str
) -> None:
    make_service_user(house_db, "AL-2", enrolled_from=date(2022, 6, 20))
    with set_to(JULY):
        if door == "a return":
            take_step(house_db, H1, Step.SIGNED, "As it is.", 0, by=CARL)
        before = list(house_db.conn.iterdump())
        with pytest.raises(Invalid) as refused:
            DOORS[door](house_db, text)
    (problem,) = refused.value.problems
    assert (problem.code, problem.field in ("text", "reason")) == (WRONG[text], True)
    assert list(house_db.conn.iterdump()) == before


@pytest.mark.parametrize("door", [door for door in DOORS if door != "a dismissal"])
def test_a_plain_reason_is_kept_in_one_line(house: Flask, house_db: Database, door: str) -> None:
    make_service_user(house_db, "AL-2", enrolled_from=date(2022, 6, 20))
    with set_to(JULY):
        if door == "a return":
            take_step(house_db, H1, Step.SIGNED, "As it is.", 0, by=CARL)
        DOORS[door](house_db, "  Too few   staff in June. ")
    assert "'Too few staff in June.'" in "".join(house_db.conn.iterdump())


@pytest.mark.parametrize(
    ("reader", "path", "typed"),
    [
        ("velferd", "/city/register/thresholds", {"name": "coverage", "value": "70", "first": "2022H1"}),
        ("carl", "/district/reporting/2022H1", {"step": "signed", "known": "0"}),
    ],
)
def test_the_page_says_the_same_at_the_field(house: Flask, reader: str, path: str, typed: dict[str, str]) -> None:
    client = sign_in(house, reader)
    with set_to(JULY):
        answer = client.post(f"{path}?lang=en", data=typed | dict.fromkeys(("reason", "text"), "Kari was ill"))
    assert answer.status_code == 400
    assert "“Kari” looks like a name. Write who it is instead" in answer.text


def test_the_command_line_says_the_same_with_its_option(cli: FlaskCliRunner) -> None:
    asked = ["set-threshold", "coverage", "70", "--from", half_of(today()).code, "--reason"]
    refused = cli.invoke(args=[*asked, "Kari was ill"])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: --reason: “Kari” looks like a name.")
    assert "--reason: Fill this in." in cli.invoke(args=[*asked, " "]).stderr
