"""Inner rows: how many are in each follows from the half-years and the year, and the facts about them are true."""

import pytest
from year import added_up, counted, edition_of, made_up_year

from fitservice.rules.disclosure.editions import assemble
from fitservice.rules.disclosure.inner_rows import InnerRows, are_the_same, changed_persons

ALNA = (1, "030112")


def test_a_year_falls_into_only_the_first_half_both_and_the_second() -> None:
    people = [
        {"H1": counted(3, 4), "H2": counted(3, 6), "year": counted(3, 6)},
        {"H1": counted(2, 4), "year": counted(2, 4)},
        {"H2": counted(5, 4), "year": counted(5, 4)},
    ]
    rows = InnerRows()
    rows.add(ALNA, added_up(people))
    in_each = {
        part: sum(rows.counts[row] for row in rows.of(ALNA, part, "life_satisfaction_4"))
        for part in ("H1", "H2", "year")
    }
    assert in_each == {"H1": 2, "H2": 1, "year": 2}
    only = rows.of(ALNA, "H1", "measured_users") & rows.of(ALNA, "year", "measured_users")
    assert sum(rows.counts[row] for row in only) == 1


def test_counts_that_cannot_be_those_of_one_year_are_refused() -> None:
    with pytest.raises(ValueError, match="does not add up"):
        InnerRows().add(ALNA, {"H1": {}, "H2": {"active_users": 3}, "year": {"active_users": 2}})


@pytest.mark.parametrize("seed", range(5))
def test_every_fact_is_true_of_the_counts_that_it_is_about(seed: int) -> None:
    year = made_up_year(seed, districts=4)
    rows = assemble(year, [edition_of(year)], 5).rows
    assert len(rows.facts) > 100
    for fact in rows.facts:
        total = sum(weight * rows.counts[row] for row, weight in fact.weights.items())
        assert (fact.low is None or total >= fact.low) and (fact.high is None or total <= fact.high)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([(3, 4)], [(3, 4)], 0),
        ([(3, 4)], [(3, 5)], 1),
        ([(3, 4)], [(3, 4), (1, 1), (2, 2)], 2),
        ([(3, 4), (3, 4), (3, 5)], [(3, 5), (3, 5), (3, 4)], 1),
        ([(1, 4)], [(4, 4)], 1),
    ],
)
def test_how_many_are_counted_otherwise(before: list, after: list, changed: int) -> None:
    old, new = (added_up({"H1": counted(*scores)} for scores in each)["H1"] for each in (before, after))
    assert changed_persons(old, new) == changed
    assert are_the_same(old, new) is (changed == 0)
