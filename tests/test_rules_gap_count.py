"""How many things are missing: a fact that two kinds of gap tell of counts once."""

from datetime import date

import pytest

from fitservice.reporting import Gap, GapKind
from fitservice.rules.gap_count import SAYS_MORE_ABOUT, gap_count, part_of

DAY = date(2022, 1, 1)
EMPTY, ROW, LOW, DROPPED = GapKind.EMPTY_PERIOD, GapKind.CONSECUTIVE, GapKind.LOW_COVERAGE, GapKind.DROPPED
NOBODY, EMPTY_SIGN_OFF = GapKind.NO_ACTIVE_USERS, GapKind.EMPTY_SIGN_OFF
NOT_SIGNED, LATE, FEEDBACK = GapKind.NOT_SIGNED_OFF, GapKind.LATE, GapKind.FEEDBACK_NOT_USED


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], 0),
        ([EMPTY], 1),
        ([EMPTY, ROW], 1),
        ([EMPTY, ROW, EMPTY_SIGN_OFF], 1),
        ([NOBODY, EMPTY_SIGN_OFF], 1),
        ([LOW, DROPPED], 1),
        # enough are measured all the same, where the threshold is low
        ([DROPPED], 1),
        # what a period holds and when it was signed off are two things
        ([EMPTY, ROW, NOT_SIGNED], 2),
        ([EMPTY, ROW, EMPTY_SIGN_OFF, LATE], 2),
        ([LOW, DROPPED, NOT_SIGNED, FEEDBACK], 3),
        ([GapKind.SILENT, GapKind.BEHIND_PACE, FEEDBACK], 3),
        (list(GapKind), 10),
    ],
)
def test_each_thing_counts_once(kinds, expected):
    assert gap_count([Gap(kind, DAY) for kind in kinds]) == expected


@pytest.mark.parametrize("kind", GapKind)
def test_a_gap_alone_always_counts(kind):
    assert part_of(kind, [Gap(kind, DAY)]) is None


def test_a_part_names_what_it_says_more_about():
    found = [Gap(kind, DAY) for kind in GapKind]
    parts = {gap.kind: part_of(gap.kind, found) for gap in found}
    assert {kind: other for kind, other in parts.items() if other} == {ROW: EMPTY, DROPPED: LOW, EMPTY_SIGN_OFF: EMPTY}
    assert part_of(EMPTY_SIGN_OFF, [Gap(NOBODY, DAY)]) is NOBODY
    # nothing is a part of a part
    assert all(parts[kind] is None for kind in SAYS_MORE_ABOUT)
