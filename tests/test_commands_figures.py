"""fitservice aggregates: each format, what is hidden, what is logged; and what it and gaps refuse."""

import csv
import io
import itertools
import json

import pytest
from factories import make_service_user, make_session
from openpyxl import load_workbook
from released import release

from fitservice.db import connect
from fitservice.model import MEASURES

ALNA_H1 = ("030112", "2022H1")


@pytest.fixture(scope="module")
def seven_measured(tmp_path_factory, empty_database) -> bytes:
    """Eight service users in Alna, seven measured on 1 March 2022 (1 2 3 4 5 6 6); 2022 is released."""
    path = tmp_path_factory.mktemp("seven") / "fitservice.db"
    path.write_bytes(empty_database)
    db = connect(path)
    for number, score in enumerate((1, 2, 3, 4, 5, 6, 6), start=1):
        make_session(db, make_service_user(db, f"A-{number}"), life_satisfaction=score)
    make_service_user(db, "A-8")
    release(db)
    db.execute("PRAGMA journal_mode = DELETE").close()
    db.close()
    return path.read_bytes()


@pytest.fixture
def instance(tmp_path, seven_measured):
    """An instance folder with these seven."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "fitservice.db").write_bytes(seven_measured)
    return folder


def table(text: str) -> dict[tuple[str, str, str], list[str]]:
    """What stands after district, period and measure."""
    return {(row[0], row[1], row[2]): row[3:] for row in csv.reader(io.StringIO(text))}


def test_internal_figures_are_all_there_in_the_columns_of_the_issue(run):
    text = run("aggregates", "--period", "2022H1", "--internal", "--format", "csv").stdout
    assert text.splitlines()[0] == "district,period,measure,value"
    figures = table(text)
    assert len(figures) == 1 + 15 * len(MEASURES)
    assert figures[*ALNA_H1, "active_users"] == ["8"]
    assert figures[*ALNA_H1, "life_satisfaction_6"] == ["2"]
    assert figures["030101", "2022H1", "life_satisfaction_mean"] == [""]


def test_a_csv_is_the_one_for_programs_whatever_language_the_console_speaks(run, monkeypatch):
    arguments = ("aggregates", "--period", "2022H1", "--format", "csv")
    english = run(*arguments).stdout_bytes
    monkeypatch.setenv("LANG", "nb_NO.UTF-8")
    assert run(*arguments).stdout_bytes == english


def test_protected_figures_say_what_is_hidden(run):
    figures = table(run("aggregates", "--period", "2022H1", "--format", "csv").stdout)
    assert figures["district", "period", "measure"] == ["value", "status"]
    assert figures[*ALNA_H1, "active_users"] == ["8", ""]
    assert figures[*ALNA_H1, "life_satisfaction_6"] == ["", ":"]
    assert figures[*ALNA_H1, "life_satisfaction_low_share"] == ["", ":"]
    assert figures[*ALNA_H1, "life_satisfaction_7"] == ["0", ""]
    assert figures["030101", "2022H1", "life_satisfaction_mean"] == ["", ""]


def test_several_periods_come_in_the_order_asked_for_and_once(run):
    text = run(
        "aggregates", *["--period", "2022H1", "--period", "2022", "--period", "2022H1", "--format", "csv"]
    ).stdout
    periods = [row[1] for row in csv.reader(io.StringIO(text)) if row[0] == "030112" and row[2] == "sessions"]
    assert periods == ["2022H1", "2022"]


def test_json_stat_is_one_flat_array_of_three_dimensions(run):
    dataset = json.loads(
        run("aggregates", *["--period", "2022H1", "--period", "2022", "--format", "json-stat2"]).stdout
    )
    assert (dataset["version"], dataset["class"]) == ("2.0", "dataset")
    assert dataset["id"] == ["district", "period", "measure"]
    assert dataset["size"] == [16, 2, len(MEASURES)]
    assert dataset["role"] == {"geo": ["district"], "time": ["period"], "metric": ["measure"]}
    assert len(dataset["value"]) == 16 * 2 * len(MEASURES)
    for name, size in zip(dataset["id"], dataset["size"], strict=True):
        category = dataset["dimension"][name]["category"]
        assert len(category["index"]) == size
        assert list(category["label"]) == category["index"]
    assert dataset["dimension"]["district"]["category"]["label"]["030112"] == "Alna"
    assert dataset["dimension"]["district"]["category"]["label"]["city"] == "Oslo"
    assert dataset["dimension"]["measure"]["category"]["index"] == list(MEASURES)


def test_a_hidden_figure_is_null_with_a_colon_for_its_status(run):
    dataset = json.loads(run("aggregates", "--period", "2022H1", "--format", "json-stat2").stdout)
    places = {measure: 11 * len(MEASURES) + n for n, measure in enumerate(MEASURES)}
    assert dataset["value"][places["active_users"]] == 8
    assert dataset["value"][places["life_satisfaction_6"]] is None
    assert dataset["status"][str(places["life_satisfaction_6"])] == ":"
    assert str(places["active_users"]) not in dataset["status"]
    assert set(dataset["status"].values()) == {":"}
    assert all(dataset["value"][int(place)] is None for place in dataset["status"])


def test_values_run_through_measures_then_periods_then_districts(run):
    asked = ["aggregates", "--internal", "--period", "2021H2", "--period", "2022H1"]
    dataset = json.loads(run(*asked, "--format", "json-stat2").stdout)
    figures = table(run(*asked, "--format", "csv").stdout)
    categories = [dataset["dimension"][name]["category"]["index"] for name in dataset["id"]]
    for place, key in enumerate(itertools.product(*categories)):
        value = dataset["value"][place]
        assert figures[key] == ["" if value is None else str(value)]


def test_internal_json_stat_hides_nothing(run):
    dataset = json.loads(run("aggregates", "--period", "2022H1", "--internal", "--format", "json-stat2").stdout)
    assert dataset["status"] == {}
    assert "nternal" in dataset["note"][0]


def test_a_workbook_holds_numbers_as_numbers_and_codes_as_text(run, tmp_path):
    run("aggregates", "--period", "2022H1", "--format", "xlsx", "--output", str(tmp_path / "figures.xlsx"))
    sheet = load_workbook(io.BytesIO((tmp_path / "figures.xlsx").read_bytes())).active
    header, *rows = sheet.iter_rows(values_only=True)
    figures = {row[:3]: row[3:] for row in rows}
    assert header == ("district", "period", "measure", "value", "status")
    assert figures[*ALNA_H1, "active_users"][0] == 8
    assert figures[*ALNA_H1, "measured_users"] == (7, None)
    assert figures[*ALNA_H1, "life_satisfaction_6"] == (":", ":")


@pytest.mark.parametrize("form", ["csv", "json-stat2", "xlsx"])
def test_the_file_and_standard_output_are_the_same(run, tmp_path, form):
    file = tmp_path / "figures"
    arguments = ("aggregates", "--period", "2022H1", "--internal", "--format", form)
    run(*arguments, "--output", str(file))
    out = run(*arguments).stdout_bytes
    assert len(out) > 1000
    if form == "csv":
        assert file.read_bytes() == out


def test_internal_figures_are_logged_as_such(run, db):
    run("aggregates", "--period", "2022H1", "--internal", "--format", "csv")
    run("aggregates", "--period", "2022H1", "--format", "csv")
    rows = db.execute("SELECT act, role, detail FROM audit ORDER BY id DESC LIMIT 2").fetchall()
    assert [row[:2] for row in rows] == [("pull_figures", "operator"), ("pull_internal_figures", "operator")]
    assert json.loads(rows[0][2]) == {"periods": ["2022H1"], "releases": ["2022-1"]}
    assert json.loads(rows[1][2]) == {"periods": ["2022H1"], "internal": True, "unprotected": True}


def test_figures_are_those_of_the_release_whatever_is_recorded_afterwards(run, db):
    asked = ("aggregates", "--period", "2022H1", "--period", "2022", "--format")
    before = {form: run(*asked, form).stdout_bytes for form in ("csv", "json-stat2")}
    make_session(db, make_service_user(db, "A-9"), life_satisfaction=7)
    assert {form: run(*asked, form).stdout_bytes for form in before} == before
    internal = table(run(*asked, "csv", "--internal").stdout)
    assert internal[*ALNA_H1, "life_satisfaction_7"] == ["1"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--period 2021H2", "2021H2 has not been released yet."),
        ("--period 2199", "2199 has not been released yet."),
        ("--period 2022 --release 2022-2", "There is no release 2022-2."),
        ("--period 2022 --release newest", "“newest” is not a release."),
        ("--period 2021 --release 2022-1", "2021 is not in the release you asked for."),
    ],
)
def test_what_is_not_released_is_told_to_nobody(cli, arguments, words):
    result = cli.invoke(args=["aggregates", "--format", "csv", *arguments.split()])
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr


def test_without_releases_only_internal_figures_are_told(house):
    cli = house.test_cli_runner()
    asked = ["aggregates", "--period", "2022H1", "--format", "csv"]
    refused = cli.invoke(args=asked)
    assert (refused.exit_code, refused.stdout) == (1, "") and "has not been released yet" in refused.stderr
    assert cli.invoke(args=[*asked, "--internal"]).exit_code == 0


@pytest.mark.parametrize("command", [("gaps",), ("aggregates", "--format", "csv")], ids=["gaps", "aggregates"])
@pytest.mark.parametrize("period", ["2022Q1", "", "2022H3", "next year", "99999"])
def test_a_nonsense_period_is_refused_with_a_clear_word(cli, command, period):
    result = cli.invoke(args=[*command, "--period", period])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is not a period" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("period", ["2199", "2199H1"])
def test_gaps_of_a_period_that_has_not_begun_are_refused(cli, period):
    result = cli.invoke(args=["gaps", "--period", period])
    assert result.exit_code == 1
    assert f"{period} has not begun" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "gaps",
        "gaps --period 2022 --as-of 31.02.2023",
        "gaps --period 2022 --format xlsx",
        "aggregates --period 2022",
        "aggregates --format csv",
        "aggregates --period 2022 --format pdf",
    ],
)
def test_a_wrong_option_is_a_usage_error(cli, arguments):
    result = cli.invoke(args=arguments.split())
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_a_file_that_cannot_be_written_is_said_plainly(cli, tmp_path):
    output = str(tmp_path / "nowhere" / "figures.csv")
    result = cli.invoke(args=["aggregates", *["--period", "2022", "--format", "csv", "--output"], output])
    assert result.exit_code == 1
    assert "cannot be used" in result.stderr
