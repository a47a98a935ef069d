"""What is worth talking about: a table of cases, each with the reason it gives."""

from datetime import date, timedelta

import pytest

from fitservice.instruments import SHIPPED
from fitservice.model import Change
from fitservice.rules.change import Course, Score, course
from fitservice.rules.signals import SignalKind, signals


def told(*, answered: list[bool] | None = None, **scores: list[float]) -> list[tuple[str, float | None]]:
    """Kind and number of each signal, from scores by instrument, oldest first."""
    courses = []
    for key, values in scores.items():
        points = [Score(place, date(2022, 1, 1) + timedelta(place), value) for place, value in enumerate(values)]
        known = SHIPPED[key]
        stands = course(points, date.max, known.reliable_change)
        assert stands is not None
        courses.append((known, stands))
    return [(signal.kind.value, signal.number) for signal in signals(courses, answered or [True])]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"life_satisfaction": [4]}, [("first_only", None)]),
        ({"life_satisfaction": [4], "outcome": [20, 21]}, []),
        ({"life_satisfaction": [2, 4]}, []),
        ({"life_satisfaction": [2, 5]}, [("reliably_better", 3)]),
        ({"life_satisfaction": [6, 7, 3]}, [("reliably_worse", -3)]),
        ({"outcome": [20, 25.9]}, []),
        ({"outcome": [20, 26]}, [("reliably_better", 6)]),
        ({"outcome": [20.1, 14.1]}, [("reliably_worse", -6)]),
        ({"alliance": [38, 36]}, [("dropped", 2)]),
        ({"alliance": [38, 37.1]}, []),
        ({"alliance": [36.1, 35.1]}, [("low", 36), ("dropped", 1)]),
        ({"alliance": [30, 35.9]}, [("low", 36)]),
        ({"alliance": [40, 38, 37.5]}, []),
        ({}, []),
    ],
)
def test_scores_give_their_signals(scores, expected):
    assert told(**scores) == expected


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (Change.RECOVERED, [SignalKind.RELIABLY_BETTER]),
        (Change.IMPROVED, [SignalKind.RELIABLY_BETTER]),
        (Change.UNCHANGED, []),
        (Change.DETERIORATED, [SignalKind.RELIABLY_WORSE]),
        (None, []),
    ],
)
def test_a_class_of_change_gives_its_signal(change, kinds):
    first, current = Score(1, date(2022, 1, 1), 20), Score(2, date(2022, 2, 1), 20)
    stands = Course(current, first, None, change)
    assert [signal.kind for signal in signals([(SHIPPED["outcome"], stands)], [True, True])] == kinds


@pytest.mark.parametrize(
    ("answered", "silent"),
    [
        ([], False),
        ([False] * 2, False),
        ([False] * 3, True),
        ([True, False, False, False], True),
        ([False] * 3 + [True], False),
    ],
)
def test_three_sessions_in_a_row_without_an_answer_are_a_signal(answered, silent):
    assert ((SignalKind.NO_ANSWERS, 3) in told(answered=answered or [True])) is silent
