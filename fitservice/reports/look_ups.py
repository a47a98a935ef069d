"""The team lead's page of look-ups: who looked at whom in her district, and which of it is worth asking about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.clock import OSLO, end_of
from fitservice.model import STAFF_ROLES, Actor, NotFound, Role
from fitservice.rules.look_ups import LookUp, Unusual, Why, unusual
from fitservice.rules.person_names import Likeness, account_name, family_words, likeness
from fitservice.store import grants, look_ups, staff
from fitservice.store.look_ups import Look
from fitservice.store.names import with_any_word
from fitservice.store.rows import Row

LOOKING = ("see_service_user", "see_session", "print_sheet", "see_who_looked", "see_look_ups", "see_access")
"""Acts that are no more than looking."""


MOST_READ, MOST_SHOWN = 5000, 200
"""Rows that are gone through, and that the page shows: it costs no more over longer or busier days."""


@dataclass(frozen=True)
class LookUps:
    """The newest rows (at, actor, role, act, service_user_id), how many were gone through, what is worth asking about.

    goes_back_to is the moment of the oldest that was gone through, if there are more than that; None if it was all.
    names by who() (an account's name; of whoever has none, such as an operator, what the log says) and references by
    service user. staff are those to choose from, id and name: of the district, and whoever was let in from elsewhere.
    let_in: who() and service user, of those from outside who looked by a grant each time.
    """

    rows: list[Look]
    count: int
    goes_back_to: str | None
    unusual: list[Unusual]
    names: dict[str, str]
    references: dict[int, str]
    staff: list[tuple[int, str]]
    let_in: set[tuple[str, int]]

    def was_let_in(self, one: Unusual) -> bool:
        """Whether all of it was somebody from elsewhere who had been given access."""
        return one.why is Why.OUTSIDE and all((one.actor, id_) in self.let_in for id_ in one.service_users)

    def name(self, row: Look) -> str:
        """Whose row it is."""
        return self.names[who(row)]


def who(row: Look) -> str:
    """An account by its username; an operator may be called as an account is, and is somebody else."""
    return row.actor if row.role in STAFF_ROLES else f"{row.actor}:{row.role}"


def see_look_ups(
    db: Database, first: date, last: date, staff_id: int | None = None, service_user_id: int | None = None, *, by: Actor
) -> LookUps:
    """What was looked up from one day to another, of one account or one service user if asked for. Logged.

    NotFound for another district's service user, or an account that is not there.
    """
    with acting(db, by, Act.SEE_LOOK_UPS) as note:
        district_id = district_of(by)
        persons = look_ups.contacts(db, by)
        if service_user_id and service_user_id not in persons:
            raise NotFound
        rows = _rows(db, (first, last), staff_id, service_user_id, by=by)
        goes_back_to = rows[MOST_READ - 1].at if len(rows) > MOST_READ else None
        del rows[MOST_READ:]
        accounts, names = staff.of_district(db, district_id), staff.names(db)
        from_elsewhere = grants.ever_given_in(db, by)
        shown = {who(row): row.actor for row in rows}
        seen = {row.service_user_id for row in rows}
        own = {actor: account_name(names[actor]) for actor in shown if actor in names}
        alike = _alike(db, seen, own, by=by)
        note.subject = ("service_user", service_user_id) if service_user_id else ("district", district_id)
        note.detail = {"from": first.isoformat(), "to": last.isoformat(), "rows": len(rows)}
        if staff_id:
            note.detail["staff"] = staff_id
    found = unusual(_look_up(row, persons, alike) for row in rows)
    seen |= {service_user_id} if service_user_id else set()
    return LookUps(
        rows[:MOST_SHOWN],
        len(rows),
        goes_back_to,
        found,
        {actor: names.get(actor, said) for actor, said in shown.items()},
        {number: persons[number]["reference"] if number in persons else "–" for number in seen},
        [(account["id"], account["name"]) for account in accounts]
        + [(account["id"], ", ".join(filter(None, (account["name"], account["home"])))) for account in from_elsewhere],
        {(who(row), row.service_user_id) for row in rows if row.is_outside and row.grant_reason}
        - {(who(row), row.service_user_id) for row in rows if row.is_outside and not row.grant_reason},
    )


def _rows(
    db: Database, days: tuple[date, date], staff_id: int | None, service_user_id: int | None, *, by: Actor
) -> list[Look]:
    since, until, most = end_of(days[0] - timedelta(days=1)), end_of(days[1]), MOST_READ + 1
    account = staff.by_id(db, staff_id) if staff_id else None
    if staff_id and not account:
        raise NotFound
    if service_user_id:
        rows = look_ups.of_service_user(db, service_user_id, since, until, most)
        return [row for row in rows if not account or row.actor == account["username"]]
    if account:
        return look_ups.of_staff(db, by, account["username"], since, until, most)
    return look_ups.of_district(db, by, since, until, most)


def _alike(db: Database, ids: set[int], own: dict[str, str], *, by: Actor) -> dict[tuple[str, int], Likeness]:
    """By account and service user: whose names are alike. Only names that have a word in common are opened."""
    words = {word for name in own.values() for word in family_words(name)}
    others = with_any_word(db, by, ids, words) if words else {}
    return {
        (actor, id_): found
        for actor, name in own.items()
        for id_, other in others.items()
        if (found := likeness(name, other))
    }


def _look_up(row: Look, persons: dict[int, Row], alike: dict[tuple[str, int], Likeness]) -> LookUp:
    actor = who(row)
    contact = persons[row.service_user_id]["contact"] if row.service_user_id in persons else None
    return LookUp(
        at=datetime.fromisoformat(row.at).astimezone(OSLO),
        actor=actor,
        service_user_id=row.service_user_id,
        is_work=row.act not in LOOKING,
        others_contact=row.role == Role.CASEWORKER and contact not in (None, row.actor),
        is_outside=bool(row.is_outside),
        alike=alike.get((actor, row.service_user_id)),
    )
