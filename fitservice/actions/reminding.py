"""Reminding: one message a day and member of staff at most of what is due or missing, and the e-mail about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from fitservice import clock
from fitservice.access import Act, check
from fitservice.acting import acting, telling
from fitservice.cases import began, cases_of
from fitservice.clock import end_of, today
from fitservice.db import snapshot, transaction
from fitservice.mail import MailServer, deliver, letter
from fitservice.model import DISTRICT_ROLES, Actor, Invalid, Period, Problem, Role
from fitservice.reporting import GapKind, Reminder
from fitservice.rules.periods import back_to, half_of
from fitservice.rules.reminders import BEFORE_THE_END, Known, for_administrator, for_analyst, for_contact, for_team_lead
from fitservice.store import access_reviews, districts, explanations, figures, reminders, sign_offs, staff
from fitservice.store.rows import Row
from fitservice.wording.reminders import mail_subject, mail_text

MAILED_FOR = timedelta(days=3)
"""So long an e-mail is tried again; then the message stands in the inbox alone."""

SENDING = timedelta(hours=1)
"""Whoever has been sending an e-mail for longer than this has died."""


@dataclass(frozen=True)
class Message:
    """Whom a message is for, and what it reminds of."""

    staff_id: int
    username: str
    reminders: Sequence[Reminder]


@dataclass(frozen=True)
class Mailed:
    """How many e-mails the server took, and for each that it did not take why: a code or a kind of error."""

    sent: int
    refused: Sequence[str]


def remind(db: Database, as_of: date, *, by: Actor, dry_run: bool = False) -> list[Message]:
    """The messages that were made for a day, or with dry_run those that would be; whoever has one of that day has it.

    Invalid for a day that is to come. A day that is past is judged as it was known at its end.
    """
    if as_of > today():
        raise Invalid(Problem("future_day", "as_of"))
    if dry_run:
        with telling(db, by, Act.REMIND) as note:
            note.detail = {"as_of": as_of.isoformat(), "dry_run": True}
            return _without_message(db, as_of, _messages(db, as_of))
    check(by, Act.REMIND)
    # read first: a past day is told from every session, and a caseworker's save must not wait for that
    with snapshot(db):
        found = _messages(db, as_of)
    with acting(db, by, Act.REMIND) as note:
        made = _without_message(db, as_of, found)
        for message in made:
            reminders.add(db, message.staff_id, as_of, message.reminders)
        note.detail = {"as_of": as_of.isoformat(), "made": len(made)}
    return made


def mail_reminders(db: Database, server: MailServer, address: str, *, by: Actor) -> Mailed:
    """Tell by e-mail what waits in the inboxes, at address: one e-mail a person and day, in which all of it stands.

    What the server does not take is tried again at the next call, for three days. Each that it takes is marked at once,
    so that it is never sent again; two calls at once send different ones.
    """
    with acting(db, by, Act.REMIND) as note:
        waiting = _collected(reminders.claim(db, _ago(MAILED_FOR), end_of(today() - timedelta(days=1)), _ago(SENDING)))
        note.detail = {"mails": len(waiting)}
    names = {row["code"]: row["name"] for row in districts.all_districts(db)}
    letters = [
        letter(server, one.email, max(one.ids), mail_subject(one.reminders), mail_text(one.reminders, names, address))
        for one in waiting
    ]
    refused = []
    for one, why in zip(waiting, deliver(server, letters), strict=True):
        with transaction(db):
            if why is None:
                reminders.mailed(db, one.ids)
            else:
                reminders.not_mailed(db, one.ids, why)
                refused.append(why)
    return Mailed(len(waiting) - len(refused), refused)


def mark_read(db: Database, newest: int, *, by: Actor) -> None:
    """The actor's own messages up to that id, the newest that was on the screen, are read."""
    with acting(db, by, Act.READ_INBOX) as note:
        note.detail = {"read": reminders.mark_read(db, by.staff_id or 0, newest)}


def _ago(time: timedelta) -> str:
    return (clock.moment() - time).isoformat(timespec="seconds")


@dataclass(frozen=True)
class _Waiting:
    """What one person is told in one e-mail: the messages' ids and what is in them, each thing once."""

    email: str
    ids: list[int]
    reminders: list[Reminder]


def _collected(rows: Iterable[Row]) -> list[_Waiting]:
    by_staff: dict[int, list[Row]] = {}
    for row in rows:
        by_staff.setdefault(row["staff_id"], []).append(row)
    return [
        _Waiting(
            messages[0]["email"],
            [row["id"] for row in messages],
            # of two days' reminders of the same, the later one
            list({(one.kind, one.period, one.gap): one for row in messages for one in row["reminders"]}.values()),
        )
        for messages in by_staff.values()
    ]


def _without_message(db: Database, as_of: date, messages: Iterable[Message]) -> list[Message]:
    """Those for whoever has none of that day; nobody whose account was closed meanwhile is among them."""
    have, open_ids = reminders.reminded_on(db, as_of), {account["id"] for account in staff.all_open(db)}
    return [one for one in messages if one.staff_id in open_ids - have]


def _messages(db: Database, as_of: date) -> list[Message]:
    """A message for everybody for whom there is something, whether they have one already or not."""
    halves = back_to(half_of(as_of), began(db, as_of))
    known = _known(db, halves, as_of)
    running = {district_id: row[0].case for district_id, row in known.items()}
    without_score = _without_score(db, halves[0], as_of)
    to_agency = for_analyst([one for row in known.values() for one in row])
    reviewed = access_reviews.reviewed_up_to(db, as_of)
    to_administrators = for_administrator(date.fromisoformat(reviewed) if reviewed else None, as_of)

    def for_(account: Row) -> list[Reminder]:
        role, district_id = Role(account["role"]), account["district_id"]
        if role not in DISTRICT_ROLES:
            return to_agency if role is Role.AGENCY_ANALYST else to_administrators
        own = for_contact(running[district_id], without_score.get(account["id"], 0))
        if role is Role.TEAM_LEAD:
            own += [reminder for one in known[district_id] for reminder in for_team_lead(one)]
        return own

    messages = [Message(account["id"], account["username"], for_(account)) for account in staff.all_open(db)]
    return [message for message in messages if message.reminders]


def _known(db: Database, halves: Sequence[Period], as_of: date) -> dict[int, list[Known]]:
    """Every district's half-years, newest first, by district id; a fixed number of queries."""
    explained, steps = explanations.known_on(db, halves, as_of), sign_offs.steps(db, halves)
    known: dict[int, list[Known]] = {}
    for district, case in cases_of(db, halves, as_of):
        place = (district["id"], case.period.code)
        days = {kind: explained.get((*place, kind), {}).get("expected_on") for kind in GapKind}
        taken = [step for step in steps.get(place, []) if step.on <= as_of]
        expected = {kind: date.fromisoformat(day) for kind, day in days.items() if day}
        known.setdefault(district["id"], []).append(
            Known(district["code"], case, expected, taken[-1] if taken else None)
        )
    return known


def _without_score(db: Database, half: Period, as_of: date) -> dict[int, int]:
    """Asked for on the days alone on which it can be said."""
    if (half.last_day - as_of).days not in BEFORE_THE_END:
        return {}
    return (figures.without_score_now if as_of == today() else figures.without_score_then)(db, half, as_of)
