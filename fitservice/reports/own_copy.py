"""Everything that is kept of one service user: a copy for that person, in their own language and for programs."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import day_of
from fitservice.formats.own_copy import OwnCopy
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, STAFF_ROLES, Actor, NotFound
from fitservice.spoken import say, short_day, spoken_day, spoken_number
from fitservice.store import (
    blocks,
    enrolments,
    grants,
    look_ups,
    own_copies,
    participations,
    service_users,
    sessions,
    staff,
)
from fitservice.store.rows import Row
from fitservice.wording.access import let_in
from fitservice.wording.copies import copy_words, value_words
from fitservice.wording.looks import act_words, role_words

_TENTHS = (*OUTCOME_ITEMS, *ALLIANCE_ITEMS)
_SESSION = (
    *("held_on", "life_satisfaction", "missing_reason", "life_satisfaction_1_10", *_TENTHS),
    *("outcome_instrument", "alliance_instrument", "note", "next_step", "mode", "withdrawn"),
    *("recorded_by", "recorded_at", "reason"),
)


def own_copy(db: Database, service_user_id: int, printed_on: date, *, by: Actor) -> OwnCopy:
    """The copy of a service user of the actor's district; NotFound for anybody else's. Logged, and in the copy too."""
    with acting(db, by, Act.COPY_OWN_DATA) as note:
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        note.subject = ("service_user", service_user_id)
        data = _data(db, service_user, printed_on, by=by)
    language, reference = service_user["asked_in"], service_user["reference"]
    safe = re.fullmatch(r"[A-Za-z0-9_-]+", reference)
    return OwnCopy(
        language=language,
        title=copy_words("title", language),
        reference=reference,
        facts=(
            (say("sheet.district", language), service_user["district"]),
            (say("sheet.printed", language), spoken_day(printed_on, language)),
        ),
        sections=[(copy_words(key, language), _lines(key, data[key], language)) for key in data if key != "made_on"],
        page=say("sheet.page", language, page="{page}", pages="{pages}"),
        printed_on=printed_on,
        file_name=copy_words("file", language) + (f"-{reference}" if safe else ""),
        data=data,
    )


def _data(db: Database, service_user: Row, made_on: date, *, by: Actor) -> dict[str, Any]:
    """The rows by what they are; days and moments as ISO text, items as the numbers that were answered."""
    id_ = service_user["id"]
    before: dict[int, list[Row]] = defaultdict(list)
    for row in own_copies.session_revisions(db, id_):
        before[row["session_id"]].append(_session(row))
    spells: dict[int, list[Row]] = defaultdict(list)
    for row in enrolments.earlier_revisions(db, id_):
        spells[row["enrolment_id"]].append(_spell(row))
    names = staff.names(db)
    return {
        "made_on": made_on.isoformat(),
        "service_user": [
            {name: service_user[name] for name in ("reference", "name", "birth_year", "asked_in", "contact")}
        ],
        "corrections": [
            _part(row, "reference", "birth_year", "corrected_at", "reason") | {"recorded_by": row["corrected_by"]}
            for row in service_users.earlier(db, id_)
        ],
        "enrolments": [
            _spell(row)
            | {"recorded_by": names.get(row["recorded_by"], row["recorded_by"])}
            | _before(spells[row["id"]])
            for row in enrolments.of_service_user(db, id_)
        ],
        "sessions": [_session(row) | _before(before[row["id"]]) for row in sessions.of_service_user(db, id_)],
        "participation": [
            _part(row, "kind", "on_day", "text_version", "language", "given_how", "valid_to", "recorded_at")
            | {"recorded_by": row["recorder"]}
            for row in participations.history(db, id_)
        ],
        "discussions": own_copies.discussions(db, id_),
        "screens": [row | {"answers": json.loads(row["answers"])} for row in own_copies.screens(db, id_)],
        "erasures": own_copies.erasures(db, id_),
        "access_given": [
            _part(row, "name", "home", "reason", "given_at", "valid_to", "ended_at") | {"recorded_by": row["giver"]}
            for row in grants.of_service_user(db, by, id_)
        ],
        "blocks": [
            _part(row, "name", "reason", "blocked_at", "ended_at", "end_reason") | {"recorded_by": row["blocker"]}
            for row in blocks.of_service_user(db, id_)
        ],
        "looked": [
            {
                "at": row.at,
                # an operator may be called as an account is, and is somebody else
                "name": names.get(row.actor, row.actor) if row.role in STAFF_ROLES else row.actor,
                "role": row.role,
                "act": row.act,
                **({"reason": row.grant_reason} if row.grant_reason else {}),
            }
            for row in look_ups.of_service_user(db, id_, "", "9999")
        ],
    }


def _part(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _before(rows: list[Row]) -> Row:
    return {"earlier": rows} if rows else {}


def _spell(row: Row) -> Row:
    return _part(row, "enrolled_from", "enrolled_to", "recorded_by", "recorded_at", "reason")


def _session(row: Row) -> Row:
    """An answered item as it was answered: 75 tenths are 7.5."""
    said = {name: row[name] for name in _SESSION} | {
        "recorded_by": row["recorder"],
        "withdrawn": bool(row["withdrawn"]),
    }
    return said | {name: row[name] / 10 for name in _TENTHS if row[name] is not None}


def _lines(key: str, rows: list[Row], language: str) -> list[str]:
    """A line for each row, and one for each earlier version of it."""
    if not rows:
        return [copy_words("none", language)]
    told = {"enrolments": _spell_line, "sessions": _session_line, "looked": _look_line}.get(key, _line)
    lines = []
    for row in rows:
        lines.append(told(row, language))
        lines += [f"{copy_words('earlier', language)}: {told(old, language)}" for old in row.get("earlier", ())]
    return lines


_LABELLED = (
    *("reference", "name", "home", "birth_year", "asked_in", "contact", "text_version", "note", "next_step", "mode"),
    *("reason", "end_reason", "recorded_by", "life_satisfaction", "life_satisfaction_1_10", "missing_reason", *_TENTHS),
)
_DAYS = ("held_on", "on_day", "corrected_at", "asked_at", "given_at", "blocked_at")


def _line(row: Row, language: str) -> str:
    """Days first, then what is known, each with its label where it needs one."""
    day = next((_day(row[name], language) for name in _DAYS if row.get(name)), "")
    plain = [value_words(row[name], language) for name in ("kind", "given_how", "outcome") if row.get(name)]
    if row.get("valid_to"):
        plain.append(f"{copy_words('to', language)} {_day(row['valid_to'], language)}")
    if row.get("ended_at"):
        plain.append(f"{copy_words('ended', language)} {_day(row['ended_at'], language)}")
    if "end_reason" in row and not row["name"]:
        plain.append(copy_words("all_but_contact", language))
    if row.get("answers"):
        plain.append(json.dumps(row["answers"], ensure_ascii=False))
    return ": ".join(filter(None, (day, "; ".join([*plain, *_labelled(row, language)]))))


def _labelled(row: Row, language: str) -> Iterable[str]:
    return [
        f"{copy_words(name, language)}: {_said(row[name], language)}" for name in _LABELLED if row.get(name) is not None
    ]


def _session_line(row: Row, language: str) -> str:
    mark = f" ({copy_words('withdrawn', language)})" if row["withdrawn"] else ""
    return _line(row, language) + mark


def _spell_line(row: Row, language: str) -> str:
    days = f"{copy_words('from', language)} {_day(row['enrolled_from'], language)}"
    if row["enrolled_to"]:
        days += f" {copy_words('to', language)} {_day(row['enrolled_to'], language)}"
    return "; ".join([days, *_labelled(row, language)])


def _look_line(row: Row, language: str) -> str:
    who = f"{row['name']}, {role_words(row['role'], language)}"
    why = f" ({let_in(row['reason'], language)})" if row.get("reason") else ""
    return f"{_day(row['at'], language)}: {who}: {act_words(row['act'], language)}{why}"


def _day(text: str, language: str) -> str:
    return short_day(day_of(text) if "T" in text else date.fromisoformat(text), language)


def _said(value: Any, language: str) -> str:
    if isinstance(value, float):
        return spoken_number(value, 1, language)
    return value_words(value, language) if isinstance(value, str) else str(value)
