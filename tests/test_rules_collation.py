"""Norwegian order: what comes first in a list of references or names."""

import itertools

import pytest

from fitservice.rules.collation import collation_key, compare


@pytest.mark.parametrize(
    "in_order",
    [
        ["Zoe", "Ærlig", "Østby", "Åse"],
        ["zoe", "Ærlig", "østby", "åse"],
        ["a", "B", "c", "D"],
        ["AL-1", "al-2", "AL-3"],
        ["aa", "ab", "z", "å"],
        ["Bjørg", "Bjørn", "Bjåland"],
        ["André", "Andrea", "Andrew"],
        ["Ærfugl", "Ärlig", "Ærverdig"],
        ["Öberg", "Ødegård", "Öst"],
        ["Bo", "Bo Li", "Bodil"],
        ["", "1", "10", "2", "A"],
        ["A\u030aa", "Åb", "A\u030ac"],
    ],
)
def test_texts_come_in_norwegian_order(in_order: list[str]) -> None:
    assert all(sorted(mixed, key=collation_key) == in_order for mixed in itertools.permutations(in_order))


def test_texts_that_differ_only_in_case_or_accents_have_an_order_too() -> None:
    texts = ["idé", "IDE", "ide", "Ide"]
    assert len({tuple(sorted(mixed, key=collation_key)) for mixed in itertools.permutations(texts)}) == 1


@pytest.mark.parametrize(("one", "other", "expected"), [("Z", "æ", -1), ("å", "Ø", 1), ("ø", "ø", 0), ("a", "A", 1)])
def test_two_texts_are_compared_as_sqlite_asks(one: str, other: str, expected: int) -> None:
    assert compare(one, other) == expected
