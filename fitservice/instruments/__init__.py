"""The instruments as data: one TOML file each, and the loader."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

Texts = dict[str, str]
"""One sentence per language: nb, nn, en."""


@dataclass(frozen=True)
class Item:
    """One question; key is the column that keeps its answer, low and high are the words at the ends."""

    key: str
    question: Texts
    low: Texts
    high: Texts


@dataclass(frozen=True)
class Instrument:
    """Items that share a range; the last three are in points of the total, None where it has none."""

    key: str
    title: Texts
    low: float
    high: float
    step: float
    items: tuple[Item, ...]
    reliable_change: float | None
    low_total: float | None
    drop: float | None

    @property
    def total_high(self) -> float:
        """The highest total there can be."""
        return self.high * len(self.items)


@lru_cache
def instrument(key: str) -> Instrument:
    """The instrument of that key: 'life_satisfaction', 'outcome' or 'alliance'."""
    content = tomllib.loads((Path(__file__).parent / f"{key}.toml").read_text(encoding="utf-8"))
    return Instrument(
        key=content["key"],
        title=content["title"],
        low=content["low"],
        high=content["high"],
        step=content["step"],
        items=tuple(Item(**item) for item in content["items"]),
        reliable_change=content.get("reliable_change"),
        low_total=content.get("low_total"),
        drop=content.get("drop"),
    )


INSTRUMENTS = ("life_satisfaction", "outcome", "alliance")
