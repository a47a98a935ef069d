"""What one service user adds to each period's counts."""

import pytest

from fitservice.instruments import SHIPPED
from fitservice.rules.contribution import contribution, marks_of

HELD = ("2022-03-01", 4, None, "outcome", None, "alliance", None)


def active(*spells: tuple[str, str | None]) -> dict[tuple[str, str], int]:
    """Where somebody with these enrolments begins and ends to be active, without what adds nothing."""
    return {key: number for key, number in contribution(spells, [], {}).items() if number}


@pytest.mark.parametrize(
    ("spells", "half_years", "years"),
    [
        ([("2021-03-01", None)], [("2021H1", "begun")], [("2021", "begun")]),
        (
            [("2021-03-01", "2022-01-01")],
            [("2021H1", "begun"), ("2022H1", "ended")],
            [("2021", "begun"), ("2022", "ended")],
        ),
        # away for some days of one half-year: active in it once
        (
            [("2021-03-01", "2021-04-01"), ("2021-05-01", "2021-08-01")],
            [("2021H1", "begun"), ("2021H2", "ended")],
            [("2021", "begun"), ("2021", "ended")],
        ),
        # away for a whole half-year, but for no year
        (
            [("2021-03-01", "2021-04-01"), ("2022-05-01", None)],
            [("2021H1", "begun"), ("2021H1", "ended"), ("2022H1", "begun")],
            [("2021", "begun"), ("2021", "ended"), ("2022", "begun")],
        ),
        (
            [("2021-01-01", "2021-02-01"), ("2021-08-01", None)],
            [("2021H1", "begun"), ("2021H1", "ended"), ("2021H2", "begun")],
            [("2021", "begun")],
        ),
    ],
)
def test_whoever_is_enrolled_begins_and_ends_to_be_active_once_for_each_unbroken_row(spells, half_years, years):
    assert active(*spells) == {(code, f"active_{what}"): 1 for code, what in half_years + years}
    assert active(*reversed(spells)) == active(*spells)


def test_a_session_counts_in_its_half_year_and_in_its_year():
    counted = contribution([("2022-01-01", None)], [(1, *HELD)], marks_of(SHIPPED))
    assert {code for code, name in counted if name == "life_satisfaction_4"} == {"2022H1", "2022"}
    assert not [name for _, name in counted if "paired" in name or "alliance_users" in name]


def test_the_latest_score_counts_and_is_compared_with_the_first_on_the_same_instrument():
    sessions = [
        (1, "2021-11-01", 2, 100, "outcome", None, "alliance", None),
        (1, "2022-02-01", 6, 160, "outcome", 359, "alliance", None),
        (1, "2022-08-01", None, 200, "ors_test", 360, "alliance", None),
    ]
    counted = contribution([("2021-11-01", None)], sessions, marks_of(SHIPPED))

    def of(code: str, *names: str) -> list[int]:
        return [counted.get((code, name), 0) for name in names]

    satisfaction = [f"life_satisfaction_{name}" for name in ("sum", "paired", "change_sum", "improved")]
    assert of("2022", "measured_users", *satisfaction) == [1, 6, 1, 4, 1]
    assert of("2021", "measured_users", *satisfaction) == [1, 2, 0, 0, 0]
    outcome = [f"outcome_{name}" for name in ("users", "sum", "paired", "change_sum", "improved", "deteriorated")]
    assert of("2022H1", *outcome) == [1, 160, 1, 60, 1, 0]
    assert of("2022", *outcome) == [1, 200, 0, 0, 0, 0]
    assert of("2022", "alliance_users", "alliance_sum", "alliance_totals", "alliance_low_totals") == [1, 360, 2, 1]
    assert of("2022", "sessions", "sessions_with_life_satisfaction", "sessions_with_feedback") == [2, 1, 2]
    assert [of(code, "feedback_users") for code in ("2021H1", "2021H2", "2021", "2022H2", "2022")] == [
        *([0], [1], [1], [1], [1])
    ]


@pytest.mark.parametrize(
    ("sessions", "days"),
    [
        ([], {}),
        ([("2022-03-01", 4, None)], {("2022-03-01", "sessions"): 1, ("2022-03-01", "newly_measured"): 1}),
        # nobody was measured on that day, whatever else was said
        ([("2022-03-01", None, None)], {("2022-03-01", "sessions"): 1}),
        ([("2022-03-01", None, 9)], {("2022-03-01", "sessions"): 1, ("2022-03-01", "other_scale"): 1}),
        # the first of each half-year, not each score
        (
            [("2022-06-29", 4, None), ("2022-06-30", 5, 9), ("2022-07-01", 6, None)],
            {
                ("2022-06-29", "sessions"): 1,
                ("2022-06-29", "newly_measured"): 1,
                ("2022-06-30", "sessions"): 1,
                ("2022-06-30", "other_scale"): 1,
                ("2022-07-01", "sessions"): 1,
                ("2022-07-01", "newly_measured"): 1,
            },
        ),
        # two enrolments that share a day: two sessions, one service user
        (
            [("2022-03-01", 4, None), ("2022-03-01", 5, None)],
            {("2022-03-01", "sessions"): 2, ("2022-03-01", "newly_measured"): 1},
        ),
    ],
)
def test_a_day_counts_its_sessions_and_whom_it_measured_first(sessions, days):
    held = [
        (place, day, score, None, "outcome", None, "alliance", own) for place, (day, score, own) in enumerate(sessions)
    ]
    counted = contribution([("2022-01-01", None)], held, marks_of(SHIPPED))
    assert {key: number for key, number in counted.items() if len(key[0]) == 10} == days


def test_a_score_of_another_enrolment_is_not_compared_with():
    sessions = [
        (1, "2022-02-01", 2, None, "outcome", None, "alliance", None),
        (2, "2022-05-01", 6, None, "outcome", None, "alliance", None),
    ]
    counted = contribution([("2022-01-01", "2022-03-01"), ("2022-04-01", None)], sessions, marks_of(SHIPPED))
    assert counted["2022H1", "life_satisfaction_6"] == counted["2022H1", "measured_users"] == 1
    assert ("2022H1", "life_satisfaction_paired") not in counted


def test_enrolments_that_share_days_make_one_row():
    # no action lets them, and a record from elsewhere may hold them
    assert active(("2021-01-01", "2022-12-31"), ("2021-08-01", "2021-09-01")) == active(("2021-01-01", "2022-12-31"))
    assert active(("2021-01-01", "2021-09-01"), ("2021-08-01", None)) == active(("2021-01-01", None))
    assert active(("2021-01-01", None), ("2021-01-01", "2021-02-01")) == active(("2021-01-01", None))


def test_without_the_years_before_a_change_the_rest_is_the_same():
    sessions = [(1, f"{year}-{month:02}-01", *HELD[1:]) for year in (2020, 2021, 2022) for month in (3, 9)]
    whole = contribution([("2020-01-01", None)], sessions, marks_of(SHIPPED))
    since = contribution([("2020-01-01", None)], sessions, marks_of(SHIPPED), "2021-09-01")
    assert {key: number for key, number in whole.items() if key[0] >= "2021" or "active" in key[1]} == since
    assert since["2021H1", "life_satisfaction_paired"] == 1
