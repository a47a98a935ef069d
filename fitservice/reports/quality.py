"""What a team lead sees before she signs off her district's half-year: findings, and what was decided about them."""

from dataclasses import dataclass, replace
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.cases import dates_on
from fitservice.model import Actor, Period
from fitservice.reporting import Check
from fitservice.rules import quality
from fitservice.rules.periods import refuse_not_begun
from fitservice.rules.quality.evidence import Finding, without
from fitservice.store import quality as record
from fitservice.store import staff
from fitservice.store.rows import Row
from fitservice.store.sight import hidden_from


@dataclass(frozen=True)
class Told:
    """A finding, the name of whose way of recording it is about (or ''), and its dismissal, None while it is open.

    A dismissal is reason, dismissed_at, dismissed_by (a name). hidden is how many of its cases are about service users
    whose record is closed to the reader: they are not among the finding's cases here.
    """

    finding: Finding
    recorder: str
    dismissal: Row | None
    hidden: int = 0

    @property
    def is_open_to_reader(self) -> bool:
        """Whether the reader sees what it is about, and so may dismiss it."""
        return not self.hidden or bool(self.finding.cases)


@dataclass(frozen=True)
class Findings:
    """All findings of a half-year, open ones first, each kind in the order of Check; what could not be judged, and why.

    sessions and enrolled are how many were looked at; has_history is whether anything was held in a half-year before.
    """

    told: list[Told]
    unjudged: dict[Check, quality.Unjudged]
    sessions: int
    enrolled: int
    has_history: bool
    deadline: date

    @property
    def open(self) -> list[Told]:
        """Those that nobody has dismissed, or that have changed since."""
        return [told for told in self.told if not told.dismissal]

    def of(self, check: Check) -> list[Told]:
        """Those of one check."""
        return [told for told in self.told if told.finding.check is check]


def findings(db: Database, period: Period, today: date, *, by: Actor) -> Findings:
    """What deserves a look in a half-year of the actor's own district, as seen on a day. Logged.

    Invalid if the half-year had not begun on that day.
    """
    refuse_not_begun([period], today)
    with acting(db, by, Act.SEE_CHECKS) as note:
        district_id = district_of(by)
        evidence = record.evidence(db, district_id, period, today)
        decided = record.decisions(db, district_id, period, today)
        deadline = dates_on(db, period, today).deadline
        hidden = hidden_from(db, by)
        names = {row["username"]: row["name"] for row in staff.of_district(db, district_id)}
        note.subject = ("district", district_id)
        note.detail = {"period": period.code}
    found = [
        Told(
            replace(finding, cases=without(finding.cases, hidden)),
            names.get(finding.recorder, finding.recorder),
            _dismissal(decided, finding),
            len(finding.cases) - len(without(finding.cases, hidden)),
        )
        for finding in quality.findings(evidence, period, deadline, today)
    ]
    return Findings(
        sorted(found, key=lambda told: told.dismissal is not None),
        quality.unjudged(evidence, period, deadline, today),
        len(evidence.held),
        len(evidence.enrolled),
        bool(evidence.history),
        deadline,
    )


def _dismissal(decided: dict[tuple[str, str], Row], finding: Finding) -> Row | None:
    row = decided.get((finding.check, finding.key))
    return row if row and not row["withdrawn"] else None
