"""What is said to the service user, in the language in which this person is asked: nb, nn or en.

The interface speaks to staff through gettext; these words stand in translations/service_user.toml.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from fitservice.instruments.instrument import Texts

_LOCALES = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}


def _texts(said: dict[str, Any], place: str = "") -> Iterator[tuple[str, Texts]]:
    """Every text by its place; a text is a table of strings by language, and may hold no other text."""
    for name, content in said.items():
        here = f"{place}.{name}" if place else name
        if set(content) & set(_LOCALES):
            yield here, content
        else:
            yield from _texts(content, here)


TEXTS = dict(_texts(tomllib.loads((Path(__file__).parent / "translations/service_user.toml").read_text("utf-8"))))
"""Each text in its three languages, by its key: 'sheet.title'."""


def say(key: str, language: str, **known: str | int) -> str:
    """The text of that key with what is known put in its places; KeyError if either is missing."""
    return TEXTS[key][language].format(**known)


def spoken_day(day: date, language: str) -> str:
    """A day in words: 1. mars 2026, 1 March 2026."""
    return format_date(day, "long", locale=_LOCALES[language])


def short_day(day: date, language: str) -> str:
    """A day for a table or an axis: 01.03.2026, 1 Mar 2026."""
    return format_date(day, "d MMM yyyy" if language == "en" else "dd.MM.yyyy", locale=_LOCALES[language])


def spoken_number(value: float, decimals: int, language: str) -> str:
    """A number with the language's decimal sign."""
    return format_decimal(value, format="0" if decimals == 0 else "0." + "0" * decimals, locale=_LOCALES[language])
