"""Who was let in from elsewhere and to whom a record is closed: of one service user, of a district, and one's own."""

from dataclasses import dataclass

from sqlite_utils import Database

from fitservice.access import Act, check, district_of
from fitservice.acting import acting
from fitservice.model import Actor, NotFound
from fitservice.store import blocks, grants, service_users, staff
from fitservice.store.rows import Row

MOST = 100
"""As many of each kind that are past as the district's list shows."""


@dataclass(frozen=True)
class Access:
    """Grants and blocks of one service user, newest first; elsewhere and colleagues are whom one can choose."""

    service_user: Row
    grants: list[Row]
    blocks: list[Row]
    elsewhere: list[Row]
    colleagues: list[Row]

    @property
    def closed(self) -> bool:
        """Whether the record is closed to everybody but the contact and the team leads."""
        return any(row["staff_id"] is None and not row["ended_at"] for row in self.blocks)


@dataclass(frozen=True)
class DistrictAccess:
    """What was given and blocked about a district's service users: what holds today, and the newest that is past."""

    grants: list[Row]
    past_grants: list[Row]
    blocks: list[Row]
    past_blocks: list[Row]


def see_access(db: Database, service_user_id: int, *, by: Actor) -> Access:
    """What was given and blocked about a service user of the actor's district; NotFound for anybody else's."""
    with acting(db, by, Act.SEE_ACCESS) as note:
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        note.subject = ("service_user", service_user_id)
        return Access(
            service_user,
            grants.of_service_user(db, by, service_user_id),
            blocks.of_service_user(db, service_user_id),
            staff.open_elsewhere(db, district_of(by)),
            staff.open_in_district(db, district_of(by)),
        )


def see_block(db: Database, service_user_id: int, block_id: int, *, by: Actor) -> Row:
    """One block of a service user of the actor's district, with the reference."""
    with acting(db, by, Act.SEE_ACCESS) as note:
        block = blocks.by_id(db, by, service_user_id, block_id)
        if not block:
            raise NotFound
        note.subject = ("service_user", service_user_id)
    return block


def district_access(db: Database, *, by: Actor) -> DistrictAccess:
    """The actor's district in one list; records that are closed to the actor are not in it."""
    with acting(db, by, Act.SEE_ACCESS) as note:
        note.subject = ("district", district_of(by))
        found = DistrictAccess(
            grants.holding_in(db, by),
            grants.past_in(db, by, MOST),
            blocks.holding_in(db, by),
            blocks.past_in(db, by, MOST),
        )
        note.detail = {"given": len(found.grants), "blocked": len(found.blocks)}
    return found


def given_to_me(db: Database, *, by: Actor) -> list[Row]:
    """The service users of other districts to whom the actor has access today, soonest over first.

    Logged where there are any: most have none, and each visit to the first page asks.
    """
    check(by, Act.SEE_GIVEN)
    if not grants.any_given_to(db, by):
        return []
    with acting(db, by, Act.SEE_GIVEN) as note:
        note.subject = ("district", district_of(by))
        found = grants.given_to(db, by)
        note.detail = {"given": len(found)}
    return found
