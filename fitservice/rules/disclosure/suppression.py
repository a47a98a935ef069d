"""Which cells of a table of counts are hidden so that no small count can be worked out from the others.

Primary: the small counts themselves. Secondary: cells that would give a hidden one away through sums.
Method: secondary suppression by Gaussian elimination as in Statistics Norway's GaussSuppression (Langsrud 2024,
doi:10.1007/978-3-031-69651-0_6), written anew from its description. Every cell is a set of inner rows, the finest
groups of persons. The cells are walked from the largest on; one that together with those already published would
fix a hidden cell is hidden too, the others are published. What sums cannot fix, limits may still narrow: that no
count is under 0 is not looked at, except for the single persons and zeros below.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, get_args

from fitservice.rules.disclosure.elimination import Published, Vector
from fitservice.rules.disclosure.walk import Rows, SingletonMethod, Walk

Cell = TypeVar("Cell", bound=Hashable)


@dataclass(frozen=True)
class Rule:
    """How counts are hidden; the names of the singleton methods are GaussSuppression's.

    A singleton is an inner row whose count everybody can guess once its hidden cells add up: one person where zeros
    are shown, nobody where zeros are hidden (protect_zeros: always; secondary_zeros: when that protects others).
    anySum hides every sum of singletons alone, anySumNOTprimary only those that fix a protected cell, subSum the
    singletons of each cell taken together, subSpace leaves singletons out of all comparing (the strictest), sub2Sum
    the two hidden inner rows of a cell when one is a singleton, none looks at no singletons.
    """

    small_count: int = 5
    protect_zeros: bool = False
    secondary_zeros: bool = False
    structural_empty: bool = False
    singleton_method: SingletonMethod = "anySum"

    def __post_init__(self) -> None:
        if self.singleton_method not in get_args(SingletonMethod):
            raise ValueError(f"unknown singleton method {self.singleton_method!r}")


def primary(columns: Mapping[Cell, Collection[int]], counts: Sequence[int], rule: Rule) -> set[Cell]:
    """The cells that are hidden for their own count (persons): under rule.small_count, 0 only with protect_zeros.

    With structural_empty a cell without inner rows is a 0 that everybody knows, and stays.
    Each column holds the indices of its inner rows in counts; raises ValueError for one that is not there.
    """
    contents = _contents(columns, counts)
    return {
        cell
        for cell, rows in contents.items()
        if (count := _count(rows, counts)) < rule.small_count
        and (count or rule.protect_zeros)
        and (rows or not rule.structural_empty)
    }


def suppress(
    columns: Mapping[Cell, Collection[int]],
    counts: Sequence[int],
    primary: Collection[Cell],
    rule: Rule,
    *,
    published_before: Collection[Cell] = (),
    hidden_before: Collection[Cell] = (),
    singletons: Collection[int] | None = None,
    zero_sums: Collection[Vector] = (),
) -> set[Cell]:
    """Every cell that is hidden: the primary ones, those hidden before, and those that would give them away.

    What an earlier release published stays published, even if it is small: everybody has it. The earlier release
    must be among the columns, over the same inner rows; where its persons were others, as columns of their own.
    What is given away by it already cannot be protected any more: see given_away(). Singletons are those of the rule,
    or the inner rows named here: where the rows are not seen as cells, nobody can guess that they hold one person.
    zero_sums are weighted sums of inner rows that everybody knows to be 0.
    Raises ValueError for a cell that is not in columns or was both published and hidden, for a row that is not in
    counts, and for subSum or subSpace where a cell of one singleton is not primary.
    """
    contents = _contents(columns, counts)
    _check_cells(contents, primary, published_before, hidden_before)
    given = {contents[cell] for cell in published_before}
    targets = {contents[cell] for cell in {*primary, *hidden_before} - {*published_before}}
    order = _order(contents, counts, rule)
    alone = _singletons(counts, rule) if singletons is None else frozenset(singletons)
    walk = Walk(order, targets - given, given, alone, rule.singleton_method, zero_sums)
    open_cells = [rows for rows in order if rows not in targets | given]
    alike = {rows for rows in open_cells if not walk.admits(rows)} | {rows for rows in targets - given if rows}
    hidden = {cell for cell, rows in contents.items() if rows in alike} | {*primary, *hidden_before}
    return hidden - {*published_before}


def given_away(columns: Mapping[Cell, Collection[int]], published: Iterable[Cell], hidden: Iterable[Cell]) -> set[Cell]:
    """The hidden cells that follow exactly from the published ones by adding and subtracting."""
    known = Published()
    for cell in published:
        if rest := known.rest_of(columns[cell]):
            known.add(rest, min(rest))
    return {cell for cell in hidden if not known.rest_of(columns[cell])}


def _contents(columns: Mapping[Cell, Collection[int]], counts: Sequence[int]) -> dict[Cell, Rows]:
    contents = {cell: frozenset(rows) for cell, rows in columns.items()}
    if any(row not in range(len(counts)) for rows in contents.values() for row in rows):
        raise ValueError("a column names an inner row that has no count")
    return contents


def _check_cells(contents: Mapping[Cell, Rows], *named: Collection[Cell]) -> None:
    unknown = {cell for cells in named for cell in cells} - contents.keys()
    if unknown:
        raise ValueError(f"no column for {sorted(map(str, unknown))}")
    _, published_before, hidden_before = named
    if both := {*published_before} & {*hidden_before}:
        raise ValueError(f"published and hidden before: {sorted(map(str, both))}")


def _count(rows: Iterable[int], counts: Sequence[int]) -> int:
    return sum(counts[row] for row in rows)


def _singletons(counts: Sequence[int], rule: Rule) -> Rows:
    guessed = 0 if rule.protect_zeros or rule.secondary_zeros else 1
    return frozenset(row for row, count in enumerate(counts) if count == guessed)


def _order(contents: Mapping[Cell, Rows], counts: Sequence[int], rule: Rule) -> list[Rows]:
    """The cells from the one that matters most on, without doubles: zeros (unless they may be hidden), then by count;
    between equal ones, first the one whose rows weigh most over all cells."""
    weight = [0] * len(counts)
    for rows in contents.values():
        for row in rows:
            weight[row] += _count(rows, counts) + 1

    def rank(rows: Rows) -> tuple[bool, int, int]:
        count = _count(rows, counts)
        return not count and not rule.secondary_zeros, count, sum(weight[row] for row in rows)

    return sorted(dict.fromkeys(contents.values()), key=rank, reverse=True)
