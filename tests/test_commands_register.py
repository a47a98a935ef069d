"""The register on the command line: as it is, how it came to be, and refusals that say the option as it was typed."""

import re
from datetime import date

import pytest
from factories import VELFERD
from flask.testing import FlaskCliRunner
from sqlite_utils import Database

from fitservice.actions.deciding import decide_dates, decide_obligations
from fitservice.clock import set_to, today
from fitservice.rules.periods import half_of, parse_half
from fitservice.rules.register import default_dates

H1 = parse_half("2022H1")
REASON = ["--reason", "Agreed on"]


def printed(cli: FlaskCliRunner, *arguments: str) -> list[list[str]]:
    """The lines of each table that 'fitservice register' prints."""
    result = cli.invoke(args=["register", *arguments])
    assert result.exit_code == 0, result.output
    return [table.splitlines() for table in result.stdout.split("\n\n")]


def cells(line: str) -> list[str]:
    """What stands in the columns of a line."""
    return re.split(r"\s{2,}", line)


def test_the_register_has_headings_and_the_state_of_today(cli: FlaskCliRunner) -> None:
    owing, days, limits = printed(cli)
    assert cells(owing[0])[:2] == ["Code", "District"] and len(owing) == 16
    assert cells(owing[12]) == ["030112", "Alna", "reports"]
    assert cells(days[0]) == [
        *("Half-year", "Deadline", "Lock"),
        *("Provisional figures", "Corrected figures", "Final figures"),
    ]
    assert cells(limits[1]) == ["coverage", "80%", "Share of service users to be measured"]


def test_its_history_says_what_was_decided_when_by_whom_and_why(cli: FlaskCliRunner, db: Database) -> None:
    with set_to(date(2022, 3, 1)):
        decide_obligations(db, ["030112"], H1, H1, "A trial", owed=False, by=VELFERD)
        decide_dates(db, H1, default_dates(H1), "The summer", by=VELFERD)
    half = half_of(today()).code
    assert cli.invoke(args=["set-threshold", "coverage", "70", "--from", half, "--reason", "Agreed on"]).exit_code == 0
    obligations, decided = printed(cli, "--history")
    assert cells(obligations[0]) == cells(decided[0]) == ["Decided", "By", "What", "Reason"]
    newest = cells(obligations[1])
    assert newest[0].startswith("1 Mar 2022 ")
    assert newest[1:] == ["velferd", "Alna: does not report from 2022H1 to 2022H1", "A trial"]
    assert cells(obligations[-1])[0] == "–" and "As it is when the service starts." in obligations[-1]
    assert cells(decided[1])[2:] == [f"Share of service users to be measured: 70% from {half}", "Agreed on"]
    assert cells(decided[2])[2].startswith("2022H1: Deadline 31 Jul 2022, Lock 15 Aug 2022, Provisional figures ")
    assert cells(decided[2])[1] == "velferd" and len(decided) == 3


def test_without_any_decision_about_days_there_is_no_empty_table(cli: FlaskCliRunner) -> None:
    (obligations,) = printed(cli, "--history")
    assert len(obligations) > 15


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gaps", "--period", "2022", "--as-of", "01.01.2199"], "--as-of: The date is in the future."),
        (["remind", "--as-of", "2199-01-01"], "--as-of: The date is in the future."),
        (["gaps", "--period", "22"], "--period: “22” is not a period. Write 2022H1, 2022H2 or 2022."),
        (["release", "--period", "2199"], "--period: 2199 is not over yet. "),
        (["demo", "--until", "1990-01-01"], "--until: Choose a day from 2000 to today."),
        (["set-dates", "2022H1", "--lock", "2022-07-01", *REASON], "--lock: The days must follow each other: "),
        (["set-obligation", "--from", "2022H2", "--to", "2022H1", *REASON], "--to: The last half-year comes before"),
        (["set-obligation", "--from", "2022H2", "--district", "99", *REASON], "--district: “99” is no district's"),
        (["set-threshold", "coverage", "800", "--from", "2022H1", *REASON], "Write a share from 1 to 100 per cent."),
        (["set-threshold", "coverage", "80", "--from", "soon", *REASON], "“soon” is not a period. "),
        (["attack", "2199"], "“2199” is not a release."),
        (["add-staff", "lea", "--name", "Lea", "--role", "lead", "--district", "Mars"], "--district: This is not one"),
        (["add-staff", "x y", "--name", "Lea", "--role", "admin"], "Write a username of 2 to 60 characters"),
    ],
)
def test_a_refusal_says_the_option_as_it_was_typed_and_no_name_of_ours(
    cli: FlaskCliRunner, arguments: list[str], said: str
) -> None:
    result = cli.invoke(args=arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {said}"), result.stderr


def test_in_norwegian_too(cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "nb_NO.UTF-8")
    result = cli.invoke(args=["gaps", "--period", "2022", "--as-of", "01.01.2199"])
    assert result.stderr == "Error: --as-of: Datoen er fram i tid.\n"
