"""The made-up city with the audit's pattern, imported through the command line: its figures and its gaps.

Its expected figures were computed independently of this service.
"""

import csv
import io
import json
import os
from contextlib import closing
from pathlib import Path

import pytest
from factories import VELFERD

from fitservice import create_app
from fitservice.clock import today
from fitservice.db import connect
from fitservice.reports.consistency import consistency
from fitservice.reports.gaps import statuses_of
from fitservice.reports.practice import see_practice
from fitservice.rules.adding_up import Split
from fitservice.rules.periods import parse_period
from fitservice.rules.practice import Practice
from fitservice.wording import whole_percent

CITY = Path(__file__).parent.parent.parent / "shared/data/city_2021_2022"
VESTRE_AKER = "030107"
PERIODS = ("2021H1", "2021H2", "2022H1", "2022H2", "2021", "2022")
EMPTY = {
    "2021": {"Nordre Aker", "Ullern", "Søndre Nordstrand"},
    "2022": {"Vestre Aker", "Østensjø", "Søndre Nordstrand"},
}


@pytest.fixture(scope="module")
def city(tmp_path_factory, empty_database):
    """A command line on a database into which both files were imported, and what was said."""
    if not CITY.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{CITY} is not there")
        pytest.skip(f"NOT TESTED AGAINST THE EXPECTED FIGURES: {CITY} is not there")
    folder = tmp_path_factory.mktemp("city")
    (folder / "fitservice.db").write_bytes(empty_database)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LANG", "en_GB.UTF-8")
        environment.delenv("LC_ALL", raising=False)
        runner = create_app({"TESTING": True}, folder).test_cli_runner()
        reason = "the audit's two years"
        result = runner.invoke(args=["set-obligation", "--from", "2021H1", "--reason", reason])
        assert result.exit_code == 0, result.output
        for kind, name in (("service-users", "service_users"), ("sessions", "sessions")):
            result = runner.invoke(args=["import", kind, str(CITY / f"{name}.csv")])
            assert result.exit_code == 0, result.output
        yield runner


def rows_of(text: str) -> dict[tuple[str, str, str], str]:
    """The values of a long table by district, period and measure."""
    rows = list(csv.DictReader(io.StringIO(text)))
    table = {(row["district"], row["period"], row["measure"]): row["value"] for row in rows}
    assert len(table) == len(rows)
    return table


@pytest.fixture(scope="module")
def told(city) -> dict[tuple[str, str, str], str]:
    """What 'aggregates --internal' says of all six periods."""
    asked = [part for period in PERIODS for part in ("--period", period)]
    result = city.invoke(args=["aggregates", *asked, "--internal", "--format", "csv"])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("district,period,measure,value\n")
    return rows_of(result.stdout)


def gaps_of(city, year: str) -> dict[str, dict]:
    """The districts of 'gaps --format json' by name."""
    result = city.invoke(args=["gaps", "--period", year, "--format", "json"])
    assert result.exit_code == 0, result.output
    return {district["name"]: district for district in json.loads(result.stdout)["districts"]}


def test_no_figure_is_missing_and_none_is_added(told):
    expected = rows_of((CITY / "expected_figures.csv").read_text(encoding="utf-8"))
    assert set(told) == set(expected)
    assert len(told) == 15 * 6 * 30


def test_every_figure_is_the_expected_one(told):
    expected = rows_of((CITY / "expected_figures.csv").read_text(encoding="utf-8"))
    wrong = {
        key: (told[key], value)
        for key, value in expected.items()
        if (told[key] == "") != (value == "") or (value and abs(float(told[key]) - float(value)) > 1e-6)
    }
    assert wrong == {}


@pytest.mark.parametrize("year", EMPTY)
def test_gaps_name_exactly_the_audits_districts_as_empty(city, year):
    districts = gaps_of(city, year)
    assert len(districts) == 15
    assert {name for name, district in districts.items() if district["content"] == "empty"} == EMPTY[year]
    said = {name for name, district in districts.items() for gap in district["gaps"] if gap["kind"] == "empty_period"}
    assert said == EMPTY[year]


def test_only_the_district_that_was_empty_in_both_years_is_consecutive(city):
    found = {
        (name, gap["since"])
        for name, district in gaps_of(city, "2022").items()
        for gap in district["gaps"]
        if gap["kind"] == "consecutive"
    }
    assert found == {("Søndre Nordstrand", "2021-01-01")}


def with_gap(city, period: str, kind: str) -> dict[str, str]:
    """The districts that have a gap of this kind in a period, and since when."""
    districts = gaps_of(city, period)
    assert len(districts) == 15
    return {
        name: gap["since"] for name, district in districts.items() for gap in district["gaps"] if gap["kind"] == kind
    }


def test_the_two_years_have_exactly_the_audits_six_gaps(city):
    found = {(year, name) for year in EMPTY for name in with_gap(city, year, "empty_period")}
    assert found == {
        ("2021", "Nordre Aker"),
        ("2021", "Ullern"),
        ("2021", "Søndre Nordstrand"),
        ("2022", "Vestre Aker"),
        ("2022", "Østensjø"),
        ("2022", "Søndre Nordstrand"),
    }


@pytest.mark.parametrize(
    ("half_year", "since"),
    [("2021H1", "2021-01-01"), ("2021H2", "2021-07-01"), ("2022H1", "2022-01-01"), ("2022H2", "2022-07-01")],
)
def test_the_half_years_name_the_same_districts_as_their_year(city, half_year, since):
    assert with_gap(city, half_year, "empty_period") == dict.fromkeys(EMPTY[half_year[:4]], since)


def own_scale_file() -> str:
    """A session in March and in October 2022 for whoever was enrolled in Vestre Aker then, scored from 1 to 10."""
    rows = ["bydel;brukerreferanse;dato;livskvalitet_1_10"]
    with (CITY / "sessions.csv").open(encoding="utf-8") as file:
        held = {(row["reference"], row["held_on"]) for row in csv.DictReader(file)}
    with (CITY / "service_users.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["district"] == VESTRE_AKER and row["enrolled_from"] <= "2022-03-15" and not row["enrolled_to"]:
                name, days = row["reference"], ("2022-03-15", "2022-10-03")
                rows += [f"{VESTRE_AKER};{name};{day};8" for day in days if (name, day) not in held]
    return "\n".join(rows)


def test_vestre_akers_own_scale_is_seen_is_nobody_elses_and_is_never_counted(city, tmp_path):
    with closing(connect(city.app.config["DATABASE"])) as db:
        db.execute("VACUUM INTO ?", [str(tmp_path / "fitservice.db")])
    (tmp_path / "own.csv").write_text(own_scale_file(), encoding="utf-8")
    runner = create_app({"TESTING": True}, tmp_path).test_cli_runner()
    assert with_gap(runner, "2022", "other_scale") == {}
    result = runner.invoke(args=["import", "sessions", str(tmp_path / "own.csv")])
    assert (result.exit_code, " 0 new" in result.output) == (0, False), result.output
    for period, since in (("2022H1", "2022-03-15"), ("2022H2", "2022-10-03"), ("2022", "2022-03-15")):
        assert with_gap(runner, period, "other_scale") == {"Vestre Aker": since}
        assert set(with_gap(runner, period, "empty_period")) == EMPTY["2022"]
    assert with_gap(runner, "2021", "other_scale") == {}


@pytest.mark.parametrize(
    ("half_year", "since"),
    [("2021H1", "2021-08-01"), ("2021H2", "2022-02-01"), ("2022H1", "2022-08-01"), ("2022H2", "2023-02-01")],
)
def test_nobody_signed_so_all_fifteen_are_missing_since_the_day_after_the_deadline(city, half_year, since):
    missing = with_gap(city, half_year, "not_signed_off")
    assert set(missing) == set(gaps_of(city, half_year)) and set(missing.values()) == {since}
    with closing(connect(city.app.config["DATABASE"])) as db:
        (row,) = consistency(statuses_of(db, [parse_period(half_year)], today(), 5))
    assert (row.split, row.shares, row.awaited, row.not_required) == (Split(0, 0, 15), (0, 0, 100), 0, 0)


def practice_in(city, code: str) -> dict[str, tuple[Practice | None, int, int]]:
    """By district the word for its use of feedback, the share of sessions and of service users in whole percent."""
    with closing(connect(city.app.config["DATABASE"])) as db:
        told = see_practice(db, parse_period(code), 5, by=VELFERD)
    return {
        one.district["name"]: (
            one.word,
            whole_percent(one.of_sessions.value or 0),
            whole_percent(one.of_service_users.value or 0),
        )
        for one in told
    }


@pytest.mark.parametrize(
    ("half_year", "hanshaugen", "grunerlokka"),
    [("2021H1", 100, 78), ("2021H2", 100, 79), ("2022H1", 100, 80), ("2022H2", 98, 83)],
)
def test_feedback_is_used_as_the_audit_found_it(city, half_year, hanshaugen, grunerlokka):
    told = practice_in(city, half_year)
    in_use = {name: told.pop(name) for name in ("St. Hanshaugen", "Grünerløkka")}
    assert in_use["St. Hanshaugen"] == (Practice.SYSTEMATIC, 100, hanshaugen)
    word, _, share = in_use["Grünerløkka"]
    assert (word, share) == (Practice.SOME, grunerlokka)
    assert set(told.values()) == {(Practice.NONE, 0, 0)} and len(told) == 13


def test_over_a_year_the_same_rule_says_too_much(city):
    # one session in twelve months is enough to count: the page tells half-years only
    assert practice_in(city, "2022")["Grünerløkka"] == (Practice.SYSTEMATIC, 28, 92)


def test_both_files_once_more_add_nothing(city):
    for kind, name in (("service-users", "service_users"), ("sessions", "sessions")):
        result = city.invoke(args=["import", kind, str(CITY / f"{name}.csv")])
        assert (result.exit_code, "0 new, 0 ended" in result.output) == (0, True), result.output
