"""What a release takes of what was signed, and what nobody may learn from signing, explaining and thresholds."""

from datetime import date

import pytest
from factories import ALNA, AMINA, CARL, OPERATOR, VELFERD, make_service_user, make_session
from released import record_year, release
from sqlite_utils import Database

from fitservice.actions.deciding import decide_obligations, decide_threshold
from fitservice.actions.explaining import explain_gap
from fitservice.actions.recording import record_session
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import set_to
from fitservice.model import Answers, Invalid, Period
from fitservice.reporting import Cause, Content, GapKind, Step, Threshold
from fitservice.reports.gaps import Status, see_gaps, statuses_of
from fitservice.reports.published_gaps import published_gaps
from fitservice.reports.releases import signed_in
from fitservice.reports.sign_offs import OwnPeriod, own_period, see_period
from fitservice.rules.periods import half
from fitservice.store import releases

H1, H2 = half(2022, 1), half(2022, 2)
CODE = "030112"
LEAVE = date(2023, 3, 30)


@pytest.fixture
def recorded(db: Database) -> Database:
    """A small city's year."""
    record_year(db, seed=4)
    return db


def sign(db: Database, period: Period, day: date, known: int = 0, step: Step = Step.SIGNED) -> None:
    with set_to(day):
        take_step(db, period, step, "spurt alle vi nådde", known, by=CARL)


def give_back(db: Database, period: Period, day: date, known: int) -> None:
    with set_to(day):
        judge_sign_off(db, CODE, period, Step.RETURNED, "se en gang til", LEAVE, known, by=VELFERD)


def more(db: Database, count: int, day: date) -> None:
    """So many service users of Alna who were measured in the first half-year and recorded that day."""
    for number in range(count):
        person = make_service_user(db, f"M-{day:%m%d}-{number}")
        with set_to(day):
            record_session(db, person, date(2022, 6, 1), Answers(life_satisfaction=1 + number % 7), by=AMINA)


def active_in(db: Database, part: str, name: str) -> int:
    """How many active service users of Alna's a release rests on, shown or hidden."""
    frozen, editions = releases.editions(db, 2022)
    source = editions[int(name.split("-")[1]) - 1].sources[CODE, part]
    return frozen[source][part]["active_users"]


def test_a_first_half_year_is_not_touched_while_the_second_is_signed_with_it(recorded: Database) -> None:
    sign(recorded, H1, date(2022, 7, 10))
    sign(recorded, H2, date(2023, 1, 5))
    with pytest.raises(Invalid, match="second_half_signed"):
        give_back(recorded, H1, date(2023, 1, 6), 1)
    with set_to(date(2023, 1, 6)):
        judge_sign_off(recorded, CODE, H1, Step.ACCEPTED, None, None, 1, by=VELFERD)
    give_back(recorded, H2, date(2023, 1, 7), 1)
    give_back(recorded, H1, date(2023, 1, 8), 2)
    more(recorded, 9, date(2023, 1, 9))
    sign(recorded, H1, date(2023, 1, 10), 3)
    sign(recorded, H2, date(2023, 1, 11), 2)
    with set_to(date(2023, 2, 2)):
        name = release(recorded)
    assert active_in(recorded, "year", name) == 34


def test_an_early_half_year_goes_out_as_it_was_signed_last(recorded: Database) -> None:
    sign(recorded, H1, date(2022, 7, 10))
    more(recorded, 9, date(2022, 9, 1))
    with set_to(date(2022, 9, 2)):
        first = release(recorded, "2022H1")
    sign(recorded, H2, date(2023, 1, 5))
    with set_to(date(2023, 1, 6)):
        second = release(recorded)
    told = {
        name: [row for row in signed_in(recorded, name, by=VELFERD) if row["code"] == CODE] for name in (first, second)
    }
    assert [(row["period"], row["state"], row["changed_since"]) for row in told[first]] == [("2022H1", "signed", 1)]
    # what is taken of both was signed with the second half-year, and stands
    assert [(row["period"], row["state"], row["signed_on"], row["changed_since"]) for row in told[second]] == [
        ("2022H1", "signed", "2023-01-05", 0),
        ("2022H2", "signed", "2023-01-05", 0),
    ]
    # 25 were signed, nine came later and were signed with the year
    assert (active_in(recorded, "H1", first), active_in(recorded, "H1", second)) == (25, 34)


def test_whoever_owes_nothing_any_more_goes_out_as_the_record_reads(recorded: Database) -> None:
    sign(recorded, H1, date(2022, 7, 10))
    with set_to(date(2022, 8, 1)):
        decide_obligations(recorded, [CODE], H1, None, "closed", owed=False, by=VELFERD)
    more(recorded, 9, date(2022, 9, 1))
    with set_to(date(2022, 9, 2)):
        name = release(recorded, "2022H1")
    assert active_in(recorded, "H1", name) == 34
    assert {row["state"] for row in signed_in(recorded, name, by=VELFERD) if row["code"] == CODE} == {"not_owed"}


def of_alna(statuses: list[Status]) -> Status:
    return next(status for status in statuses if status.district["id"] == ALNA)


def test_a_session_changes_no_explanation_that_the_api_tells(db: Database) -> None:
    day, people = date(2022, 8, 1), []
    record_year(db, in_each=50)
    with set_to(date(2022, 7, 5)):
        (status,) = statuses_of(db, [H1], date(2022, 7, 5), 1, ALNA)
    active, measured = int(status.active_users.value or 0), int(status.measured_users.value or 0)
    while measured / active >= 0.8:
        people.append(make_service_user(db, f"U-{active}"))
        active += 1
    with set_to(day):
        release(db, "2022H1")
        explain_gap(db, H1, GapKind.LOW_COVERAGE, Cause.STAFFING, None, date(2022, 9, 1), by=CARL)

        def told() -> dict[GapKind, str]:
            status = of_alna(published_gaps(db, [H1], day, 5, by=OPERATOR))
            return {kind: row["cause"] for kind, row in status.explanations.items()}

        before = told()
        for person in people:
            record_session(db, person, date(2022, 6, 20), Answers(life_satisfaction=4), by=AMINA)
        assert GapKind.LOW_COVERAGE not in {gap.kind for gap in statuses_of(db, [H1], day, 1, ALNA)[0].gaps}
        assert told() == before == {GapKind.LOW_COVERAGE: "staffing"}


def test_no_threshold_tells_how_many_few_are(db: Database) -> None:
    for number in range(7):
        person = make_service_user(db, f"T-{number}")
        if number < 3:
            make_session(db, person)
    with set_to(date(2022, 7, 1)):
        for share in (0.3, 0.42, 0.43, 0.9):
            decide_threshold(db, Threshold.COVERAGE, H1, share, "trying", by=VELFERD)
            status = of_alna(see_gaps(db, [H1], date(2022, 7, 1), 5, by=VELFERD))
            assert status.coverage.hidden and status.content is Content.NOT_TOLD
            assert GapKind.LOW_COVERAGE not in {gap.kind for gap in status.gaps}
        # the district itself sees it
        (own,) = statuses_of(db, [H1], date(2022, 7, 1), 1, ALNA)
        assert own.content is Content.PARTIAL


def own(db: Database, period: Period, day: date) -> OwnPeriod:
    """What Alna's team lead sees of a half-year."""
    with set_to(day):
        return own_period(db, period, day, by=CARL)


def test_a_change_to_a_first_half_that_was_signed_with_its_year_is_told_everywhere(recorded: Database) -> None:
    people = [make_service_user(recorded, f"L-{number}") for number in range(12)]
    sign(recorded, H2, date(2023, 1, 5))
    assert own(recorded, H2, date(2023, 1, 6)).changed == []
    for number, person in enumerate(people):
        with set_to(date(2023, 1, 20)):
            record_session(recorded, person, date(2022, 6, 1), Answers(life_satisfaction=1 + number % 7), by=AMINA)
    day = date(2023, 2, 20)
    with set_to(day):
        seen = {period: see_period(recorded, CODE, period, day, 5, by=VELFERD).has_changed for period in (H1, H2)}
        name = release(recorded)
        told = [row for row in signed_in(recorded, name, by=VELFERD) if row["code"] == CODE]
    assert seen == {H1: True, H2: True}
    assert {change.period.code for change in own(recorded, H2, day).changed} == {"2022H1", "2022"}
    assert {change.period.code for change in own(recorded, H1, day).changed} == {"2022H1"}
    # nobody signed the first half-year by itself: it was signed with its year
    assert [(row["period"], row["state"], row["signed_on"], row["changed_since"]) for row in told] == [
        ("2022H1", "signed", "2023-01-05", 1),
        ("2022H2", "signed", "2023-01-05", 0),
    ]


def test_a_first_half_is_compared_with_what_was_signed_last_of_it(recorded: Database) -> None:
    sign(recorded, H1, date(2022, 7, 10))
    more(recorded, 9, date(2022, 9, 1))
    assert own(recorded, H1, date(2022, 9, 2)).changed != []
    sign(recorded, H2, date(2023, 1, 5))
    first = own(recorded, H1, date(2023, 1, 6))
    assert first.changed == [] and first.signed_with_year == H2


def test_only_what_can_be_done_is_offered_while_the_second_half_stands(recorded: Database) -> None:
    sign(recorded, H2, date(2023, 1, 5))
    with set_to(date(2023, 1, 6)):
        assert see_period(recorded, CODE, H1, date(2023, 1, 6), 5, by=VELFERD).possible == []
    give_back(recorded, H2, date(2023, 1, 7), 1)
    with set_to(date(2023, 1, 8)):
        assert see_period(recorded, CODE, H1, date(2023, 1, 8), 5, by=VELFERD).possible == [Step.REOPENED]


def test_a_year_is_not_signed_in_silence_about_a_first_half_that_nobody_signed(db: Database) -> None:
    for number in range(10):
        person = make_service_user(db, f"S-{number}")
        with set_to(date(2022, 9, 1)):
            record_session(db, person, date(2022, 9, 1), Answers(life_satisfaction=1 + number % 7), by=AMINA)
    day = date(2023, 1, 5)
    seen = own(db, H2, day)
    assert seen.first is not None and seen.needs_words
    assert {gap.kind for gap in seen.unexplained} == {GapKind.EMPTY_PERIOD}
    with set_to(day), pytest.raises(Invalid, match="reasons_needed"):
        take_step(db, H2, Step.SIGNED, None, 0, by=CARL)
    with set_to(day):
        explain_gap(db, H1, GapKind.EMPTY_PERIOD, Cause.STAFFING, None, None, by=CARL)
        take_step(db, H2, Step.SIGNED, None, 0, by=CARL)
