"""The instruments: the files that are known, and which of them is in use on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fitservice.instruments.instrument import Instrument
from fitservice.instruments.reading import line_of, read_instrument
from fitservice.model import Invalid, Kind, Problem


@dataclass(frozen=True)
class Instruments:
    """Every instrument by kind, the shipped one of each kind first; also those whose licence has run out."""

    every: tuple[Instrument, ...]

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self.every)

    def __contains__(self, key: str) -> bool:
        return any(known.key == key for known in self.every)

    def __getitem__(self, key: str) -> Instrument:
        """The instrument of that key; KeyError if there is none."""
        return {known.key: known for known in self.every}[key]

    def of_kind(self, kind: Kind) -> list[Instrument]:
        """The instruments of one kind, the shipped one first."""
        return [known for known in self.every if known.kind is kind]

    def in_use(self, kind: Kind, day: date) -> Instrument:
        """An added instrument while it is valid, else the shipped one."""
        shipped, *added = self.of_kind(kind)
        return next((known for known in added if known.valid_on(day)), shipped)


def read_instruments(folder: Path, shipped: Instruments | None = None) -> Instruments:
    """The instruments of a folder's *.toml files, after the shipped ones.

    Invalid, with the file as its field, the line and the reason, if one cannot be used.
    """
    known = list(shipped or ())
    for path in sorted(folder.glob("*.toml")):
        try:
            content = path.read_bytes()
            added = read_instrument(content)
            if shipped:
                _check_beside(added, known, shipped, content.decode("utf-8-sig"))
        except Invalid as invalid:
            found = invalid.problems[0]
            raise Invalid(Problem(found.code, str(path), found.line, found.known)) from None
        known.append(added)
    kinds = list(Kind)
    return Instruments(tuple(sorted(known, key=lambda one: kinds.index(one.kind))))


def _check_beside(added: Instrument, known: list[Instrument], shipped: Instruments, text: str) -> None:
    """What an added file must not have in common with the others."""
    if added.kind is Kind.LIFE_SATISFACTION:
        raise Invalid(Problem("instrument_city", line=line_of(text, "kind")))
    if any(one.key == added.key for one in known):
        raise Invalid(Problem("instrument_key_taken", line=line_of(text, "key"), known={"key": added.key}))
    for one in known:
        both = one.kind is added.kind and one.key not in shipped
        if both and one.valid_from <= added.valid_to and added.valid_from <= one.valid_to:
            raise Invalid(Problem("instrument_rival", line=line_of(text, "valid_to"), known={"key": one.key}))


SHIPPED = read_instruments(Path(__file__).parent)
"""What the project brings: the city's question, and outcome and alliance in our own wording."""
