"""Who looked at one service user's record in the last year: a list for that person, in their own language."""

import re
from datetime import date, timedelta

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import day_of, end_of
from fitservice.formats.looked import Looked
from fitservice.model import STAFF_ROLES, Actor, NotFound
from fitservice.spoken import say, short_day, spoken_day
from fitservice.store import look_ups, service_users, staff
from fitservice.store.look_ups import Look
from fitservice.wording.access import let_in
from fitservice.wording.looks import act_words, role_words, sheet_words

YEAR = timedelta(days=365)


def who_looked(db: Database, service_user_id: int, printed_on: date, *, by: Actor) -> Looked:
    """The list of a service user of the actor's district, by day and person, newest first. Logged, also in itself."""
    with acting(db, by, Act.SEE_WHO_LOOKED) as note:
        note.subject = ("service_user", service_user_id)
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        names = staff.names(db)
        rows = look_ups.of_service_user(db, service_user_id, end_of(printed_on - YEAR), end_of(printed_on))
    language, reference = service_user["asked_in"], service_user["reference"]
    safe = re.fullmatch(r"[A-Za-z0-9_-]+", reference)
    return Looked(
        language=language,
        title=sheet_words("title", language),
        reference=reference,
        facts=(
            (say("sheet.reference", language), reference),
            (say("sheet.district", language), service_user["district"]),
            (sheet_words("since", language), spoken_day(printed_on - YEAR, language)),
            (say("sheet.printed", language), spoken_day(printed_on, language)),
        ),
        lines=[sheet_words(key, language) for key in ("logged", "lists", "ask")],
        header=tuple(sheet_words(key, language) for key in ("day", "who", "role", "what")),
        rows=_grouped(rows, names, language),
        none=sheet_words("none", language),
        page=say("sheet.page", language, page="{page}", pages="{pages}"),
        printed_on=printed_on,
        file_name=sheet_words("file", language) + (f"-{reference}" if safe else "") + ".pdf",
    )


def _grouped(rows: list[Look], names: dict[str, str], language: str) -> list[tuple[str, str, str, str]]:
    """Day, name, role (with the district, from elsewhere), what was done, each act once, as the day went."""
    found: dict[tuple[date, str, str, str | None], list[str]] = {}
    for row in rows:
        # an operator may be called as an account is, and is somebody else
        name = str(names.get(row.actor, row.actor) if row.role in STAFF_ROLES else row.actor)
        acts = found.setdefault((day_of(row.at), name, row.role, row.home), [])
        why = f" ({let_in(row.grant_reason, language)})" if row.grant_reason else ""
        acts.insert(0, act_words(row.act, language) + why)
    return [
        (
            short_day(day, language),
            name,
            ", ".join(filter(None, (role_words(role, language), home))),
            ", ".join(dict.fromkeys(acts)),
        )
        for (day, name, role, home), acts in found.items()
    ]
