"""What the service writes about itself: a line an event on stderr, as text or JSON, and no person in it."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from flask import Flask

HOUSE = Path(__file__).parent
FORMS = ("text", "json")
TALKATIVE = {"Invalid request from": "a request that is none", "Error handling request": "a request was not handled"}
"""How lines of gunicorn's begin that go on with what was sent, and what is written instead."""


class Line(logging.Formatter):
    """One line: when, how bad, what; of an error its type and where in our code it was, never its words."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        """The line. What belongs to it comes with extra={"said": {...}}."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "event": _event(record)}
        said |= getattr(record, "said", {})
        if record.exc_info and record.exc_info[0]:
            said |= _error(record.exc_info[0], record.exc_info[1], record.exc_info[2])
        if self.form == "json":
            return json.dumps(said, ensure_ascii=False)
        at, level, event = said.pop("at"), said.pop("level"), said.pop("event")
        return f"{at} {level} {event} {' '.join(f'{name}={value}' for name, value in said.items())}".rstrip()


def _event(record: logging.LogRecord) -> str:
    message = record.getMessage()
    instead = next((words for begin, words in TALKATIVE.items() if message.startswith(begin)), None)
    return instead or " ".join(message.split())


def _error(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> dict[str, Any]:
    places = [
        f"{Path(frame.filename).relative_to(HOUSE.parent)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
        if Path(frame.filename).is_relative_to(HOUSE)
    ]
    # which of SQLite's errors it was: a fixed word, such as SQLITE_FULL
    name = getattr(error, "sqlite_errorname", None)
    return {"error": kind.__name__, **({"code": name} if name else {}), "where": " < ".join(reversed(places))}


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is now, not to what it was when the service began."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Where to."""
        return sys.stderr


def init_app(app: Flask) -> None:
    """The application's logger writes our lines; the server's own does too, from when it starts."""
    handler = _Stderr()
    handler.setFormatter(Line(app.config["LOG"]))
    logger = logging.getLogger(app.import_name)
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
