"""What a sign-off is held to: by what was signed, by the day that the agency leaves, by what explains its gaps."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import ALNA, AMINA, CARL, OPERATOR, VELFERD, make_cast, make_service_user
from released import record_year, release
from sqlite_utils import Database

from fitservice.actions.deciding import decide_obligations
from fitservice.actions.enrolling import add_service_user
from fitservice.actions.explaining import explain_gap, withdraw_explanation
from fitservice.actions.recording import record_session
from fitservice.actions.reminding import remind
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import set_to
from fitservice.model import Answers, Invalid, Period
from fitservice.reporting import Cause, GapKind, ReminderKind, Step, Timing
from fitservice.reports.gaps import Status, statuses_of
from fitservice.reports.published_gaps import published_gaps
from fitservice.reports.releases import pull_released
from fitservice.reports.sign_offs import EVERYTHING, see_period
from fitservice.rules.periods import half

H1, H2 = half(2022, 1), half(2022, 2)
CODE, ULLERN, ULLERNS = "030112", 6, "030106"
JULY, AUGUST, JANUARY = date(2022, 7, 10), date(2022, 8, 20), date(2023, 1, 5)
LEAD, WORKER = replace(CARL, district_id=ULLERN), replace(AMINA, district_id=ULLERN)


def status(db: Database, day: date, place: int = ALNA, period: Period = H1) -> Status:
    """A district's half-year as it is told today of a day, with nothing hidden."""
    (found,) = statuses_of(db, [period], day, EVERYTHING, place)
    return found


def kinds(seen: Status) -> set[GapKind]:
    """The kinds of what is missing."""
    return {gap.kind for gap in seen.gaps}


def sign(db: Database, day: date, known: int = 0, step: Step = Step.SIGNED, *, by=CARL, period: Period = H1) -> None:
    """A lead's step, with words."""
    with set_to(day):
        take_step(db, period, step, "spurt alle vi nådde", known, by=by)


def give(db: Database, until: date, known: int, day: date = AUGUST, step: Step = Step.RETURNED) -> None:
    """The agency returns Alna's first half-year, opens it again, or gives another day."""
    with set_to(day):
        judge_sign_off(db, CODE, H1, step, "se en gang til", until, known, by=VELFERD)


def fill_in(db: Database, count: int = 20, day: date = AUGUST) -> None:
    """So many service users of Ullern are enrolled in the first half-year and measured in it, all recorded that day."""
    for number in range(count):
        with set_to(day):
            person = add_service_user(db, f"N-{number}", None, date(2022, 2, 1), by=WORKER)
            record_session(db, person, date(2022, 6, 1), Answers(life_satisfaction=1 + number % 7), by=WORKER)


@pytest.mark.parametrize("step", [Step.SIGNED, Step.NOTHING_TO_REPORT])
def test_what_was_signed_empty_stays_so_when_it_is_filled_in_for_that_is_what_is_published(
    db: Database, step: Step
) -> None:
    record_year(db)
    sign(db, JULY, step=step, by=LEAD)
    with set_to(JULY):
        declared = kinds(status(db, JULY, ULLERN))
    assert (GapKind.EMPTY_SIGN_OFF in declared) is (step is Step.SIGNED)
    fill_in(db)
    with set_to(AUGUST):
        seen = status(db, AUGUST, ULLERN)
        (gap,) = [gap for gap in seen.gaps if gap.kind is GapKind.EMPTY_SIGN_OFF]
        release(db, "2022H1")
        figures = pull_released(db, [H1], by=VELFERD).figures[ULLERNS, "2022H1"]
    assert (seen.measured_users.value, figures["measured_users"].value, gap.since) == (20, 0, JULY)
    with set_to(AUGUST + timedelta(days=1)):
        assert kinds(status(db, JULY, ULLERN)) == declared, "what a past day showed is told of it ever after"
        assert status(db, AUGUST, ULLERN) == seen


def test_signed_again_with_what_came_later_nothing_is_missing_any_more(db: Database) -> None:
    record_year(db)
    sign(db, JULY, by=LEAD)
    fill_in(db, day=date(2022, 8, 1))
    sign(db, date(2022, 8, 2), 1, Step.UNDONE, by=LEAD)
    sign(db, date(2022, 8, 2), 2, by=LEAD)
    with set_to(AUGUST):
        assert GapKind.EMPTY_SIGN_OFF not in kinds(status(db, AUGUST, ULLERN))


def test_what_was_filled_in_and_signed_with_the_year_is_not_called_empty(db: Database) -> None:
    record_year(db)
    sign(db, JULY, by=LEAD)
    fill_in(db)
    sign(db, JANUARY, by=LEAD, period=H2)
    with set_to(JANUARY):
        assert GapKind.EMPTY_SIGN_OFF not in kinds(status(db, JANUARY, ULLERN))
        # of December it is told as it was then
        assert GapKind.EMPTY_SIGN_OFF in kinds(status(db, date(2022, 12, 31), ULLERN))
        # nobody was measured in the second half-year, and that is what was signed
        assert GapKind.EMPTY_SIGN_OFF in kinds(status(db, JANUARY, ULLERN, H2))
        decide_obligations(db, [ULLERNS], H2, None, "closed", owed=False, by=VELFERD)
        # what is not owed is not signed: the first half-year counts as it was signed alone
        assert GapKind.EMPTY_SIGN_OFF in kinds(status(db, JANUARY, ULLERN))


def test_a_first_half_year_is_signed_when_the_second_is_signed_and_owed_no_more(db: Database) -> None:
    record_year(db)
    sign(db, JANUARY, period=H2)
    march = date(2023, 3, 1)
    with set_to(march):
        with pytest.raises(Invalid, match="second_half_signed"):
            judge_sign_off(db, CODE, H1, Step.REOPENED, "igjen", date(2023, 4, 1), 0, by=VELFERD)
        decide_obligations(db, [CODE], H2, None, "closed", owed=False, by=VELFERD)
        assert status(db, march).timing is Timing.MISSING
    give(db, date(2023, 4, 1), 0, march, Step.REOPENED)
    sign(db, date(2023, 3, 2), 1)
    with set_to(date(2023, 3, 2)):
        assert status(db, date(2023, 3, 2)).timing is Timing.LATE


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (AUGUST, "until_too_soon"),
        (AUGUST + timedelta(days=2), "until_too_soon"),
        (date(2199, 8, 20), "until_too_late"),
        (AUGUST + timedelta(days=367), "until_too_late"),
    ],
)
def test_no_return_leaves_a_day_too_soon_or_too_late(db: Database, until: date, code: str) -> None:
    record_year(db)
    sign(db, JULY)
    before = list(db.conn.iterdump())
    with pytest.raises(Invalid, match=code):
        give(db, until, 1)
    assert list(db.conn.iterdump()) == before


def test_the_agency_gives_another_day_and_every_step_is_kept(db: Database) -> None:
    record_year(db)
    sign(db, JULY)
    far, near = AUGUST + timedelta(days=366), AUGUST + timedelta(days=10)
    give(db, far, 1)
    with set_to(AUGUST):
        seen = see_period(db, CODE, H1, AUGUST, 5, by=VELFERD)
    assert seen.running_leave is not None and seen.running_leave.until == far
    assert Step.RETURNED in seen.possible
    with pytest.raises(Invalid, match="signed_meanwhile"):
        give(db, near, 1)
    give(db, near, 2)
    with set_to(near + timedelta(days=1)):
        assert status(db, near).timing is Timing.AWAITED
        after = status(db, near + timedelta(days=1))
        steps = see_period(db, CODE, H1, near, 5, by=VELFERD).steps
    assert (after.timing, after.due_on) == (Timing.MISSING, near)
    assert [(event.step, event.until) for event in steps] == [
        (Step.RETURNED, near),
        (Step.RETURNED, far),
        (Step.SIGNED, None),
    ]
    with pytest.raises(Invalid, match="not_signed"):
        give(db, far, 3, near + timedelta(days=1))


def test_the_team_lead_hears_of_a_return_and_of_another_day_before_it_is_over(db: Database) -> None:
    make_cast(db)
    record_year(db)
    sign(db, JULY)
    first, second = AUGUST + timedelta(days=3), AUGUST + timedelta(days=9)
    give(db, first, 1)
    give(db, second, 2, AUGUST + timedelta(days=1))
    told = {}
    for days in range(12):
        day = AUGUST + timedelta(days=days)
        with set_to(day):
            told[days] = [
                (one.kind, one.day)
                for message in remind(db, day, by=OPERATOR)
                if message.username == "carl"
                for one in message.reminders
                if one.period == "2022H1"
            ]
    assert {days: found for days, found in told.items() if found} == {
        2: [(ReminderKind.RETURNED, second)],
        6: [(ReminderKind.LEAVE_ENDS, second)],
    }


def test_whoever_signs_after_a_returns_leave_is_late_since_the_day_after_that(db: Database) -> None:
    record_year(db)
    sign(db, JULY)
    leave = date(2022, 8, 10)
    give(db, leave, 1, date(2022, 7, 20))
    with set_to(date(2022, 8, 12)):
        before = {gap.kind: gap for gap in status(db, date(2022, 8, 12)).gaps}
    sign(db, date(2022, 8, 12), 2)
    with set_to(date(2022, 8, 12)):
        after = {gap.kind: gap for gap in status(db, date(2022, 8, 12)).gaps}
    assert before[GapKind.NOT_SIGNED_OFF].since == after[GapKind.LATE].since == leave + timedelta(days=1)
    assert after[GapKind.LATE].number == 2


def test_an_explanation_that_a_sign_off_rests_on_is_not_taken_back(db: Database) -> None:
    for number in range(10):
        make_service_user(db, f"E-{number}")
    with set_to(JULY):
        explain_gap(db, H1, GapKind.EMPTY_PERIOD, Cause.STAFFING, None, None, by=CARL)
        take_step(db, H1, Step.SIGNED, None, 0, by=CARL)
        before = list(db.conn.iterdump())
        with pytest.raises(Invalid, match="sign_off_rests_on_it"):
            withdraw_explanation(db, H1, GapKind.EMPTY_PERIOD, by=CARL)
        assert list(db.conn.iterdump()) == before
        # changed it may be
        explain_gap(db, H1, GapKind.EMPTY_PERIOD, Cause.TRAINING, None, None, by=CARL)
        take_step(db, H1, Step.UNDONE, None, 1, by=CARL)
        withdraw_explanation(db, H1, GapKind.EMPTY_PERIOD, by=CARL)
        assert not status(db, JULY).explanations


def test_neither_the_board_nor_the_api_counts_a_half_year_in_a_row_that_was_not_owed(db: Database) -> None:
    record_year(db)
    for number in range(20):
        make_service_user(db, f"E-{number}", by=WORKER)

    def told() -> list[bool]:
        board = status(db, date(2023, 1, 2), ULLERN, H2)
        everywhere = published_gaps(db, [H2], date(2023, 1, 2), 5, by=OPERATOR)
        (api,) = [one for one in everywhere if one.district["id"] == ULLERN]
        assert GapKind.EMPTY_PERIOD in kinds(board) & kinds(api)
        return [GapKind.CONSECUTIVE in kinds(one) for one in (board, api)]

    with set_to(date(2023, 1, 2)):
        release(db, "2022")
        assert told() == [True, True]
        decide_obligations(db, [ULLERNS], H1, H1, "began later", owed=False, by=VELFERD)
        assert told() == [False, False]
