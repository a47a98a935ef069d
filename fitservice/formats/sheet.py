"""The service user's own sheet: what it says, and the same as a PDF on A4."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fitservice.formats.paper import (
    BODY,
    COLUMN_GAP,
    HEADED,
    INDENT,
    LINE,
    MARGIN,
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
class SheetCourse:
    """One instrument's scores in words; with two scores or more a picture (SVG, letters as shapes) and a table."""

    title: str
    lines: Sequence[str]
    picture: str | None
    picture_text: str
    header: tuple[str, str]
    rows: Sequence[tuple[str, str]]
    older: str | None


@dataclass(frozen=True)
class SheetSection:
    """A heading and its sentences."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """All that stands on the sheet, in one language. page holds {page} and {pages}."""

    language: str
    title: str
    reference: str
    facts: Sequence[tuple[str, str]]
    courses: Sequence[SheetCourse]
    remarks: Sequence[str]
    sections: Sequence[SheetSection]
    page: str
    printed_on: date
    file_name: str


# millimetres
PICTURE_WIDTH, PICTURE_HEIGHT = 100, 46


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF: one page where it fits, and nothing torn apart where it needs more."""
    pdf = _draw(sheet, 1)
    content = pdf.output()
    if pdf.pages_count > 1:  # how many there are stands on each of them
        content = _draw(sheet, pdf.pages_count).output()
    return bytes(content)


def _draw(sheet: Sheet, pages: int) -> "FPDF":
    pdf = new_document(
        f"{sheet.title} – {sheet.reference}",
        sheet.language,
        sheet.printed_on,
        lambda page: f"{sheet.reference} – {sheet.page.format(page=page, pages=pages)}",
    )
    heading(pdf, sheet.title, "H1")
    write(pdf, "   ".join(f"{name}: {value}" for name, value in sheet.facts))
    for course in sheet.courses:
        _write_course(pdf, course)
    for remark in sheet.remarks:
        pdf.y += 2
        write(pdf, remark)
    for pair in zip(sheet.sections[::2], sheet.sections[1::2], strict=True):
        _write_beside(pdf, pair)
    return pdf


def _write_course(pdf: "FPDF", course: SheetCourse) -> None:
    """Heading, sentences, and picture and table side by side: all on one page."""
    numbers = ROW * (len(course.rows) + 1) + (LINE + 1 if course.older else 0)
    beside = max(PICTURE_HEIGHT, numbers) + 1 if course.picture else 0
    begin(pdf, HEADED + sum(height(pdf, line) for line in course.lines) + beside)
    heading(pdf, course.title)
    for line in course.lines:
        write(pdf, line)
    if course.picture:
        top = pdf.y + 1
        picture = io.BytesIO(course.picture.encode())
        pdf.image(picture, MARGIN, top, PICTURE_WIDTH, PICTURE_HEIGHT, alt_text=course.picture_text)
        _write_table(pdf, course, MARGIN + PICTURE_WIDTH + COLUMN_GAP, top)
        pdf.set_xy(MARGIN, top + beside - 1)


def _write_table(pdf: "FPDF", course: SheetCourse, left: float, top: float) -> None:
    pdf.set_xy(left, top)
    table(pdf, course.header, course.rows, (35, 25))
    pdf.set_font(size=SMALL)
    if course.older:
        pdf.set_xy(left, top + ROW * (len(course.rows) + 1) + 1)
        write(pdf, course.older)
    pdf.set_font(size=BODY)


def _write_beside(pdf: "FPDF", sections: Sequence[SheetSection]) -> None:
    """Two sections side by side, on one page."""
    width = (pdf.epw - COLUMN_GAP) / 2
    heights = [HEADED + sum(height(pdf, line, width - INDENT) for line in section.lines) for section in sections]
    begin(pdf, max(heights))
    top = pdf.y
    for place, section in enumerate(sections):
        pdf.set_xy(MARGIN + place * (width + COLUMN_GAP), top)
        heading(pdf, section.title)
        for line in section.lines:
            write(pdf, line, width, "•")
    pdf.set_xy(MARGIN, top + max(heights))
