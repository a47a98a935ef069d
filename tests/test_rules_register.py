"""Who owes what, by which days and thresholds, as the latest decision known on a day says."""

import contextlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitservice.model import Invalid
from fitservice.reporting import Dates, Step, Threshold
from fitservice.rules.periods import parse_half, parse_period
from fitservice.rules.register import (
    THRESHOLDS,
    Spell,
    check_dates,
    check_deadline,
    check_threshold,
    dates_of,
    default_dates,
    halves_of,
    owes,
    parse_threshold,
    refuse_closed,
    threshold,
    typed_threshold,
)
from fitservice.rules.sign_off import Event, is_timely, state_of

EARLY, MIDDLE, LATER = date(2022, 1, 1), date(2022, 6, 1), date(2023, 1, 1)
NOW = date(2026, 1, 1)

ALWAYS = (Spell("2020H1", None, EARLY), True)


@pytest.mark.parametrize(
    ("decisions", "code", "as_of", "expected"),
    [
        ([], "2022H1", NOW, False),
        ([ALWAYS], "2022H1", NOW, True),
        ([ALWAYS], "2020H1", NOW, True),
        ([ALWAYS], "2019H2", NOW, False),
        # a later decision wins where the two overlap, whichever way
        ([ALWAYS, (Spell("2022H1", "2022H2", EARLY), False)], "2021H2", NOW, True),
        ([ALWAYS, (Spell("2022H1", "2022H2", EARLY), False)], "2022H1", NOW, False),
        ([ALWAYS, (Spell("2022H1", "2022H2", EARLY), False)], "2022H2", NOW, False),
        ([ALWAYS, (Spell("2022H1", "2022H2", EARLY), False)], "2023H1", NOW, True),
        ([(Spell("2022H1", "2022H2", EARLY), False), ALWAYS], "2022H1", NOW, True),
        ([ALWAYS, (Spell("2022H1", None, EARLY), False), (Spell("2023H1", None, EARLY), True)], "2022H2", NOW, False),
        ([ALWAYS, (Spell("2022H1", None, EARLY), False), (Spell("2023H1", None, EARLY), True)], "2023H1", NOW, True),
        # what was decided later was not known before
        ([ALWAYS, (Spell("2022H1", None, MIDDLE), False)], "2022H1", date(2022, 5, 31), True),
        ([ALWAYS, (Spell("2022H1", None, MIDDLE), False)], "2022H1", MIDDLE, False),
        ([ALWAYS], "2022H1", date(2021, 12, 31), False),
        # an end
        ([(Spell("2020H1", "2021H1", EARLY), True)], "2021H1", NOW, True),
        ([(Spell("2020H1", "2021H1", EARLY), True)], "2021H2", NOW, False),
        # a year where both its halves are owed
        ([ALWAYS], "2022", NOW, True),
        ([ALWAYS, (Spell("2022H2", None, EARLY), False)], "2022", NOW, False),
        ([ALWAYS, (Spell("2022H1", "2022H1", EARLY), False)], "2022", NOW, False),
        ([(Spell("2020H2", None, EARLY), True)], "2020", NOW, False),
    ],
)
def test_who_owes_what(decisions, code, as_of, expected):
    assert owes(iter(decisions), parse_period(code), as_of) is expected


RAISED = [(Spell("2022H2", None, MIDDLE), 0.9), (Spell("2023H2", None, LATER), 0.7)]


@pytest.mark.parametrize(
    ("code", "as_of", "expected"),
    [
        ("2022H1", NOW, 0.8),
        ("2022H2", NOW, 0.9),
        ("2023H1", NOW, 0.9),
        ("2023H2", NOW, 0.7),
        ("2022", NOW, 0.9),
        ("2023", NOW, 0.7),
        ("2022H2", date(2022, 5, 31), 0.8),
        ("2023H2", date(2022, 12, 31), 0.9),
        ("2023H2", LATER, 0.7),
    ],
)
def test_a_threshold_counts_from_a_half_year_on_as_known_on_the_day(code, as_of, expected):
    assert threshold(RAISED, Threshold.COVERAGE, parse_period(code), as_of) == expected


@pytest.mark.parametrize("name", Threshold)
def test_every_threshold_has_a_usable_value_before_any_decision(name):
    assert threshold([], name, parse_half("2022H1"), NOW) == THRESHOLDS[name]
    check_threshold(name, THRESHOLDS[name])


def test_the_halves_of_a_period():
    assert [half.code for half in halves_of(parse_period("2022"))] == ["2022H1", "2022H2"]
    assert [half.code for half in halves_of(parse_period("2022H2"))] == ["2022H2"]


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("2022H1", ("2022-07-31", "2022-08-15", "2022-08-16", "2023-04-15", "2023-06-15")),
        ("2022H2", ("2023-01-31", "2023-02-15", "2023-02-16", "2023-04-15", "2023-06-15")),
        ("2023H2", ("2024-01-31", "2024-02-15", "2024-02-16", "2024-04-15", "2024-06-15")),
    ],
)
def test_the_days_unless_others_are_set(code, days):
    found = default_dates(parse_half(code))
    assert tuple(day.isoformat() for day in vars(found).values()) == days
    check_dates(parse_half(code), found)


H1 = parse_half("2022H1")
DEFAULT = default_dates(H1)


def moved(**days: date) -> Dates:
    """The default days of 2022H1 with others in their place."""
    return Dates(**{**vars(DEFAULT), **days})


def test_the_latest_days_known_on_a_day_count():
    first, second = moved(deadline=date(2022, 8, 1)), moved(deadline=date(2022, 8, 2))
    decisions = {"2022H1": [(EARLY, first), (MIDDLE, second)], "2022H2": [(EARLY, first)]}
    assert dates_of(decisions, H1, date(2021, 12, 31)) == DEFAULT
    assert dates_of(decisions, H1, date(2022, 5, 31)) == first
    assert dates_of(decisions, H1, MIDDLE) == second
    assert dates_of({}, H1, NOW) == DEFAULT
    assert dates_of(decisions, parse_half("2021H2"), NOW) == default_dates(parse_half("2021H2"))


@pytest.mark.parametrize(
    ("days", "problems"),
    [
        ({}, []),
        ({"deadline": date(2022, 7, 1)}, []),
        ({"deadline": date(2022, 6, 30)}, [("before_period_ends", "deadline")]),
        ({"lock": DEFAULT.deadline, "provisional": DEFAULT.deadline}, []),
        ({"lock": date(2022, 7, 30)}, [("before_the_day_above", "lock")]),
        ({"provisional": date(2022, 8, 14)}, [("before_the_day_above", "provisional")]),
        ({"corrected": date(2022, 8, 15)}, [("before_the_day_above", "corrected")]),
        ({"final": date(2023, 4, 14)}, [("before_the_day_above", "final")]),
        (
            {"deadline": date(2022, 1, 1), "final": date(2022, 1, 1)},
            [("before_period_ends", "deadline"), ("before_the_day_above", "final")],
        ),
        # one day that is much too late is named by those after it, each once
        (
            {"deadline": date(2027, 1, 1)},
            [("before_the_day_above", name) for name in ("lock", "provisional", "corrected", "final")],
        ),
        ({"final": date(2027, 6, 29)}, []),
        ({"final": date(2027, 6, 30)}, [("too_far_ahead", "final")]),
        ({"final": date.max}, [("too_far_ahead", "final")]),
    ],
)
def test_days_follow_each_other_after_the_end(days, problems):
    found = []
    try:
        check_dates(H1, moved(**days))
    except Invalid as invalid:
        found = [(problem.code, problem.field) for problem in invalid.problems]
    assert found == problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", 80),
        (" 80 ", 80),
        ("80 %", 80),
        ("80%", 80),
        ("33,3", 33.3),
        ("33.33", 33.33),
        ("0", 0),
        ("101", 101),
        ("8", 8),
    ],
)
def test_a_threshold_as_it_is_typed(text, expected):
    assert parse_threshold(text) == expected


@pytest.mark.parametrize(
    "text", ["", "%", "eighty", "-1", "1e9", "8 0", "80 % %", "33,333", "1234", "٨٠", "nan", "inf", "8;0", "0x1"]
)
def test_what_is_no_threshold(text):
    with pytest.raises(Invalid) as refused:
        parse_threshold(text)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [("not_a_threshold", "value")]


SHARES = (Threshold.COVERAGE, Threshold.DROP, Threshold.SYSTEMATIC)


@pytest.mark.parametrize("name", Threshold)
def test_a_share_is_typed_in_per_cent(name):
    assert typed_threshold(name, 50) == (0.5 if name in SHARES else 50)


@pytest.mark.parametrize(
    ("value", "share", "whole"),
    [
        (0, False, False),
        (0.001, False, False),
        (0.01, True, False),
        (0.5, True, False),
        (1, True, True),
        (1.01, False, False),
        (1.5, False, False),
        (60, False, True),
        (61, False, False),
        (-1, False, False),
    ],
)
@pytest.mark.parametrize("name", Threshold)
def test_which_thresholds_can_be_used(name, value, share, whole):
    if share if name in SHARES else whole:
        check_threshold(name, value)
        return
    with pytest.raises(Invalid) as refused:
        check_threshold(name, value)
    (problem,) = refused.value.problems
    assert (problem.code, problem.field) == ("not_a_share" if name in SHARES else "not_weeks_or_months", "value")


H1 = parse_half("2022H1")
DATES = default_dates(H1)


@pytest.mark.parametrize(
    ("as_of", "deadline", "refused"),
    [
        # the deadline of 31 July has not come: back to today at most, for somebody may have signed off today
        (date(2022, 7, 10), date(2022, 7, 9), True),
        (date(2022, 7, 10), date(2022, 7, 10), False),
        (date(2022, 7, 10), date(2022, 7, 20), False),
        (date(2022, 7, 10), date(2022, 8, 31), False),
        (date(2022, 7, 31), date(2022, 7, 30), True),
        (date(2022, 7, 31), date(2022, 7, 31), False),
        # it has passed: not back at all
        (date(2022, 8, 1), date(2022, 7, 30), True),
        (date(2022, 8, 1), date(2022, 7, 31), False),
        (date(2022, 8, 1), date(2022, 8, 31), False),
        (date(2023, 5, 1), date(2022, 7, 30), True),
        (date(2023, 5, 1), date(2022, 8, 1), False),
        # the half-year still runs
        (date(2022, 3, 1), date(2022, 7, 1), False),
    ],
)
def test_a_deadline_never_goes_back_to_a_day_that_is_past(as_of, deadline, refused):
    if not refused:
        check_deadline(DATES, replace(DATES, deadline=deadline), as_of)
        return
    with pytest.raises(Invalid) as found:
        check_deadline(DATES, replace(DATES, deadline=deadline), as_of)
    assert [(one.code, one.field) for one in found.value.problems] == [("deadline_goes_back", "deadline")]


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_so_whoever_signed_off_in_time_stays_in_time(signed, first, moved, as_of):
    day, old, new, signed_on = (
        H1.last_day + timedelta(days=1 + number) for number in (as_of, first, moved, min(signed, as_of))
    )
    before, after = replace(DATES, deadline=old), replace(DATES, deadline=new)
    with contextlib.suppress(Invalid):
        check_deadline(before, after, day)
        state = state_of([Event(1, Step.SIGNED, signed_on)], after, day)
        assert is_timely(state, after) or not is_timely(state, before)


NEWER = parse_half("2022H2")


@pytest.mark.parametrize(
    ("accepted", "as_of", "named"),
    [
        ((False, False), date(2022, 8, 15), None),
        ((False, False), date(2022, 8, 16), "2022H1"),
        ((False, True), date(2022, 7, 1), "2022H1"),
        ((True, False), date(2023, 1, 1), "2022H2"),
        # the newest that is closed is named
        ((True, True), date(2023, 1, 1), "2022H2"),
        ((False, False), date(2023, 2, 15), "2022H1"),
        ((False, False), date(2023, 2, 16), "2022H2"),
    ],
)
def test_what_is_locked_or_accepted_is_judged_as_it_was(accepted, as_of, named):
    known = [(NEWER, default_dates(NEWER), accepted[0]), (H1, DATES, accepted[1])]
    if named is None:
        refuse_closed(known, as_of)
        return
    with pytest.raises(Invalid) as found:
        refuse_closed(known, as_of)
    assert [(one.code, one.field, one.known) for one in found.value.problems] == [
        ("judged_already", "first", {"value": named})
    ]
