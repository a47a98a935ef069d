"""Who is reminded of what on which day: tables of cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fitservice.reporting import GapKind, Reminder, ReminderKind, Step, Threshold
from fitservice.rules.gaps import Case, Evidence
from fitservice.rules.periods import parse_period
from fitservice.rules.register import THRESHOLDS, default_dates
from fitservice.rules.reminders import Known, for_analyst, for_contact, for_team_lead
from fitservice.rules.sign_off import Event, state_of

H1 = parse_period("2022H1")
DATES = default_dates(H1)
DEADLINE, LOCK = date(2022, 7, 31), date(2022, 8, 15)
GOOD = Evidence(
    active_users=10,
    measured_users=10,
    sessions=10,
    sessions_with_feedback=10,
    last_recorded=date(2022, 6, 30),
    register_changed=date(2022, 6, 1),
)
"""Nothing is missing but a sign-off."""


def day(text: str) -> date:
    """A day of 2022: '07-31'."""
    return date.fromisoformat(f"2022-{text}")


def known(
    as_of: str,
    *steps: tuple[Step, str, str | None],
    evidence: Evidence = GOOD,
    owed: bool = True,
    expected: dict[GapKind, date] | None = None,
    district: str = "030112",
) -> Known:
    """2022H1 of Alna on a day of 2022; steps are what happened, on which day, and until when it leaves."""
    events = [
        Event(number, step, day(on), until=day(until) if until else None)
        for number, (step, on, until) in enumerate(steps, start=1)
        if day(on) <= day(as_of)
    ]
    case = Case(H1, day(as_of), evidence, owed=owed, dates=DATES, sign_off=state_of(events, DATES, day(as_of)))
    return Known(district, case, expected or {}, events[-1] if events else None)


def kinds(one: Known) -> list[str]:
    """What the team lead is reminded of."""
    return [reminder.kind.value for reminder in for_team_lead(one)]


def all_year(*steps: tuple[Step, str, str | None], **others) -> dict[str, list[str]]:
    """What the team lead is reminded of on each day of 2022 on which there is something."""
    days = [date(2022, 1, 1) + timedelta(days=number) for number in range(365)]
    found = {f"{one:%m-%d}": kinds(known(f"{one:%m-%d}", *steps, **others)) for one in days}
    return {one: said for one, said in found.items() if said}


@pytest.mark.parametrize(
    ("as_of", "without", "owed", "expected"),
    [
        ("06-01", 3, True, []),
        ("06-02", 3, True, [3]),
        ("06-03", 3, True, []),
        ("06-16", 1, True, [1]),
        ("06-23", 3, True, [3]),
        ("06-29", 3, True, [3]),
        ("06-30", 3, True, []),
        ("07-01", 3, True, []),
        ("06-29", 0, True, []),
        ("06-29", 3, False, []),
    ],
)
def test_a_caseworker_hears_of_the_own_service_users_before_the_half_year_ends(as_of, without, owed, expected):
    found = for_contact(known(as_of, owed=owed).case, without)
    assert [reminder.number for reminder in found] == expected
    assert all(reminder.kind is ReminderKind.WITHOUT_SCORE and reminder.day == H1.last_day for reminder in found)


DUE, OVERDUE, LEAVE_ENDS = ["sign_off_due"], ["sign_off_overdue"], ["leave_ends"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), {"07-17": DUE, "07-28": DUE, "07-31": DUE, "08-07": OVERDUE, "08-14": OVERDUE}),
        (((Step.SIGNED, "07-20", None),), {"07-17": DUE}),
        (((Step.SIGNED, "08-10", None),), {"07-17": DUE, "07-28": DUE, "07-31": DUE, "08-07": OVERDUE}),
        (((Step.NOTHING_TO_REPORT, "07-02", None),), {}),
        (
            ((Step.SIGNED, "07-02", None), (Step.UNDONE, "07-29", None)),
            {"07-31": DUE, "08-07": OVERDUE, "08-14": OVERDUE},
        ),
        (
            ((Step.SIGNED, "07-02", None), (Step.RETURNED, "07-20", "08-15")),
            {"07-21": ["returned"], "08-12": LEAVE_ENDS},
        ),
        (
            ((Step.SIGNED, "07-02", None), (Step.RETURNED, "08-01", "08-04")),
            {"08-02": ["returned"], "08-11": OVERDUE},
        ),
        (
            ((Step.SIGNED, "07-02", None), (Step.RETURNED, "08-01", "08-15"), (Step.SIGNED, "08-03", None)),
            {"08-02": ["returned"]},
        ),
        (
            ((Step.REOPENED, "09-01", "09-20"),),
            {
                "07-17": DUE,
                "07-28": DUE,
                "07-31": DUE,
                "08-07": OVERDUE,
                "08-14": OVERDUE,
                "09-02": ["reopened"],
                "09-17": LEAVE_ENDS,
            },
        ),
        (((Step.SIGNED, "07-02", None), (Step.RETURNED, "08-15", "08-15")), {}),
    ],
    ids=[
        *("never signed", "in time", "late", "nothing to report", "undone", "returned", "for few days"),
        *("and signed again", "opened again", "for no day at all"),
    ],
)
def test_a_team_lead_hears_of_the_sign_off_until_it_is_there_or_locked(steps, expected):
    assert all_year(*steps) == expected


def test_a_leave_that_ends_before_the_deadline_changes_nothing():
    steps = ((Step.SIGNED, "07-02", None), (Step.RETURNED, "07-03", "07-10"))
    assert all_year(*steps) == {"07-04": ["returned"], **all_year()}


def test_what_is_said_of_a_leave_is_its_last_day():
    (returned,) = for_team_lead(known("07-21", (Step.SIGNED, "07-02", None), (Step.RETURNED, "07-20", "08-15")))
    assert returned == Reminder(ReminderKind.RETURNED, "2022H1", day("08-15"))


def test_before_the_half_year_is_over_nobody_is_asked_to_sign():
    early = replace(DATES, deadline=date(2022, 7, 5))
    for as_of, expected in (("06-21", []), ("07-02", DUE), ("07-05", DUE)):
        one = known(as_of)
        assert kinds(replace(one, case=replace(one.case, dates=early))) == expected


def test_nobody_is_reminded_of_what_is_not_owed():
    silent = replace(GOOD, last_recorded=date(2022, 1, 1))
    assert all_year(evidence=silent, owed=False) == {}
    assert for_analyst([known("08-01", owed=False)]) == []


GAP = ["gap"]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        # the last session on 3 March: silent from 28 April on
        (replace(GOOD, last_recorded=day("03-03")), ["04-28", "05-12", "05-26", "06-09", "06-23"]),
        # the last change on 10 November: stale from 10 May on
        (replace(GOOD, register_changed=date(2021, 11, 10)), ["05-10", "05-24", "06-07", "06-21"]),
        (GOOD, []),
        (replace(GOOD, sessions_with_feedback=0), []),
        (Evidence(), []),
    ],
    ids=["silent", "register", "nothing", "feedback is not used", "nobody is enrolled"],
)
def test_a_gap_of_a_running_half_year_is_named_when_it_comes_and_every_two_weeks(evidence, expected):
    found = all_year((Step.SIGNED, "07-01", None), evidence=evidence)
    assert found == dict.fromkeys(expected, GAP)


def test_silence_begins_by_the_threshold_of_the_half_year():
    one = known("03-31", evidence=replace(GOOD, last_recorded=day("03-03")))
    four_weeks = replace(one, case=replace(one.case, thresholds=THRESHOLDS | {Threshold.SILENCE_WEEKS: 4}))
    assert [(reminder.gap, reminder.day) for reminder in for_team_lead(four_weeks)] == [(GapKind.SILENT, day("03-04"))]
    assert for_team_lead(one) == []


@pytest.mark.parametrize(
    ("kind", "evidence", "expected_on", "expected"),
    [
        (
            GapKind.SILENT,
            replace(GOOD, last_recorded=day("03-03")),
            "05-20",
            {"05-21": ["expected_passed"], "05-26": GAP, "06-09": GAP, "06-23": GAP},
        ),
        (GapKind.SILENT, replace(GOOD, last_recorded=day("03-03")), "12-31", {}),
        (GapKind.SILENT, GOOD, "05-20", {}),
    ],
    ids=["and it was still there", "until then nothing", "and it was closed"],
)
def test_an_explained_gap_is_named_again_the_day_after_it_was_expected_to_be_gone(
    kind, evidence, expected_on, expected
):
    signed = (Step.SIGNED, "07-01", None)
    assert all_year(signed, evidence=evidence, expected={kind: day(expected_on)}) == expected


@pytest.mark.parametrize(
    ("kind", "measured", "expected"),
    [
        (GapKind.LOW_COVERAGE, 3, {"09-02": ["expected_passed"]}),
        (GapKind.EMPTY_PERIOD, 3, {}),
        (GapKind.LOW_COVERAGE, 10, {}),
    ],
    ids=["and it is still there", "another gap", "and it is closed"],
)
def test_so_is_one_of_a_half_year_that_is_over(kind, measured, expected):
    evidence = replace(GOOD, measured_users=measured)
    found = all_year((Step.SIGNED, "07-01", None), evidence=evidence, expected={kind: day("09-01")})
    assert {one: said for one, said in found.items() if one > "06-30"} == expected


def test_a_sign_off_that_is_expected_later_is_not_asked_for_until_then():
    expected = {GapKind.NOT_SIGNED_OFF: day("08-07")}
    said = {"08-08": ["expected_passed"], "08-14": OVERDUE}
    assert all_year(expected=expected) == said
    assert all_year((Step.SIGNED, "08-05", None), expected=expected) == {}


def test_nobody_is_reminded_of_having_been_late():
    assert all_year((Step.SIGNED, "08-05", None), expected={GapKind.LATE: day("09-01")}) == {
        **dict.fromkeys(("07-17", "07-28", "07-31"), DUE),
    }


def analyst(as_of: str, *each: tuple[tuple[Step, str, str | None], ...]) -> list[tuple[str, tuple[str, ...]]]:
    """What the agency is reminded of, where districts 1, 2 … did this."""
    everywhere = [known(as_of, *steps, district=f"03010{number}") for number, steps in enumerate(each, start=1)]
    return [(reminder.kind.value, reminder.districts) for reminder in for_analyst(everywhere)]


SIGNED, LATE_SIGNED = (Step.SIGNED, "07-10", None), (Step.SIGNED, "08-05", None)
RETURNED, ACCEPTED = (Step.RETURNED, "07-20", "08-15"), (Step.ACCEPTED, "07-20", None)


@pytest.mark.parametrize(
    ("as_of", "each", "expected"),
    [
        ("07-31", ((), (SIGNED,)), []),
        ("08-01", ((), (SIGNED,)), [("not_signed", ("030101",))]),
        ("08-02", ((), (SIGNED,)), []),
        ("08-01", ((SIGNED,), (SIGNED, ACCEPTED)), []),
        ("08-01", ((LATE_SIGNED,), (SIGNED, ACCEPTED)), [("not_signed", ("030101",))]),
        ("08-01", ((SIGNED, RETURNED),), []),
        ("08-16", ((SIGNED, RETURNED), (SIGNED,), ()), [("locked_unsigned", ("030101", "030103"))]),
        ("08-16", ((LATE_SIGNED,),), []),
        ("07-24", ((SIGNED,), (), (SIGNED, ACCEPTED), (SIGNED, RETURNED)), [("not_accepted", ("030101",))]),
        ("07-25", ((SIGNED,),), []),
        ("08-19", ((LATE_SIGNED,),), [("not_accepted", ("030101",))]),
    ],
)
def test_the_agency_hears_which_districts_are_missing_and_what_waits_for_it(as_of, each, expected):
    assert analyst(as_of, *each) == expected


def test_where_deadline_and_lock_are_one_day_the_agency_hears_of_it_once():
    one = known("08-01")
    at_once = replace(one, case=replace(one.case, dates=replace(DATES, lock=DEADLINE)))
    assert [reminder.kind.value for reminder in for_analyst([at_once])] == ["locked_unsigned"]


def test_each_half_year_is_told_by_itself():
    one = known("08-01")
    h2 = parse_period("2021H2")
    other = replace(one, case=replace(one.case, period=h2))
    assert [reminder.period for reminder in for_analyst([one, other])] == ["2022H1", "2021H2"]
