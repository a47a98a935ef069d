"""What one row of an imported file says: the columns that are known, and the row as values."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Answers, Invalid, Problem
from fitservice.rules.answers import (
    incomplete_items,
    parse_birth_year,
    parse_item,
    parse_past_day,
    parse_reason,
    parse_reference,
    parse_score,
)
from fitservice.rules.identity import holds_identity_number

_COMMON = {
    "district": "district",
    "bydel": "district",
    "reference": "reference",
    "brukerreferanse": "reference",
    # columns that a file of rejected rows has: read over, so that the mended file can be imported as it is
    "rejected_line": "rejected_line",
    "rejected_reason": "rejected_reason",
}
SERVICE_USER_COLUMNS = _COMMON | {
    "birth_year": "birth_year",
    "fødselsår": "birth_year",
    "enrolled_from": "enrolled_from",
    "oppfølging_fra": "enrolled_from",
    "enrolled_to": "enrolled_to",
    "oppfølging_til": "enrolled_to",
}
SESSION_COLUMNS = (
    _COMMON
    | {
        "held_on": "held_on",
        "dato": "held_on",
        "recorded_by": "recorded_by",
        "registrert_av": "recorded_by",
        "life_satisfaction": "life_satisfaction",
        "livskvalitet": "life_satisfaction",
        "life_satisfaction_1_10": "life_satisfaction_1_10",
        "livskvalitet_1_10": "life_satisfaction_1_10",
        "utbytte_personlig": "outcome_personal",
        "utbytte_nære": "outcome_close",
        "utbytte_sosialt": "outcome_social",
        "utbytte_samlet": "outcome_overall",
        "samtale_hørt": "alliance_heard",
        "samtale_tema": "alliance_topics",
        "samtale_måte": "alliance_approach",
        "samtale_samlet": "alliance_overall",
        "not_asked": "missing_reason",
        "ikke_spurt": "missing_reason",
    }
    | {item: item for item in (*OUTCOME_ITEMS, *ALLIANCE_ITEMS)}
)
SERVICE_USER_REQUIRED = ("district", "reference", "enrolled_from")
SESSION_REQUIRED = ("district", "reference", "held_on")
REJECTED_COLUMNS = ("rejected_line", "rejected_reason")


@dataclass(slots=True)
class ServiceUserRow:
    """One line of a file of service users and their enrolments."""

    line: int
    district_id: int
    reference: str
    birth_year: int | None
    enrolled_from: date
    enrolled_to: date | None


@dataclass(slots=True)
class SessionRow:
    """One line of a file of sessions."""

    line: int
    district_id: int
    reference: str
    held_on: date
    recorded_by: str | None
    answers: Answers


Reader = Callable[[int, list[str]], dict[str, Any]]
"""From a line number and its cells to values by column; a blank cell is None. Invalid names each bad cell."""


def row_reader(columns: list[str], header: list[str], districts: dict[str, int], today: date) -> Reader:
    """A reader for a file with these columns (our names) and headers (its own names, for messages).

    districts maps what a district may be called, in small letters, to its id.
    """
    parsers = _parsers(districts, today)
    plan = [(place, column, parsers[column]) for place, column in enumerate(columns) if column not in REJECTED_COLUMNS]

    def read(line: int, cells: list[str]) -> dict[str, Any]:
        if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
            raise Invalid(Problem("cells_in_row", line=line, known={"expected": str(len(columns))}))
        if any("\n" in cell or "\r" in cell for cell in cells):
            # a quotation mark that is never closed swallows the rows after it
            raise Invalid(Problem("broken_row", line=line))
        problems = []
        values: dict[str, Any] = {}
        guarded = holds_identity_number(" x ".join(cells))
        for place, column, parse in plan:
            cell = cells[place].strip()
            try:
                if guarded and holds_identity_number(cell):
                    raise Invalid(Problem("identity_number"))
                values[column] = parse(cell) if cell else None
            except Invalid as invalid:
                found = invalid.problems[0]
                problems.append(Problem(found.code, header[place], line, found.known))
        for column in ("district", "reference", "held_on", "enrolled_from"):
            if column in columns and values.get(column, "") is None:
                problems.append(Problem("required", header[columns.index(column)], line))
        if problems:
            raise Invalid(*problems)
        return values

    return read


def service_user_row(line: int, values: dict[str, Any]) -> ServiceUserRow:
    """The row as a service user with one enrolment."""
    if values.get("enrolled_to") and values["enrolled_to"] < values["enrolled_from"]:
        raise Invalid(Problem("ends_before_start", "enrolled_to", line))
    return ServiceUserRow(
        line,
        values["district"],
        values["reference"],
        values.get("birth_year"),
        values["enrolled_from"],
        values.get("enrolled_to"),
    )


def session_row(line: int, values: dict[str, Any]) -> SessionRow:
    """The row as a session; Invalid for a score beside a reason, or for some items without the others."""
    held_on, recorded_by = values.pop("held_on"), values.pop("recorded_by", None)
    district_id, reference = values.pop("district"), values.pop("reference")
    answers = Answers(**values)
    if answers.life_satisfaction is not None and answers.missing_reason is not None:
        raise Invalid(Problem("score_and_reason", "missing_reason", line))
    if missing := incomplete_items(answers):
        raise Invalid(*(Problem("item_missing", item, line) for item in missing))
    return SessionRow(line, district_id, reference, held_on, recorded_by, answers)


def _parsers(districts: dict[str, int], today: date) -> dict[str, Callable[[str], Any]]:
    days: dict[str, date] = {}

    def day(text: str) -> date:
        # a file names the same days over and over
        if text not in days:
            days[text] = parse_past_day(text, today)
        return days[text]

    def district(text: str) -> int:
        name = " ".join(unicodedata.normalize("NFC", text).casefold().split()).removeprefix("bydel ")
        # Excel drops the first zero of a code
        found = districts.get(name) or districts.get(f"0{name}")
        if found is None:
            raise Invalid(Problem("unknown_district"))
        return found

    return {
        "district": district,
        "reference": parse_reference,
        "birth_year": lambda text: parse_birth_year(text, today),
        "enrolled_from": day,
        "enrolled_to": day,
        "held_on": day,
        "recorded_by": _recorder,
        "life_satisfaction": parse_score,
        "life_satisfaction_1_10": lambda text: parse_score(text, 1, 10),
        "missing_reason": parse_reason,
        **dict.fromkeys((*OUTCOME_ITEMS, *ALLIANCE_ITEMS), parse_item),
    }


def _recorder(text: str) -> str:
    if len(text) > 60 or not text.isprintable():
        raise Invalid(Problem("too_long", known={"length": "60"}))
    return text
