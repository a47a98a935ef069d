"""Adding service users; beginning, ending and correcting their enrolments."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.actions.recording import refuse_withdrawn
from fitservice.model import Actor, Duplicate, Invalid, NotFound, Problem, Role
from fitservice.rules.enrolments import Spell, check_spell
from fitservice.rules.person_names import name_words
from fitservice.store import blocks, enrolments, hand_overs, names, service_users, sessions, staff
from fitservice.store.rows import Row
from fitservice.store.sight import hidden_from


def add_service_user(
    db: Database,
    reference: str,
    birth_year: int | None,
    enrolled_from: date,
    *,
    by: Actor,
    asked_in: str = "nb",
    contact: str | None = None,
) -> int:
    """A new service user of the actor's district, enrolled from a day; contact is a username, None is nobody.

    Duplicate if the reference is taken in the district.
    """
    with acting(db, by, Act.ADD_SERVICE_USER) as note:
        district_id = district_of(by)
        if known := service_users.by_reference(db, district_id, reference):
            raise _taken(db, known, by)
        service_user_id = service_users.add(db, district_id, reference, birth_year, asked_in)
        enrolments.add(db, service_user_id, enrolled_from, by.name)
        if contact is not None:
            service_users.set_caseworker(db, service_user_id, _colleague(db, contact, by))
        note.subject = ("service_user", service_user_id)
    return service_user_id


def set_caseworker(db: Database, service_user_id: int, contact: str | None, *, by: Actor) -> bool:
    """Who is the contact of a service user of the actor's district: a username, None for nobody.

    Invalid unless it is an open account of a caseworker or team lead in the same district, to whom the record is not
    closed. False if the record is closed to the actor from now on: it was open to the contact alone. Then screens that
    the contact before has handed to the service user end.
    """
    with acting(db, by, Act.SET_CASEWORKER) as note:
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        staff_id = None if contact is None else _colleague(db, contact, by)
        blocked = blocks.open_of(db, service_user_id)
        if staff_id in blocked - {None}:
            raise Invalid(Problem("contact_blocked", "contact"))
        before = staff.by_username(db, service_user["contact_username"]) if service_user["contact_username"] else None
        service_users.set_caseworker(db, service_user_id, staff_id)
        # where it is open to the contact alone, whoever was it could not take a screen back any more
        if before and None in blocked and before["id"] != staff_id and before["role"] != Role.TEAM_LEAD:
            hand_overs.close_to(db, service_user_id, [before["id"]])
        note.subject = ("service_user", service_user_id)
        note.detail = {"contact": contact}
        still_open = service_users.by_id(db, by, service_user_id) is not None
        if not still_open:
            note.leads_to = ("caseload", district_of(by))
    return still_open


def set_name(db: Database, service_user_id: int, name: str | None, *, by: Actor) -> None:
    """The name of a service user of the actor's district, sealed; None is no name. What stood there is not kept."""
    with acting(db, by, Act.SET_NAME) as note:
        if not service_users.by_id(db, by, service_user_id):
            raise NotFound
        names.set_name(db, service_user_id, name, name_words(name or ""))
        note.subject = ("service_user", service_user_id)
        note.detail = {"removed": True} if name is None else {}


def correct_service_user(
    db: Database,
    service_user_id: int,
    reference: str,
    birth_year: int | None,
    reason: str,
    *,
    by: Actor,
    corrections: int,
) -> None:
    """Another reference or year of birth, and why; what stood there is kept. Duplicate if the reference is taken.

    corrections is how many there were on the screen; Invalid if someone corrected it in the meantime.
    """
    with acting(db, by, Act.CORRECT_SERVICE_USER) as note:
        district_id = district_of(by)
        known = service_users.by_id(db, by, service_user_id)
        if not known:
            raise NotFound
        if known["corrections"] != corrections:
            raise Invalid(Problem("changed_meanwhile"))
        if (known["reference"], known["birth_year"]) == (reference, birth_year):
            raise Invalid(Problem("nothing_changed"))
        other = service_users.by_reference(db, district_id, reference)
        if other and other["id"] != service_user_id:
            raise _taken(db, other, by)
        service_users.correct(db, service_user_id, reference, birth_year, reason, by.name)
        note.subject = ("service_user", service_user_id)


def set_asked_in(db: Database, service_user_id: int, language: str, *, by: Actor) -> None:
    """The language ('nb', 'nn', 'en') in which a service user of the actor's district is asked from now on."""
    with acting(db, by, Act.SET_ASKED_IN) as note:
        if not service_users.by_id(db, by, service_user_id):
            raise NotFound
        service_users.set_asked_in(db, service_user_id, language)
        note.subject = ("service_user", service_user_id)
        note.detail = {"language": language}


def add_enrolment(db: Database, service_user_id: int, enrolled_from: date, *, by: Actor) -> int:
    """A new open enrolment for someone who comes back.

    Invalid if it shares a day with another, or if they have withdrawn: first they are informed again, and take part.
    """
    with acting(db, by, Act.ADD_ENROLMENT) as note:
        if not service_users.by_id(db, by, service_user_id):
            raise NotFound
        refuse_withdrawn(db, service_user_id)
        check_spell((enrolled_from, None), _spells(db, service_user_id), [])
        enrolment_id = enrolments.add(db, service_user_id, enrolled_from, by.name)
        note.subject = ("enrolment", enrolment_id)
    return enrolment_id


def end_enrolment(db: Database, enrolment_id: int, enrolled_to: date, *, by: Actor) -> int:
    """Put in the last day of an open enrolment; returns the service user's id."""
    with acting(db, by, Act.END_ENROLMENT) as note:
        enrolment = _enrolment(db, enrolment_id, by)
        if enrolment["enrolled_to"]:
            raise Invalid(Problem("already_ended", "enrolled_to"))
        spell = date.fromisoformat(enrolment["enrolled_from"]), enrolled_to
        _revise(db, enrolment, spell, enrolments.ENDED, by)
        note.subject = ("enrolment", enrolment_id)
    return int(enrolment["service_user_id"])


def correct_enrolment(
    db: Database,
    enrolment_id: int,
    enrolled_from: date,
    enrolled_to: date | None,
    reason: str,
    *,
    by: Actor,
    revision: int,
) -> int:
    """Other days for an enrolment, and why; no last day opens it again. Returns the service user's id.

    revision is the one the actor was looking at; Invalid if someone changed it in the meantime.
    """
    with acting(db, by, Act.CORRECT_ENROLMENT) as note:
        enrolment = _enrolment(db, enrolment_id, by)
        if enrolment["revision"] != revision:
            raise Invalid(Problem("changed_meanwhile"))
        _revise(db, enrolment, (enrolled_from, enrolled_to), reason, by)
        note.subject = ("enrolment", enrolment_id)
    return int(enrolment["service_user_id"])


def _taken(db: Database, known: Row, by: Actor) -> Invalid:
    """Why a reference cannot be used; of a record that is closed to the actor no more than that."""
    if known["id"] in hidden_from(db, by):
        return Invalid(Problem("reference_not_free", "reference"))
    return Duplicate(Problem("reference_taken", "reference"), known["id"])


def _colleague(db: Database, username: str, by: Actor) -> int:
    account = staff.by_username(db, username)
    if not account or account["closed_at"] or account["district_id"] != district_of(by):
        raise Invalid(Problem("not_a_colleague", "contact"))
    return int(account["id"])


def _enrolment(db: Database, enrolment_id: int, by: Actor) -> Row:
    enrolment = enrolments.by_id(db, by, enrolment_id)
    if not enrolment:
        raise NotFound
    return enrolment


def _revise(db: Database, enrolment: Row, spell: Spell, reason: str, by: Actor) -> None:
    others = _spells(db, enrolment["service_user_id"], but=enrolment["id"])
    held_on = [date.fromisoformat(day) for day in sessions.days_held(db, enrolment["id"])]
    check_spell(spell, others, held_on)
    enrolments.revise(
        db,
        enrolment["id"],
        enrolled_from=spell[0],
        enrolled_to=spell[1],
        recorded_by=by.name,
        reason=reason,
    )


def _spells(db: Database, service_user_id: int, but: int | None = None) -> list[Spell]:
    return [
        (
            date.fromisoformat(row["enrolled_from"]),
            date.fromisoformat(row["enrolled_to"]) if row["enrolled_to"] else None,
        )
        for row in enrolments.of_service_user(db, service_user_id)
        if row["id"] != but
    ]
