"""How each district uses feedback in a half-year, for the agency: words and shares, never a person."""

from dataclasses import dataclass

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import telling
from fitservice.cases import judged_by
from fitservice.clock import today
from fitservice.model import Actor, Figure, Period
from fitservice.reporting import Threshold
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.periods import refuse_not_begun
from fitservice.rules.practice import Practice, practice
from fitservice.store import counters, districts
from fitservice.store.rows import Row


@dataclass(frozen=True)
class DistrictPractice:
    """One district's use of feedback; shares from 0 to 1.

    word is None where nobody is active, and where small counts hide it: then word_hidden is set.
    """

    district: Row
    word: Practice | None
    word_hidden: bool
    of_sessions: Figure
    of_service_users: Figure


def see_practice(db: Database, period: Period, small_count: int, *, by: Actor) -> list[DistrictPractice]:
    """Every district in one half-year, by code; Invalid if it has not begun. Logged.

    A year is not refused, but its word says less: one session in twelve months makes a service user count.
    """
    refuse_not_begun([period], today())
    with telling(db, by, Act.SEE_CITY) as note:
        note.detail = {"practice": period.code}
        everywhere = districts.all_districts(db)
        counts = counters.counts(db, [period])
        limit = judged_by(db, Threshold.SYSTEMATIC, period, today())
    return [_of(district, counts[district["id"], period.code], limit, small_count) for district in everywhere]


def systematic_share(db: Database, period: Period, *, by: Actor) -> float:
    """From which share of the active service users on the word is "systematic", 0-1."""
    check(by, Act.SEE_CITY)
    return judged_by(db, Threshold.SYSTEMATIC, period, today())


def _of(district: Row, counts: dict[str, int], limit: float, small_count: int) -> DistrictPractice:
    active, giving = counts["active_users"], counts["feedback_users"]
    sessions, with_feedback = counts["sessions"], counts["sessions_with_feedback"]
    few = is_small(active, small_count) or is_small(giving, small_count)
    # that nobody gave any is told: nought points at nobody. Whoever gave any did so in a session, so there are no
    # fewer of these
    hidden = few and giving > 0
    return DistrictPractice(
        district,
        None if hidden else practice(active, giving, limit),
        hidden,
        _share(with_feedback, sessions, hidden=hidden),
        _share(giving, active, hidden=hidden),
    )


def _share(part: int, whole: int, *, hidden: bool) -> Figure:
    return Figure(None if hidden or not whole else part / whole, hidden)
