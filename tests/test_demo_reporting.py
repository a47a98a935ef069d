"""What is left to do in the made-up city: a half-year to sign off, a finding to resolve, messages in the inboxes."""

from datetime import date, timedelta

import pytest
from factories import ALNA, OPERATOR
from released import release
from sqlite_utils import Database

from fitservice.actions.checking import dismiss_finding
from fitservice.actions.demo import make_demo
from fitservice.actions.explaining import explain_gap
from fitservice.actions.reminding import remind
from fitservice.actions.signing_off import take_step
from fitservice.cases import dates_on, open_findings
from fitservice.clock import set_to
from fitservice.model import Actor, Role
from fitservice.reporting import Cause, Check, ReminderKind, Step, Submission, Timing
from fitservice.reports.gaps import Status, statuses_of
from fitservice.rules.periods import half_of, previous
from fitservice.rules.sign_off import unexplained
from fitservice.store import reminders, staff

AUTUMN = date(2022, 11, 22)
# just begun, before and on the deadline, before and after the lock, long after; of either half of a year
DAYS = [
    *(date(2022, 7, 2), date(2022, 7, 29), date(2022, 7, 31), date(2022, 8, 10), date(2022, 8, 16), date(2022, 8, 22)),
    *(AUTUMN, date(2022, 12, 31), date(2023, 1, 1), date(2023, 2, 20), date(2024, 2, 29), date(2024, 6, 30)),
]


def carl_of(db: Database) -> Actor:
    """The team lead of Alna in the made-up city."""
    row = staff.by_username(db, "carl")
    assert row is not None
    return Actor("carl", Role.TEAM_LEAD, ALNA, staff_id=row["id"])


def newest(db: Database, until: date) -> list[Status]:
    """The newest half-year that is over, in every district, as the districts see it on the city's last day."""
    with set_to(until):
        return statuses_of(db, [previous(half_of(until))], until, 1)


@pytest.mark.parametrize("until", DAYS)
def test_carl_always_has_a_half_year_to_sign_off_and_a_finding_to_resolve(db: Database, until: date) -> None:
    make_demo(db, until, 17, by=OPERATOR)
    half, carl = previous(half_of(until)), carl_of(db)
    with set_to(until):
        (alna,) = statuses_of(db, [half], until, 1, ALNA)
        assert alna.sign_off.standing is None and alna.timing is Timing.AWAITED
        found = open_findings(db, ALNA, half, dates_on(db, half, until), until)
        assert [one.check for one in found] == [Check.NO_SESSION]
        # the tour: he resolves it, explains, and signs off without further words
        dismiss_finding(db, half, found[0].check, found[0].key, "Opphold på sykehus, kommer tilbake", by=carl)
        for gap in unexplained(alna.gaps, ()):
            explain_gap(db, half, gap.kind, Cause.STAFFING, None, None, by=carl)
        take_step(db, half, Step.SIGNED, None, alna.sign_off.number, by=carl)
        assert statuses_of(db, [half], until, 1, ALNA)[0].timing is Timing.ON_TIME


def test_the_board_holds_what_can_happen_to_a_sign_off(db: Database) -> None:
    make_demo(db, AUTUMN, 17, by=OPERATOR)
    told = {status.district["name"]: status for status in newest(db, AUTUMN)}
    accepted = {name for name, status in told.items() if status.sign_off.accepted}
    assert accepted == {"Gamle Oslo", "Sagene", "St. Hanshaugen", "Frogner"}
    by_word = {
        word: {name for name, status in told.items() if status.submission is word and name not in accepted}
        for word in Submission
    }
    assert by_word[Submission.RETURNED] == {"Alna"}
    assert by_word[Submission.MISSING] == {"Vestre Aker", "Østensjø", "Søndre Nordstrand"}
    assert by_word[Submission.SUBMITTED] == {"Grünerløkka", "Ullern", "Nordre Aker", "Bjerke", "Grorud"} | {
        *("Stovner", "Nordstrand")
    }
    assert {name for name, status in told.items() if status.timing is Timing.LATE} == {"Grünerløkka"}
    opened = {name for name, status in told.items() if status.closes_on and status.closes_on >= AUTUMN}
    assert opened == {"Alna", "Østensjø"}


@pytest.mark.parametrize("until", [date(2022, 7, 2), date(2022, 8, 10), AUTUMN])
def test_nothing_happened_after_the_last_day(db: Database, until: date) -> None:
    make_demo(db, until, 17, by=OPERATOR)
    (latest,) = db.execute("SELECT MAX(acted_at) FROM sign_offs").fetchone()
    (message,) = db.execute("SELECT MAX(made_at) FROM reminders").fetchone()
    assert max(latest[:10], message[:10]) <= until.isoformat()


def test_the_inboxes_hold_what_the_reminding_would_have_sent(db: Database) -> None:
    make_demo(db, AUTUMN, 17, by=OPERATOR)
    inboxes = {
        row["username"]: {
            message["day"]: [one.kind for one in message["reminders"]]
            for message in reminders.of_staff(db, row["id"], 100)
        }
        for row in staff.all_open(db)
    }
    assert inboxes == {
        "amina": {"2022-06-23": [ReminderKind.WITHOUT_SCORE]},
        "berit": {"2022-06-23": [ReminderKind.WITHOUT_SCORE]},
        "carl": {"2022-07-17": [ReminderKind.SIGN_OFF_DUE], "2022-11-21": [ReminderKind.RETURNED]},
        "velferd": {
            "2022-08-01": [ReminderKind.NOT_SIGNED],
            "2022-08-11": [ReminderKind.NOT_ACCEPTED],
            "2022-08-16": [ReminderKind.LOCKED_UNSIGNED],
        },
        "admin": {},
    }
    # whoever is to have a message of one of these days has it
    for day in sorted({day for inbox in inboxes.values() for day in inbox}):
        assert remind(db, date.fromisoformat(day), by=OPERATOR, dry_run=True) == []
    # and the day itself is left for whoever runs it
    assert not reminders.reminded_on(db, AUTUMN) and AUTUMN - timedelta(days=1) == date(2022, 11, 21)


def test_the_half_year_that_is_left_open_can_be_released(db: Database) -> None:
    make_demo(db, AUTUMN, 17, by=OPERATOR)
    with set_to(AUTUMN):
        name = release(db, "2022H1")
    told = dict(
        db.execute(
            """
            SELECT state, COUNT(*)
            FROM released_sign_offs
            WHERE period = '2022H1'
            GROUP BY state
            """
        ).fetchall()
    )
    assert name == "2022-1" and told == {"signed": 11, "not_signed": 4}
