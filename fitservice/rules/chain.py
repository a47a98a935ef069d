"""A chain of sealed rows, read in the order of their ids: where it was broken, and how, row by row."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

Row = TypeVar("Row")
MOST_TOLD_APART = 200
"""So many rows that do not fit are kept to be told apart; of more only the number is said."""


class Fault(StrEnum):
    """What can be wrong with a row of the chain."""

    CHANGED = "changed"
    """It does not fit its seal: changed, or put in by somebody without the key."""
    MOVED = "moved"
    """It is sealed for another place, as number."""
    MISSING = "missing"
    """From id up to number there is nothing."""
    FOLLOWS = "follows"
    """It does not fit either: changed too, or tied to a seal that was lost with the row before."""
    UNSEALED = "unsealed"
    NO_KEY = "no_key"
    """Sealed by a key that is not here."""
    OLDER = "older"
    """It stands before the place where the chain begins."""
    CUT_OFF = "cut_off"
    """A head kept elsewhere has this id: the chain ends before it."""
    OTHER_HEAD = "other_head"
    """A head kept elsewhere has another seal for this id: what follows the last head that fits was written anew."""
    MORE = "more"
    """So many more rows after it do not fit, as number."""
    CHECKPOINT = "checkpoint"
    """The note of what was trimmed does not fit its seal."""


@dataclass(frozen=True)
class Broken:
    """One thing wrong; number is what its fault says."""

    id: int
    fault: Fault
    number: int | None = None


@dataclass(frozen=True)
class Link:
    """A row's place and seal."""

    id: int
    seal: str


BEGINNING = Link(0, "")


@dataclass(frozen=True)
class Entry(Generic[Row]):
    """A row with its id, its stored seal (None: it has none), and whether the key of that seal is here."""

    id: int
    seal: str | None
    row: Row
    has_key: bool = True


@dataclass
class Run(Generic[Row]):
    """Rows one after the other that do not fit, and the link before them, which does."""

    good: Link
    entries: list[Entry[Row]] = field(default_factory=list)


Seal = Callable[[Row, int, str], str]
"""The right seal of a row at a place (its id) after a seal."""


def broken(
    entries: Iterable[Entry[Row]], seal: Seal[Row], begin: Link = BEGINNING, heads: Iterable[Link] = ()
) -> Iterator[Broken]:
    """All that is wrong; keeps no more than MOST_TOLD_APART rows.

    heads are what was kept elsewhere; those of what was trimmed are passed over.
    """
    kept: dict[int, set[str]] = {}
    for head in heads:
        if head.id > begin.id:
            kept.setdefault(head.id, set()).add(head.seal)
    before, is_known, in_run = begin, True, False
    runs, most, more = list[Run[Row]](), MOST_TOLD_APART, 0
    for entry in entries:
        if entry.id <= begin.id:
            yield Broken(entry.id, Fault.OLDER)
            continue
        if entry.id in kept and kept[entry.id] != {entry.seal}:
            yield Broken(entry.id, Fault.OTHER_HEAD)
        if entry.id > before.id + 1:
            is_known = in_run = False
            yield Broken(before.id + 1, Fault.MISSING, entry.id - 1)
        # the row after a gap is tied to a seal that is gone: all it tells is from where the chain goes on
        if entry.seal and (not is_known or (entry.has_key and seal(entry.row, entry.id, before.seal) == entry.seal)):
            is_known, in_run = True, False
        elif most:
            if not in_run:
                runs.append(Run(before))
            runs[-1].entries.append(entry)
            in_run, most = True, most - 1
        else:
            more += 1
        before = Link(entry.id, entry.seal or "")
    yield from _told_apart(runs, seal)
    if more:
        yield Broken(runs[-1].entries[-1].id, Fault.MORE, more)
    for place in sorted(kept):
        if place > before.id:
            yield Broken(place, Fault.CUT_OFF)


def _told_apart(runs: list[Run[Row]], seal: Seal[Row]) -> Iterator[Broken]:
    """What is wrong with rows that do not fit one after the other.

    Their right order is put together again as far as it goes: whichever of them fits after a seal belongs there.
    """
    every = [entry for run in runs for entry in run.entries]
    belongs: dict[int, int] = {}
    lost: set[int] = set()
    for run in runs:
        before, is_lost = run.good.seal, False
        for here in run.entries:
            if is_lost:
                lost.add(here.id)
            candidates = [here, *(other for other in every if other is not here)]
            able = (one for one in candidates if one.id not in belongs and one.has_key and one.seal is not None)
            fits = next((one for one in able if seal(one.row, here.id, before) == one.seal), None)
            if fits:
                belongs[fits.id] = here.id
            before, is_lost = (fits or here).seal or "", fits is None
    for entry in every:
        if entry.id not in belongs:
            yield Broken(entry.id, _fault(entry, entry.id in lost))
        elif belongs[entry.id] != entry.id:
            yield Broken(entry.id, Fault.MOVED, belongs[entry.id])


def _fault(entry: Entry[Row], is_lost: bool) -> Fault:
    if entry.seal is None:
        return Fault.UNSEALED
    if not entry.has_key:
        return Fault.NO_KEY
    return Fault.FOLLOWS if is_lost else Fault.CHANGED
