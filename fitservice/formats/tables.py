"""Tables as CSV and XLSX: rows of plain values in, text or bytes out."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV with a header line; None is an empty cell, a number is written in full."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return sheet.getvalue()


def xlsx_bytes(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook with one sheet; numbers are numbers, and text is never read as a formula."""
    from openpyxl import Workbook  # slow to load, and most processes never need it
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)

    def cell(content: Cell) -> object:
        made = WriteOnlyCell(sheet, content)
        if isinstance(content, str):
            made.data_type = "s"
        return made

    for row in (header, *rows):
        sheet.append([cell(content) for content in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
