"""What an attacker with an integer program can still narrow down, after our suppression and without it."""

from random import Random

import pytest

from fitservice.rules.disclosure.hiding import hide
from fitservice.rules.disclosure.suppression import Rule, given_away, primary, suppress
from tests.attack import ranges, too_narrow
from tests.optimum import beside_the_optimum, known_of
from tests.tables import Cell, crossed, named, with_total
from tests.test_rules_suppression import FOUR, FOUR_COUNTS, HALVES, HALVES_COUNTS, LOOKS_SAFE, ROW
from tests.test_rules_suppression_cases import CASES, rule_of, table_of

HALF_YEARS = {"year": {"H1", "H2"}, "H1": {"H1"}, "H2": {"H2"}}


def test_the_attack_finds_the_cell_that_looks_safe():
    found = ranges(FOUR, FOUR_COUNTS, LOOKS_SAFE)
    assert found["w", "b"] == (47, 47)
    assert named({cell for cell, (low, high) in found.items() if low == high}) == {"wb"}


def test_after_our_suppression_it_does_not():
    hidden = suppress(FOUR, FOUR_COUNTS, LOOKS_SAFE, Rule())
    assert too_narrow(ranges(FOUR, FOUR_COUNTS, hidden), 5) == {}


def test_half_years_and_year_protected_together_leave_wide_ranges():
    hidden = suppress(HALVES, HALVES_COUNTS, primary(HALVES, HALVES_COUNTS, Rule()), Rule())
    assert too_narrow(ranges(HALVES, HALVES_COUNTS, hidden, at_least=1), 5) == {}


@pytest.mark.parametrize(("method", "range_of_each"), [("none", (1, 1)), ("anySum", (1, 7))])
def test_single_persons_beside_each_other_give_each_other_away_only_without_care(method, range_of_each):
    counts = [1, 1, 9, 7]
    hidden = suppress(ROW, counts, {("all", "a"), ("all", "b")}, Rule(singleton_method=method))
    found = ranges(ROW, counts, hidden, at_least=1)
    assert found["all", "a"] == found["all", "b"] == range_of_each


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_published_examples_leave_no_hidden_count_certain(case):
    columns, counts = table_of(case)
    rule = rule_of(case)
    hidden = suppress(columns, counts, primary(columns, counts, rule), rule)
    assert [cell for cell, (low, high) in ranges(columns, counts, hidden).items() if low == high] == []


def random_table(seed: int) -> tuple[dict[Cell, set[int]], list[int]]:
    """Two or three districts × half-years and year × two to four scores with all totals, many counts small."""
    chance = Random(seed)
    districts, scores = "ABC"[: chance.choice([2, 3])], "1234"[: chance.randint(2, 4)]
    columns, inner = crossed(with_total(districts), HALF_YEARS, with_total(scores))
    return columns, [chance.choice([0, 0, 1, 2, 3, 4, 6, 9, 13, 20]) for _ in inner]


def test_in_random_tables_no_sum_gives_a_hidden_count_back():
    for seed in range(300):
        columns, counts = random_table(seed)
        hidden = suppress(columns, counts, primary(columns, counts, Rule()), Rule())
        assert given_away(columns, columns.keys() - hidden, hidden) == set(), seed


def hidden_with_room(columns: dict[Cell, set[int]], counts: list[int], rule: Rule) -> set[Cell]:
    """What suppression and widening hide of a table."""
    contents = {cell: frozenset(rows) for cell, rows in columns.items()}
    small = {contents[cell] for cell in primary(columns, counts, rule)}
    hidden = hide(known_of({*contents.values()}, counts), small, rule).hidden
    return {cell for cell, rows in contents.items() if rows in hidden}


def test_suppression_alone_leaves_little_room_and_widening_makes_it():
    narrow = 0
    for seed in range(25):
        columns, counts = random_table(seed)
        by_sums = suppress(columns, counts, primary(columns, counts, Rule()), Rule())
        narrow += len(too_narrow(ranges(columns, counts, by_sums), 6))
        hidden = hidden_with_room(columns, counts, Rule())
        assert too_narrow(ranges(columns, counts, hidden), 6) == {}, seed
        assert given_away(columns, columns.keys() - hidden, hidden) == set(), seed
    assert narrow > 100


def test_no_more_is_hidden_than_a_quarter_over_the_fewest_possible():
    """Over small cities together; suppression's care for single persons, which no range shows, comes on top."""
    hidden, with_care, fewest = beside_the_optimum(6)
    assert fewest < hidden <= 1.25 * fewest
    assert with_care <= 1.6 * fewest
