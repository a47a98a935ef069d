"""The standing cast, and service users and sessions made with keyword arguments."""

from datetime import date, timedelta
from functools import cache
from random import Random

from sqlite_utils import Database
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2
from werkzeug.security import generate_password_hash

from fitservice import credentials
from fitservice.actions.enrolling import add_service_user
from fitservice.actions.recording import record_session
from fitservice.actions.staffing import add_staff
from fitservice.clock import set_to
from fitservice.db import transaction
from fitservice.model import OUTCOME_ITEMS, Actor, Answers, Role
from fitservice.store import bulk, enrolments, staff
from fitservice.store.bulk import SESSION_COLUMNS

TRUE_COST = credentials.COST
CHEAP = "scrypt:1024:8:1"
# the true cost, slow on purpose, has its own tests (test_passwords.py)
credentials.COST = CHEAP

ALNA, BJERKE = 12, 9
PASSWORD = "riktig hest batteri"
FIRST_DAY = date(2022, 1, 3)
OPERATOR = Actor("operator", Role.OPERATOR)

CAST = {
    "amina": (Role.CASEWORKER, ALNA),
    "berit": (Role.CASEWORKER, BJERKE),
    "carl": (Role.TEAM_LEAD, ALNA),
    "velferd": (Role.AGENCY_ANALYST, None),
    "admin": (Role.ADMINISTRATOR, None),
}


def actor(name: str) -> Actor:
    """One of the cast, as the actions and reports know them."""
    role, district_id = CAST[name]
    return Actor(name, role, district_id, staff_id=list(CAST).index(name) + 1)


AMINA, BERIT, CARL, VELFERD, ADMIN = (actor(name) for name in CAST)


def make_cast(db: Database) -> None:
    """Accounts for the whole cast, all with the same password; ids as in actor()."""
    for name, (role, district_id) in CAST.items():
        staff_id = add_staff(db, name, name.capitalize(), role, district_id, by=OPERATOR)
        staff.set_password(db, staff_id, _password_hash())


@cache
def _password_hash() -> str:
    """Hashed once for all tests, and cheaply."""
    return generate_password_hash(PASSWORD, method=CHEAP)


def make_service_user(
    db: Database,
    reference: str = "A-1",
    *,
    by: Actor = AMINA,
    birth_year: int | None = 1980,
    enrolled_from: date = date(2022, 1, 1),
) -> int:
    """A service user's id in by's district, recorded on the first day of the enrolment."""
    with set_to(enrolled_from):
        return add_service_user(db, reference, birth_year, enrolled_from, by=by)


def enrolment_of(db: Database, service_user_id: int) -> int:
    """The id of a service user's newest enrolment."""
    return int(enrolments.of_service_user(db, service_user_id)[0]["id"])


def make_session(
    db: Database,
    service_user_id: int,
    held_on: date = date(2022, 3, 1),
    *,
    by: Actor = AMINA,
    **answers: object,
) -> int:
    """A session's id, recorded on its day; a life satisfaction of 4 unless other answers are given."""
    with set_to(held_on):
        return record_session(db, service_user_id, held_on, Answers(**(answers or {"life_satisfaction": 4})), by=by)


def identity_number(first_nine: str = "410190123") -> str:
    """Eleven digits with valid check digits, made here: a D-number unless other digits are given."""
    ten = first_nine + calc_check_digit1(first_nine)
    return ten + calc_check_digit2(ten)


def outcome_items(points: float) -> dict[str, int]:
    """Four equal outcome items, in tenths, that sum to these points, in steps of 0.4."""
    return dict.fromkeys(OUTCOME_ITEMS, round(points * 2.5))


def session_row(enrolment_id: int, number: int, points: float, instrument: str = "outcome") -> tuple[object, ...]:
    """A row for bulk.add_sessions: the session of that number, four weeks apart."""
    known = {"enrolment_id": enrolment_id, "held_on": (FIRST_DAY + timedelta(weeks=4 * number)).isoformat()}
    known |= outcome_items(points) | {
        "outcome_instrument": instrument,
        "alliance_instrument": "alliance",
        "recorded_by": "x",
    }
    return tuple(known.get(column) for column in SESSION_COLUMNS)


def make_courses(db: Database, count: int, totals: int = 3, *, seed: int = 1) -> list[list[float]]:
    """So many service users of Alna with so many totals each; the totals in points, in the order of their ids."""
    chance, ids = Random(seed), [seed * 10_000 + number for number in range(count)]
    courses = [[float(chance.randrange(8, 33, 2)) for _ in range(totals)] for _ in ids]
    with transaction(db):
        bulk.add_service_users(db, [(number, ALNA, f"L-{number}", 1980) for number in ids])
        bulk.add_enrolments(db, [(number, number, FIRST_DAY.isoformat(), None, "x") for number in ids])
        bulk.add_sessions(
            db,
            (
                session_row(number, place, points)
                for number, course in zip(ids, courses, strict=True)
                for place, points in enumerate(course)
            ),
        )
    return courses
