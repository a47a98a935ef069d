"""SECURITY.md and docs/ASVS.md: every file and every test that they name is there, and no item is left out."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
CLAIMS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in SECURITY.splitlines()
    if line.startswith("|") and "::" in line
]
ITEMS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "ASVS.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]
"""Number, words, answer."""

LEVEL_3 = """
1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 3.6.1 3.7.3 3.7.4 3.7.5 4.1.4 4.1.5
4.2.2 4.2.3 4.2.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3 6.3.5 6.3.6 6.3.7 6.3.8 6.4.5 6.4.6 6.5.6 6.5.7 6.5.8 6.6.4 6.7.1 6.7.2
7.5.3 8.1.3 8.1.4 8.2.4 8.3.2 8.3.3 8.4.2 10.2.3 10.3.5 10.4.12 10.4.13 10.4.14 10.4.15 10.4.16 11.1.3 11.1.4 11.2.4
11.2.5 11.3.4 11.3.5 11.5.2 11.6.2 11.7.1 11.7.2 12.1.4 12.1.5 12.3.5 13.1.2 13.1.3 13.1.4 13.2.6 13.3.3 13.3.4 13.4.6
13.4.7 14.2.5 14.2.6 14.2.7 14.2.8 15.1.4 15.1.5 15.2.4 15.2.5 15.4.1 15.4.2 15.4.3 15.4.4 16.5.4 17.1.2 17.2.5 17.2.6
17.2.7 17.2.8
"""
"""Items of version 5.0.0 that are asked for at level 3 alone."""
IN_ALL = {
    1: (2, 10, 12, 3, 3),
    2: (3, 3, 5, 2),
    3: (1, 3, 5, 8, 8, 1, 5),
    4: (5, 5, 2, 4),
    5: (1, 6, 3, 3),
    6: (3, 12, 8, 6, 8, 4, 2, 4),
    7: (3, 4, 2, 5, 3, 2),
    8: (4, 4, 3, 2),
    9: (3, 4),
    10: (2, 3, 5, 16, 5, 2, 3),
    11: (4, 5, 5, 4, 2, 2, 2),
    12: (5, 2, 5),
    13: (4, 6, 4, 7),
    14: (2, 8, 3),
    15: (5, 5, 7, 4),
    16: (1, 5, 4, 3, 4),
    17: (2, 8, 2),
}
"""By chapter, how many items each of its sections has, on all three levels."""


@cache
def functions(path: str) -> set[str]:
    """The names of the functions of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def is_test(named: str) -> bool:
    """Whether there is such a test."""
    path, _, name = named.partition("::")
    return name.startswith("test_") and name in functions(path)


def test_something_is_claimed() -> None:
    assert len(CLAIMS) > 100 and all(len(claim) == 3 for claim in CLAIMS)
    assert len({claim for claim, _, _ in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize(("claim", "file", "test"), CLAIMS, ids=[claim for claim, _, _ in CLAIMS])
def test_a_claim_names_the_file_and_the_test_that_hold_it(claim: str, file: str, test: str) -> None:
    assert (ROOT / file).is_file() and is_test(test)


def test_every_item_of_levels_1_and_2_is_answered_once_in_order() -> None:
    known = [
        f"{chapter}.{section}.{number}"
        for chapter, counts in IN_ALL.items()
        for section, count in enumerate(counts, 1)
        for number in range(1, count + 1)
    ]
    higher = set(LEVEL_3.split())
    assert (len(known), len(higher)) == (345, 92) and higher <= set(known)
    assert [number for number, _, _ in ITEMS] == [number for number in known if number not in higher]


@pytest.mark.parametrize(("number", "words", "said"), ITEMS, ids=[number for number, _, _ in ITEMS])
def test_an_answer_names_what_holds_it_or_says_why_not(number: str, words: str, said: str) -> None:
    assert len(words) > 3
    named = re.findall(r"`((?:tests|fitservice|templates|migrations|docs)/[^`]+|setup\.cfg)`", said)
    tests = [name for name in named if "::" in name]
    assert all(map(is_test, tests)) and all((ROOT / name).is_file() for name in named if "::" not in name)
    if said.startswith("met: "):
        assert tests and len(named) > len(tests)
    else:
        reason = re.fullmatch(r"(?:not met|does not apply), because (.{12,})", said)
        assert reason and not reason[1].endswith("…")


def test_security_counts_them_as_they_are() -> None:
    kinds = Counter("met" if said.startswith("met") else said.partition(", ")[0] for _, _, said in ITEMS)
    words = f"{kinds['met']} are met, {kinds['not met']} are not, {kinds['does not apply']} do not apply"
    assert kinds.total() == 253 and words in " ".join(SECURITY.split())
