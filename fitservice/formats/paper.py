"""An A4 document as PDF: typeface, headings, paragraphs and tables, all of it tagged for whoever listens to it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

# millimetres and points
MARGIN, COLUMN_GAP, LINE, ROW, GAP, INDENT, HEADED = 17, 8, 5.3, 4.6, 0.8, 4, 12
BODY, SMALL, HEADING, TITLE = 11, 9, 13, 19

PAGES = "{nb}"
"""Stands for the number of pages in a footer, for whoever calls pdf.alias_nb_pages(PAGES)."""


def new_document(title: str, language: str, printed_on: date, footer: Callable[[int], str]) -> "FPDF":
    """An empty A4 page in the typeface of the charts; footer gives the line at the foot of a page by its number."""
    from fpdf import FPDF  # slow to load, and most processes never need it
    from fpdf.prefs import ViewerPreferences
    from matplotlib import get_data_path

    from fitservice.formats.tagging import Tree

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(size=SMALL, style="")
            self._out("/Artifact BMC")
            self.cell(0, 5, footer(self.page_no()), align="R")
            self._out("EMC")

    pdf = Document(format="A4")
    pdf.struct_builder = Tree()
    pdf.alias_nb_pages("")  # a reference may hold its sign
    pdf.set_title(title)
    pdf.set_lang({"nb": "nb-NO", "nn": "nn-NO"}.get(language, "en-GB"))
    pdf.set_creation_date(datetime(*printed_on.timetuple()[:3], tzinfo=UTC))
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
def tagged(pdf: "FPDF", kind: str) -> Iterator[None]:
    """What is written inside is read aloud as a heading (H1, H2), a paragraph (P) or a cell, on this page alone.

    fpdf2 itself tags pictures only, and beside a tagged picture an untagged text is passed over.
    """
    mcid = pdf.struct_builder.next_mcid_for_page(pdf.page)
    pdf._add_marked_content(struct_type=f"/{kind}", mcid=mcid)
    pdf._out(f"/{kind} <</MCID {mcid}>> BDC")
    yield
    pdf._out("EMC")


def write(pdf: "FPDF", text: str, width: float = 0, mark: str = "") -> None:
    """A paragraph from here to the margin, or so wide, after its mark; goes on below it at the same place."""
    left = pdf.x
    with tagged(pdf, "P"):
        if mark:
            pdf.cell(INDENT, LINE, mark)
        pdf.multi_cell(width - INDENT if mark else width, LINE, text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_xy(left, pdf.y + GAP)


def height(pdf: "FPDF", text: str, width: float = 0) -> float:
    """How high that paragraph would be."""
    lines = pdf.multi_cell(width, LINE, text, align="L", dry_run=True, output="LINES")
    return LINE * len(lines) + GAP  # type: ignore[arg-type]  # what output=LINES gives is a list


def heading(pdf: "FPDF", text: str, kind: str = "H2") -> None:
    """One line in bold: H1 the title, H2 a section's."""
    left, size = pdf.x, TITLE if kind == "H1" else HEADING
    pdf.set_font(size=size, style="B")
    pdf.set_xy(left, pdf.y + (0 if kind == "H1" else 4))
    with tagged(pdf, kind):
        pdf.cell(0, size / 2, text)
    pdf.set_xy(left, pdf.y + size / 2 + 1)
    pdf.set_font(size=BODY, style="")


def table(pdf: "FPDF", header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """A table from here down, on this page, columns so many millimetres wide; all but the first are numbers."""
    from fitservice.formats.tagging import grouped

    left, top = pdf.x, pdf.y
    with grouped(pdf, "Table"):
        for place, row in enumerate((header, *rows)):
            pdf.set_font(size=SMALL, style="" if place else "B")
            pdf.set_xy(left, top + ROW * place)
            with grouped(pdf, "TR"):
                for column, (text, width) in enumerate(zip(row, widths, strict=True)):
                    scope = "Column" if not place else "" if column else "Row"
                    with grouped(pdf, "TH" if scope else "TD", scope), tagged(pdf, "P"):
                        pdf.cell(width, ROW, text, border="B", align="R" if column else "L")
    pdf.set_font(size=BODY, style="")
    pdf.set_xy(left, top + ROW * (len(rows) + 1) + GAP)


def begin(pdf: "FPDF", needed: float) -> None:
    """Go to a new page if so much does not fit on this one."""
    if pdf.will_page_break(needed):
        pdf.add_page()
