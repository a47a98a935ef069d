"""Notes: one line that says nothing of who somebody is. Names and numbers that point to a person are refused."""

import re
import unicodedata

from fitservice.model import Invalid, Problem
from fitservice.rules.answers import refuse_identity_number
from fitservice.rules.given_names import ALSO_WORDS, GIVEN_NAMES

NOTE_LENGTH = 140

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_DIGITS = re.compile(r"(?:\d[\s.-]?){6,}")
_DAY_OR_TIME = re.compile(r"\b\d{1,2}\.\d{1,2}\.(?:\d{4})?|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[.:]\d{2}\b")

# Written with a capital and nobody's name: places, services, what English writes so.
_NO_NAMES = """
oslo bydel norge alna bjerke frogner gamle grorud grünerløkka nordre aker nordstrand sagene hanshaugen stovner søndre
ullern vestre østensjø lovisenberg ullevål diakonhjemmet blå kors kirkens bymisjon frelsesarmeen velferdsetaten monday
tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
november december norwegian english
"""
_KNOWN = frozenset(_NO_NAMES.split())


def parse_note(text: str) -> str:
    """One line of at most 140 characters; Invalid if it looks as if it named a person.

    A name is: a word with a capital inside a sentence, unless it is an abbreviation or a known place or
    service; or a common given name, with or without a capital.
    """
    line = refuse_identity_number(" ".join(unicodedata.normalize("NFC", text).split()))
    if not line.isprintable():
        raise Invalid(Problem("not_printable"))
    if len(line) > NOTE_LENGTH:
        raise Invalid(Problem("too_long", known={"length": str(NOTE_LENGTH)}))
    if _DIGITS.search(_DAY_OR_TIME.sub("", line)):
        raise Invalid(Problem("note_number"))
    if any(_looks_like_a_name(line, match) for match in _WORD.finditer(line)):
        raise Invalid(Problem("note_name"))
    return line


def _looks_like_a_name(line: str, match: re.Match[str]) -> bool:
    word = match[0]
    small = word.casefold()
    if {small, small.removesuffix("s")} & (GIVEN_NAMES if word[0].isupper() else GIVEN_NAMES - ALSO_WORDS):
        return True
    if not word[0].isupper() or (word.isupper() and len(word) <= 5) or small in _KNOWN:
        return False
    return not _begins_a_sentence(line, match.start())


def _begins_a_sentence(line: str, place: int) -> bool:
    before = line[:place].rstrip(' «"“(–-')
    return not before or before[-1] in ".!?:;"
