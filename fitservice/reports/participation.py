"""How informed participation stands: of one service user, and of a team, with those to be talked with again."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.model import Actor, NotFound
from fitservice.rules.participation import TO_RENEW, State, state_on
from fitservice.store import participations, service_users
from fitservice.store.rows import Row


@dataclass(frozen=True)
class Stands:
    """The newest row, None without any; how it stands today; and all rows, newest first."""

    service_user: Row
    rows: list[Row]

    @property
    def state(self) -> State:
        """How it stands today."""
        return state_of(self.rows[0] if self.rows else None)

    @property
    def day(self) -> str | None:
        """The last day on which it is valid, or the day of the withdrawal."""
        return day_of_state(self.rows[0]) if self.rows else None


def state_of(row: Row | None) -> State:
    """How a row stands today."""
    if row is None:
        return State.NONE
    return state_on(row["kind"], date.fromisoformat(row["valid_to"]) if row["valid_to"] else None, today())


def day_of_state(row: Row) -> str | None:
    """The day that the state's sentence tells, as ISO text."""
    found = row["valid_to"] or row["on_day"]
    return None if found is None else str(found)


def see_participation(db: Database, service_user_id: int, *, by: Actor) -> Stands:
    """All that is recorded of a service user of the actor's district; NotFound for anybody else's."""
    with acting(db, by, Act.SEE_PARTICIPATION) as note:
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        note.subject = ("service_user", service_user_id)
        return Stands(service_user, participations.history(db, service_user_id))


def to_renew(db: Database, *, by: Actor) -> dict[State, list[Row]]:
    """Everybody enrolled in the actor's district with whom it is to be talked about, by how it stands."""
    with acting(db, by, Act.SEE_PARTICIPATION) as note:
        district_id = district_of(by)
        note.subject = ("district", district_id)
        rows = participations.of_enrolled(db, by)
        found = {state: [row for row in rows if state_of(row) is state] for state in TO_RENEW}
        note.detail = {"found": sum(map(len, found.values()))}
    return found
