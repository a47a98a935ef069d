"""How far back the board looks: three years, and over the whole row where a district is empty all that time."""

from datetime import date

import pytest
from factories import ALNA, AMINA, BERIT, BJERKE, CARL, OPERATOR, make_cast, make_service_user, make_session

from fitservice.actions.deciding import decide_obligations
from fitservice.actions.explaining import explain_gap
from fitservice.actions.reminding import remind
from fitservice.cases import MEMORY, began, cases_of
from fitservice.clock import set_to
from fitservice.reporting import Cause, GapKind
from fitservice.rules.gaps import gaps
from fitservice.rules.periods import back_to, parse_half, parse_period
from fitservice.store.districts import all_districts

TODAY = date(2022, 7, 10)
H1 = parse_half("2022H1")


@pytest.fixture
def long_ago(db):
    """Ten half-years are owed; both districts have service users in all of them, and measured the first."""
    with set_to(date(2017, 7, 1)):
        decide_obligations(db, ["030112", "030109"], parse_half("2017H2"), None, "since then", owed=True, by=OPERATOR)
    for by, prefix in ((AMINA, "A"), (BERIT, "B")):
        for number in range(4):
            person = make_service_user(db, f"{prefix}-{number}", by=by, enrolled_from=date(2017, 7, 1))
            make_session(db, person, date(2017, 9, 1), by=by)
    return db


def found(db, kind: GapKind, district_id: int = ALNA, *, period=H1, only: int | None = None, as_of=TODAY):
    """When the gap began and its number, or None."""
    with set_to(TODAY):
        cases = {row["id"]: case for row, case in cases_of(db, [period], as_of, only)}
    return next(((gap.since, gap.number) for gap in gaps(cases[district_id]) if gap.kind is kind), None)


@pytest.mark.parametrize("only", [None, ALNA])
@pytest.mark.parametrize("as_of", [TODAY, date(2022, 7, 9)], ids=["today", "replayed"])
def test_a_row_of_empty_half_years_is_told_from_its_beginning(long_ago, only, as_of):
    assert found(long_ago, GapKind.CONSECUTIVE, only=only, as_of=as_of) == (date(2018, 1, 1), 9)


@pytest.mark.parametrize(
    ("held_on", "since", "number"), [("2019-05-05", "2019-07-01", 6), ("2018-10-01", "2019-01-01", 7)]
)
def test_it_is_broken_by_a_score_just_inside_and_just_outside_of_what_is_looked_at(long_ago, held_on, since, number):
    make_session(
        long_ago, make_service_user(long_ago, "A-9", enrolled_from=date(2018, 7, 1)), date.fromisoformat(held_on)
    )
    assert MEMORY == 6
    assert found(long_ago, GapKind.CONSECUTIVE) == (date.fromisoformat(since), number)
    assert found(long_ago, GapKind.CONSECUTIVE, BJERKE) == (date(2018, 1, 1), 9)


def test_empty_years_are_a_row_too(long_ago):
    assert found(long_ago, GapKind.CONSECUTIVE, period=parse_period("2021")) == (date(2018, 1, 1), 4)


def measure(db, period, people: int) -> None:
    """So many of Alna's four have a score in the half-year."""
    for number in range(people):
        (person,) = db.execute("SELECT id FROM service_users WHERE reference = ?", [f"A-{number}"]).fetchone()
        make_session(db, person, period.first_day)


@pytest.mark.parametrize("bjerke_empty", [True, False])
@pytest.mark.parametrize(("each", "dropped"), [(2, True), (1, False)])
def test_a_drop_is_beside_the_mean_of_the_three_years_before(long_ago, each, dropped, bjerke_empty):
    # all four were measured in each half-year long ago
    for period in back_to(H1, date(2018, 1, 1))[1:]:
        measure(long_ago, period, each if period.first_day.year >= 2019 else 4)
    measure(long_ago, H1, 1)
    if not bjerke_empty:
        make_session(long_ago, make_service_user(long_ago, "B-9", by=BERIT), date(2022, 3, 1), by=BERIT)
    assert found(long_ago, GapKind.DROPPED) == ((H1.first_day, None) if dropped else None)


@pytest.mark.parametrize(
    ("measured", "owed", "row"),
    [(False, True, (date(2021, 1, 1), 3)), (False, False, None), (True, False, None), (True, True, None)],
)
def test_a_half_year_that_was_not_owed_ends_the_row_measured_or_not(db, measured, owed, row):
    with set_to(date(2021, 1, 1)):
        decide_obligations(db, ["030112"], parse_half("2021H1"), None, "since then", owed=True, by=OPERATOR)
    person = make_service_user(db, enrolled_from=date(2021, 1, 1))
    if measured:
        make_session(db, person, date(2021, 9, 1))
    between = parse_half("2021H2")
    with set_to(TODAY):
        decide_obligations(db, ["030112"], between, between, "moved house", owed=owed, by=OPERATOR)
    assert found(db, GapKind.CONSECUTIVE) == row


@pytest.mark.parametrize("tell", ["gaps", "reminders"])
def test_a_decision_about_older_half_years_changes_no_past_day(db, tell):
    make_cast(db)
    make_service_user(db, "A-1")
    day, later = date(2023, 7, 17), date(2023, 8, 1)

    def told(as_of):
        if tell == "reminders":
            return remind(db, as_of, by=OPERATOR, dry_run=True)
        return [(case.period.code, gaps(case)) for _, case in cases_of(db, [parse_half("2023H1")], as_of, ALNA)]

    with set_to(date(2023, 7, 10)):
        # so that an older half-year has something to be reminded of on that day
        explain_gap(db, parse_half("2022H2"), GapKind.EMPTY_PERIOD, Cause.STAFFING, None, date(2023, 7, 16), by=CARL)
    with set_to(day, hour=23):
        shown = told(day)
    assert shown
    with set_to(later):
        everywhere = [row["code"] for row in all_districts(db)]
        older = parse_half("2022H1"), parse_half("2022H2")
        decide_obligations(db, everywhere, *older, "not asked then", owed=False, by=OPERATOR)
        assert (told(day), began(db, day), began(db, later)) == (shown, date(2022, 1, 1), date(2023, 1, 1))
