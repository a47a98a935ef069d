"""Whoever sets thresholds works out no hidden count from the gaps that come and go."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from factories import ALNA, CARL, VELFERD, make_service_user, make_session
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.deciding import decide_obligations, decide_threshold
from fitservice.clock import set_to
from fitservice.reporting import Content, GapKind, Threshold
from fitservice.reports.gaps import Status, see_gaps, statuses_of
from fitservice.reports.sign_offs import EVERYTHING
from fitservice.rules.disclosure.gaps import is_few, may_be_told
from fitservice.rules.gaps import Case, Earlier, Evidence
from fitservice.rules.periods import half, previous

H2, NEXT = half(2022, 2), half(2023, 1)
DAY = date(2023, 7, 3)

FEW, MANY, NOBODY = Evidence(20, 3), Evidence(20, 12), Evidence(20, 0)
COMPARED = {GapKind.LOW_COVERAGE, GapKind.BEHIND_PACE, GapKind.DROPPED}


@pytest.mark.parametrize(
    ("own", "before", "untold"),
    [
        (MANY, [MANY, MANY], set()),
        (MANY, [NOBODY, Evidence()], set()),
        (FEW, [MANY, MANY], COMPARED),
        (Evidence(3, 0), [MANY, MANY], COMPARED),
        (MANY, [FEW, MANY], {GapKind.DROPPED}),
        (MANY, [MANY, Evidence(4, 0)], {GapKind.DROPPED}),
    ],
)
def test_a_gap_is_told_where_every_count_that_it_weighs_may_be_seen(own, before, untold):
    earlier = [Earlier(previous(NEXT), Content.PARTIAL, one) for one in before]
    case = Case(NEXT, DAY, own, earlier)
    assert {kind for kind in GapKind if not may_be_told(kind, case, 5)} == untold
    assert all(may_be_told(kind, case, EVERYTHING) for kind in GapKind)


def test_a_period_that_was_not_owed_is_weighed_by_nothing():
    case = Case(NEXT, DAY, MANY, [Earlier(H2, Content.PARTIAL, FEW, owed=False)])
    assert all(may_be_told(kind, case, 5) for kind in GapKind)


@pytest.mark.parametrize(
    ("active", "measured", "few"), [(0, 0, False), (4, 0, True), (5, 0, False), (5, 4, True), (5, 5, False)]
)
def test_few_are_those_whose_counts_are_hidden(active, measured, few):
    assert is_few(Evidence(active, measured), 5) is few


def build(db: Database, in_second: int, by=CARL) -> None:
    """20 service users: 12 measured in 2022H1, so few in 2022H2, 5 in 2023H1."""
    people = [make_service_user(db, f"D-{n}", by=by) for n in range(20)]
    for count, day in ((12, date(2022, 3, 1)), (in_second, date(2022, 9, 1)), (5, date(2023, 3, 1))):
        for person in people[:count]:
            make_session(db, person, day, by=by)


def guessed(is_dropped: Callable[[float], bool]) -> list[int]:
    """Which of 1 to 4 agree with the shares (0-1) at which a drop comes and goes in 2023H1."""
    ends = {n: 1 - 0.25 / ((12 / 20 + n / 20) / 2) for n in (1, 2, 3, 4)}
    left = [1, 2, 3, 4]
    while len(left) > 1:
        middle = len(left) // 2
        between = (ends[left[middle - 1]] + ends[left[middle]]) / 2
        left = left[middle:] if is_dropped(between) else left[:middle]
    return left


def alna(statuses: list[Status]) -> Status:
    """Alna's."""
    return next(status for status in statuses if status.district["id"] == ALNA)


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_no_threshold_of_a_drop_tells_the_agency_a_hidden_count_of_the_half_year_before(db: Database, few: int) -> None:
    build(db, few)

    def is_dropped(share: float, small_count: int) -> bool:
        decide_threshold(db, Threshold.DROP, NEXT, share, "trying", by=VELFERD)
        told = see_gaps(db, [NEXT], DAY, small_count, by=VELFERD)
        return GapKind.DROPPED in {gap.kind for gap in alna(told).gaps}

    with set_to(DAY):
        assert alna(see_gaps(db, [H2], DAY, 5, by=VELFERD)).measured_users.hidden
        # where nothing is hidden, it is told: so the guess would work
        assert guessed(lambda share: is_dropped(share, EVERYTHING)) == [few]
        assert not any(is_dropped(share / 100, 5) for share in range(1, 100, 7))


def test_the_own_team_lead_hears_of_a_drop_beside_few(db: Database) -> None:
    build(db, 4)
    with set_to(DAY):
        (own,) = statuses_of(db, [NEXT], DAY, EVERYTHING, ALNA)
        decide_obligations(db, ["030112"], H2, H2, "moved house", owed=False, by=VELFERD)
        (alone,) = statuses_of(db, [NEXT], DAY, EVERYTHING, ALNA)
    kinds = [{gap.kind for gap in status.gaps} for status in (own, alone)]
    # two half-years before it are needed for a mean
    assert (GapKind.DROPPED in kinds[0], GapKind.DROPPED in kinds[1]) == (True, False)


@pytest.mark.parametrize("few", [1, 4])
def test_the_agencys_own_pages_do_not_tell_a_hidden_count(house: Flask, house_db: Database, few: int) -> None:
    build(house_db, few, by=replace(CARL, district_id=1, staff_id=None))
    velferd = sign_in(house, "velferd")
    velferd.post("/language/en")

    def rows_of(code: str) -> list[dict[str, str]]:
        rows = csv.DictReader(io.StringIO(velferd.get("/city/board.csv").text))
        return [row for row in rows if (row["Code"], row["Period"]) == ("030101", code)]

    def told(share: float) -> tuple[object, ...]:
        typed = {"name": "drop", "value": f"{100 * share:.1f}", "first": "2023H1", "reason": "prøver"}
        assert velferd.post("/city/register/thresholds", data=typed).status_code == 302
        words = [velferd.get(f"/city{path}").text for path in ("?sort=gaps", "?kind=dropped", "/030101")]
        return rows_of("2023H1"), *(page.count("Far fewer measured than before") for page in words)

    with set_to(DAY):
        assert {(row["Service users"], row["Measured"], row["Coverage in per cent"]) for row in rows_of("2022H2")} == {
            (":",) * 3
        }
        first, *others = [told(share) for share in (0.05, 0.2, 0.28, 0.31, 0.35, 0.5, 0.9)]
    assert first[0], "there is a row to look at"
    assert others == [first] * 6
