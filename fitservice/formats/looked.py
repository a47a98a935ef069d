"""Who looked: what the list says, and the same as a PDF on A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fitservice.formats.paper import begin, heading, height, new_document, write

if TYPE_CHECKING:
    from fpdf import FPDF


@dataclass(frozen=True)
class Looked:
    """All that stands on the list, in one language; a row is day, name, role and what was done."""

    language: str
    title: str
    reference: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[str]
    header: Sequence[str]
    rows: Sequence[tuple[str, str, str, str]]
    none: str
    page: str
    printed_on: date
    file_name: str


def looked_pdf(looked: Looked) -> bytes:
    """The list as a PDF: a line a day and person, so that it reads well aloud; no line is torn apart."""
    pdf = _draw(looked, 1)
    content = pdf.output()
    if pdf.pages_count > 1:  # how many there are stands on each of them
        content = _draw(looked, pdf.pages_count).output()
    return bytes(content)


def _draw(looked: Looked, pages: int) -> "FPDF":
    pdf = new_document(
        f"{looked.title} – {looked.reference}",
        looked.language,
        looked.printed_on,
        lambda page: f"{looked.reference} – {looked.page.format(page=page, pages=pages)}",
    )
    heading(pdf, looked.title, "H1")
    write(pdf, "   ".join(f"{name}: {value}" for name, value in looked.facts))
    for line in looked.lines:
        write(pdf, line)
    pdf.y += 3
    for day, name, role, what in looked.rows:
        line = f"{day}   {name}, {role}: {what}"
        begin(pdf, height(pdf, line))
        write(pdf, line)
    if not looked.rows:
        write(pdf, looked.none)
    return pdf
