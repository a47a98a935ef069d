"""The demo city: made-up service users, sessions and sign-ins, in a database in which nothing was done before."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.actions.blocking import block_record
from fitservice.actions.giving_access import give_access
from fitservice.actions.reminding import remind
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import set_to
from fitservice.credentials import demo_password_hash
from fitservice.model import Actor, Invalid, Period, Problem, Role
from fitservice.reporting import Step
from fitservice.rules.demo_city import (
    REOPENED,
    MadeUpPerson,
    MadeUpStep,
    closed_halves,
    made_up_opening,
    made_up_signing,
    made_up_steps,
    persons,
    reminded_on,
)
from fitservice.rules.periods import half_of
from fitservice.rules.releasing import part_of
from fitservice.rules.sign_off import SIGNING, Event, parts_signed
from fitservice.store import bulk, counters, demo, districts, register, sign_offs, staff
from fitservice.store.rows import Row

CAST = (
    ("amina", "Amina", Role.CASEWORKER, "Alna"),
    ("berit", "Berit", Role.CASEWORKER, "Bjerke"),
    ("carl", "Carl", Role.TEAM_LEAD, "Alna"),
    ("velferd", "Velferd", Role.AGENCY_ANALYST, None),
    ("admin", "Admin", Role.ADMINISTRATOR, None),
)


def make_demo(db: Database, until: date, seed: int, *, by: Actor) -> int:
    """Fill a fresh database with the made-up city up to a day; returns the number of sessions.

    Invalid if anything was ever done in this database: a demo sign-in can never come into a real one.
    """
    with acting(db, by, Act.MAKE_DEMO) as note:
        if not demo.is_untouched(db):
            raise Invalid(Problem("not_a_fresh_database"))
        demo.mark(db, until)
        everywhere = districts.all_districts(db)
        staff_ids = _add_cast(db, {row["name"]: row["id"] for row in everywhere})
        people = [
            (number, district, person)
            for district in everywhere
            for person, number in zip(
                persons(district["name"], district["rhythm_months"], until, seed), bulk.new_ids(), strict=False
            )
        ]
        bulk.add_service_users(db, _service_users(people))
        bulk.add_enrolments(db, _enrolments(people), backdated=True)
        bulk.end_enrolments(db, _endings(people), "demo", backdated=True)
        bulk.add_sessions(db, _sessions(people), backdated=True)
        bulk.set_caseworkers(db, _contacts(people, staff_ids))
        halves = closed_halves(until)
        _decide(db, everywhere, halves[-1] if halves else half_of(until))
        for half in halves[1:]:
            _sign(db, everywhere, half, until)
        note.detail = {"until": until.isoformat(), "seed": seed}
    _open_and_close(db, people, staff_ids, until)
    if halves:
        _report(db, everywhere, halves[0], until, staff_ids)
        _remind(db, reminded_on(halves[0], until), by=by)
    return sum(len(person.sessions) for _, _, person in people)


def _add_cast(db: Database, ids: dict[str, int]) -> dict[str, int]:
    """The made-up staff's ids by username."""
    password_hash = demo_password_hash()
    return {
        username: staff.add(
            db,
            username=username,
            name=name,
            role=role.value,
            district_id=ids[district] if district else None,
            password_hash=password_hash,
            is_demo=True,
        )
        for username, name, role, district in CAST
    }


def _decide(db: Database, everywhere: list[Row], first: Period) -> None:
    """All districts owe a report from the first half-year of the made-up record on, and it was always known."""
    with set_to(first.first_day):
        for district in everywhere:
            register.decide_obligation(db, district["id"], (first.code, None), True, "Oppdiktet by", "agency")


def _sign(db: Database, everywhere: list[Row], half: Period, until: date) -> None:
    """The sign-offs of a half-year, on their days; whoever measured nobody did not sign."""
    counts = counters.counts(db, parts_signed(half))
    for district in everywhere:
        signed_on = made_up_signing(district["name"], half, until)
        if signed_on and counts[district["id"], half.code]["measured_users"]:
            known = {part_of(part): counts[district["id"], part.code] for part in parts_signed(half)}
            with set_to(signed_on):
                event = Event(1, Step.SIGNED, signed_on, _lead(district))
                sign_offs.add(db, district["id"], half, event, known)


def _report(db: Database, everywhere: list[Row], newest: Period, until: date, staff_ids: dict[str, int]) -> None:
    """What the team leads and the agency did with the newest half-year that is over, as they would do it."""
    counts = counters.counts(db, [newest])
    opening = made_up_opening(newest, until)
    for district in everywhere:
        if counts[district["id"], newest.code]["measured_users"]:
            steps = made_up_steps(district["name"], newest, until)
        else:
            steps = [opening] if opening and district["name"] == REOPENED else []
        for known, step in enumerate(steps):
            _take(db, district, newest, step, known, staff_ids)


def _take(db: Database, district: Row, half: Period, step: MadeUpStep, known: int, staff_ids: dict[str, int]) -> None:
    with set_to(step.on):
        if step.step in SIGNING:
            name = _lead(district)
            lead = Actor(name, Role.TEAM_LEAD, district["id"], staff_ids.get(name))
            take_step(db, half, step.step, step.text, known, by=lead)
        else:
            velferd = Actor("velferd", Role.AGENCY_ANALYST, None, staff_ids["velferd"])
            judge_sign_off(db, district["code"], half, step.step, step.text, step.until, known, by=velferd)


def _remind(db: Database, days: list[date], *, by: Actor) -> None:
    """The messages of these days, each judged as it was known at its end: made in the first hour of the next day."""
    for day in days:
        with set_to(day + timedelta(days=1), hour=0):
            remind(db, day, by=by)


def _lead(district: Row) -> str:
    return "carl" if district["name"] == "Alna" else f"Teamleder i {district['name']}"


People = list[tuple[int, Row, MadeUpPerson]]


def _open_and_close(db: Database, people: People, staff_ids: dict[str, int], until: date) -> None:
    """In Alna, of those whose contact nobody is: one about whom Berit may read, and one who is closed to Amina."""
    known = [
        (number, district)
        for place, (number, district, person) in enumerate(people)
        if district["name"] == "Alna" and not place % 3 and person.enrolled_to is None
    ]
    if len(known) < 2:
        return
    (moving, alna), (related, _) = known[:2]
    carl = Actor("carl", Role.TEAM_LEAD, alna["id"], staff_ids["carl"])
    with set_to(until - timedelta(days=1)):
        give_access(
            db, moving, staff_ids["berit"], None, "Flytter til Bjerke, og oppfølgingen går videre der.", by=carl
        )
        block_record(db, related, [staff_ids["amina"]], False, "De er i familie.", by=carl)


def _service_users(people: People) -> Iterator[tuple[Any, ...]]:
    for number, district, person in people:
        yield number, district["id"], person.reference, person.birth_year


def _enrolments(people: People) -> Iterator[tuple[Any, ...]]:
    for number, district, person in people:
        yield number, number, person.enrolled_from.isoformat(), None, _recorder(district, person)


def _endings(people: People) -> Iterator[tuple[int, str]]:
    for number, _, person in people:
        if person.enrolled_to:
            yield number, person.enrolled_to.isoformat()


def _sessions(people: People) -> Iterator[tuple[Any, ...]]:
    for number, district, person in people:
        for session in person.sessions:
            answers = vars(session.answers).values()
            yield number, session.held_on.isoformat(), *answers, _recorder(district, person)


def _contacts(people: People, staff_ids: dict[str, int]) -> Iterator[tuple[int, int]]:
    """A caseworker of the cast is the contact of two in three of the own district; the rest have nobody."""
    for place, (number, district, person) in enumerate(people):
        if place % 3 and (staff_id := staff_ids.get(_recorder(district, person))):
            yield number, staff_id


def _recorder(district: Row, person: MadeUpPerson) -> str:
    caseworkers = [name for name, _, role, home in CAST if role is Role.CASEWORKER and home == district["name"]]
    return caseworkers[0] if caseworkers else f"demo-{district['code'][-2:]}-{person.birth_year % 4 + 1}"
