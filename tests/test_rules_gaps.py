"""What a period holds and what is missing, one table of cases for each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fitservice.model import Role
from fitservice.reporting import Content, Gap, GapKind, Step, Threshold, Timing
from fitservice.rules.gaps import Case, Earlier, Evidence, content, coverage, gaps, is_declared, owner
from fitservice.rules.periods import parse_period, previous
from fitservice.rules.register import THRESHOLDS, default_dates
from fitservice.rules.sign_off import NO_STEPS, Event, Signed, state_of

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


@pytest.mark.parametrize(
    ("contents", "owed", "row"),
    [
        ((EMPTY, EMPTY), (False, True), None),
        ((EMPTY, EMPTY, EMPTY), (True, False, True), (date(2021, 7, 1), 2)),
        ((EMPTY, EMPTY), (True, True), (date(2021, 1, 1), 3)),
        ((WITH_DATA, EMPTY), (False, True), None),
    ],
)
def test_a_period_that_was_not_owed_ends_the_row_whatever_it_holds(contents, owed, row):
    periods = [previous(H1)]
    while len(periods) < len(contents):
        periods.append(previous(periods[-1]))
    earlier = [
        Earlier(period, each, owed=is_owed) for period, each, is_owed in zip(periods, contents, owed, strict=True)
    ]
    found = gaps(Case(H1, CLOSED, Evidence(active_users=3), earlier))
    assert [(gap.since, gap.number) for gap in of_kind(GapKind.CONSECUTIVE, found)] == ([row] if row else [])


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


DATES = default_dates(H1)
DEADLINE, LEAVE = date(2022, 7, 31), date(2022, 8, 20)
MEASURED = Evidence(active_users=10, measured_users=9, last_recorded=OPEN)


def judged(evidence: Evidence = MEASURED, as_of: date = CLOSED, **also: object) -> list[Gap]:
    """The gaps of 2022H1, which has its days."""
    return gaps(Case(H1, as_of, evidence, **{"dates": DATES, **also}))


def of_kind(kind: GapKind, found: list[Gap]) -> list[Gap]:
    """Those of one kind: at most one."""
    return [gap for gap in found if gap.kind is kind]


def signed(*taken: tuple, as_of: date = date(2022, 12, 31)):
    """A sign-off after these steps: each with its day, and the day that it leaves."""
    steps = [
        Event(number, each[0], each[1], until=each[2] if len(each) > 2 else None)
        for number, each in enumerate(taken, 1)
    ]
    return state_of(steps, DATES, as_of)


@pytest.mark.parametrize(
    ("measured", "as_of", "behind"),
    [
        # half of the half-year has passed: whoever is not asked by now is asked at the same pace
        (20, date(2022, 4, 1), True),
        (70, date(2022, 4, 1), False),
        (0, date(2022, 4, 1), True),
        (100, date(2022, 4, 1), False),
        # nothing is said in the first four weeks, however few they are
        (1, date(2022, 1, 27), False),
        (1, date(2022, 1, 28), True),
        # on the last day it is still a question of pace, on the day after of coverage
        (79, OPEN, True),
        (80, OPEN, False),
        (79, CLOSED, False),
    ],
)
def test_an_open_half_year_is_behind_at_todays_pace(measured, as_of, behind):
    evidence = Evidence(active_users=100, measured_users=measured, last_recorded=as_of)
    expected = [Gap(GapKind.BEHIND_PACE, H1.first_day)] if behind else []
    assert of_kind(GapKind.BEHIND_PACE, judged(evidence, as_of)) == expected


def test_behind_pace_follows_the_threshold_and_is_never_said_of_a_year_or_of_nobody():
    few, day = Evidence(active_users=100, measured_users=60, last_recorded=date(2022, 4, 1)), date(2022, 4, 1)
    lower, higher = ({**THRESHOLDS, Threshold.COVERAGE: share} for share in (0.5, 0.99))
    assert not of_kind(GapKind.BEHIND_PACE, judged(few, day, thresholds=lower))
    assert of_kind(GapKind.BEHIND_PACE, judged(few, day, thresholds=higher))
    assert not of_kind(GapKind.BEHIND_PACE, judged(few, day, thresholds=higher, dates=None))
    assert not of_kind(GapKind.BEHIND_PACE, judged(Evidence(last_recorded=day), day))


def before(*shares: float | None) -> list[Earlier]:
    """Earlier half-years with these shares measured, newest first."""
    periods = []
    for _ in shares:
        periods.append(previous(periods[-1] if periods else H1))
    held = [Evidence() if share is None else Evidence(100, round(100 * share)) for share in shares]
    return [Earlier(period, WITH_DATA, one) for period, one in zip(periods, held, strict=True)]


@pytest.mark.parametrize(
    ("measured", "earlier", "as_of", "dropped"),
    [
        (59, (0.9, 0.9), CLOSED, True),
        # exactly a third is not more than a third
        (60, (0.9, 0.9), CLOSED, False),
        (61, (0.9, 0.9), CLOSED, False),
        (59, (0.9, 0.9), OPEN, False),
        # the mean of all before, not the latest
        (45, (0.5, 0.9), CLOSED, True),
        (47, (0.5, 0.9), CLOSED, False),
        # two of them are needed, and a half-year without service users is none
        (10, (0.9,), CLOSED, False),
        (10, (), CLOSED, False),
        (10, (0.9, None), CLOSED, False),
        (10, (0.9, None, 0.9), CLOSED, True),
        # where nobody is measured, that is what is said
        (0, (0.9, 0.9), CLOSED, False),
        # empty ones before count as nought
        (10, (0.0, 0.0), CLOSED, False),
    ],
)
def test_coverage_that_dropped_by_more_than_a_third_from_the_districts_own_mean(measured, earlier, as_of, dropped):
    evidence = Evidence(active_users=100, measured_users=measured, last_recorded=as_of)
    expected = [Gap(GapKind.DROPPED, H1.first_day)] if dropped else []
    assert of_kind(GapKind.DROPPED, judged(evidence, as_of, earlier=before(*earlier))) == expected


def test_a_drop_is_beside_the_periods_alone_that_were_owed():
    evidence, (last, *others) = Evidence(active_users=100, measured_users=59), before(0.9, 0.9, 0.1)
    assert not of_kind(GapKind.DROPPED, judged(evidence, earlier=[last, *others]))
    not_owed = [*others[:1], replace(others[1], owed=False)]
    assert of_kind(GapKind.DROPPED, judged(evidence, earlier=[last, *not_owed]))


def test_how_far_is_a_drop_is_a_threshold():
    evidence = Evidence(active_users=100, measured_users=70)
    half, tenth = ({**THRESHOLDS, Threshold.DROP: share} for share in (0.5, 0.1))
    assert not of_kind(GapKind.DROPPED, judged(evidence, thresholds=half, earlier=before(0.9, 0.9)))
    assert of_kind(GapKind.DROPPED, judged(evidence, thresholds=tenth, earlier=before(0.9, 0.9)))


SIGNED, NOTHING, UNDONE, RETURNED = Step.SIGNED, Step.NOTHING_TO_REPORT, Step.UNDONE, Step.RETURNED


@pytest.mark.parametrize(
    ("taken", "as_of", "expected"),
    [
        ([], DEADLINE, []),
        ([], date(2022, 8, 1), [Gap(GapKind.NOT_SIGNED_OFF, date(2022, 8, 1))]),
        ([], date(2022, 12, 1), [Gap(GapKind.NOT_SIGNED_OFF, date(2022, 8, 1))]),
        ([(SIGNED, DEADLINE)], date(2022, 12, 1), []),
        ([(SIGNED, date(2022, 8, 1))], date(2022, 12, 1), [Gap(GapKind.LATE, date(2022, 8, 1), 1)]),
        ([(SIGNED, date(2022, 8, 11))], date(2022, 12, 1), [Gap(GapKind.LATE, date(2022, 8, 1), 11)]),
        # a return left a later day: late since the day after that
        (
            [(SIGNED, DEADLINE), (RETURNED, date(2022, 8, 5), LEAVE), (SIGNED, date(2022, 8, 22))],
            date(2022, 12, 1),
            [Gap(GapKind.LATE, date(2022, 8, 21), 2)],
        ),
        # of what was late before it was returned the deadline stays the last day
        (
            [(SIGNED, date(2022, 8, 2)), (RETURNED, date(2022, 8, 5), LEAVE), (SIGNED, LEAVE)],
            date(2022, 12, 1),
            [Gap(GapKind.LATE, date(2022, 8, 1), 20)],
        ),
        (
            [(SIGNED, DEADLINE), (UNDONE, DEADLINE)],
            date(2022, 8, 2),
            [Gap(GapKind.NOT_SIGNED_OFF, date(2022, 8, 1))],
        ),
        # returned: missing from the day after the leave
        ([(SIGNED, DEADLINE), (RETURNED, date(2022, 8, 5), LEAVE)], LEAVE, []),
        (
            [(SIGNED, DEADLINE), (RETURNED, date(2022, 8, 5), LEAVE)],
            date(2022, 9, 1),
            [Gap(GapKind.NOT_SIGNED_OFF, date(2022, 8, 21))],
        ),
    ],
)
def test_what_is_not_signed_off_and_what_is_late(taken, as_of, expected):
    found = judged(MEASURED, as_of, sign_off=signed(*taken, as_of=as_of))
    assert found == expected
    assert gaps(Case(H1, as_of, MEASURED, sign_off=signed(*taken, as_of=as_of))) == []


@pytest.mark.parametrize(
    ("active", "measured", "step", "signed_measured", "kinds_found"),
    [
        (10, 9, SIGNED, 9, []),
        (10, 0, SIGNED, 0, [GapKind.EMPTY_PERIOD, GapKind.EMPTY_SIGN_OFF]),
        (0, 0, SIGNED, 0, [GapKind.NO_ACTIVE_USERS, GapKind.EMPTY_SIGN_OFF]),
        # signed empty and filled in later: what was signed is still empty
        (10, 9, SIGNED, 0, [GapKind.EMPTY_SIGN_OFF]),
        # and the other way round
        (10, 0, SIGNED, 9, [GapKind.EMPTY_PERIOD]),
        # declared: no gap while nobody is enrolled
        (0, 0, NOTHING, 0, []),
        # service users came into the record after the declaration, which no longer says anything
        (10, 0, NOTHING, 0, [GapKind.EMPTY_PERIOD, GapKind.EMPTY_SIGN_OFF]),
        (10, 9, NOTHING, 0, [GapKind.EMPTY_SIGN_OFF]),
        # but were signed with the year
        (10, 9, NOTHING, 9, []),
    ],
)
def test_an_empty_sign_off_is_named_and_a_declaration_closes_what_it_is_about(
    active, measured, step, signed_measured, kinds_found
):
    evidence, on = Evidence(active_users=active, measured_users=measured, last_recorded=OPEN), date(2022, 7, 20)
    found = judged(evidence, sign_off=signed((step, on)), signed=Signed(on, signed_measured))
    assert [gap.kind for gap in found] == kinds_found
    for gap in of_kind(GapKind.EMPTY_SIGN_OFF, found):
        assert gap.since == date(2022, 7, 20)


def test_a_declaration_is_content_only_while_it_stands():
    declared, undone = signed((NOTHING, CLOSED)), signed((NOTHING, CLOSED), (UNDONE, CLOSED))
    assert Case(H1, CLOSED, Evidence(), dates=DATES, sign_off=declared).content is Content.NOTHING_TO_REPORT
    assert Case(H1, CLOSED, Evidence(), dates=DATES, sign_off=undone).content is Content.NO_ACTIVE_USERS
    assert Case(H1, CLOSED, Evidence(), dates=DATES, sign_off=declared).timing is Timing.ON_TIME
    assert is_declared(declared) and not is_declared(undone) and not is_declared(NO_STEPS)


@pytest.mark.parametrize(
    ("changed", "active", "as_of", "expected"),
    [
        (date(2021, 12, 30), 10, OPEN, [Gap(GapKind.REGISTER_STALE, date(2022, 6, 30))]),
        (date(2021, 12, 31), 10, OPEN, [Gap(GapKind.REGISTER_STALE, date(2022, 6, 30))]),
        (date(2022, 1, 1), 10, OPEN, []),
        (date(2021, 8, 31), 10, date(2022, 2, 27), []),
        (date(2021, 8, 31), 10, date(2022, 2, 28), [Gap(GapKind.REGISTER_STALE, date(2022, 2, 28))]),
        (date(2020, 1, 1), 10, CLOSED, []),
        (date(2020, 1, 1), 0, OPEN, []),
        (None, 10, OPEN, []),
    ],
)
def test_a_register_in_which_nothing_changes_for_six_months(changed, active, as_of, expected):
    evidence = Evidence(
        active_users=active, measured_users=active, register_changed=changed, last_recorded=as_of, **FED_BACK
    )
    assert of_kind(GapKind.REGISTER_STALE, judged(evidence, as_of)) == expected


def test_how_long_is_stale_and_how_long_is_silent_are_thresholds():
    evidence = Evidence(
        active_users=10, measured_users=10, last_recorded=date(2022, 6, 1), register_changed=date(2022, 4, 30)
    )
    sooner = {**THRESHOLDS, Threshold.STALE_MONTHS: 2, Threshold.SILENCE_WEEKS: 4}
    assert judged(evidence, OPEN) == []
    assert judged(evidence, OPEN, thresholds=sooner) == [
        Gap(GapKind.SILENT, date(2022, 6, 2)),
        Gap(GapKind.REGISTER_STALE, OPEN),
    ]


EVERY_WAY_TO_MISS = [
    Evidence(),
    Evidence(active_users=9, sessions=5, other_scale_since=date(2022, 2, 3)),
    Evidence(active_users=9, measured_users=1, register_changed=date(2020, 1, 1), last_recorded=date(2020, 1, 1)),
]


@pytest.mark.parametrize("evidence", EVERY_WAY_TO_MISS)
@pytest.mark.parametrize("as_of", [date(2022, 4, 1), OPEN, CLOSED, date(2022, 12, 31)])
@pytest.mark.parametrize("taken", [[], [(SIGNED, date(2022, 9, 1))]])
def test_nothing_is_a_gap_where_nothing_is_owed(evidence, as_of, taken):
    also = {"earlier": before(0.9, 0.9), "sign_off": signed(*taken, as_of=as_of)}
    assert judged(evidence, as_of, **also)
    assert judged(evidence, as_of, owed=False, **also) == []


@pytest.mark.parametrize("kind", GapKind)
def test_every_gap_has_an_owner_in_the_district(kind):
    recording = {GapKind.SILENT, GapKind.BEHIND_PACE}
    assert owner(kind) is (Role.CASEWORKER if kind in recording else Role.TEAM_LEAD)
