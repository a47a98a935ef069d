"""What a release publishes: every hidden count stands the attack, and what follows from counts follows their rules."""

import pytest
from year import Year, added_up, counted, edition_of, made_up_year

from fitservice.model import MEASURES, Figure
from fitservice.rules.disclosure.attack import attack
from fitservice.rules.disclosure.editions import CITY, COUNTS, TOLD_BY, Edition
from fitservice.rules.disclosure.inner_rows import Limit
from fitservice.rules.disclosure.publication import protect
from fitservice.rules.disclosure.suppression import Rule
from fitservice.rules.disclosure.widening import Known, Widening
from fitservice.rules.releasing import sources

RULE = Rule()


def published(year: Year, *earlier: Edition, now: Edition | None = None) -> Edition:
    return protect(year, earlier, now or edition_of(year), RULE).edition


def alone(*scores: tuple[int, int], part: str = "H1") -> Year:
    """One district, measured in one half-year, and another so large that it hides nothing of the city."""
    small = added_up({part: counted(*pair)} for pair in scores)
    return {(1, "030101"): {part: small[part]}}


@pytest.mark.parametrize("seed", range(2))
def test_every_hidden_count_of_a_small_city_stands_the_attack(seed: int) -> None:
    year = made_up_year(seed, districts=3, smallest=15, largest=60)
    edition = published(year)
    ranges = list(attack(year, [edition], 5))
    assert len(ranges) > 50
    assert [one for one in ranges if not one.is_wider_than(5)] == []


def test_a_range_holds_the_true_count_and_every_table_that_was_found() -> None:
    """Of this city HiGHS 1.15 says with its presolve that 3 to 6 is all that a count of 8 can be."""
    year = made_up_year(58, districts=2, smallest=8, largest=53)
    edition = published(year)
    quick, exact = (list(attack(year, [edition], 5, exact=exact)) for exact in (False, True))
    assert len(quick) == len(exact) > 50
    stored = {name for parts in year.values() for counts in parts.values() for name in counts}
    for found, true in zip(quick, exact, strict=True):
        _, area, part, name = found.cell
        assert true.low <= found.low and (true.high is None or (found.high is not None and found.high <= true.high))
        assert found.is_wider_than(5) and true.is_wider_than(5)
        if name in stored:
            assert true.low <= _count(year, (area, part), name) <= (true.high or 10**9)
    assert len(stored & {found.cell[3] for found in quick}) > 10


def test_hiding_the_small_counts_alone_does_not() -> None:
    year = made_up_year(1, districts=3, smallest=15, largest=60)
    edition = published(year)
    bare = {
        place: {
            name: Figure(None, hidden=True) if 1 <= _count(year, place, name) < 5 else Figure(_count(year, place, name))
            for name in COUNTS
        }
        for place in edition.figures
    }
    figures = {place: {**edition.figures[place], **bare[place]} for place in bare}
    ranges = list(attack(year, [Edition(1, edition.sources, figures)], 5))
    assert len([one for one in ranges if not one.is_wider_than(5)]) > 20


def _count(year: Year, place: tuple[str, str], name: str) -> int:
    area, part = place
    return sum(counts[part].get(name, 0) for source, counts in year.items() if area in (CITY, source[1]))


def test_a_year_of_the_city_hides_every_small_count_and_keeps_means() -> None:
    year = made_up_year(1)
    edition = published(year)
    for (area, part), figures in edition.figures.items():
        for name in ("measured_users", "life_satisfaction_1", "life_satisfaction_improved", "outcome_users"):
            if 1 <= _count(year, (area, part), name) < 5:
                assert figures[name].hidden, (area, part, name)
    means = [figures["life_satisfaction_mean"] for figures in edition.figures.values()]
    assert sum(mean.hidden for mean in means) <= len(means) / 10
    assert all(set(MEASURES) | set(TOLD_BY) == set(figures) for figures in edition.figures.values())


def test_a_release_before_it_keeps_its_secrets() -> None:
    """The first half-year alone, then the whole year: what was hidden stays hidden, attacked over both."""
    whole = made_up_year(3, districts=3, smallest=20, largest=60, number=2)
    first: Year = {(1, code): {"H1": counts["H1"]} for (_, code), counts in whole.items()}
    half = published(first, now=Edition(1, {(code, "H1"): (1, code) for _, code in first}))
    frozen = {**first, **whole}
    later = {(code, part): (2, code) for _, code in whole for part in ("H2", "year")}
    year = published(frozen, half, now=Edition(2, {**later, **half.sources}))
    for place, then in half.figures.items():
        assert {name for name in COUNTS if then[name].hidden} <= {
            name for name in COUNTS if year.figures[place][name].hidden
        }
    assert [one for one in attack(frozen, [half, year], 5) if not one.is_wider_than(5)] == []


@pytest.mark.parametrize("seed", [2])
def test_a_later_release_in_which_a_district_changed_stands_the_attack_too(seed: int) -> None:
    before = made_up_year(seed, districts=3, smallest=20, largest=60)
    changed = made_up_year(seed + 5, districts=1, smallest=30, largest=30, number=2)
    frozen = {**before, **changed}
    first = published(before)
    now = {
        (source[1], part): counts for source, known in {**before, **changed}.items() for part, counts in known.items()
    }
    second = published(frozen, first, now=Edition(2, sources(2, now, before, [first], 5)))
    untouched = [place for place in first.figures if place[0] == "030103"]
    assert all(second.figures[place] == first.figures[place] for place in untouched)
    assert [one for one in attack(frozen, [first, second], 5) if not one.is_wider_than(5)] == []


def test_counts_that_come_back_are_those_of_the_release_that_had_them() -> None:
    """A district signs again what it had signed before: the third release shows what the first one did."""
    before = made_up_year(4, districts=3, smallest=20, largest=60)
    changed = made_up_year(9, districts=1, smallest=30, largest=30, number=2)
    frozen = {**before, **changed}
    first = published(before)
    back = {(source[1], part): counts for source, known in before.items() for part, counts in known.items()}
    now = back | {(source[1], part): counts for source, known in changed.items() for part, counts in known.items()}
    second = published(frozen, first, now=Edition(2, sources(2, now, before, [first], 5)))
    third = published(frozen, first, second, now=Edition(3, sources(3, back, frozen, [first, second], 5)))
    assert second.sources != first.sources and third.sources == first.sources
    assert third.figures == first.figures
    assert [one for one in attack(frozen, [first, second, third], 5) if not one.is_wider_than(5)] == []


@pytest.mark.parametrize(
    ("scores", "measure", "shown"),
    [
        ([(4, 4)] * 9 + [(3, 3)] * 0, "life_satisfaction_mean", False),  # fewer than ten, and all alike
        ([(4, 4)] * 12, "life_satisfaction_mean", False),  # all alike
        ([(1, 1)] * 12 + [(7, 7)] * 12, "life_satisfaction_mean", True),
        ([(4, 4)] * 12, "life_satisfaction_4", False),  # tells everybody's answer
        ([(1, 1)] * 12 + [(7, 7)] * 12, "life_satisfaction_1", True),
        ([(1, 1)] * 6 + [(2, 2)] * 6, "life_satisfaction_low_share", False),  # all of them are low
        ([(1, 1)] * 6 + [(7, 7)] * 6, "life_satisfaction_low_share", True),
        ([(4, 4)] * 3 + [(5, 5)] * 3, "coverage", False),  # fewer than ten
        ([(1, 5)] * 12, "life_satisfaction_improved", False),  # all of them got better
        ([(1, 1)] * 6 + [(7, 7)] * 6, "life_satisfaction_ci_low", True),
    ],
)
def test_a_figure_is_shown_where_it_tells_nothing_of_anybody(scores: list, measure: str, shown: bool) -> None:
    year = alone(*scores)
    edition = published(year, now=Edition(1, {("030101", "H1"): (1, "030101")}))
    assert edition.figures["030101", "H1"][measure].hidden is not shown


def test_the_years_mean_is_hidden_where_it_differs_from_the_half_years_by_a_few() -> None:
    both = [{"H2": counted(2, score), "year": counted(2, score)} for score in (1, 2, 3, 4, 5, 6, 7) for _ in range(6)]
    both = [{"H1": {"active_users": 1}, **one} for one in both]
    for few, hidden in ((0, False), (3, True), (5, False)):
        early = [{"H1": counted(4, 4), "year": counted(4, 4)} for _ in range(few)]
        year: Year = {(1, "030101"): added_up([*both, *early])}
        figures = published(year).figures["030101", "year"]
        assert figures["life_satisfaction_mean"].hidden is hidden, few


def test_where_nobody_was_measured_there_are_zeros_and_nothing_else() -> None:
    year: Year = {(1, "030101"): {"H1": {"active_users": 30}}}
    figures = published(year, now=Edition(1, {("030101", "H1"): (1, "030101")})).figures["030101", "H1"]
    assert figures["measured_users"].value == 0 and figures["active_users"].value == 30
    assert figures["life_satisfaction_mean"].value is None and not figures["life_satisfaction_mean"].hidden
    assert figures["coverage"].value == 0


def test_the_years_mean_is_hidden_where_few_were_in_both_halves() -> None:
    """n·mean of the first half, less what the year and the second leave of it, would be the total of one person."""
    first = [{"H1": counted(4, score), "year": counted(4, score)} for score in (1, 2, 3, 4, 5, 6, 7) for _ in range(6)]
    second = [{"H2": counted(4, score), "year": counted(4, score)} for score in (1, 2, 3, 4, 5, 6, 7) for _ in range(6)]
    for few, hidden in ((0, False), (1, True), (6, False)):
        both = [{"H1": counted(4, 4), "H2": counted(4, 5), "year": counted(4, 5)} for _ in range(few)]
        year: Year = {(1, "030101"): added_up([*first, *second, *both])}
        assert published(year).figures["030101", "year"]["life_satisfaction_mean"].hidden is hidden, few


def test_a_count_that_is_a_few_more_than_in_the_release_before_is_hidden_now() -> None:
    """Five new service users, one of whom scores 4: the difference would be a count of one."""
    scores = [(4, score) for score in (1, 2, 3, 4, 5, 6, 7) for _ in range(8)]
    before: Year = {(1, "030101"): {"H1": added_up({"H1": counted(*one)} for one in scores)["H1"]}}
    later = [*scores, (4, 4), *[(4, 6)] * 6]
    after: Year = {(2, "030101"): {"H1": added_up({"H1": counted(*one)} for one in later)["H1"]}}
    half = published(before, now=Edition(1, {("030101", "H1"): (1, "030101")}))
    frozen = {**before, **after}
    now = published(frozen, half, now=Edition(2, {("030101", "H1"): (2, "030101")}))
    assert half.figures["030101", "H1"]["life_satisfaction_4"].value == 8
    assert now.figures["030101", "H1"]["life_satisfaction_4"].hidden
    assert now.figures["030101", "H1"]["measured_users"].value == 63
    assert [one for one in attack(frozen, [half, now], 5) if not one.is_wider_than(5)] == []


def with_outcome(latest: int) -> dict[str, int]:
    return counted(4, latest, feedback=True)


def test_a_mean_that_a_few_have_changed_is_hidden_in_the_later_release() -> None:
    """The same number of outcome totals, one of them corrected, beside eight new service users without any."""
    people = [with_outcome(latest) for latest in (1, 2, 3, 4, 5, 6, 7) for _ in range(6)]
    before: Year = {(1, "030101"): {"H1": added_up({"H1": one} for one in people)["H1"]}}
    corrected = {**people[0], "outcome_sum": people[0]["outcome_sum"] + 300}
    newcomers = [counted(4, 4) for _ in range(8)]
    after: Year = {(2, "030101"): {"H1": added_up({"H1": one} for one in [corrected, *people[1:], *newcomers])["H1"]}}
    first = published(before, now=Edition(1, {("030101", "H1"): (1, "030101")}))
    frozen = {**before, **after}
    now = published(frozen, first, now=Edition(2, {("030101", "H1"): (2, "030101")}))
    assert first.figures["030101", "H1"]["outcome_mean"].value == 20.0
    assert now.figures["030101", "H1"]["outcome_users"].value == 42
    assert now.figures["030101", "H1"]["outcome_mean"].hidden
    third = published(frozen, first, now, now=Edition(3, {("030101", "H1"): (2, "030101")}))
    assert third.figures["030101", "H1"]["outcome_mean"].hidden


@pytest.mark.parametrize(("few", "hidden"), [(0, False), (7, True), (12, False)])
def test_the_citys_mean_is_hidden_where_the_districts_leave_a_few(few: int, hidden: bool) -> None:
    """Two districts show their mean of outcome; the third has too few for one of its own."""
    many = [with_outcome(latest) for latest in (1, 2, 3, 4, 5, 6, 7) for _ in range(6)]
    third = [with_outcome(latest) for latest in range(1, 8)][:few] + [with_outcome(4)] * max(0, few - 7)
    people = {"030101": many, "030102": many, "030103": [*third, *[counted(4, 3)] * 20]}
    year: Year = {(1, code): {"H1": added_up({"H1": one} for one in each)["H1"]} for code, each in people.items()}
    edition = published(year, now=Edition(1, {(code, "H1"): (1, code) for code in people}))
    assert edition.figures["030101", "H1"]["outcome_mean"].value is not None
    assert edition.figures["city", "H1"]["outcome_mean"].hidden is hidden


@pytest.mark.parametrize(
    ("most", "hopeless"), [(7, set()), (6, set()), (5, {frozenset({0})}), (3, {frozenset({0})}), (2, {frozenset({0})})]
)
def test_a_count_that_cannot_have_the_whole_room_has_as_much_as_there_is(most, hopeless):
    """Two of twelve are small; what was published before leaves the two at most `most` to be. A mean takes a margin."""
    small, other, both = frozenset({0}), frozenset({1}), frozenset({0, 1})
    known = Known([2, 10], [Limit({0: 1}, 0, most)], {small: 2, other: 10, both: 12}, {"mean": Limit({1: 5}, 50, 50)})
    widening = Widening(known, [small], 6)
    widening.widen()
    # if ten and twelve were still shown, two would be told by the sum
    assert len({other, both} & widening.hidden.keys()) > 0 and widening.hopeless == hopeless
