"""Steps of Alna's sign-off in 2022, as tests of several at once take them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from factories import ALNA, CARL, VELFERD
from sqlite_utils import Database

from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.model import Period
from fitservice.reporting import Step
from fitservice.rules.periods import parse_half
from fitservice.store import sign_offs

H1, H2 = parse_half("2022H1"), parse_half("2022H2")
AFTER_H1, AFTER_H2 = date(2022, 7, 10), date(2023, 1, 10)
DORA = replace(CARL, name="dora")
CODE = "030112"


def steps(db: Database, period: Period = H1) -> list[tuple[int, Step, str]]:
    """Number, step and by whom of Alna's half-year."""
    known = sign_offs.steps(db, [period], ALNA).get((ALNA, period.code), [])
    return [(event.number, event.step, event.by) for event in known]


def audited(db: Database, act: str = "sign_off") -> int:
    """How often an act stands in the audit table."""
    return db.execute("SELECT COUNT(*) FROM audit WHERE act = ?", (act,)).fetchone()[0]


def signing(known: int, *, by=CARL, step: Step = Step.SIGNED, period: Period = H1) -> Callable[[Database], None]:
    """A lead's step, by whoever saw this number on the screen."""
    return lambda db: take_step(db, period, step, "It is so.", known, by=by)


def judge(db: Database, step: Step, known: int) -> None:
    """The agency's step."""
    until = None if step is Step.ACCEPTED else AFTER_H1 + timedelta(weeks=2)
    judge_sign_off(db, CODE, H1, step, "Please.", until, known, by=VELFERD)
