"""Gaps as they may leave the service: what rests on counts follows from published figures, or is not told.

"Enough are measured" beside a hidden count would narrow it down, and whatever is of today changes at a recording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlite_utils import Database

from fitservice.cases import began
from fitservice.model import Actor, Figure, Period
from fitservice.reporting import Content, Gap, GapKind
from fitservice.reports.gaps import Status, see_gaps
from fitservice.reports.releases import newest_figures
from fitservice.rules.gaps import Earlier, Evidence, consecutive, content, content_gap, is_declared
from fitservice.rules.periods import back_to
from fitservice.rules.register import owes
from fitservice.store import explanations
from fitservice.store.register import obligations
from fitservice.store.rows import Row

_UNKNOWN = Figure(None, hidden=True)
_OF_DAYS = (GapKind.SILENT, GapKind.OTHER_SCALE, GapKind.REGISTER_STALE)
OF_SIGN_OFFS = (GapKind.NOT_SIGNED_OFF, GapKind.LATE)


def published_gaps(
    db: Database, periods: Sequence[Period], as_of: date, small_count: int, *, by: Actor
) -> list[Status]:
    """What each period holds and what is missing, as far as published figures say it; the pull is logged.

    Counts, coverage and every gap that rests on them are those of the newest release that holds the period, hidden and
    untold where there is none. What rests on days alone, a long silence or another scale, is told as of today, from
    the first day of a month; so is the sign-off, which is a fact and no figure.
    """
    statuses = see_gaps(db, periods, as_of, small_count, by=by)
    first_day, decided = began(db, as_of), obligations(db)
    before = {period.code: back_to(period, first_day) for period in periods}
    published = newest_figures(db, list({period.code: period for row in before.values() for period in row}.values()))

    reasons = explanations.known_on(db, periods, as_of)

    def told(status: Status) -> Status:
        code = status.district["code"]
        row = [(period, published.get((code, period.code), {})) for period in before[status.period.code]]
        known_to_owe = decided.get(status.district["id"], [])
        contents = [
            Earlier(period, _content(known, status), owed=owes(known_to_owe, period, as_of)) for period, known in row
        ]
        return _published(status, row[0][1], contents)

    return [_explained(told(status), reasons) for status in statuses]


def _explained(status: Status, reasons: Mapping[tuple[int, str, GapKind], Row]) -> Status:
    """With the explanations of the gaps that are told: those of today's gaps would tell which there are today."""
    places = {gap.kind: (status.district["id"], status.period.code, gap.kind) for gap in status.gaps}
    return replace(status, explanations={kind: reasons[place] for kind, place in places.items() if place in reasons})


def _published(status: Status, known: Mapping[str, Figure], contents: Sequence[Earlier]) -> Status:
    """The status with these published figures of its period; contents are its own and those before it, newest first."""
    now, *earlier = contents
    period, state = now.period, now.content
    feedback_not_used = _value(known, "sessions") and _value(known, "sessions_with_feedback") == 0
    gaps = [
        content_gap(period, state, None, still_open=False),
        consecutive(period, state, earlier),
        *(replace(gap, since=gap.since.replace(day=1)) for gap in status.gaps if gap.kind in _OF_DAYS),
        *(gap for gap in status.gaps if gap.kind in OF_SIGN_OFFS),
        Gap(GapKind.FEEDBACK_NOT_USED, period.first_day) if feedback_not_used else None,
    ]
    return replace(
        status,
        content=state,
        active_users=known.get("active_users", _UNKNOWN),
        measured_users=known.get("measured_users", _UNKNOWN),
        coverage=known.get("coverage", _UNKNOWN),
        last_recorded=None,
        gaps=[gap for gap in gaps if gap is not None] if status.owed else [],
    )


def _content(known: Mapping[str, Figure], status: Status) -> Content:
    """What the published counts say that a period holds."""
    active, measured = _value(known, "active_users"), _value(known, "measured_users")
    if active is not None and measured is not None:
        counted = Evidence(active_users=int(active), measured_users=int(measured))
        return content(counted, status.threshold, declared=is_declared(status.sign_off))
    return Content.EMPTY if measured == 0 else Content.NOT_TOLD


def _value(known: Mapping[str, Figure], measure: str) -> float | None:
    return known.get(measure, _UNKNOWN).value
