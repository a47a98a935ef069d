"""SECURITY.md: every file and every test that it names is there."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CLAIMS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and "::" in line
]


def test_something_is_claimed() -> None:
    assert len(CLAIMS) > 60 and all(len(claim) == 3 for claim in CLAIMS)
    assert len({claim for claim, _, _ in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize(("claim", "file", "test"), CLAIMS, ids=[claim for claim, _, _ in CLAIMS])
def test_a_claim_names_the_file_and_the_test_that_hold_it(claim: str, file: str, test: str) -> None:
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert (ROOT / file).is_file()
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
