"""The half-year report of what is released: what it says, as a PDF to listen to; by page, by command, and logged."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import AMINA, OPERATOR, VELFERD, make_service_user, make_session
from flask import Flask
from pictured import CITY_CELLS, PERIOD, half_years, spread_out, table_of, with_city
from pypdf import PdfReader
from released import record_year, release, released_copy
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.deciding import decide_obligations
from fitservice.clock import set_to
from fitservice.db import transaction
from fitservice.formats.report import Report, report_pdf
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Actor, Invalid, NotAllowed, Period
from fitservice.reporting import Gap, GapKind
from fitservice.reports.gaps import see_gaps
from fitservice.reports.half_year import half_year_report, released_halves, report_of
from fitservice.reports.pictures import CITY
from fitservice.reports.releases import pull_released
from fitservice.rules.periods import half, parse_half
from fitservice.store import bulk
from fitservice.store.bulk import SESSION_COLUMNS
from fitservice.wording.report import gap_lines

AS_OF = date(2022, 11, 22)
SAGENE, GRORUD, STOVNER = 3, 10, 11
REPORT = "/city/pictures/report.pdf?period=2022H1"


@pytest.fixture(scope="module")
def cast_database(tmp_path_factory: pytest.TempPathFactory, cast_database: bytes) -> bytes:
    """The cast's house with a small city's year and a gap of every kind, released once for all these tests."""
    return released_copy(cast_database, tmp_path_factory.mktemp("released") / "fitservice.db", record_city)


def record_city(db: Database) -> None:
    """Three districts without feedback; Grorud with all there is, Stovner with few, Sagene with too few measured."""
    record_year(db)
    record_first_half(db, GRORUD, 20, 20, feedback=True)
    record_first_half(db, STOVNER, 9, 3)
    record_first_half(db, SAGENE, 40, 20)


def record_first_half(db: Database, district: int, active: int, measured: int, *, feedback: bool = False) -> None:
    """So many service users, the first of them measured on 1 March 2022: 1 2 3 4 5 and again."""
    ids = [1000 * district + number for number in range(active)]
    items = dict.fromkeys((*OUTCOME_ITEMS, *ALLIANCE_ITEMS), 70) if feedback else {}
    known = {"held_on": "2022-03-01", "recorded_by": "amina", **items}
    known |= {"outcome_instrument": "outcome", "alliance_instrument": "alliance"}
    scores = [{"enrolment_id": key, "life_satisfaction": 1 + place % 5} for place, key in enumerate(ids[:measured])]
    with transaction(db):
        bulk.add_service_users(db, [(key, district, f"Y-{key}", None) for key in ids])
        bulk.add_enrolments(db, [(key, key, "2022-01-01", None, "amina") for key in ids], backdated=True)
        rows = [{**known, **score} for score in scores]
        bulk.add_sessions(db, [tuple(row.get(column) for column in SESSION_COLUMNS) for row in rows], backdated=True)


@pytest.fixture
def english(house: Flask) -> Iterator[None]:
    """Whatever is told is told in English."""
    with house.test_request_context("/?lang=en"):
        yield


def told_on(db: Database, period: Period = PERIOD, *, by: Actor = VELFERD) -> Report:
    """The report as of a day in November 2022."""
    return half_year_report(db, period, AS_OF, 5, by=by)


def made_up(periods: int = 4) -> Report:
    """A report of a table with a city, hidden figures and many half-years; no gaps."""
    return report_of(with_city(table_of(spread_out(), half_years(periods)), CITY_CELLS), [], PERIOD, AS_OF)


def printed(pdf: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def tags(element: Any) -> Iterator[Any]:
    """Every tag below this one, in the order in which they are heard."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int):
            known = kid.get_object()
            yield known
            yield from tags(known)


def test_the_report_says_gaps_figures_pictures_and_what_they_mean(house_db: Database, english: None) -> None:
    said = " ".join(printed(report_pdf(told_on(house_db))))
    for sentence in (
        "Half-year report, January–June 2022",
        "Made on 22 Nov 2022 from the districts' own records in fitservice.",
        "Gamle Oslo, Bjerke, Alna: Outcome and view of the session have not been used in this period.",
        "Søndre Nordstrand: No service users are registered in this period. Has the register been kept?",
        "“:” is hidden: a count from 1 to 4, or a figure that would give one away.",
        "Mean and number measured in 2022H1",
        "Coverage: the measured ones as a share of the service users, rounded down.",
        "ranks nobody",
    ):
        assert sentence in said, sentence


def test_the_key_figures_are_the_published_ones_of_the_districts_and_the_city(
    house_db: Database, english: None
) -> None:
    table = told_on(house_db).sections[1].table
    assert table
    published = pull_released(house_db, [PERIOD], by=VELFERD).figures
    rows = {row[0]: row[1:] for row in table.rows}
    assert len(rows) == 16 and list(rows)[-1] == "The city"
    for name, code in (("Alna", "030112"), ("Sagene", "030103"), ("The city", CITY)):
        figures = published[code, "2022H1"]
        for place, measure in ((0, "active_users"), (1, "measured_users"), (5, "sessions")):
            figure = figures[measure]
            assert rows[name][place] == (":" if figure.hidden else f"{figure.value:.0f}")
        mean = figures["life_satisfaction_mean"]
        assert rows[name][3] == (":" if mean.hidden else f"{mean.value:.1f}")
    assert rows["Sagene"][0] == "40"


def test_what_is_recorded_later_changes_no_figure_of_the_report(house_db: Database, english: None) -> None:
    before = told_on(house_db)
    for number in range(12):
        make_session(house_db, make_service_user(house_db, f"P-{number}"), life_satisfaction=1)
    after = told_on(house_db)
    assert after.sections[1] == before.sections[1]
    assert [section.lines for section in after.sections[2:]] == [section.lines for section in before.sections[2:]]


def test_hidden_figures_stay_hidden_in_the_report(house_db: Database, english: None) -> None:
    said = " ".join(printed(report_pdf(told_on(house_db))))
    # three of nine are measured, each in one session; the mean of theirs is 2
    (row,) = re.findall(r"Stovner ((?:[\d:%.–]+ ){6})", said)
    assert row.split()[1:] == [":"] * 5
    assert "33%" not in said


def test_gaps_leave_the_service_in_words_without_a_share(house_db: Database, english: None) -> None:
    """Coverage as it is today would tell what a release has hidden, or what has been recorded since."""
    live = see_gaps(house_db, [PERIOD], AS_OF, 5, by=VELFERD)
    low = [gap.number for status in live for gap in status.gaps if gap.kind is GapKind.LOW_COVERAGE]
    assert 0.5 in low
    lines = told_on(house_db).sections[0].lines
    too_few = "Too few of the service users have a life-satisfaction score in this period."
    table = pull_released(house_db, [PERIOD], by=VELFERD)
    names = [
        row["name"]
        for row in table.districts
        if 0 < (table.figures[row["code"], PERIOD.code]["coverage"].value or 1) < 0.8 and row["code"] != "city"
    ]
    assert [line for line in lines if too_few in line] == ([f"{', '.join(names)}: {too_few}"] if names else [])
    assert not any("%" in line or "50" in line for line in lines)


@pytest.mark.parametrize("code", ["2021H2", "2023H1", "2199H1"])
def test_a_half_year_in_no_release_is_refused(house_db: Database, english: None, code: str) -> None:
    with pytest.raises(Invalid, match="not_released"):
        told_on(house_db, parse_half(code))


def test_a_year_released_half_is_reported_half(house_db: Database, english: None) -> None:
    record_year(house_db, 2021, in_each=10, first_number=500)
    release(house_db, "2021H1")
    codes = [period.code for period in released_halves(house_db, by=VELFERD)]
    assert codes == ["2022H2", "2022H1", "2021H1"]
    assert told_on(house_db, half(2021, 1)).title == "Half-year report, January–June 2021"
    with pytest.raises(Invalid, match="not_released"):
        told_on(house_db, half(2021, 2))


def test_gaps_that_are_alike_are_said_once() -> None:
    day = date(2022, 1, 1)
    empty, low = Gap(GapKind.EMPTY_PERIOD, day), Gap(GapKind.LOW_COVERAGE, day, 0.5)
    unused = Gap(GapKind.FEEDBACK_NOT_USED, day)
    lines = gap_lines([("Alna", unused), ("Alna", low), ("Bjerke", empty), ("Bjerke", unused), ("Ullern", empty)])
    assert [line.split(":")[0] for line in lines] == ["Bjerke, Ullern", "Alna", "Alna, Bjerke"]


def test_districts_without_a_gap_are_named_too(house_db: Database, english: None) -> None:
    assert told_on(house_db).sections[0].lines[-2:] == [
        "Nothing is missing: Grorud.",
        "Not published whether anything is missing: Sagene, Stovner.",
    ]


def test_of_a_district_that_owes_nothing_it_is_not_said_that_nothing_is_missing(
    house_db: Database, english: None
) -> None:
    with set_to(AS_OF):
        decide_obligations(house_db, ["030105", "030104"], PERIOD, None, "closed", owed=False, by=VELFERD)
    lines = told_on(house_db).sections[0].lines
    assert "No report is required of: St. Hanshaugen, Frogner." in lines
    assert [line for line in lines if "Frogner" in line] == lines[-1:]


def test_a_running_half_year_is_said_to_be_one(english: None) -> None:
    running = "2022H1 is not over yet: these are the figures so far."
    for as_of, said in ((date(2022, 6, 30), True), (date(2022, 7, 1), False)):
        assert (running in report_of(table_of(spread_out()), [], PERIOD, as_of).lines) is said


def test_pages_are_numbered_and_nothing_runs_off_them(english: None) -> None:
    pdf = report_pdf(made_up(8))
    pages = printed(pdf)
    for number, text in enumerate(pages, 1):
        assert text.endswith(f"Half-year report, January–June 2022 – Page {number} of {len(pages)}")
    assert len(pages) <= 4


def test_the_pdf_can_be_listened_to(english: None) -> None:
    reader = PdfReader(io.BytesIO(report_pdf(made_up())))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"]
    assert reader.metadata and reader.metadata.title == "Half-year report, January–June 2022"
    found = list(tags(root["/StructTreeRoot"]))
    kinds = Counter(tag["/S"] for tag in found)
    assert kinds["/H1"] == 1 and kinds["/H2"] == 6 and kinds["/Table"] == 1 and kinds["/Figure"] == 3
    assert kinds["/TR"] == 17 and kinds["/TH"] == 7 + 16 and kinds["/TD"] == 16 * 6
    assert all(tag["/Alt"] for tag in found if tag["/S"] == "/Figure")
    scopes = Counter(tag["/A"]["/Scope"] for tag in found if tag["/S"] == "/TH")
    assert scopes == {"/Column": 7, "/Row": 16}
    # every tag of something written knows its page, and no two pieces of a page share a number
    marked = [
        (tag["/Pg"].get_object()["/StructParents"], tag["/K"][0]) for tag in found if isinstance(tag["/K"][0], int)
    ]
    assert len(set(marked)) == len(marked)


def test_every_piece_of_a_page_finds_its_tag_by_its_number(english: None) -> None:
    reader = PdfReader(io.BytesIO(report_pdf(made_up())))
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    by_page = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in reader.pages:
        held = by_page[page["/StructParents"]]
        used = {int(number) for number in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())}
        assert used == set(range(len(held)))
        assert [tag.get_object()["/K"][0] for tag in held] == sorted(used)


@pytest.mark.parametrize(("language", "lang"), [("nb", "nb-NO"), ("en", "en-GB")])
def test_the_report_comes_in_the_readers_language(house: Flask, language: str, lang: str) -> None:
    answer = sign_in(house, "velferd").get(f"{REPORT}&lang={language}")
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fitservice-2022H1.pdf"'
    assert PdfReader(io.BytesIO(answer.data)).trailer["/Root"]["/Lang"] == lang
    name = {"nb": "Bydel", "en": "District"}[language]
    assert name in printed(answer.data)[0]


def test_the_pictures_are_drawn_one_by_one_as_the_bar_goes_on(english: None) -> None:
    told, seen = made_up(), []

    def progress(sections: Any, length: int) -> Iterator[Any]:
        for section in sections:
            seen.append((section.title, length))
            yield section

    assert report_pdf(told, progress)[:5] == b"%PDF-"
    assert seen == [(section.title, 6) for section in told.sections]


def test_the_report_is_logged_as_a_pull_and_as_a_look(house_db: Database, english: None) -> None:
    told_on(house_db, half(2022, 2), by=OPERATOR)
    rows = list(house_db.query("SELECT act, role, detail FROM audit ORDER BY id DESC LIMIT 2"))
    assert [(row["act"], row["role"]) for row in rows] == [("see_city", "operator"), ("pull_figures", "operator")]
    assert json.loads(rows[0]["detail"])["periods"] == ["2022H2"]
    assert json.loads(rows[1]["detail"]) == {"periods": ["2022H1", "2022H2"], "releases": ["2022-1", "2022-1"]}


def test_who_may_not_see_the_city_gets_no_report(house_db: Database, english: None) -> None:
    with pytest.raises(NotAllowed):
        told_on(house_db, by=AMINA)


@pytest.mark.parametrize("code", ["2022", "2022H3", "", "2022h1x"])
def test_only_half_years_are_reported(code: str) -> None:
    with pytest.raises(Invalid):
        parse_half(code)


def test_the_command_writes_the_report_for_its_owner_only(house: Flask, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    result = house.test_cli_runner().invoke(args=["report", "--period", "2022H1", "--output", str(file)])
    assert result.exit_code == 0, result.output
    assert "Written to" in result.stderr and result.stdout == ""
    assert "Half-year report, January–June 2022" in printed(file.read_bytes())[0]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("2022", "“2022” is not a half-year. Write 2022H1 or 2022H2."),
        ("x", "“x” is not a period"),
        ("2023H1", "2023H1 has not been released yet."),
        ("2199H1", "2199H1 has not been released yet."),
    ],
)
def test_the_command_refuses_in_plain_words(house: Flask, tmp_path: Path, code: str, complaint: str) -> None:
    file = tmp_path / "report.pdf"
    result = house.test_cli_runner().invoke(args=["report", "--period", code, "--output", str(file)])
    assert result.exit_code == 1 and complaint in result.output and not file.exists()
