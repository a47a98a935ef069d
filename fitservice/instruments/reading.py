"""One instrument's file: what it must say, and where it says something that cannot be used."""

import math
import re
import tomllib
from datetime import date
from typing import Any

from fitservice.instruments.clinical import cut_off_a, cut_off_b, cut_off_c, reliable_change_points
from fitservice.instruments.instrument import CutOff, Instrument, Item, Texts
from fitservice.model import ITEM_COLUMNS, Invalid, Kind, Problem

LANGUAGES = ("nb", "nn", "en")
STEPS = (0.1, 1)
OLDEST = 130
CLINICAL, FUNCTIONAL = ("clinical_mean", "clinical_sd"), ("functional_mean", "functional_sd")
CRITERIA = {"a": CLINICAL, "b": FUNCTIONAL, "c": (*CLINICAL, *FUNCTIONAL)}
"""Which norms each criterion needs."""


def read_instrument(content: bytes) -> Instrument:
    """The instrument that a file describes; Invalid with the line and what is wrong there."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(Problem("not_utf8")) from None
    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # besides its own: endless digits, endless brackets
        lines = text.split("\n")
        if place := re.search(r"at line (\d+)", str(error)):
            line = int(place[1])
        else:
            line = len(lines) if "end of document" in str(error) else lines.index(max(lines, key=len)) + 1
        raise Invalid(Problem("not_toml", line=line, known={"reason": str(error)})) from None
    return _Reader(text).instrument(said)


def line_of(text: str, place: str) -> int:
    """The line on which a file says what stands at a place such as 'low' or 'items.2.question.nb'.

    Where it is not said, the line of the table it is missing from; 1 for the file itself.
    """
    wanted = re.sub(r"^(items|cut_offs)\.(\d+)", r"\1#\2", place)
    whole = wanted.split("#")[0]
    table, seen, best = "", dict.fromkeys(("items", "cut_offs"), -1), 1
    for number, line in enumerate(text.split("\n"), start=1):
        if header := re.match(r"\s*\[\[?\s*([\w.]+)\s*\]", line):
            name, *below = header[1].split(".")
            if line.lstrip().startswith("[["):
                seen[name] = seen.get(name, -1) + 1
            table = ".".join([f"{name}#{seen[name]}" if name in seen else name, *below])
            if wanted in (table, name) or wanted.startswith(f"{table}."):
                best = number
        elif said := re.match(r"\s*([\w.]+)\s*=", line):
            here = f"{table}.{said[1]}" if table else said[1]
            if here in (wanted, whole) or wanted.startswith(f"{here}."):
                return number
    return best


class _Reader:
    """Reads one file's tables; every problem names its line."""

    def __init__(self, text: str) -> None:
        self.text = text

    def instrument(self, said: dict[str, Any]) -> Instrument:
        """All that a file must say and may say."""
        self._known(said, "", _KEYS)
        key = self._text(said, "key")
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,29}", key):
            raise self.wrong("key", "instrument_key")
        kind = self._kind(said)
        low, high = self._number(said, "low"), self._number(said, "high")
        if not (low == int(low) and high == int(high) and 0 <= low < high <= 10):
            raise self.wrong("high", "instrument_range")
        step = self._number(said, "step")
        if step not in STEPS or (len(ITEM_COLUMNS[kind]) == 1 and step != 1):
            raise self.wrong("step", "instrument_step")
        columns = ITEM_COLUMNS[kind]
        higher_is_better = self._choice(said, "better", {"higher": True, "lower": False}, True)
        for mark in ("low_total", "drop"):
            if mark in said and not higher_is_better:
                raise self.wrong(mark, "instrument_turned")
        valid_from = self._day(said, "valid_from", date.min)
        valid_to = self._day(said, "valid_to", date.max)
        if valid_to < valid_from:
            raise self.wrong("valid_to", "instrument_valid_to")
        return Instrument(
            key=key,
            kind=kind,
            title=self._texts(said, "title"),
            low=int(low),
            high=int(high),
            step=step,
            items=self._items(said, kind),
            licence_holder=self._text(said, "licence_holder"),
            licence_number=self._text(said, "licence_number") if "licence_number" in said else None,
            valid_from=valid_from,
            valid_to=valid_to,
            electronic=self._choice(said, "electronic", {True: True, False: False}, True),
            higher_is_better=higher_is_better,
            reliable_change=self._reliable_change(said),
            low_total=self._points(said, "low_total"),
            drop=self._points(said, "drop"),
            cut_offs=self._cut_offs(said, int(low) * len(columns), int(high) * len(columns), higher_is_better),
            expected_course=self._choice(said, "expected_course", {True: True, False: False}, False),
        )

    def wrong(self, place: str, code: str, **known: str) -> Invalid:
        """What is wrong at a place, with its line."""
        return Invalid(Problem(code, line=line_of(self.text, place), known={"key": place.rsplit(".", 1)[-1], **known}))

    def _known(self, said: dict[str, Any], table: str, keys: tuple[str, ...]) -> None:
        for key in said:
            if key not in keys:
                raise self.wrong(f"{table}{key}", "instrument_unknown_key")

    def _take(self, said: dict[str, Any], place: str, types: tuple[type, ...], code: str, **known: str) -> Any:
        value = said.get(place.rsplit(".", 1)[-1])
        if value is None:
            raise self.wrong(place, "instrument_missing_key")
        # True is a whole number to Python
        if type(value) not in types:
            raise self.wrong(place, code, **known)
        return value

    def _text(self, said: dict[str, Any], place: str) -> str:
        text = str(self._take(said, place, (str,), "instrument_text")).strip()
        if not text or not text.isprintable() or len(text) > 300:
            raise self.wrong(place, "instrument_text")
        return text

    def _number(self, said: dict[str, Any], place: str) -> float:
        value: float = self._take(said, place, (int, float), "instrument_number")
        if not -1000 < value < 1000:  # neither endless nor no number
            raise self.wrong(place, "instrument_number")
        return value

    def _points(self, said: dict[str, Any], place: str) -> float | None:
        if place not in said:
            return None
        points = self._number(said, place)
        if points <= 0:
            raise self.wrong(place, "instrument_points")
        return points

    def _day(self, said: dict[str, Any], place: str, without: date) -> date:
        return self._take(said, place, (date,), "instrument_day") if place in said else without

    def _choice(self, said: dict[str, Any], place: str, choices: dict[Any, bool], without: bool) -> bool:
        value = said.get(place)
        if value is None:
            return without
        if type(value) not in (bool, str) or value not in choices:
            names = " / ".join(str(choice).lower() for choice in choices)
            raise self.wrong(place, "instrument_choice", choices=names)
        return choices[value]

    def _kind(self, said: dict[str, Any]) -> Kind:
        kinds = {kind.value: kind for kind in Kind}
        kind = self._text(said, "kind")
        if kind not in kinds:
            raise self.wrong("kind", "instrument_choice", choices=" / ".join(kinds))
        return kinds[kind]

    def _texts(self, said: dict[str, Any], place: str) -> Texts:
        texts: dict[str, Any] = self._take(said, place, (dict,), "instrument_texts")
        self._known(texts, f"{place}.", LANGUAGES)
        return {language: self._text(texts, f"{place}.{language}") for language in LANGUAGES}

    def _items(self, said: dict[str, Any], kind: Kind) -> tuple[Item, ...]:
        columns = ITEM_COLUMNS[kind]
        count = str(len(columns))
        items: list[Any] = self._take(said, "items", (list,), "instrument_items", count=count)
        if len(items) != len(columns) or not all(isinstance(item, dict) for item in items):
            raise self.wrong(f"items.{len(items) - 1}", "instrument_items", count=count)
        found = []
        for number, (item, column) in enumerate(zip(items, columns, strict=True)):
            self._known(item, f"items.{number}.", ("question", "low", "high"))
            texts = (self._texts(item, f"items.{number}.{part}") for part in ("question", "low", "high"))
            found.append(Item(column, *texts))
        return tuple(found)

    def _reliable_change(self, said: dict[str, Any]) -> float | None:
        """In points, as said or from the SD and the reliability; rounded up to the tenth, the finest difference."""
        if not {"sd", "reliability"} & set(said):
            return self._points(said, "reliable_change")
        if "reliable_change" in said:
            raise self.wrong("reliable_change", "instrument_two_ways")
        sd, reliability = self._number(said, "sd"), self._number(said, "reliability")
        try:
            return math.ceil(10 * reliable_change_points(sd, reliability) - 1e-9) / 10
        except ValueError:
            raise self.wrong("reliability", "instrument_reliability") from None

    def _cut_off_total(self, table: dict[str, Any], place: str, higher_is_better: bool) -> float:
        """As said, or after Jacobson & Truax's criterion a, b or c from the means and SDs of the two populations."""
        if "criterion" not in table:
            return self._number(table, f"{place}total")
        if "total" in table:
            raise self.wrong(f"{place}total", "instrument_two_ways")
        if self._text(table, f"{place}criterion") not in CRITERIA:
            raise self.wrong(f"{place}criterion", "instrument_choice", choices=" / ".join(CRITERIA))
        needed = CRITERIA[table["criterion"]]
        norms = [self._number(table, place + name) for name in needed]
        try:
            if table["criterion"] == "c":
                return cut_off_c(*norms)
            return (cut_off_a if table["criterion"] == "a" else cut_off_b)(norms[0], norms[1], higher_is_better)
        except ValueError:
            raise self.wrong(f"{place}{needed[-1]}", "instrument_sd") from None

    def _cut_offs(self, said: dict[str, Any], low: int, high: int, higher_is_better: bool) -> tuple[CutOff, ...]:
        found: list[CutOff] = []
        tables = self._take(said, "cut_offs", (list,), "instrument_cut_offs") if "cut_offs" in said else []
        for number, table in enumerate(tables):
            place = f"cut_offs.{number}."
            if not isinstance(table, dict):
                raise self.wrong("cut_offs", "instrument_cut_offs")
            self._known(table, place, ("from_age", "to_age", "total", "criterion", *CRITERIA["c"]))
            from_age = self._age(table, f"{place}from_age", 0)
            to_age = self._age(table, f"{place}to_age", OLDEST)
            total = self._cut_off_total(table, place, higher_is_better)
            if not low < total <= high:
                raise self.wrong(f"{place}total", "instrument_cut_off", low=str(low), high=str(high))
            if to_age < from_age or any(one.from_age <= to_age and from_age <= one.to_age for one in found):
                raise self.wrong(f"{place}from_age", "instrument_ages")
            found.append(CutOff(from_age, to_age, total))
        return tuple(found)

    def _age(self, table: dict[str, Any], place: str, without: int) -> int:
        if place.rsplit(".", 1)[-1] not in table:
            return without
        age: int = self._take(table, place, (int,), "instrument_age")
        if not 0 <= age <= OLDEST:
            raise self.wrong(place, "instrument_age")
        return age


_KEYS = (
    *("key", "kind", "low", "high", "step", "title", "items", "licence_holder", "licence_number", "valid_from"),
    *("valid_to", "electronic", "better", "reliable_change", "low_total", "drop", "cut_offs", "expected_course"),
    *("sd", "reliability"),
)
