"""The service user's own sheet: what it says, and the same as a PDF on A4."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

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


# millimetres and points
MARGIN, COLUMN_GAP, LINE, ROW, GAP, INDENT, HEADED = 17, 8, 5.3, 4.6, 0.8, 4, 12
PICTURE_WIDTH, PICTURE_HEIGHT = 100, 46
BODY, SMALL, HEADING, TITLE = 11, 9, 13, 19


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF: one page where it fits, and nothing torn apart where it needs more."""
    pdf = _draw(sheet, 1)
    content = pdf.output()
    if pdf.pages_count > 1:  # how many there are stands on each of them
        content = _draw(sheet, pdf.pages_count).output()
    return bytes(content)


def _draw(sheet: Sheet, pages: int) -> "FPDF":
    pdf = _document(sheet, pages)
    _heading(pdf, sheet.title, "H1")
    _write(pdf, "   ".join(f"{name}: {value}" for name, value in sheet.facts))
    for course in sheet.courses:
        _write_course(pdf, course)
    for remark in sheet.remarks:
        pdf.y += 2
        _write(pdf, remark)
    for pair in zip(sheet.sections[::2], sheet.sections[1::2], strict=True):
        _write_beside(pdf, pair)
    return pdf


def _document(sheet: Sheet, pages: int) -> "FPDF":
    from fpdf import FPDF  # slow to load, and most processes never need it
    from fpdf.prefs import ViewerPreferences
    from matplotlib import get_data_path

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(size=SMALL, style="")
            place = sheet.page.format(page=self.page_no(), pages=pages)
            self._out("/Artifact BMC")
            self.cell(0, 5, f"{sheet.reference} – {place}", align="R")
            self._out("EMC")

    pdf = Document(format="A4")
    pdf.alias_nb_pages("")  # a reference may hold its sign
    pdf.set_title(f"{sheet.title} – {sheet.reference}")
    pdf.set_lang({"nb": "nb-NO", "nn": "nn-NO"}.get(sheet.language, "en-GB"))
    pdf.set_creation_date(datetime(*sheet.printed_on.timetuple()[:3], tzinfo=UTC))
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    # the typeface of the charts
    fonts = Path(get_data_path()) / "fonts/ttf"
    for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        pdf.add_font("DejaVu Sans", style=style, fname=fonts / name)
    pdf.set_font("DejaVu Sans", size=BODY)
    pdf.set_margin(MARGIN)
    pdf.set_line_width(0.1)
    pdf.set_auto_page_break(True, 16)
    pdf.add_page()
    return pdf


@contextmanager
def _tagged(pdf: "FPDF", kind: str) -> Iterator[None]:
    """What is written inside is read aloud as a heading (H1, H2) or a paragraph (P), on this page alone.

    fpdf2 itself tags pictures only, and beside a tagged picture an untagged text is passed over.
    """
    mcid = pdf.struct_builder.next_mcid_for_page(pdf.page)
    pdf._add_marked_content(struct_type=f"/{kind}", mcid=mcid)
    pdf._out(f"/{kind} <</MCID {mcid}>> BDC")
    yield
    pdf._out("EMC")


def _write(pdf: "FPDF", text: str, width: float = 0, mark: str = "") -> None:
    """A paragraph from here to the margin, or so wide, after its mark; goes on below it at the same place."""
    left = pdf.x
    with _tagged(pdf, "P"):
        if mark:
            pdf.cell(INDENT, LINE, mark)
        pdf.multi_cell(width - INDENT if mark else width, LINE, text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_xy(left, pdf.y + GAP)


def _height(pdf: "FPDF", text: str, width: float = 0) -> float:
    """How high that paragraph would be."""
    lines = pdf.multi_cell(width, LINE, text, align="L", dry_run=True, output="LINES")
    return LINE * len(lines) + GAP  # type: ignore[arg-type]  # what output=LINES gives is a list


def _heading(pdf: "FPDF", text: str, kind: str = "H2") -> None:
    left, size = pdf.x, TITLE if kind == "H1" else HEADING
    pdf.set_font(size=size, style="B")
    pdf.set_xy(left, pdf.y + (0 if kind == "H1" else 4))
    with _tagged(pdf, kind):
        pdf.cell(0, size / 2, text)
    pdf.set_xy(left, pdf.y + size / 2 + 1)
    pdf.set_font(size=BODY, style="")


def _write_course(pdf: "FPDF", course: SheetCourse) -> None:
    """Heading, sentences, and picture and table side by side: all on one page."""
    table = ROW * (len(course.rows) + 1) + (LINE + 1 if course.older else 0)
    beside = max(PICTURE_HEIGHT, table) + 1 if course.picture else 0
    _begin(pdf, HEADED + sum(_height(pdf, line) for line in course.lines) + beside)
    _heading(pdf, course.title)
    for line in course.lines:
        _write(pdf, line)
    if course.picture:
        top = pdf.y + 1
        picture = io.BytesIO(course.picture.encode())
        pdf.image(picture, MARGIN, top, PICTURE_WIDTH, PICTURE_HEIGHT, alt_text=course.picture_text)
        _write_table(pdf, course, MARGIN + PICTURE_WIDTH + COLUMN_GAP, top)
        pdf.set_xy(MARGIN, top + beside - 1)


def _write_table(pdf: "FPDF", course: SheetCourse, left: float, top: float) -> None:
    for place, row in enumerate((course.header, *course.rows)):
        pdf.set_font(size=SMALL, style="" if place else "B")
        pdf.set_xy(left, top + ROW * place)
        with _tagged(pdf, "P"):
            pdf.cell(35, ROW, row[0], border="B")
            pdf.cell(25, ROW, row[1], border="B", align="R")
    if course.older:
        pdf.set_xy(left, top + ROW * (len(course.rows) + 1) + 1)
        _write(pdf, course.older)
    pdf.set_font(size=BODY)


def _write_beside(pdf: "FPDF", sections: Sequence[SheetSection]) -> None:
    """Two sections side by side, on one page."""
    width = (pdf.epw - COLUMN_GAP) / 2
    heights = [HEADED + sum(_height(pdf, line, width - INDENT) for line in section.lines) for section in sections]
    _begin(pdf, max(heights))
    top = pdf.y
    for place, section in enumerate(sections):
        pdf.set_xy(MARGIN + place * (width + COLUMN_GAP), top)
        _heading(pdf, section.title)
        for line in section.lines:
            _write(pdf, line, width, "•")
    pdf.set_xy(MARGIN, top + max(heights))


def _begin(pdf: "FPDF", height: float) -> None:
    """Go to a new page if so much does not fit on this one."""
    if pdf.will_page_break(height):
        pdf.add_page()
