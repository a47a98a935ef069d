"""Keeping that a service user was discussed."""

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.model import Actor, NotFound
from fitservice.store import discussions, sessions


def discuss(db: Database, session_id: int, *, by: Actor) -> str:
    """Discussed today, as things stood after this session, whatever came later; returns the reference.

    Once more is the same discussion: a double click is harmless. NotFound for another district's session.
    """
    with acting(db, by, Act.DISCUSS) as note:
        session = sessions.by_id(db, by, session_id)
        if not session:
            raise NotFound
        known = discussions.of_session(db, session_id)
        if not known:
            discussions.add(db, session["service_user_id"], session_id, today(), by.name)
        note.subject = ("service_user", session["service_user_id"])
        note.detail = {"session": session_id, "again": bool(known)}
    return str(session["reference"])
