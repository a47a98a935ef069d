"""Dismissing a finding of the quality checks with a reason, and taking that back."""

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.cases import dates_on
from fitservice.clock import today
from fitservice.model import Actor, Invalid, NotFound, Period, Problem
from fitservice.reporting import Check
from fitservice.rules.notes import parse_reason
from fitservice.rules.periods import refuse_not_begun
from fitservice.rules.quality import findings
from fitservice.rules.quality.evidence import Finding, without
from fitservice.store import quality
from fitservice.store.sight import hidden_from


def dismiss_finding(db: Database, period: Period, check: Check, key: str, reason: str, *, by: Actor) -> None:
    """A finding of the actor's own district needs no more looking at, and why; twice the same is one dismissal.

    It counts from now on, and as long as the finding stays what it was. Invalid if there is no such finding today, if
    all it is about is closed to the actor, or if the reason is no reason.
    """
    refuse_not_begun([period], today())
    why = parse_reason(reason, "reason")
    with acting(db, by, Act.DISMISS_FINDING) as note:
        district_id = district_of(by)
        found = _found(db, district_id, period, check, key)
        if not found or not _sees(db, found, by):
            raise Invalid(Problem("finding_gone"))
        known = quality.decisions(db, district_id, period, today()).get((check, key))
        again = bool(known and known["reason"] == why)
        if not again:
            quality.decide(db, district_id, period, check, key, why, by.name)
        note.subject = ("district", district_id)
        note.detail = {"period": period.code, "check": check.value, "again": again}


def take_back_dismissal(db: Database, period: Period, check: Check, key: str, *, by: Actor) -> None:
    """The finding is open again; once more is harmless. NotFound if the actor's district never dismissed it.

    Nor is it found by whoever all it is about is closed to.
    """
    with acting(db, by, Act.TAKE_BACK_DISMISSAL) as note:
        district_id = district_of(by)
        known = quality.decisions(db, district_id, period, today()).get((check, key))
        found = _found(db, district_id, period, check, key)
        if not known or (found and not _sees(db, found, by)):
            raise NotFound
        if not known["withdrawn"]:
            quality.decide(db, district_id, period, check, key, None, by.name)
        note.subject = ("district", district_id)
        note.detail = {"period": period.code, "check": check.value, "again": bool(known["withdrawn"])}


def _found(db: Database, district_id: int, period: Period, check: Check, key: str) -> Finding | None:
    """The finding as it stands today; None if it is gone."""
    deadline = dates_on(db, period, today()).deadline
    evidence = quality.evidence(db, district_id, period, today())
    return {(one.check, one.key): one for one in findings(evidence, period, deadline, today())}.get((check, key))


def _sees(db: Database, found: Finding, by: Actor) -> bool:
    """Whether any of what a finding is about is open to the actor; one about nobody in particular is."""
    return not found.cases or bool(without(found.cases, hidden_from(db, by)))
