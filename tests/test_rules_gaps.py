"""What a period holds and what is missing, one table of cases for each."""

from datetime import date, timedelta

import pytest

from fitservice.reporting import Content, Gap, GapKind
from fitservice.rules.gaps import Case, Earlier, Evidence, content, coverage, gaps
from fitservice.rules.periods import parse_period, previous

H1 = parse_period("2022H1")
OPEN, CLOSED = date(2022, 6, 30), date(2022, 7, 1)
FED_BACK = {"sessions": 9, "sessions_with_feedback": 1}


def kinds(evidence: Evidence, as_of: date = CLOSED, earlier: tuple[Content, ...] = ()) -> list[GapKind]:
    """The gaps of 2022H1 at a threshold of 0.8; earlier contents newest first."""
    return [gap.kind for gap in found(evidence, as_of, earlier)]


def found(evidence: Evidence, as_of: date = CLOSED, earlier: tuple[Content, ...] = ()) -> list[Gap]:
    """The same with their dates."""
    periods = []
    for _ in earlier:
        periods.append(previous(periods[-1] if periods else H1))
    return gaps(Case(H1, as_of, evidence, [Earlier(*each) for each in zip(periods, earlier, strict=True)]))


@pytest.mark.parametrize(
    ("active", "measured", "threshold", "expected"),
    [
        (0, 0, 0.8, Content.NO_ACTIVE_USERS),
        (10, 0, 0.8, Content.EMPTY),
        (10, 1, 0.8, Content.PARTIAL),
        (10, 7, 0.8, Content.PARTIAL),
        (10, 8, 0.8, Content.WITH_DATA),
        (10, 7, 0.7, Content.WITH_DATA),
        (100, 29, 0.29, Content.WITH_DATA),
        (1000, 699, 0.7, Content.PARTIAL),
        (3, 3, 1, Content.WITH_DATA),
        (3, 2, 1, Content.PARTIAL),
    ],
)
def test_the_content_of_a_period(active, measured, threshold, expected):
    assert content(Evidence(active_users=active, measured_users=measured), threshold) is expected


def test_coverage_is_nothing_without_active_users():
    assert coverage(Evidence()) is None
    assert coverage(Evidence(active_users=4, measured_users=3)) == 0.75


@pytest.mark.parametrize(
    ("active", "measured", "as_of", "expected"),
    [
        (10, 0, CLOSED, [GapKind.EMPTY_PERIOD]),
        (10, 7, CLOSED, [GapKind.LOW_COVERAGE]),
        (10, 8, CLOSED, []),
        (0, 0, CLOSED, [GapKind.NO_ACTIVE_USERS]),
        (10, 0, OPEN, []),
        (10, 7, OPEN, []),
        (0, 0, OPEN, [GapKind.NO_ACTIVE_USERS]),
    ],
)
def test_an_open_period_is_not_yet_empty_or_too_low(active, measured, as_of, expected):
    recently = Evidence(active_users=active, measured_users=measured, last_recorded=OPEN)
    assert kinds(recently, as_of) == expected


def test_low_coverage_says_how_low_and_since_when():
    (gap,) = found(Evidence(active_users=10, measured_users=7))
    assert gap == Gap(GapKind.LOW_COVERAGE, date(2022, 1, 1), 0.7)


EMPTY, WITH_DATA, PARTIAL, NONE = Content.EMPTY, Content.WITH_DATA, Content.PARTIAL, Content.NO_ACTIVE_USERS


@pytest.mark.parametrize(
    ("earlier", "row"),
    [
        ((EMPTY,), (date(2021, 7, 1), 2)),
        ((EMPTY, EMPTY, WITH_DATA), (date(2021, 1, 1), 3)),
        ((EMPTY, WITH_DATA, EMPTY), (date(2021, 7, 1), 2)),
        ((WITH_DATA, EMPTY, EMPTY), None),
        ((PARTIAL, EMPTY), None),
        ((NONE, EMPTY), None),
        ((), None),
    ],
)
def test_two_empty_periods_in_a_row_are_consecutive_until_data_break_the_row(earlier, row):
    in_a_row = [gap for gap in found(Evidence(active_users=3), CLOSED, earlier) if gap.kind is GapKind.CONSECUTIVE]
    assert [(gap.since, gap.number) for gap in in_a_row] == ([row] if row else [])


def test_a_measured_or_an_open_period_is_not_consecutive():
    measured = Evidence(active_users=3, measured_users=3)
    assert GapKind.CONSECUTIVE not in kinds(measured, CLOSED, (EMPTY, EMPTY))
    assert GapKind.CONSECUTIVE not in kinds(Evidence(active_users=3, last_recorded=OPEN), OPEN, (EMPTY, EMPTY))


@pytest.mark.parametrize(
    ("as_of", "days_since", "silent"),
    [(OPEN, 56, True), (OPEN, 55, False), (OPEN, 400, True), (CLOSED, 400, False)],
    ids=["eight weeks", "a day less", "since an earlier period", "closed"],
)
def test_an_open_period_is_silent_after_eight_weeks_without_a_session(as_of, days_since, silent):
    last = as_of - timedelta(days=days_since)
    evidence = Evidence(active_users=10, measured_users=10, last_recorded=last)
    expected = [Gap(GapKind.SILENT, last + timedelta(days=1))] if silent else []
    assert found(evidence, as_of) == expected


@pytest.mark.parametrize(("as_of", "silent"), [(date(2022, 2, 24), False), (date(2022, 2, 25), True)])
def test_where_nothing_was_ever_recorded_silence_counts_from_the_first_day(as_of, silent):
    expected = [Gap(GapKind.SILENT, date(2022, 1, 1))] if silent else []
    assert found(Evidence(active_users=10), as_of) == expected


def test_nobody_enrolled_is_not_silence():
    assert kinds(Evidence(last_recorded=date(2021, 1, 1)), OPEN) == [GapKind.NO_ACTIVE_USERS]


@pytest.mark.parametrize("as_of", [OPEN, CLOSED])
def test_another_scale_is_named_since_its_first_session_open_or_closed(as_of):
    evidence = Evidence(
        active_users=5, measured_users=5, other_scale_since=date(2022, 2, 3), last_recorded=OPEN, **FED_BACK
    )
    assert found(evidence, as_of) == [Gap(GapKind.OTHER_SCALE, date(2022, 2, 3))]


@pytest.mark.parametrize(
    ("sessions", "with_feedback", "expected"), [(9, 0, [GapKind.FEEDBACK_NOT_USED]), (9, 1, []), (0, 0, [])]
)
def test_sessions_without_any_outcome_or_alliance(sessions, with_feedback, expected):
    evidence = Evidence(
        active_users=5, measured_users=5, sessions=sessions, sessions_with_feedback=with_feedback, last_recorded=OPEN
    )
    assert kinds(evidence) == expected
    assert kinds(evidence, OPEN) == expected


def test_several_gaps_come_in_one_order():
    everything = Evidence(active_users=9, sessions=5, other_scale_since=date(2022, 2, 3), last_recorded=OPEN)
    assert kinds(everything, CLOSED, (EMPTY,)) == [
        GapKind.EMPTY_PERIOD,
        GapKind.CONSECUTIVE,
        GapKind.OTHER_SCALE,
        GapKind.FEEDBACK_NOT_USED,
    ]
