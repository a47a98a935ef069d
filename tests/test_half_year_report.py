"""The half-year report: what it says, as a PDF that can be listened to; by page and by command, logged like others."""

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
from flask.testing import FlaskCliRunner
from pictured import CITY_CELLS, PERIOD, half_years, spread_out, table_of, with_city
from pypdf import PdfReader
from sqlite_utils import Database
from web import sign_in

from fitservice.formats.report import Report, report_pdf
from fitservice.model import Gap, GapKind, Invalid, NotAllowed
from fitservice.reports.half_year import half_year_report, report_of
from fitservice.rules.periods import half, parse_half
from fitservice.wording.report import gap_lines

AS_OF = date(2022, 11, 22)
REPORT = "/city/pictures/report.pdf?period=2022H1"


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    """Whatever is told is told in English."""
    with app.test_request_context("/?lang=en"):
        yield


@pytest.fixture
def seven_measured(db: Database) -> None:
    """Eight service users in Alna, seven measured on 1 March 2022: 1 2 3 4 5 6 6."""
    for number, score in enumerate((1, 2, 3, 4, 5, 6, 6), start=1):
        make_session(db, make_service_user(db, f"A-{number}"), life_satisfaction=score)
    make_service_user(db, "A-8")


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


def test_the_report_says_gaps_figures_pictures_and_what_they_mean(
    db: Database, seven_measured: None, english: None
) -> None:
    pdf = report_pdf(half_year_report(db, PERIOD, AS_OF, 0.8, 5, by=VELFERD))
    said = " ".join(printed(pdf))
    for sentence in (
        "Half-year report, January–June 2022",
        "Made on 22 Nov 2022 from the districts' own records in fitservice.",
        "Alna: Outcome and view of the session have not been used in this period.",
        "Søndre Nordstrand: No service users are registered in this period. Has the register been kept?",
        "Counts from 1 to 4, and figures that rest on them, are hidden and marked “:”.",
        "Alna 8 7 87% 3.9 2.1–5.7 7",
        "Mean and number measured in 2022H1",
        "14 districts are not drawn, because the mean is hidden or nobody was measured.",
        "Coverage: the measured ones as a share of the service users, rounded down.",
        "ranks nobody",
    ):
        assert sentence in said, sentence


def test_hidden_figures_stay_hidden_in_the_report(db: Database, english: None) -> None:
    for number in range(3):
        make_session(db, make_service_user(db, f"A-{number}"), life_satisfaction=2)
    for number in range(3, 9):
        make_service_user(db, f"A-{number}")
    said = " ".join(printed(report_pdf(half_year_report(db, PERIOD, AS_OF, 0.8, 5, by=VELFERD))))
    assert "Alna : : : : : :" in said
    assert "Alna: Too few of the service users have a life-satisfaction score in this period." in said
    assert "33%" not in said and "2.0" not in said


def test_gaps_that_are_alike_are_said_once() -> None:
    day = date(2022, 1, 1)
    empty, low = Gap(GapKind.EMPTY_PERIOD, day), Gap(GapKind.LOW_COVERAGE, day, 0.5)
    unused = Gap(GapKind.FEEDBACK_NOT_USED, day)
    lines = gap_lines([("Alna", unused), ("Alna", low), ("Bjerke", empty), ("Bjerke", unused), ("Ullern", empty)])
    assert [line.split(":")[0] for line in lines] == ["Bjerke, Ullern", "Alna", "Alna, Bjerke"]


def test_districts_without_a_gap_are_named_too(db: Database, english: None) -> None:
    for number in range(6):
        items = dict.fromkeys(("outcome_personal", "outcome_close", "outcome_social", "outcome_overall"), 70)
        make_session(db, make_service_user(db, f"A-{number}"), life_satisfaction=4, **items)
    told = half_year_report(db, PERIOD, AS_OF, 0.8, 5, by=VELFERD)
    assert told.sections[0].lines[-1] == "Nothing is missing: Alna."


def test_a_running_half_year_is_said_to_be_one(db: Database, english: None) -> None:
    told = half_year_report(db, half(2022, 2), AS_OF, 0.8, 5, by=VELFERD)
    assert "2022H2 is not over yet: these are the figures so far." in told.lines


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


def test_the_report_is_logged_as_a_pull_and_as_a_look(db: Database, english: None) -> None:
    half_year_report(db, PERIOD, AS_OF, 0.8, 5, by=OPERATOR)
    rows = list(db.query("SELECT act, role, detail FROM audit ORDER BY id DESC LIMIT 2"))
    assert [(row["act"], row["role"]) for row in rows] == [("see_city", "operator"), ("pull_figures", "operator")]
    assert json.loads(rows[0]["detail"])["periods"] == ["2022H1"]


def test_who_may_not_see_the_city_gets_no_report(db: Database, english: None) -> None:
    with pytest.raises(NotAllowed):
        half_year_report(db, PERIOD, AS_OF, 0.8, 5, by=AMINA)


@pytest.mark.parametrize("code", ["2022", "2022H3", "", "2022h1x"])
def test_only_half_years_are_reported(code: str) -> None:
    with pytest.raises(Invalid):
        parse_half(code)


def test_the_command_writes_the_report_for_its_owner_only(
    cli: FlaskCliRunner, tmp_path: Path, seven_measured: None
) -> None:
    file = tmp_path / "report.pdf"
    result = cli.invoke(args=["report", "--period", "2022H1", "--output", str(file)])
    assert result.exit_code == 0, result.output
    assert "Written to" in result.stderr and result.stdout == ""
    assert "Half-year report, January–June 2022" in printed(file.read_bytes())[0]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("2022", "“2022” is not a half-year. Write 2022H1 or 2022H2."),
        ("x", "“x” is not a period"),
        ("2199H1", "2199H1 has not begun yet."),
    ],
)
def test_the_command_refuses_in_plain_words(cli: FlaskCliRunner, tmp_path: Path, code: str, complaint: str) -> None:
    file = tmp_path / "report.pdf"
    result = cli.invoke(args=["report", "--period", code, "--output", str(file)])
    assert result.exit_code == 1 and complaint in result.output and not file.exists()
