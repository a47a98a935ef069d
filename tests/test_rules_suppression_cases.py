"""Secondary suppression as Statistics Norway does it: their published examples, with their published results."""

import json
import os
from pathlib import Path

import pytest

from fitservice.rules.disclosure.suppression import Rule, given_away, primary, suppress

FILE = Path(__file__).parent.parent.parent / "shared/data/suppression_cases.json"
CASES = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else []
ABSENT = f"{FILE} is not there"


def rule_of(case: dict) -> Rule:
    """The rule that a case's parameters describe."""
    said = case["params"]
    return Rule(
        small_count=said["maxN"] + 1,
        protect_zeros=said["protectZeros"],
        secondary_zeros=said["secondaryZeros"],
        structural_empty=said["structuralEmpty"],
        singleton_method=said["singletonMethod"],
    )


def table_of(case: dict) -> tuple[dict[tuple[str, ...], set[int]], list[int]]:
    """The inner rows of each cell, and the count of each inner row."""
    columns = {
        tuple(cell): {
            index
            for index, row in enumerate(case["inner"])
            if all(row[dim] in case["groups"][dim][code] for dim, code in zip(case["dims"], cell, strict=True))
        }
        for cell in case["cells"]
    }
    return columns, [row["freq"] for row in case["inner"]]


def test_the_published_examples_are_there():
    if not CASES and not os.environ.get("CI"):
        pytest.skip(f"NOT TESTED AGAINST THE PUBLISHED EXAMPLES: {ABSENT}")
    assert CASES, ABSENT


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_what_is_hidden_is_what_was_published(case):
    columns, counts = table_of(case)
    rule = rule_of(case)
    small = primary(columns, counts, rule)
    assert small == {tuple(cell) for cell in case["expected_primary"]}
    assert suppress(columns, counts, small, rule) == {tuple(cell) for cell in case["expected_suppressed"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_no_hidden_cell_is_given_back_by_sums(case):
    columns, counts = table_of(case)
    rule = rule_of(case)
    hidden = suppress(columns, counts, primary(columns, counts, rule), rule)
    assert given_away(columns, columns.keys() - hidden, hidden) == set()
