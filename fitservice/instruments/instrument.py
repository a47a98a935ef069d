"""What an instrument is: its questions, its range, what a change in it amounts to, who may use it until when."""

from dataclasses import dataclass
from datetime import date

from fitservice.model import Kind

Texts = dict[str, str]
"""One sentence per language: nb, nn, en."""

TENTHS = 10


@dataclass(frozen=True)
class Item:
    """One question; key is the column that keeps its answer, low and high are the words at the ends."""

    key: str
    question: Texts
    low: Texts
    high: Texts


@dataclass(frozen=True)
class CutOff:
    """The total from which a person of these ages (years, both included) is on the better side."""

    from_age: int
    to_age: int
    total: float


@dataclass(frozen=True)
class Instrument:
    """Items that share a range. Reliable change, low total and drop are in points of the total, None without."""

    key: str
    kind: Kind
    title: Texts
    low: int
    high: int
    step: float
    items: tuple[Item, ...]
    licence_holder: str
    licence_number: str | None
    valid_from: date
    valid_to: date
    electronic: bool
    higher_is_better: bool
    reliable_change: float | None
    low_total: float | None
    drop: float | None
    cut_offs: tuple[CutOff, ...]
    expected_course: bool

    @property
    def total_low(self) -> int:
        """The lowest total there can be."""
        return self.low * len(self.items)

    @property
    def total_high(self) -> int:
        """The highest total there can be."""
        return self.high * len(self.items)

    @property
    def decimals(self) -> int:
        """With how many decimals a total is written."""
        return 0 if self.step == 1 else 1

    @property
    def total_column(self) -> str:
        """The column of sessions that keeps the total: the item itself where there is only one."""
        return self.items[0].key if len(self.items) == 1 else f"{self.kind.value}_total"

    @property
    def unit(self) -> int:
        """How many of the column's units are one point."""
        return 1 if len(self.items) == 1 else TENTHS

    def valid_on(self, day: date) -> bool:
        """Whether it may be used on that day."""
        return self.valid_from <= day <= self.valid_to

    def cut_off(self, age: int | None) -> float | None:
        """The cut-off at that age, None where there is none; without an age, the one that holds for all."""
        ages = (0, 130) if age is None else (age, age)
        return next((one.total for one in self.cut_offs if one.from_age <= ages[0] and ages[1] <= one.to_age), None)
