"""Tables as CSV and XLSX: rows of plain values in, text or bytes out."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

Cell = str | int | float | None


@dataclass(frozen=True)
class Dialect:
    """How a CSV is written; mark is what stands before the first cell."""

    separator: str
    decimal_sign: str
    mark: str


PLAIN = Dialect(",", ".", "")
"""For programs, and for Excel where it speaks English."""
NORWEGIAN = Dialect(";", ",", "\ufeff")
"""As Excel opens a file where it speaks Norwegian: without the mark it would not read UTF-8."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these, and their wide forms, a cell begins that a spreadsheet works out."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]], dialect: Dialect = PLAIN) -> str:
    """A table as CSV with a header line; None is an empty cell, a number is written in full.

    Before a text that a spreadsheet would work out as a formula stands an apostrophe (OWASP).
    """
    sheet = io.StringIO(newline="")
    sheet.write(dialect.mark)
    writer = csv.writer(sheet, delimiter=dialect.separator, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_written(cell, dialect) for cell in row])
    return sheet.getvalue()


def _written(cell: Cell, dialect: Dialect) -> Cell:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULAS) else cell
    return str(cell).replace(".", dialect.decimal_sign) if isinstance(cell, float) else cell


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name (at most 31 characters), its rows, and how wide its columns are."""

    title: str
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A workbook; numbers are numbers, and text is never read as a formula."""
    from openpyxl import Workbook  # slow to load, and most processes never need it

    book = Workbook(write_only=True)
    for sheet in sheets:
        _add(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _add(book: "Workbook", sheet: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    made = book.create_sheet(sheet.title)
    for place, width in enumerate(sheet.widths, start=1):
        made.column_dimensions[get_column_letter(place)].width = width
    for row in sheet.rows:
        cells = [WriteOnlyCell(made, content) for content in row]
        for cell, content in zip(cells, row, strict=True):
            if isinstance(content, str):
                cell.data_type = "s"  # or a text that begins with = would be a formula
        made.append(cells)
