"""Why something is missing: said by the team lead, beside the gap, never in its place."""

from datetime import date, timedelta

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.cases import cases_of
from fitservice.clock import today
from fitservice.model import Actor, Invalid, NotFound, Period, Problem
from fitservice.reporting import Cause, GapKind
from fitservice.rules.gaps import gaps
from fitservice.rules.notes import parse_words
from fitservice.rules.sign_off import rests_on_explanations
from fitservice.store import explanations

LONGEST = timedelta(days=366)
"""Nothing is expected later than that: a gap is not explained away."""


def explain_gap(
    db: Database,
    period: Period,
    kind: GapKind,
    cause: Cause,
    text: str | None,
    expected_on: date | None,
    *,
    by: Actor,
) -> None:
    """Say why something is missing in the own district's half-year, and when it is expected to be there.

    NotFound if nothing of that kind is missing; Invalid for an expected day that has passed, for "something else"
    without words, and for words that parse_reason refuses.
    """
    with acting(db, by, Act.EXPLAIN_GAP) as note:
        district_id = district_of(by)
        if period.first_day > today() or "H" not in period.code:
            raise NotFound
        ((_, case),) = cases_of(db, [period], today(), district_id)
        if kind not in {gap.kind for gap in gaps(case)}:
            raise NotFound
        if expected_on and expected_on < today():
            raise Invalid(Problem("expected_has_passed", "expected_on"))
        if expected_on and expected_on > today() + LONGEST:
            raise Invalid(Problem("too_far_ahead", "expected_on"))
        text = parse_words(text, "text")
        if cause is Cause.OTHER and not text:
            raise Invalid(Problem("required", "text"))
        explanations.add(db, district_id, period, kind, cause, text, expected_on, by.name)
        note.subject = ("district", district_id)
        note.detail = {"period": period.code, "kind": kind.value, "cause": cause.value}


def withdraw_explanation(db: Database, period: Period, kind: GapKind, *, by: Actor) -> None:
    """Take an explanation back; NotFound if there is none, Invalid while a sign-off without words rests on it."""
    with acting(db, by, Act.EXPLAIN_GAP) as note:
        district_id = district_of(by)
        known = explanations.known_on(db, [period], today(), district_id).get((district_id, period.code, kind))
        if known is None:
            raise NotFound
        ((_, case),) = cases_of(db, [period], today(), district_id)
        if rests_on_explanations(case.sign_off, kind):
            raise Invalid(Problem("sign_off_rests_on_it"))
        cause = Cause(known["cause"])
        explanations.add(db, district_id, period, kind, cause, known["text"], None, by.name, withdrawn=True)
        note.subject = ("district", district_id)
        note.detail = {"period": period.code, "kind": kind.value, "withdrawn": True}
