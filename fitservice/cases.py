"""What the rules of gaps judge: the record, the register, the days and the sign-offs, as known on a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlite_utils import Database

from fitservice.clock import day_of, today
from fitservice.model import Period
from fitservice.reporting import Dates, Threshold
from fitservice.rules.gaps import Case, Earlier, Evidence, coverage
from fitservice.rules.periods import back_to, parse_half
from fitservice.rules.quality import findings
from fitservice.rules.quality.evidence import Finding
from fitservice.rules.register import dates_of, owes, threshold
from fitservice.rules.sign_off import NO_STEPS, state_of
from fitservice.store import counters, days, districts, figures, quality, register, sign_offs
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


def open_findings(db: Database, district_id: int, period: Period, dates: Dates, as_of: date) -> list[Finding]:
    """What the quality checks find in a district's half-year that nobody has dismissed."""
    found = findings(quality.evidence(db, district_id, period, as_of), period, dates.deadline, as_of)
    decided = quality.decisions(db, district_id, period, as_of)
    return [one for one in found if decided.get((one.check, one.key), _OPEN)["withdrawn"]]


_OPEN: Row = {"withdrawn": True}


def dates_on(db: Database, period: Period, as_of: date) -> Dates:
    """The days of a half-year, as known on a day."""
    return dates_of(register.dates(db), period, as_of)


def judged_by(db: Database, name: Threshold, period: Period, as_of: date) -> float:
    """A threshold of a period, as known on a day."""
    return threshold(register.thresholds(db).get(name, []), name, period, as_of)


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

    def case(district: int, by: _Judged, evidence: Evidence) -> Case:
        return Case(
            period=by.period,
            as_of=as_of,
            evidence=evidence,
            owed=owes(owed.get(district, []), by.period, as_of),
            dates=by.dates,
            sign_off=state_of(steps.get((district, by.period.code), []), by.dates, as_of) if by.dates else NO_STEPS,
            thresholds=by.thresholds,
        )

    read = (
        _evidence_now(db, periods, district_id) if as_of >= today() else _evidence_then(db, periods, as_of, district_id)
    )
    return {(district, code): case(district, judged[code], evidence) for (district, code), evidence in read.items()}


def _judged(db: Database, periods: Collection[Period], as_of: date) -> Iterable[_Judged]:
    days, limits = register.dates(db), register.thresholds(db)
    for period in periods:
        yield _Judged(
            period,
            dates_of(days, period, as_of) if "H" in period.code else None,
            {name: threshold(limits.get(name, []), name, period, as_of) for name in Threshold},
        )


Read = dict[tuple[int, str], Evidence]
"""By district id and period code."""


def _evidence_now(db: Database, periods: Sequence[Period], district_id: int | None) -> Read:
    """From what is kept with every recording: no session is read, however many there are."""
    last, changed = days.last_sessions(db, today(), district_id), register.changed_at(db, district_id)
    other_scale = days.first_other_scale(db, periods, district_id)
    return {
        (district, code): Evidence(
            **{name: known[name] for name in _COUNTS},
            other_scale_since=other_scale.get((district, code)),
            last_recorded=last.get(district),
            register_changed=changed.get(district),
        )
        for (district, code), known in counters.counts(db, periods, district_id).items()
    }


_COUNTS = ("active_users", "measured_users", "sessions", "sessions_with_feedback")


def _evidence_then(db: Database, periods: Sequence[Period], as_of: date, district_id: int | None) -> Read:
    """From all that was ever recorded, as it read at the end of a day that is past."""

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return {
        (row["district_id"], row["period"]): Evidence(
            **{name: row[name] for name in _COUNTS},
            other_scale_since=day(row["other_scale_since"]),
            last_recorded=day(row["last_recorded"]),
            register_changed=day_of(row["register_changed_at"]) if row["register_changed_at"] else None,
        )
        for row in figures.evidence(db, periods, as_of, district_id)
    }
