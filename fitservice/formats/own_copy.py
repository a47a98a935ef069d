"""A copy of one's own data: what it says, and the same as a PDF on A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fitservice.formats.paper import begin, heading, height, new_document, write

if TYPE_CHECKING:
    from fpdf import FPDF


@dataclass(frozen=True)
class OwnCopy:
    """All that is kept of one service user, in one language: sections of lines. data is the same for programs."""

    language: str
    title: str
    reference: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, Sequence[str]]]
    page: str
    printed_on: date
    file_name: str
    data: dict[str, object]


def own_copy_pdf(copy: OwnCopy) -> bytes:
    """The copy as a PDF; no line is torn apart."""
    pdf = _draw(copy, 1)
    content = pdf.output()
    if pdf.pages_count > 1:  # how many there are stands on each of them
        content = _draw(copy, pdf.pages_count).output()
    return bytes(content)


def _draw(copy: OwnCopy, pages: int) -> "FPDF":
    pdf = new_document(
        f"{copy.title} – {copy.reference}",
        copy.language,
        copy.printed_on,
        lambda page: f"{copy.reference} – {copy.page.format(page=page, pages=pages)}",
    )
    heading(pdf, copy.title, "H1")
    write(pdf, "   ".join(f"{name}: {value}" for name, value in copy.facts))
    for title, lines in copy.sections:
        begin(pdf, 20)
        heading(pdf, title)
        for line in lines:
            begin(pdf, height(pdf, line))
            write(pdf, line)
    return pdf
