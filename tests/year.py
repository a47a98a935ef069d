"""A made-up year of the city as cells over inner rows: (districts + city) × (half-years, year) × measures."""

from collections import Counter, defaultdict
from random import Random

Cell = tuple[str, str, str]
PERIODS = ("H1", "H2", "year")


def made_up_year(seed: int, districts: int = 15, smallest: int = 40, largest: int = 260) -> tuple[dict, list[int]]:
    """The columns of all that is published of one year, and the count of each inner row.

    An inner row is the service users of one district who are counted in exactly the same cells; districts have from
    smallest to largest active service users.
    """
    chance = Random(seed)
    alike = Counter(
        (f"{district:02}", frozenset(_counted_in(chance)))
        for district in range(1, districts + 1)
        for _ in range(chance.randint(smallest, largest))
    )
    columns: dict[Cell, set[int]] = defaultdict(set)
    for row, (district, cells) in enumerate(sorted(alike, key=lambda kind: (kind[0], sorted(kind[1])))):
        for period, measure in cells:
            columns[district, period, measure].add(row)
            columns["city", period, measure].add(row)
    measures = {cell[1:] for cell in columns}
    areas = ["city", *(f"{district:02}" for district in range(1, districts + 1))]
    every = {(area, *measure): columns.get((area, *measure), set()) for area in areas for measure in sorted(measures)}
    return every, [alike[kind] for kind in sorted(alike, key=lambda kind: (kind[0], sorted(kind[1])))]


def _counted_in(chance: Random) -> set[tuple[str, str]]:
    """The periods and measures in which one service user is counted."""
    active = chance.choice([("H1", "H2"), ("H1", "H2"), ("H1",), ("H2",)])
    cells = {(period, "active_users") for period in (*active, "year")}
    first, latest = chance.randint(1, 6), 0
    feedback = chance.random() < 0.15
    for half in active:
        if chance.random() < 0.85:
            latest = min(7, max(1, first + chance.choice([-3, -2, -1, 0, 0, 1, 1, 2, 3])))
            cells |= {(period, name) for period in (half, "year") for name in _measures(first, latest, feedback)}
    kept = {(period, name) for period, name in cells if period != "year" or not name.startswith("life_satisfaction_")}
    return kept | ({("year", name) for name in _measures(first, latest, feedback)} if latest else set())


def _measures(first: int, latest: int, feedback: bool) -> set[str]:
    names = {"measured_users", f"life_satisfaction_{latest}"}
    if latest != first:
        names.add("life_satisfaction_paired")
    if abs(latest - first) >= 3:
        names.add(f"life_satisfaction_{'improved' if latest > first else 'deteriorated'}")
    if feedback:
        names |= {"outcome_users", "alliance_users"}
        if latest != first:
            names.add("outcome_paired")
        if abs(latest - first) >= 2:
            names.add(f"outcome_{'improved' if latest > first else 'deteriorated'}")
    return names
