"""The agency's half-year report: what it says, and the same as a PDF on A4."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fitservice.formats.paper import (
    BODY,
    COLUMN_GAP,
    HEADED,
    INDENT,
    MARGIN,
    PAGES,
    ROW,
    SMALL,
    begin,
    heading,
    height,
    new_document,
    table,
    write,
)

if TYPE_CHECKING:
    from fpdf import FPDF


@dataclass(frozen=True)
class ReportTable:
    """A header and its rows: the first column in words, the others numbers."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class ReportPicture:
    """draw gives an SVG with its letters as shapes; text says the same in words."""

    draw: Callable[[], bytes]
    text: str


@dataclass(frozen=True)
class ReportSection:
    """A heading and its sentences: a list, or above a table, or beside a picture."""

    title: str
    lines: Sequence[str]
    table: ReportTable | None = None
    picture: ReportPicture | None = None


@dataclass(frozen=True)
class Report:
    """All that stands in the report, in one language. page holds {page} and {pages}."""

    language: str
    title: str
    lines: Sequence[str]
    sections: Sequence[ReportSection]
    page: str
    printed_on: date
    file_name: str


Steps = Iterable[ReportSection]
Progress = Callable[[Sequence[ReportSection], int], Steps]
"""Hands on the sections one by one, and shows how far it has come of so many."""

# millimetres
PICTURE_WIDTH = 96


def report_pdf(report: Report, progress: Progress = lambda sections, _: sections) -> bytes:
    """The report as a PDF; how many pages there are is known once it is laid out, and then stands on each of them."""
    pdf = new_document(
        report.title,
        report.language,
        report.printed_on,
        lambda page: f"{report.title} – {report.page.format(page=page, pages=PAGES)}",
    )
    pdf.alias_nb_pages(PAGES)
    heading(pdf, report.title, "H1")
    for line in report.lines:
        write(pdf, line)
    for section in progress(report.sections, len(report.sections)):
        _write_section(pdf, section)
    return bytes(pdf.output())


def _write_section(pdf: "FPDF", section: ReportSection) -> None:
    if section.picture:
        _write_picture(pdf, section, section.picture)
    elif section.table:
        _write_table(pdf, section, section.table)
    else:
        width = pdf.epw - INDENT
        begin(pdf, HEADED + sum(height(pdf, line, width) for line in section.lines[:1]))
        heading(pdf, section.title)
        for line in section.lines:
            begin(pdf, height(pdf, line, width))
            write(pdf, line, pdf.epw, "•")


def _write_table(pdf: "FPDF", section: ReportSection, numbers: ReportTable) -> None:
    """The sentences above the table: all on one page."""
    begin(pdf, HEADED + sum(height(pdf, line) for line in section.lines) + ROW * (len(numbers.rows) + 1) + 1)
    heading(pdf, section.title)
    for line in section.lines:
        write(pdf, line)
    pdf.y += 1
    table(pdf, numbers.header, numbers.rows, _widths(pdf, numbers))


def _widths(pdf: "FPDF", numbers: ReportTable) -> list[float]:
    """Millimetres of each column: as much as its longest text in bold needs, and a like share of what is left over."""
    pdf.set_font(size=SMALL, style="B")
    needed = [max(map(pdf.get_string_width, column)) for column in zip(numbers.header, *numbers.rows, strict=True)]
    pdf.set_font(size=BODY, style="")
    return [width + (pdf.epw - sum(needed)) / len(needed) for width in needed]


def _write_picture(pdf: "FPDF", section: ReportSection, picture: ReportPicture) -> None:
    """The picture on the left, what is said of it on the right: all on one page."""
    drawing = picture.draw()
    pdf.set_font(size=SMALL)
    width = pdf.epw - PICTURE_WIDTH - COLUMN_GAP
    tall = PICTURE_WIDTH * _shape(drawing)
    needed = max(tall, sum(height(pdf, line, width) for line in section.lines))
    begin(pdf, HEADED + needed + 2)
    heading(pdf, section.title)
    pdf.set_font(size=SMALL)
    top = pdf.y + 1
    pdf.image(io.BytesIO(drawing), MARGIN, top, PICTURE_WIDTH, tall, alt_text=picture.text)
    pdf.set_xy(MARGIN + PICTURE_WIDTH + COLUMN_GAP, top)
    for line in section.lines:
        write(pdf, line, width)
    pdf.set_font(size=BODY)
    pdf.set_xy(MARGIN, top + needed + 1)


def _shape(drawing: bytes) -> float:
    """How many times as high as wide an SVG is, by its viewBox."""
    *_, width, high = drawing.split(b'viewBox="', 1)[1].split(b'"', 1)[0].split()
    return float(high) / float(width)
