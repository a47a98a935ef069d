"""What the rules of gaps judge: the record, the register, the days and the sign-offs, as known on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlite_utils import Database

from fitservice.clock import day_of, today
from fitservice.model import Period
from fitservice.reporting import Content, Dates, Threshold
from fitservice.rules.gaps import Case, Earlier, Evidence, content
from fitservice.rules.periods import back_to, half
from fitservice.rules.quality import findings
from fitservice.rules.quality.evidence import Finding
from fitservice.rules.register import began as reporting_began
from fitservice.rules.register import dates_of, owes, threshold
from fitservice.rules.releasing import part_of
from fitservice.rules.sign_off import NO_STEPS, Signed, State, signed_with, state_of
from fitservice.store import counters, days, districts, figures, quality, register, sign_offs
from fitservice.store.rows import Row

MEMORY = 6
"""So many periods before a period are looked at: three years of half-years, however long ago reporting began."""


def cases_of(
    db: Database, periods: Sequence[Period], as_of: date, district_id: int | None = None
) -> list[tuple[Row, Case]]:
    """Every district (or one) × period in that order, with the district.

    A fixed number of queries, which read no more the longer reporting goes on. Only where a district was empty as far
    back as they look, they are asked once more, for the whole row.
    """
    first_day = began(db, as_of)
    known = _known(db, [back_to(period, first_day, MEMORY + 1) for period in periods], as_of, district_id)
    everywhere = [row for row in districts.all_districts(db) if district_id in (None, row["id"])]
    cases = [(district, known.case(district["id"], period)) for district in everywhere for period in periods]
    long = {(row["id"], case.period): case.period for row, case in cases if _goes_on(case, first_day)}
    if long:
        whole = _known(db, [back_to(period, first_day) for period in set(long.values())], as_of, district_id)
        cases = [
            (row, whole.case(row["id"], case.period) if (row["id"], case.period) in long else case)
            for row, case in cases
        ]
    return cases


def _goes_on(case: Case, first_day: date) -> bool:
    """Whether the row of empty periods that ends with this one may have begun before what was looked at."""
    if not case.owed or case.content is not Content.EMPTY or not all(before.is_empty for before in case.earlier):
        return False
    return len(back_to(case.period, first_day, MEMORY + 2)) == MEMORY + 2


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


def began(db: Database, as_of: date) -> date:
    """The first day of the first half-year that any district owes, as known on a day."""
    return reporting_began(register.obligations(db).values(), as_of).first_day


@dataclass(frozen=True)
class _Judged:
    """By what a period is judged, in every district."""

    period: Period
    dates: Dates | None
    thresholds: dict[Threshold, float]


Read = dict[tuple[int, str], Evidence]
"""By district id and period code."""


@dataclass(frozen=True)
class _Known:
    """What was read for some periods and those before each, newest first; by district id and period code."""

    as_of: date
    rows: Mapping[str, Sequence[Period]]
    judged: Mapping[str, _Judged]
    owed: register.ObligationsOf
    steps: sign_offs.EventsOf
    signed: sign_offs.SignedOf
    evidence: Read
    _earlier: dict[tuple[int, str], Earlier] = field(default_factory=dict)
    """Each of them is before several."""

    def case(self, district_id: int, period: Period) -> Case:
        """One district and period, with those before it."""
        by, place = self.judged[period.code], (district_id, period.code)
        sign_off = self.sign_off(district_id, period)
        return Case(
            period=period,
            as_of=self.as_of,
            evidence=self.evidence[place],
            earlier=[self.earlier(district_id, before) for before in self.rows[period.code]],
            owed=self.owes(district_id, period),
            dates=by.dates,
            sign_off=sign_off,
            signed=self.signed_of(district_id, period, sign_off),
            thresholds=by.thresholds,
        )

    def sign_off(self, district_id: int, period: Period) -> State:
        """What the steps of a half-year amount to; none of a year, which nobody signs off."""
        dates = self.judged[period.code].dates
        steps = self.steps.get((district_id, period.code), [])
        return state_of(steps, dates, self.as_of) if dates else NO_STEPS

    def signed_of(self, district_id: int, period: Period, own: State) -> Signed | None:
        """What was signed of a half-year, as far as that counts."""
        if own.standing is None:
            return None
        second = half(period.first_day.year, 2)
        later = self.sign_off(district_id, second) if self.owes(district_id, second) else NO_STEPS
        found = signed_with(period, own, later)
        if found is None:
            return None
        code, event = found
        return Signed(event.on, self.signed[district_id, code, event.number][part_of(period)])

    def earlier(self, district_id: int, period: Period) -> Earlier:
        """A period before; a declaration makes no difference to it."""
        place = district_id, period.code
        if place not in self._earlier:
            own, limit = self.evidence[place], self.judged[period.code].thresholds[Threshold.COVERAGE]
            self._earlier[place] = Earlier(period, content(own, limit), own, self.owes(district_id, period))
        return self._earlier[place]

    def owes(self, district_id: int, period: Period) -> bool:
        """Whether a district owes a period."""
        return owes(self.owed.get(district_id, []), period, self.as_of)


def _known(db: Database, rows: Sequence[Sequence[Period]], as_of: date, district_id: int | None) -> _Known:
    """Rows are each a period and those before it."""
    needed = list(dict.fromkeys(period for row in rows for period in row))
    now = as_of >= today()
    asked = [row[0] for row in rows]
    # with a second half-year its first one was signed too
    signed = list(dict.fromkeys([*asked, *(half(one.first_day.year, 2) for one in asked)]))
    return _Known(
        as_of,
        {row[0].code: row[1:] for row in rows},
        {one.period.code: one for one in _judged(db, {*needed, *signed}, as_of)},
        register.obligations(db),
        sign_offs.steps(db, signed, district_id),
        sign_offs.signed_measured(db, signed, district_id),
        _evidence_now(db, needed, district_id) if now else _evidence_then(db, needed, as_of, district_id),
    )


def _judged(db: Database, periods: Collection[Period], as_of: date) -> Iterable[_Judged]:
    days, limits = register.dates(db), register.thresholds(db)
    for period in periods:
        yield _Judged(
            period,
            dates_of(days, period, as_of) if "H" in period.code else None,
            {name: threshold(limits.get(name, []), name, period, as_of) for name in Threshold},
        )


def _evidence_now(db: Database, periods: Sequence[Period], district_id: int | None) -> Read:
    """From what is kept with every recording: no session is read, however many there are."""
    last, changed = days.last_sessions(db, today(), district_id), register.changed_at(db, district_id)
    other_scale = days.first_other_scale(db, periods, district_id)
    found: Read = {}
    for place, known in counters.some_counts(db, periods, _COUNTS, district_id).items():
        measured_users, held, with_feedback, active_users = known
        of_days = other_scale.get(place), last.get(place[0]), changed.get(place[0])
        found[place] = Evidence(active_users, measured_users, held, with_feedback, *of_days)
    return found


_COUNTS = ("measured_users", "sessions", "sessions_with_feedback")


def _evidence_then(db: Database, periods: Sequence[Period], as_of: date, district_id: int | None) -> Read:
    """From all that was ever recorded, as it read at the end of a day that is past."""

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return {
        (row["district_id"], row["period"]): Evidence(
            active_users=row["active_users"],
            **{name: row[name] for name in _COUNTS},
            other_scale_since=day(row["other_scale_since"]),
            last_recorded=day(row["last_recorded"]),
            register_changed=day_of(row["register_changed_at"]) if row["register_changed_at"] else None,
        )
        for row in figures.evidence(db, periods, as_of, district_id)
    }
