"""What the steps of a sign-off amount to, which may come next, whether it was timely, and how sign-offs add up."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitservice.model import Invalid
from fitservice.reporting import Gap, GapKind, Step, Submission, Timing
from fitservice.rules.adding_up import Split, shares, split
from fitservice.rules.periods import parse_half
from fitservice.rules.register import default_dates
from fitservice.rules.sign_off import (
    NEED_REASONS,
    NO_STEPS,
    Event,
    State,
    closes_on,
    due_on,
    is_locked,
    is_out_of_order,
    leave_until,
    parts_signed,
    possible,
    refusal,
    refuse,
    rests_on_explanations,
    running_leave,
    signed_with,
    state_of,
    submission,
    timing,
    unexplained,
)

SIGNED, NOTHING, UNDONE = Step.SIGNED, Step.NOTHING_TO_REPORT, Step.UNDONE
ACCEPTED, RETURNED, REOPENED = Step.ACCEPTED, Step.RETURNED, Step.REOPENED

H1 = parse_half("2022H1")
DATES = default_dates(H1)
DEADLINE, LOCK = date(2022, 7, 31), date(2022, 8, 15)
IN_TIME, DAY_AFTER, AFTER_LOCK = date(2022, 7, 10), date(2022, 8, 1), date(2022, 8, 16)
LEAVE, AFTER_LEAVE = date(2022, 8, 20), date(2022, 8, 21)
NEVER = date(2022, 12, 31)

Taken = tuple[Step, date] | tuple[Step, date, date]


def after(*taken: Taken, as_of: date = NEVER) -> State:
    """The state after these steps, each with its day; a return or an opening with the day that it leaves, too."""
    events = [
        Event(number, each[0], each[1], until=each[2] if len(each) == 3 else None)
        for number, each in enumerate(taken, 1)
    ]
    return state_of(events, DATES, as_of)


def test_the_days_that_these_tables_rest_on():
    assert (DATES.deadline, DATES.lock) == (DEADLINE, LOCK)


def said(state: State) -> tuple[Step | None, bool, bool]:
    """The sign-off that counts, whether it is accepted, and whether a leave of the agency's waits for a sign-off."""
    return (
        state.standing.step if state.standing else None,
        state.accepted is not None,
        state.leave is not None and state.standing is None,
    )


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], (None, False, False)),
        ([SIGNED], (SIGNED, False, False)),
        ([NOTHING], (NOTHING, False, False)),
        ([SIGNED, UNDONE], (None, False, False)),
        ([SIGNED, ACCEPTED], (SIGNED, True, False)),
        ([SIGNED, RETURNED], (None, False, True)),
        ([SIGNED, ACCEPTED, RETURNED], (None, False, True)),
        ([SIGNED, RETURNED, SIGNED], (SIGNED, False, False)),
        ([SIGNED, RETURNED, SIGNED, ACCEPTED], (SIGNED, True, False)),
        ([SIGNED, RETURNED, SIGNED, UNDONE], (None, False, True)),
        ([SIGNED, RETURNED, REOPENED], (None, False, True)),
        ([REOPENED], (None, False, True)),
        ([REOPENED, SIGNED], (SIGNED, False, False)),
        ([SIGNED, UNDONE, NOTHING], (NOTHING, False, False)),
    ],
)
def test_what_the_steps_amount_to(taken, expected):
    leaves = (RETURNED, REOPENED)
    state = after(*((step, IN_TIME, LEAVE) if step in leaves else (step, IN_TIME) for step in taken))
    assert said(state) == expected
    assert state.number == len(taken)


def test_a_step_counts_from_its_day_on():
    steps = ((SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE))
    assert after(*steps, as_of=IN_TIME - timedelta(days=1)) == NO_STEPS
    assert said(after(*steps, as_of=IN_TIME)) == (SIGNED, False, False)
    assert said(after(*steps, as_of=DAY_AFTER)) == (None, False, True)


@pytest.mark.parametrize(
    ("taken", "as_of", "expected"),
    [
        ([], DEADLINE, Timing.AWAITED),
        ([], DAY_AFTER, Timing.MISSING),
        ([(SIGNED, IN_TIME)], NEVER, Timing.ON_TIME),
        ([(SIGNED, DEADLINE)], NEVER, Timing.ON_TIME),
        ([(SIGNED, DAY_AFTER)], NEVER, Timing.LATE),
        ([(NOTHING, DEADLINE)], NEVER, Timing.ON_TIME),
        ([(NOTHING, DAY_AFTER)], NEVER, Timing.LATE),
        # accepted whenever: the day of the sign-off counts
        ([(SIGNED, DEADLINE), (ACCEPTED, AFTER_LOCK)], NEVER, Timing.ON_TIME),
        ([(SIGNED, DAY_AFTER), (ACCEPTED, DAY_AFTER)], NEVER, Timing.LATE),
        # undone: as if it had never been signed
        ([(SIGNED, IN_TIME), (UNDONE, IN_TIME)], DEADLINE, Timing.AWAITED),
        ([(SIGNED, IN_TIME), (UNDONE, IN_TIME)], DAY_AFTER, Timing.MISSING),
        ([(SIGNED, IN_TIME), (UNDONE, IN_TIME), (SIGNED, DEADLINE)], NEVER, Timing.ON_TIME),
        ([(SIGNED, IN_TIME), (UNDONE, DAY_AFTER), (SIGNED, DAY_AFTER)], NEVER, Timing.LATE),
        # returned: whoever was timely stays it up to the day that the return leaves
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE)], LEAVE, Timing.AWAITED),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE)], AFTER_LEAVE, Timing.MISSING),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, LEAVE)], NEVER, Timing.ON_TIME),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, AFTER_LEAVE)], NEVER, Timing.LATE),
        ([(SIGNED, IN_TIME), (RETURNED, IN_TIME, IN_TIME), (SIGNED, DEADLINE)], NEVER, Timing.ON_TIME),
        ([(SIGNED, DAY_AFTER), (RETURNED, DAY_AFTER, LEAVE)], DAY_AFTER, Timing.MISSING),
        ([(SIGNED, DAY_AFTER), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, LEAVE)], NEVER, Timing.LATE),
        # signed again within the leave and undone: the leave still holds
        (
            [(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, LOCK), (UNDONE, LOCK), (SIGNED, LEAVE)],
            NEVER,
            Timing.ON_TIME,
        ),
        # returned twice
        (
            [
                (SIGNED, IN_TIME),
                (RETURNED, DAY_AFTER, LOCK),
                (SIGNED, LOCK),
                (RETURNED, LOCK, LEAVE),
                (SIGNED, LEAVE),
            ],
            NEVER,
            Timing.ON_TIME,
        ),
        # the agency gave another day: timely as long as that, if it was timely before
        (
            [(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, NEVER), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, LEAVE)],
            NEVER,
            Timing.ON_TIME,
        ),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, NEVER), (RETURNED, DAY_AFTER, LEAVE)], AFTER_LEAVE, Timing.MISSING),
        (
            [(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, NEVER), (RETURNED, LEAVE, LEAVE), (SIGNED, AFTER_LEAVE)],
            NEVER,
            Timing.LATE,
        ),
        (
            [(SIGNED, DAY_AFTER), (RETURNED, DAY_AFTER, LOCK), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, LEAVE)],
            NEVER,
            Timing.LATE,
        ),
        # opened again: late all the same
        ([(REOPENED, AFTER_LOCK, AFTER_LEAVE)], AFTER_LOCK, Timing.MISSING),
        ([(REOPENED, AFTER_LOCK, AFTER_LEAVE), (SIGNED, AFTER_LEAVE)], NEVER, Timing.LATE),
    ],
)
def test_whether_it_was_timely(taken, as_of, expected):
    assert timing(after(*taken, as_of=as_of), DATES, as_of, owed=True) is expected
    assert timing(after(*taken, as_of=as_of), DATES, as_of, owed=False) is Timing.NOT_REQUIRED


@pytest.mark.parametrize(
    ("taken", "as_of", "locked"),
    [
        ([], LOCK, False),
        ([], AFTER_LOCK, True),
        ([(SIGNED, IN_TIME)], AFTER_LOCK, True),
        ([(SIGNED, IN_TIME), (RETURNED, LOCK, LEAVE)], LEAVE, False),
        ([(SIGNED, IN_TIME), (RETURNED, LOCK, LEAVE)], AFTER_LEAVE, True),
        ([(SIGNED, IN_TIME), (RETURNED, LOCK, LEAVE), (SIGNED, LEAVE)], LEAVE, False),
        ([(SIGNED, IN_TIME), (RETURNED, IN_TIME, IN_TIME)], LOCK, False),
        ([(REOPENED, AFTER_LOCK, LEAVE)], LEAVE, False),
        ([(REOPENED, AFTER_LOCK, LEAVE), (SIGNED, LEAVE), (UNDONE, LEAVE)], LEAVE, False),
        ([(REOPENED, AFTER_LOCK, LEAVE)], AFTER_LEAVE, True),
        ([(REOPENED, AFTER_LOCK, LEAVE), (REOPENED, LEAVE, NEVER)], AFTER_LEAVE, False),
        ([(REOPENED, AFTER_LOCK, NEVER), (REOPENED, LEAVE, LEAVE)], AFTER_LEAVE, True),
    ],
)
def test_the_lock_and_the_agencys_leave(taken, as_of, locked):
    assert is_locked(after(*taken), DATES, as_of) is locked
    assert (closes_on(after(*taken), DATES) < as_of) is locked


SHORT = date(2022, 7, 20)


@pytest.mark.parametrize(
    ("taken", "as_of", "expected"),
    [
        ([], DEADLINE, Submission.NOT_DUE),
        ([], DAY_AFTER, Submission.MISSING),
        ([(SIGNED, IN_TIME)], NEVER, Submission.SUBMITTED),
        # late is nobody else's business
        ([(SIGNED, DAY_AFTER)], NEVER, Submission.SUBMITTED),
        ([(NOTHING, IN_TIME), (ACCEPTED, DAY_AFTER)], NEVER, Submission.SUBMITTED),
        ([(SIGNED, IN_TIME), (UNDONE, IN_TIME)], DEADLINE, Submission.NOT_DUE),
        # returned: neither missing nor not due, until its leave and the deadline have passed
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE)], DAY_AFTER, Submission.RETURNED),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE)], LEAVE, Submission.RETURNED),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE)], AFTER_LEAVE, Submission.MISSING),
        ([(SIGNED, IN_TIME), (RETURNED, IN_TIME, SHORT)], DEADLINE, Submission.RETURNED),
        ([(SIGNED, IN_TIME), (RETURNED, IN_TIME, SHORT)], DAY_AFTER, Submission.MISSING),
        # also where it had been signed too late
        ([(SIGNED, DAY_AFTER), (RETURNED, LOCK, LEAVE)], LEAVE, Submission.RETURNED),
        ([(SIGNED, DAY_AFTER), (RETURNED, LOCK, LEAVE)], AFTER_LEAVE, Submission.MISSING),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, LOCK)], NEVER, Submission.SUBMITTED),
        ([(SIGNED, IN_TIME), (RETURNED, DAY_AFTER, LEAVE), (SIGNED, LOCK), (UNDONE, LOCK)], LEAVE, Submission.RETURNED),
        # opened again after the lock: missing, as it was
        ([(REOPENED, AFTER_LOCK, LEAVE)], LEAVE, Submission.MISSING),
    ],
)
def test_what_everybody_may_know(taken, as_of, expected):
    state = after(*taken, as_of=as_of)
    assert submission(state, DATES, as_of, owed=True) is expected
    assert submission(state, DATES, as_of, owed=False) is Submission.NOT_REQUIRED


def test_the_last_days_are_the_dates_or_what_a_return_leaves_whichever_is_later():
    returned = after((SIGNED, IN_TIME), (RETURNED, IN_TIME, LEAVE))
    shortly = after((SIGNED, IN_TIME), (RETURNED, IN_TIME, IN_TIME))
    late = after((SIGNED, DAY_AFTER), (RETURNED, DAY_AFTER, LEAVE))
    assert (due_on(NO_STEPS, DATES), closes_on(NO_STEPS, DATES)) == (DEADLINE, LOCK)
    assert (due_on(shortly, DATES), closes_on(shortly, DATES)) == (DEADLINE, LOCK)
    assert (due_on(returned, DATES), closes_on(returned, DATES)) == (LEAVE, LEAVE)
    assert (due_on(late, DATES), closes_on(late, DATES)) == (DEADLINE, LEAVE)


STATES = {
    "nothing yet": [],
    "signed": [(SIGNED, IN_TIME)],
    "declared": [(NOTHING, IN_TIME)],
    "undone": [(SIGNED, IN_TIME), (UNDONE, IN_TIME)],
    "accepted": [(SIGNED, IN_TIME), (ACCEPTED, IN_TIME)],
    "returned": [(SIGNED, IN_TIME), (RETURNED, IN_TIME, LEAVE)],
    "opened again": [(REOPENED, AFTER_LOCK, AFTER_LEAVE)],
}
STEPS = (SIGNED, NOTHING, UNDONE, ACCEPTED, RETURNED, REOPENED)
# one column a step, in that order; a dot is a step that may come next
REFUSALS = {
    ("nothing yet", LOCK): ". . not_signed not_signed not_signed need_not_reopen",
    ("nothing yet", AFTER_LOCK): "locked locked locked not_signed not_signed .",
    ("signed", LOCK): "signed_already signed_already . . . need_not_reopen",
    ("signed", AFTER_LOCK): "locked locked locked . . need_not_reopen",
    ("declared", LOCK): "signed_already signed_already . . . need_not_reopen",
    ("undone", LOCK): ". . not_signed not_signed not_signed need_not_reopen",
    ("undone", AFTER_LOCK): "locked locked locked not_signed not_signed .",
    ("accepted", LOCK): "signed_already signed_already accepted_already accepted_already . need_not_reopen",
    ("accepted", AFTER_LOCK): "locked locked locked accepted_already . need_not_reopen",
    # the day of a running leave can be changed by the same step again
    ("returned", LOCK): ". . not_signed not_signed . need_not_reopen",
    ("returned", LEAVE): ". . not_signed not_signed . need_not_reopen",
    ("returned", AFTER_LEAVE): "locked locked locked not_signed not_signed .",
    ("opened again", AFTER_LEAVE): ". . not_signed not_signed not_signed .",
    ("opened again", NEVER): "locked locked locked not_signed not_signed .",
}


@pytest.mark.parametrize(
    ("name", "as_of", "step", "expected"),
    [
        (name, as_of, step, code)
        for (name, as_of), codes in REFUSALS.items()
        for step, code in zip(STEPS, codes.split(), strict=True)
    ],
)
def test_which_step_may_come_next(name, as_of, step, expected):
    state = after(*STATES[name])
    problem = refusal(step, state, DATES, H1, as_of, owed=True, until=as_of + timedelta(days=3))
    assert (problem.code if problem else ".") == expected
    assert (step in possible(state, DATES, H1, as_of, owed=True)) is (expected == ".")


@pytest.mark.parametrize(("name", "step"), list(product(STATES, STEPS)))
def test_nothing_may_happen_where_nothing_is_owed(name, step):
    problem = refusal(step, after(*STATES[name]), DATES, H1, IN_TIME, owed=False, until=IN_TIME)
    assert problem is not None and problem.code == "not_owed"


@pytest.mark.parametrize(
    ("step", "as_of", "code"),
    [
        (SIGNED, date(2022, 6, 30), "sign_when_over"),
        (NOTHING, date(2022, 6, 30), "sign_when_over"),
        (SIGNED, date(2022, 7, 1), None),
        (NOTHING, date(2022, 7, 1), None),
    ],
)
def test_nobody_signs_before_the_half_year_is_over(step, as_of, code):
    problem = refusal(step, NO_STEPS, DATES, H1, as_of, owed=True)
    assert (problem and problem.code) == code


@pytest.mark.parametrize(
    ("name", "step", "as_of"),
    [
        ("signed", RETURNED, IN_TIME),
        ("returned", RETURNED, LEAVE),
        ("nothing yet", REOPENED, AFTER_LOCK),
        ("opened again", REOPENED, LEAVE),
    ],
)
@pytest.mark.parametrize(
    ("days", "code"),
    [
        (None, "until_too_soon"),
        (-1, "until_too_soon"),
        (2, "until_too_soon"),
        (3, None),
        (366, None),
        (367, "until_too_late"),
        (64_000, "until_too_late"),
    ],
)
def test_a_return_and_an_opening_leave_from_three_days_to_a_year(name, step, as_of, days, code):
    until = None if days is None else as_of + timedelta(days=days)
    problem = refusal(step, after(*STATES[name]), DATES, H1, as_of, owed=True, until=until)
    assert ((problem.code, problem.field) if problem else None) == ((code, "until") if code else None)


@pytest.mark.parametrize(
    ("name", "as_of", "running"),
    [
        ("nothing yet", LOCK, None),
        ("signed", LOCK, None),
        ("returned", LEAVE, RETURNED),
        ("returned", AFTER_LEAVE, None),
        ("opened again", AFTER_LEAVE, REOPENED),
        ("opened again", NEVER, None),
    ],
)
def test_a_leave_runs_until_its_day_or_until_somebody_signs(name, as_of, running):
    leave = running_leave(after(*STATES[name]), as_of)
    assert (leave and leave.step) is running
    assert running_leave(after(*STATES[name], (SIGNED, as_of)), as_of) is None


def test_refuse_says_why():
    with pytest.raises(Invalid) as refused:
        refuse(SIGNED, NO_STEPS, DATES, H1, AFTER_LOCK, owed=True)
    assert refused.value.problems[0].code == "locked"
    refuse(SIGNED, NO_STEPS, DATES, H1, LOCK, owed=True)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (IN_TIME, LOCK),
        (date(2022, 8, 1), LOCK),
        (date(2022, 8, 2), date(2022, 8, 16)),
        (LOCK, date(2022, 8, 29)),
        # never longer than it may
        (LOCK - timedelta(days=400), LOCK - timedelta(days=34)),
    ],
)
def test_a_return_leaves_until_the_lock_and_at_least_two_weeks(as_of, expected):
    assert leave_until(DATES, as_of) == expected


H2 = parse_half("2022H2")


@pytest.mark.parametrize(
    ("period", "own", "second", "expected"),
    [
        (H1, [], [], None),
        (H1, [SIGNED], [], ("2022H1", IN_TIME)),
        (H1, [SIGNED], [SIGNED], ("2022H2", LOCK)),
        (H1, [SIGNED], [SIGNED, UNDONE], ("2022H1", IN_TIME)),
        (H1, [SIGNED, UNDONE], [SIGNED], None),
        (H1, [NOTHING], [NOTHING], ("2022H2", LOCK)),
        (H2, [SIGNED], [SIGNED], ("2022H2", LOCK)),
    ],
)
def test_a_first_half_year_counts_as_it_was_signed_with_the_second_where_that_stands(period, own, second, expected):
    later = after(*((step, LOCK) for step in second))
    found = signed_with(period, later if period is H2 else after(*((step, IN_TIME) for step in own)), later)
    assert (found and (found[0], found[1].on)) == expected


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("period", "second", "owed", "refused"),
    [
        (H1, [SIGNED], True, True),
        (H1, [NOTHING], True, True),
        (H1, [SIGNED, UNDONE], True, False),
        (H1, [], True, False),
        # nobody can undo or return what is not owed: it holds nothing up
        (H1, [SIGNED], False, False),
        (H2, [SIGNED], True, False),
    ],
)
def test_a_first_half_year_waits_for_the_second_one_that_is_owed_and_signed(step, period, second, owed, refused):
    later = after(*((one, LOCK) for one in second))
    told = later if owed else NO_STEPS
    assert is_out_of_order(step, period, told) is (refused and step is not ACCEPTED)
    offered = possible(after((SIGNED, IN_TIME)), DATES, period, LOCK, owed=True, second=told)
    assert not (refused and set(offered) - {ACCEPTED})


def test_a_second_half_year_is_signed_with_its_year():
    assert [part.code for part in parts_signed(H1)] == ["2022H1"]
    assert [part.code for part in parts_signed(parse_half("2022H2"))] == ["2022H1", "2022H2", "2022"]


@pytest.mark.parametrize(
    ("timings", "expected"),
    [
        ([], Split(0, 0, 0)),
        ([Timing.AWAITED, Timing.NOT_REQUIRED], Split(0, 0, 0)),
        ([Timing.ON_TIME, Timing.LATE, Timing.MISSING, Timing.ON_TIME, Timing.AWAITED], Split(2, 1, 1)),
    ],
)
def test_only_what_is_due_is_split(timings, expected):
    assert split(timings) == expected


@given(st.lists(st.sampled_from(list(Timing))))
def test_in_time_late_and_missing_are_all_that_is_due(timings):
    found = split(timings)
    assert found.due == len([one for one in timings if one not in (Timing.AWAITED, Timing.NOT_REQUIRED)])
    told = shares(found)
    assert (told is None) is (found.due == 0)
    if told:
        assert sum(told) == 100
        counts = (found.on_time, found.late, found.missing)
        # never further than one point from the exact share, and nought only where it is nearly nought
        assert all(abs(share - 100 * count / found.due) < 1 for share, count in zip(told, counts, strict=True))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Split(1, 1, 1), (34, 33, 33)),
        (Split(15, 0, 0), (100, 0, 0)),
        (Split(12, 1, 2), (80, 7, 13)),
        (Split(0, 0, 1), (0, 0, 100)),
        (Split(0, 0, 0), None),
    ],
)
def test_the_shares_of_a_split(found, expected):
    assert shares(found) == expected


@pytest.mark.parametrize("kind", GapKind)
def test_what_a_sign_off_must_say_something_about(kind):
    gap = Gap(kind, date(2022, 1, 1))
    assert unexplained([gap], []) == ([gap] if kind in NEED_REASONS else [])
    assert unexplained([gap], {kind}) == []
    others = [other for other in GapKind if other is not kind]
    assert unexplained([gap], others) == ([gap] if kind in NEED_REASONS else [])


@pytest.mark.parametrize("kind", GapKind)
@pytest.mark.parametrize(
    ("step", "text", "rests"),
    [(None, None, False), (SIGNED, None, True), (SIGNED, "ill in May", False), (NOTHING, "nobody here", False)],
)
def test_a_sign_off_without_words_rests_on_what_explains_its_gaps(kind, step, text, rests):
    state = state_of([Event(1, step, IN_TIME, text=text)], DATES, NEVER) if step else NO_STEPS
    assert rests_on_explanations(state, kind) is (rests and kind in NEED_REASONS)
