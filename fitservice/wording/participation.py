"""Informed participation in words: the texts that a service user is told, by version and language, and its states."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from fitservice.rules.participation import How, State
from fitservice.wording import day as day_text


@dataclass(frozen=True)
class Text:
    """One version: its key, which the record keeps, from when it is told, and by language pairs of title and text."""

    key: str
    valid_from: date
    parts: Mapping[str, list[tuple[str, str]]]


def _text(said: dict[str, Any]) -> Text:
    parts = {
        language: [(part["title"][language], part[language]) for part in said["parts"]]
        for language in ("nb", "nn", "en")
    }
    return Text(said["key"], said["valid_from"], parts)


_FILE = Path(__file__).parent.parent / "translations/participation.toml"
TEXTS = [_text(said) for said in tomllib.loads(_FILE.read_text("utf-8"))["versions"]]
"""All versions, oldest first."""


def text_today(day: date) -> Text:
    """The version that is told on a day: the newest that is valid; the first before that."""
    return next((text for text in reversed(TEXTS) if text.valid_from <= day), TEXTS[0])


_HOW = {How.ORALLY: _("Said"), How.IN_WRITING: _("In writing")}


def how_name(how: How | str) -> str:
    """How somebody said that they take part."""
    return str(_HOW[How(how)])


_STATES = {
    State.NONE: _("Not recorded"),
    State.VALID: _("Valid"),
    State.ENDS_SOON: _("Ends soon"),
    State.EXPIRED: _("Has ended"),
    State.WITHDRAWN: _("Withdrawn"),
}


def state_name(state: State) -> str:
    """How it stands, in a word or two."""
    return str(_STATES[state])


def state_text(state: State, day: date | str | None) -> str:
    """The same as a sentence; day is the last on which it is valid, or the one on which it was withdrawn."""
    told = day_text(day) if day else ""
    if state is State.NONE:
        return gettext("It is not recorded that the service user was informed and takes part. Talk about it next time.")
    if state is State.WITHDRAWN:
        return gettext("The service user has withdrawn (%(day)s). Nothing new is recorded.", day=told)
    if state is State.EXPIRED:
        return gettext("The participation ended on %(day)s. Talk about it again next time.", day=told)
    if state is State.ENDS_SOON:
        return gettext("The participation ends on %(day)s. Talk about it again.", day=told)
    return gettext("The service user was informed and takes part, until %(day)s.", day=told)
