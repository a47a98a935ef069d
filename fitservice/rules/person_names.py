"""A service user's name: how it is written, by which of its words it is found, and whose name it is like."""

import re
import unicodedata
from enum import StrEnum

from fitservice.model import Invalid, Problem
from fitservice.rules.answers import refuse_identity_number

NAME_LENGTH = 100
_ALLOWED = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_BETWEEN = re.compile(r"[ .-]+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")


class Likeness(StrEnum):
    """How two names are alike."""

    FAMILY = "family"
    """The same family name."""
    FULL = "full"
    """All of it, in whichever order."""


def parse_person_name(text: str) -> str:
    """A name on one line: letters with spaces, points, hyphens and apostrophes between them, at most 100 characters."""
    line = refuse_identity_number(" ".join(unicodedata.normalize("NFC", text).split()))
    if len(line) > NAME_LENGTH:
        raise Invalid(Problem("too_long", known={"length": str(NAME_LENGTH)}))
    if not _ALLOWED.fullmatch(_without_marks(line)):
        raise Invalid(Problem("not_a_person_name"))
    return line


def name_words(text: str) -> list[str]:
    """The words of a name, or of a search for one, each once, without difference of case: 'Anne-Marie' is two."""
    known = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return list(dict.fromkeys(word for word in _BETWEEN.split(unicodedata.normalize("NFC", known)) if word.strip()))


def account_name(text: str) -> str:
    """An account's name as a person's is written: without what stands in brackets, 'Berg, Kari' as 'Kari Berg'."""
    family, _, given = _ASIDE.sub(" ", text).partition(",")
    return " ".join(f"{given} {family}".split())


def family_words(name: str) -> list[str]:
    """The words of the family name: the last one, and both of 'Berg-Hansen'; the only one of a name of one word."""
    return name_words(name.split()[-1]) if name.split() else []


def likeness(own: str, other: str) -> Likeness | None:
    """How somebody's own name is like another; None for not at all. A single word of one's own is no family name."""
    words = name_words(own)
    if words and set(words) == set(name_words(other)):
        return Likeness.FULL
    if len(own.split()) > 1 and set(family_words(own)) & set(family_words(other)):
        return Likeness.FAMILY
    return None


def _without_marks(line: str) -> str:
    """Without what stands above or below letters in scripts that write it apart: नमस्ते."""
    return "".join(character for character in line if not unicodedata.category(character).startswith("M"))
