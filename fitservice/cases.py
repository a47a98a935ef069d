"""What the rules of gaps judge: the record, the register, the days and the sign-offs, as known on a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlite_utils import Database

from fitservice.clock import day_of
from fitservice.model import Period
from fitservice.reporting import Dates, Threshold
from fitservice.rules.gaps import Case, Earlier, Evidence, coverage
from fitservice.rules.periods import back_to, parse_half
from fitservice.rules.register import dates_of, owes, threshold
from fitservice.rules.sign_off import NO_STEPS, state_of
from fitservice.store import districts, figures, register, sign_offs
from fitservice.store.rows import Row


def cases_of(
    db: Database, periods: Sequence[Period], as_of: date, district_id: int | None = None
) -> list[tuple[Row, Case]]:
    """Every district (or one) × period in that order, with the district; a fixed number of queries."""
    first_day = began(db)
    rows = {period: back_to(period, first_day) for period in periods}
    needed = list({before.code: before for row in rows.values() for before in row}.values())
    everywhere = [row for row in districts.all_districts(db) if district_id in (None, row["id"])]
    single = _single_cases(db, needed, as_of, district_id)
    return [
        (district, replace(single[district["id"], period.code], earlier=_earlier(single, district["id"], rows[period])))
        for district in everywhere
        for period in periods
    ]


def began(db: Database) -> date:
    """The first day of the first half-year that any district ever owed."""
    return parse_half(register.began(db)).first_day


def _earlier(single: dict[tuple[int, str], Case], district_id: int, row: Sequence[Period]) -> list[Earlier]:
    cases = [single[district_id, period.code] for period in row[1:]]
    return [Earlier(case.period, case.content, coverage(case.evidence)) for case in cases if case.owed]


@dataclass(frozen=True)
class _Judged:
    """By what a period is judged, in every district."""

    period: Period
    dates: Dates | None
    thresholds: dict[Threshold, float]


def _single_cases(
    db: Database, periods: Sequence[Period], as_of: date, district_id: int | None
) -> dict[tuple[int, str], Case]:
    """Each district and period by itself, by district id and period code."""
    owed = register.obligations(db)
    steps = sign_offs.steps(db, periods, district_id)
    judged = {one.period.code: one for one in _judged(db, periods, as_of)}

    def case(row: Row) -> Case:
        district, by = row["district_id"], judged[row["period"]]
        return Case(
            period=by.period,
            as_of=as_of,
            evidence=_evidence(row),
            owed=owes(owed.get(district, []), by.period, as_of),
            dates=by.dates,
            sign_off=state_of(steps.get((district, by.period.code), []), by.dates, as_of) if by.dates else NO_STEPS,
            thresholds=by.thresholds,
        )

    rows = figures.evidence(db, periods, as_of, district_id)
    return {(row["district_id"], row["period"]): case(row) for row in rows}


def _judged(db: Database, periods: Collection[Period], as_of: date) -> Iterable[_Judged]:
    days, limits = register.dates(db), register.thresholds(db)
    for period in periods:
        yield _Judged(
            period,
            dates_of(days, period, as_of) if "H" in period.code else None,
            {name: threshold(limits.get(name, []), name, period, as_of) for name in Threshold},
        )


def _evidence(row: Row) -> Evidence:
    def day(name: str) -> date | None:
        return date.fromisoformat(row[name]) if row[name] else None

    return Evidence(
        active_users=row["active_users"],
        measured_users=row["measured_users"],
        sessions=row["sessions"],
        sessions_with_feedback=row["sessions_with_feedback"],
        other_scale_since=day("other_scale_since"),
        last_recorded=day("last_recorded"),
        register_changed=day_of(row["register_changed_at"]) if row["register_changed_at"] else None,
    )
