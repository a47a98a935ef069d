"""Secondary suppression: results that Statistics Norway published, the known traps, and what was published before."""

import pytest

from fitservice.rules.disclosure.suppression import Rule, given_away, primary, suppress
from tests.tables import crossed, named, with_total

# the examples in the reference of GaussSuppressionFromData and their results there (GaussSuppression, MIT)
FIVE = ("123", "ABCDE", [1, 1, 1, 5, 5, 9, 9, 9, 9, 9, 0, 0, 0, 7, 7])
NINE = ("123", "abc", [0, 2, 5, 0, 0, 6, 7, 8, 9])
NEEDS = [
    *([11, 11, 55, 36], [7, 1, 29, 18], [5, 8, 35, 25], [13, 2, 17, 13], [9, 14, 63, 52], [12, 9, 24, 22]),
    *([6, 4, 22, 8], [9, 3, 38, 15], [3, 0, 9, 2], [9, 0, 32, 20], [4, 2, 18, 11]),
]
AREAS = {
    "1": {*"AI"},
    "10": {*"JK"},
    "300": {*"ABCDEFGH"},
    "4": {"B"},
    "400": {*"IJK"},
    "5": {*"CD"},
    "6": {*"EF"},
    "8": {*"GH"},
    "Total": {*"ABCDEFGHIJK"},
    **{region: {region} for region in "ABCDEFGHIJK"},
}


def hidden_in(rows: str, names: str, counts: list[int], rule: Rule) -> set[str]:
    """The hidden cells of a table with both margins."""
    columns, _ = crossed(with_total(rows), with_total(names))
    return named(suppress(columns, counts, primary(columns, counts, rule), rule))


@pytest.mark.parametrize(
    ("table", "changed", "hidden"),
    [
        (FIVE, {"protect_zeros": True}, "1A 1B 1C 1E 3A 3B 3C 3E"),
        (FIVE, {}, "1A 1B 1C 1E 2A 2B 2C 2E"),
        (FIVE, {"singleton_method": "none"}, "1A 1B 1C 2A 2B 2C"),
        (NINE, {"protect_zeros": True, "singleton_method": "none"}, "1a 1b 2a 2b"),
        (NINE, {"protect_zeros": True}, "1a 1b 1c 2a 2b 2c 3a 3b"),
        (NINE, {"secondary_zeros": True, "singleton_method": "none"}, "1a 1b 2a 2b"),
        (NINE, {"secondary_zeros": True}, "1b 1c 2b 2c"),
        (NINE, {"secondary_zeros": True, "singleton_method": "anySumNOTprimary"}, "1b 1c 2b 2c"),
    ],
)
def test_zeros_and_single_persons_are_hidden_as_published(table, changed, hidden):
    assert hidden_in(*table, Rule(small_count=4, **changed)) == {*hidden.split()}


def test_a_table_of_regions_is_hidden_as_published():
    counts = [count for region in NEEDS[:8] for count in region]
    hidden = hidden_in("ABCDEFGH", "aewt", counts, Rule(small_count=4, protect_zeros=True))
    assert hidden == {"Ba", "Be", "Da", "De", "Ha", "He"}


def test_a_table_of_overlapping_regions_is_hidden_as_published():
    columns, _ = crossed(AREAS, with_total("aewt"))
    counts = [count for region in NEEDS for count in region]
    rule = Rule(small_count=4)
    assert named(suppress(columns, counts, primary(columns, counts, rule), rule)) == {
        *("10e", "10t", "300a", "300e", "4e", "4t", "400a", "400e", "Aa", "At", "Be", "Bt", "Ca", "Ce", "Da", "De"),
        *("Ga", "Ge", "Ha", "He", "Ia", "It", "Ke", "Kt"),
    }


# published before: every row and every column hides two cells or more, and yet one is 47 exactly
FOUR, _ = crossed(with_total("wxyz"), with_total("abcd"))
FOUR_COUNTS = [30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685]
LOOKS_SAFE = {(row, column) for row, column in ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd"]}


def test_two_hidden_cells_in_each_row_and_column_are_not_enough():
    assert named(given_away(FOUR, FOUR.keys() - LOOKS_SAFE, LOOKS_SAFE)) == {"wb"}


def test_more_is_hidden_until_no_sum_gives_a_cell_back():
    hidden = suppress(FOUR, FOUR_COUNTS, LOOKS_SAFE, Rule())
    assert hidden > LOOKS_SAFE
    assert given_away(FOUR, FOUR.keys() - hidden, hidden) == set()


HALVES, _ = crossed({"year": {"H1", "H2"}, "H1": {"H1"}, "H2": {"H2"}}, with_total("ABC"))
HALVES_COUNTS = [9, 3, 8, 12, 11, 14]


def test_half_years_protected_apart_from_the_year_give_the_hidden_cell_back():
    apart = set()
    for period in ("H1", "H2", "year"):
        table = {cell: rows for cell, rows in HALVES.items() if cell[0] == period}
        apart |= suppress(table, HALVES_COUNTS, primary(table, HALVES_COUNTS, Rule()), Rule())
    assert ("H1", "B") in given_away(HALVES, HALVES.keys() - apart, apart)


def test_half_years_protected_with_the_year_do_not():
    small = primary(HALVES, HALVES_COUNTS, Rule())
    hidden = suppress(HALVES, HALVES_COUNTS, small, Rule())
    assert named(small) == {"H1B"}
    assert given_away(HALVES, HALVES.keys() - hidden, hidden) == set()
    assert len({cell for cell in hidden if cell[1] == "B"}) == 2


ROW, _ = crossed({"all": {"all"}}, with_total("abcd"))


def test_two_single_persons_beside_each_other_are_not_the_only_hidden_cells():
    counts = [1, 1, 9, 7]
    assert suppress(ROW, counts, {("all", "a"), ("all", "b")}, Rule(singleton_method="none")) == {
        *{("all", "a"), ("all", "b")}
    }
    assert len(suppress(ROW, counts, {("all", "a"), ("all", "b")}, Rule())) == 3


def test_the_strictest_method_hides_no_less():
    columns, _ = crossed(with_total("123"), with_total("ABCDE"))
    small = primary(columns, FIVE[2], Rule())
    sizes = [
        len(suppress(columns, FIVE[2], small, Rule(singleton_method=method)))
        for method in ("none", "sub2Sum", "subSum", "anySum", "subSpace")
    ]
    assert sizes == sorted(sizes)


def test_what_was_published_before_stays_and_others_are_hidden_in_its_place():
    counts = [3, 9, 8, 7]
    fresh = suppress(ROW, counts, {("all", "a")}, Rule())
    assert named(fresh) == {"alla", "alld"}
    later = suppress(ROW, counts, {("all", "a")}, Rule(), published_before={("all", "d")})
    assert named(later) == {"alla", "allc"}


def test_what_was_published_before_stays_even_if_it_is_small():
    published = {("all", "a"), ("all", "Total")}
    assert suppress(ROW, [3, 9, 8, 7], {("all", "a")}, Rule(), published_before=published) == set()


def test_what_was_hidden_before_stays_hidden_and_protected():
    hidden = suppress(ROW, [6, 9, 8, 7], set(), Rule(), hidden_before={("all", "b")})
    assert named(hidden) == {"allb", "alla"}


def test_a_pull_a_month_later_does_not_give_away_who_came_since():
    # rows: there before and since, by score; the earlier pull is columns of its own over the rows there before
    columns = {
        ("before", "low"): {0},
        ("before", "high"): {1},
        ("before", "all"): {0, 1},
        ("now", "low"): {0, 2},
        ("now", "high"): {1, 3},
        ("now", "all"): {0, 1, 2, 3},
    }
    counts = [8, 9, 1, 6]
    before = {cell for cell in columns if cell[0] == "before"}
    came_since = columns | {("since", "low"): {2}, ("since", "high"): {3}}
    hidden = suppress(
        came_since, counts, primary(came_since, counts, Rule()) | {("since", "high")}, Rule(), published_before=before
    )
    assert {("now", "low"), ("now", "high")} <= hidden
    assert ("now", "all") not in hidden


def test_equal_cells_are_hidden_together():
    columns = {"district": {0}, "the only one in its part": {0}, "another": {1}, "third": {2}, "all": {0, 1, 2}}
    assert suppress(columns, [2, 7, 9], {"district"}, Rule()) == {"district", "the only one in its part", "another"}


def test_the_order_of_the_cells_decides_between_equals_only():
    backwards = dict(reversed(FOUR.items()))
    assert suppress(FOUR, FOUR_COUNTS, LOOKS_SAFE, Rule()) == suppress(backwards, FOUR_COUNTS, LOOKS_SAFE, Rule())


def test_nothing_small_hides_nothing():
    assert suppress(ROW, [5, 6, 7, 0], primary(ROW, [5, 6, 7, 0], Rule()), Rule()) == set()


def test_a_cell_without_rows_is_a_zero_that_is_known_or_hidden_as_it_is():
    columns = {"none": set(), "few": {0}, "many": {1}}
    known, unknown = Rule(protect_zeros=True, structural_empty=True), Rule(protect_zeros=True)
    assert primary(columns, [2, 9], known) == {"few"}
    assert suppress(columns, [2, 9], primary(columns, [2, 9], unknown), unknown) == {"none", "few"}


@pytest.mark.parametrize(
    "asked",
    [
        lambda: suppress(ROW, [1, 2, 3, 4], {("all", "e")}, Rule()),
        lambda: suppress(ROW, [1, 2, 3], set(), Rule()),
        lambda: suppress(ROW, [5] * 4, set(), Rule(), published_before=ROW, hidden_before=ROW),
        lambda: suppress(ROW, [0, 2, 3, 4], set(), Rule(secondary_zeros=True, singleton_method="subSum")),
        lambda: Rule(singleton_method="some"),
    ],
    ids=["no such cell", "no such row", "published and hidden", "method for hidden zeros", "no such method"],
)
def test_what_cannot_be_asked_is_refused(asked):
    with pytest.raises(ValueError):
        asked()
