"""From the rows of an enrolment's sessions to where a service user stands: a table of cases."""

from datetime import date

import pytest

from fitservice.instruments import SHIPPED
from fitservice.model import Kind
from fitservice.rules.standing import courses_of, scores_of, signals_of, used

BLANK = {"life_satisfaction": None, "outcome_total": None, "alliance_total": None, "missing_reason": None}


def rows(*answers: dict) -> list[dict]:
    """One session a month, oldest first."""
    return [{"id": month, "held_on": f"2022-{month:02}-01", **BLANK, **given} for month, given in enumerate(answers, 1)]


def reasons(*given: str) -> list[dict]:
    """Sessions without an answer, and why."""
    return [{"missing_reason": reason} for reason in given]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], []),
        ([{"life_satisfaction": 4}], ["first_only"]),
        ([{"life_satisfaction": 6}, {"life_satisfaction": 3}], ["reliably_worse"]),
        ([{"life_satisfaction": 2}, {}, {"life_satisfaction": 5}], ["reliably_better"]),
        ([{"life_satisfaction": 4}, *reasons("declined", "not_able", "no_time")], ["no_answers", "first_only"]),
        (reasons("no_time", "not_asked", "declined", "not_asked", "not_asked", "declined"), ["no_answers"]),
        (reasons(*["not_asked"] * 6), []),
        (reasons("declined", "declined", "not_asked"), []),
        ([*reasons("declined", "declined"), {}], []),
        ([*reasons("declined", "declined"), {"life_satisfaction": 4}, *reasons("declined")], ["first_only"]),
        ([{"alliance_total": 380}, {"alliance_total": 355}], ["low", "dropped"]),
        ([{"alliance_total": 380}, {"alliance_total": 355, "alliance_instrument": "other"}], ["first_only"]),
    ],
)
def test_sessions_give_their_signals(answers, expected):
    assert [signal.kind.value for signal in signals_of(rows(*answers), SHIPPED.every, 1980)] == expected


def test_a_total_is_told_in_points_and_only_on_its_own_instrument():
    sessions = rows({"outcome_total": 205}, {"outcome_total": 300, "outcome_instrument": "other"}, {})
    assert [(score.session_id, score.held_on, score.value) for score in scores_of(sessions, SHIPPED["outcome"])] == [
        (1, date(2022, 1, 1), 20.5)
    ]
    assert [used(row, Kind.OUTCOME) for row in sessions] == ["outcome", "other", "outcome"]


def test_only_instruments_with_a_score_have_a_course():
    ((instrument, stands),) = courses_of(rows({"life_satisfaction": 4}, {}), SHIPPED, None)
    assert (instrument.key, stands.current.value, stands.first) == ("life_satisfaction", 4, None)
