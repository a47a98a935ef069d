"""Tables of counts with their margins, as the rules of suppression want them."""

from collections.abc import Mapping, Sequence
from itertools import product

Cell = tuple[str, ...]


def crossed(*groups: Mapping[str, set[str]]) -> tuple[dict[Cell, set[int]], list[Cell]]:
    """The inner rows of every cell of a table, and the base codes of each inner row.

    Each way of grouping says which base codes its codes hold; the base codes are those that hold themselves alone.
    """
    inner = list(product(*([code for code, base in group.items() if base == {code}] for group in groups)))
    columns = {
        cell: {
            index
            for index, row in enumerate(inner)
            if all(code in group[name] for code, name, group in zip(row, cell, groups, strict=True))
        }
        for cell in product(*groups)
    }
    return columns, inner


def with_total(codes: Sequence[str]) -> dict[str, set[str]]:
    """Each code by itself, and all of them together as 'Total', first."""
    return {"Total": set(codes)} | {code: {code} for code in codes}


def named(cells: set[Cell]) -> set[str]:
    """Cells by their codes without a gap, as 'wa' for the row w and the column a."""
    return {"".join(cell) for cell in cells}
