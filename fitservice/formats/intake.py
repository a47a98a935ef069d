"""Reading the tables that districts really have: any common separator, any common encoding."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fitservice.model import Invalid, Problem
from fitservice.rules.identity import without_identity_numbers

_SEPARATORS = (";", "\t", ",")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True)
class Sheet:
    """A table as text: the header as it was written and as we call it, the separator, the rows.

    columns holds our name for each header. rows yields (number of the row's first line, cells), once.
    lines is how many lines the text has, for whoever shows progress.
    """

    header: list[str]
    columns: list[str]
    separator: str
    lines: int
    rows: Iterator[tuple[int, list[str]]]


def read_sheet(content: bytes, names: dict[str, str], required: tuple[str, ...]) -> Sheet:
    """The table in a file; names maps each header we know to the name we use for it.

    Invalid if it is empty, binary or a workbook, or if a column is unknown, missing or there twice.
    """
    text = decode(content)
    separator = _separator(text, names)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = _rows(reader)
    header = [" ".join(cell.split()) for cell in next(rows, (0, []))[1]]
    if [cell.casefold() for cell in header if cell] == ["sep="]:  # Excel's own first line
        header = [" ".join(cell.split()) for cell in next(rows, (0, []))[1]]
    while header and not header[-1]:  # Excel ends every line with a separator where a column once was
        header.pop()
    if not header:
        raise Invalid(Problem("empty_file"))
    columns = [names.get(_plain(cell), "") for cell in header]
    _check_columns(header, columns, names, required)
    return Sheet(header, columns, separator, text.count("\n"), rows)


def decode(content: bytes) -> str:
    """The text of a file: by its byte-order mark, else UTF-8, else Windows-1252."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid(Problem("workbook"))
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    text = None
    for candidate in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = content.decode(candidate)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\x00" in text:
        raise Invalid(Problem("binary_file"))
    if not text.strip():
        raise Invalid(Problem("empty_file"))
    return text


def _plain(header: str) -> str:
    """A header for comparison: composed letters, small, words joined by an underscore."""
    return "_".join(unicodedata.normalize("NFC", header).casefold().split())


def _separator(text: str, names: dict[str, str]) -> str:
    """The separator that makes most known headers out of the first line that is not blank."""
    lines = (line.strip(" \r\n") for line in io.StringIO(text, newline="") if line.strip(" \r\n;,\t"))
    first = next(lines, "")
    if first.casefold() in {f"sep={mark}" for mark in _SEPARATORS}:
        first = next(lines, "")
    known = {mark: sum(_plain(cell.strip('" \r')) in names for cell in first.split(mark)) for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: known[mark])


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, each with the number of its first line in the file."""
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Invalid(Problem("broken_row", line=line)) from None
        if any(row) and any(not cell.isspace() for cell in row if cell):
            yield line, row
        line = reader.line_num + 1


def _check_columns(header: list[str], columns: list[str], names: dict[str, str], required: tuple[str, ...]) -> None:
    problems = []
    for cell, column in zip(header, columns, strict=True):
        if not column:
            # a file without headers begins with a person
            problems.append(Problem("unknown_column", without_identity_numbers(cell)[:60], line=1))
        elif columns.count(column) > 1:
            problems.append(Problem("column_twice", cell[:60], line=1))
    for name in required:
        if name not in columns:
            others = [known for known, ours in names.items() if ours == name and known != name]
            problems.append(Problem("missing_column", f"{name} ({', '.join(others)})", line=1))
    if problems:
        raise Invalid(*problems)
