"""What is worth attention in a review of who can see what, as tables of cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import identity_number

from fitservice.model import Invalid, Role
from fitservice.rules.access_review import (
    Administrators,
    Concern,
    Holder,
    SecondStep,
    administrators,
    concerns,
    is_reminded,
    parse_comment,
    with_concern,
)

TODAY = date(2026, 11, 22)
LONG_AGO = date(2025, 1, 1)


def ago(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=days)


AMINA = Holder("Amina", "amina", Role.CASEWORKER, LONG_AGO, LONG_AGO, TODAY, 1, 12, "Alna", "030112", SecondStep.OFF)
TOKEN = Holder("Board", "Board", Role.API_CLIENT, ago(10), ago(10), TODAY, until=TODAY + timedelta(days=355))


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        (AMINA, []),
        (replace(AMINA, last_used=ago(89)), []),
        (replace(AMINA, last_used=ago(90)), [Concern.UNUSED]),
        # never used counts from the day on which it was made, not from a new role
        (replace(AMINA, last_used=None, made_on=ago(89), since=ago(89)), []),
        (replace(AMINA, last_used=None, made_on=ago(90), since=ago(1)), [Concern.NEVER_USED]),
        # used before it is judged from that day, however old it is
        (replace(AMINA, last_used=ago(1), made_on=ago(900)), []),
        (replace(AMINA, role=Role.TEAM_LEAD), [Concern.NO_SECOND_STEP]),
        (replace(AMINA, role=Role.TEAM_LEAD, second_step=SecondStep.ON), []),
        (replace(AMINA, role=Role.TEAM_LEAD, second_step=SecondStep.OF_THE_CITY), []),
        (replace(AMINA, role=Role.TEAM_LEAD, last_used=ago(400)), [Concern.UNUSED, Concern.NO_SECOND_STEP]),
        (TOKEN, []),
        (replace(TOKEN, last_used=ago(90)), [Concern.UNUSED]),
        (replace(TOKEN, last_used=None, made_on=ago(90)), [Concern.NEVER_USED]),
        (replace(TOKEN, until=TODAY + timedelta(days=365)), []),
        (replace(TOKEN, until=TODAY + timedelta(days=366)), [Concern.ENDS_LATE]),
        (replace(TOKEN, until=None), [Concern.ENDS_LATE]),
    ],
)
def test_what_is_worth_attention(holder, expected):
    assert concerns(holder, TODAY, 90, ["team_lead"]) == expected
    assert with_concern([holder, AMINA, TOKEN], TODAY, 90, ["team_lead"]) == bool(expected)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, Administrators.NONE), (1, None), (2, Administrators.SEVERAL), (3, Administrators.SEVERAL)],
)
def test_one_administrator_is_as_it_should_be(count, expected):
    assert administrators([AMINA, TOKEN, *[replace(AMINA, role=Role.ADMINISTRATOR)] * count]) is expected


@pytest.mark.parametrize(
    ("since", "reminded"),
    [
        (date(2026, 5, 23), False),
        (date(2026, 5, 22), True),
        (date(2026, 5, 21), False),
        # every two weeks from then on
        (date(2026, 5, 8), True),
        (date(2026, 4, 25), True),
        (TODAY, False),
    ],
)
def test_a_reminder_comes_after_six_months_and_every_two_weeks(since, reminded):
    assert is_reminded(since, TODAY) is reminded


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("   ", "required"),
        ("ok", "too_short"),
        ("x" * 301, "too_long"),
        ("all \u200b right", "not_printable"),
        (f"closed {identity_number()}", "identity_number"),
    ],
)
def test_a_comment_that_is_none_is_refused(text, code):
    with pytest.raises(Invalid) as error:
        parse_comment(text)
    assert error.value.problems[0].code == code


def test_a_comment_is_one_line():
    assert parse_comment("  Closed two,\n  the rest is right. ") == "Closed two, the rest is right."
