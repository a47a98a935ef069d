"""Which service users an actor sees: the one place where that is decided, for every query that tells of a person.

Whoever writes a query with a service user's reference, name or sessions in it puts OWN (or, to read alone, READABLE)
into its WHERE clause and seen_by() among its parameters; tests/test_sight.py finds a query that does not.
"""

from sqlite_utils import Database

from fitservice.access import district_of
from fitservice.clock import today
from fitservice.model import Actor, Role
from fitservice.store.rows import Row


def blocked(service_user_id: str) -> str:
    """SQL that is true where the record of a service user, by SQL for the id, is closed to the actor.

    For everybody but the contact means: not for the contact, and not for a team lead of the service user's district.
    Whoever has moved to another district is the contact no longer, whatever still stands in the record.
    """
    return f"""EXISTS (
        SELECT 1
        FROM blocks
        WHERE blocks.service_user_id = {service_user_id}
          AND blocks.ended_at IS NULL
          AND (blocks.staff_id = :seer_id
               OR (blocks.staff_id IS NULL
                   AND NOT EXISTS (
                       SELECT 1
                       FROM service_users AS closed
                       WHERE closed.id = blocks.service_user_id
                         AND ((closed.caseworker_id = :seer_id AND closed.district_id = :seer_district)
                              OR closed.district_id = :seer_leads)
                   )))
    )"""  # noqa: S608 - our own text


HOLDS = "(grants.ended_at IS NULL AND grants.valid_to >= :seen_on)"
"""SQL that is true for a grant that holds today; the table itself ends it with the account."""

SHUT_OUT = """EXISTS (
    SELECT 1
    FROM blocks
    WHERE blocks.service_user_id = grants.service_user_id
      AND blocks.ended_at IS NULL
      AND (blocks.staff_id IS NULL OR blocks.staff_id = grants.staff_id)
)"""
"""SQL that is true for a grant about a record that is closed to whoever got it: a block goes before a grant."""

OWN = f"(service_users.district_id = :seer_district AND NOT {blocked('service_users.id')})"
"""SQL that is true for a service user of the actor's district whose record is not closed to the actor."""

READABLE = f"""(
    {OWN}
    OR (service_users.district_id <> :seer_district
        AND NOT {blocked("service_users.id")}
        AND EXISTS (
            SELECT 1
            FROM grants
            WHERE grants.service_user_id = service_users.id AND grants.staff_id = :seer_id AND {HOLDS}
        ))
)"""  # noqa: S608
"""The same, or one of another district to whom the actor has been given access: to read, and to nothing else."""

CONTACT_SEES = """(
    NOT EXISTS (
        SELECT 1
        FROM blocks
        WHERE blocks.service_user_id = service_users.id
          AND blocks.ended_at IS NULL
          AND blocks.staff_id = service_users.caseworker_id
    )
    AND EXISTS (
        SELECT 1
        FROM staff AS contacts
        WHERE contacts.id = service_users.caseworker_id AND contacts.district_id = service_users.district_id
    )
)"""
"""SQL that is true for a service user whose contact works in the district, and to whom the record is not closed."""


def seen_by(actor: Actor) -> Row:
    """The parameters of these clauses; NotAllowed for an actor without a district."""
    district_id = district_of(actor)
    return {
        "seer_district": district_id,
        "seer_id": actor.staff_id,
        "seer_leads": district_id if actor.role is Role.TEAM_LEAD else None,
        "seen_on": today().isoformat(),
    }


def hidden_from(db: Database, by: Actor) -> set[int]:
    """The ids of the service users of the actor's own district whose records are closed to the actor."""
    rows = db.query(
        f"""
        SELECT DISTINCT service_users.id
        FROM blocks AS open_block
        JOIN service_users ON service_users.id = open_block.service_user_id
        WHERE open_block.ended_at IS NULL
          AND service_users.district_id = :seer_district
          AND {blocked("service_users.id")}
        """,  # noqa: S608
        seen_by(by),
    )
    return {row["id"] for row in rows}
