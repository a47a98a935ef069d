"""What a spell of enrolment may look like beside others and beside its sessions."""

from datetime import date

import pytest

from fitservice.model import Invalid
from fitservice.rules.enrolments import check_spell, covers, overlap


def spell(first: str, last: str | None = None) -> tuple[date, date | None]:
    """A spell in 2022 from month and day."""
    return date.fromisoformat(f"2022-{first}"), date.fromisoformat(f"2022-{last}") if last else None


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (spell("01-01", "03-01"), spell("03-02", "05-01"), False),
        (spell("01-01", "03-01"), spell("03-01", "05-01"), True),
        (spell("01-01"), spell("12-31"), True),
        (spell("06-01"), spell("01-01", "05-31"), False),
        (spell("01-01", "12-31"), spell("05-01", "05-02"), True),
        (spell("05-01", "05-01"), spell("05-01", "05-01"), True),
    ],
)
def test_spells_overlap_if_they_share_a_day(one, other, shared):
    assert overlap(one, other) is shared
    assert overlap(other, one) is shared


@pytest.mark.parametrize(("day", "covered"), [("01-31", False), ("02-01", True), ("02-28", True), ("03-01", False)])
def test_both_ends_belong_to_a_spell(day, covered):
    assert covers(spell("02-01", "02-28"), date.fromisoformat(f"2022-{day}")) is covered


@pytest.mark.parametrize(
    ("own", "others", "held_on", "code"),
    [
        (spell("05-01", "04-30"), [], [], "ends_before_start"),
        (spell("05-01"), [spell("01-01", "05-01")], [], "enrolments_overlap"),
        (spell("05-01", "06-01"), [spell("06-01")], [], "enrolments_overlap"),
        (spell("05-01"), [], [date(2022, 4, 30)], "session_before_start"),
        (spell("05-01", "05-31"), [], [date(2022, 5, 1), date(2022, 6, 1)], "session_after_end"),
    ],
)
def test_a_spell_that_cannot_be_is_refused(own, others, held_on, code):
    with pytest.raises(Invalid) as refused:
        check_spell(own, others, held_on)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    ("own", "others", "held_on"),
    [
        (spell("05-01", "05-01"), [], [date(2022, 5, 1)]),
        (spell("05-01"), [spell("01-01", "04-30")], [date(2022, 5, 1), date(2022, 12, 31)]),
        (spell("05-01", "05-31"), [spell("06-01")], [date(2022, 5, 31)]),
    ],
)
def test_a_spell_that_touches_nothing_is_fine(own, others, held_on):
    check_spell(own, others, held_on)
