"""A service user's name: how it is written, and by which of its words it is found."""

import re
import unicodedata

from fitservice.model import Invalid, Problem
from fitservice.rules.answers import refuse_identity_number

NAME_LENGTH = 100
_ALLOWED = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_BETWEEN = re.compile(r"[ .-]+")


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


def _without_marks(line: str) -> str:
    """Without what stands above or below letters in scripts that write it apart: नमस्ते."""
    return "".join(character for character in line if not unicodedata.category(character).startswith("M"))
