"""Notes: one line that says nothing of who somebody is. Names and numbers that point to a person are refused."""

import re
import unicodedata
from dataclasses import replace

from fitservice.model import Invalid, Problem
from fitservice.rules.answers import refuse_identity_number
from fitservice.rules.given_names import ALSO_WORDS, FAMILY_NAMES, GIVEN_NAMES

NOTE_LENGTH = 140
REASON_LENGTH = 300
REASON_LETTERS = 3

_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters by their category, of which nothing is seen."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_DIGITS = re.compile(r"(?:\d[\s.-]?){6,}")
_MONEY = re.compile(r"\b\d{1,3}(?:[ .]\d{3})+ ?(?:kr|kroner)\b")
_DAY_OR_TIME = re.compile(
    r"\b\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?(?!\d)|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[.:]\d{2}\b(?!\.?\d)"
)
_ADDRESS = re.compile(r"\w@|@\w")
_BIRTH = re.compile(r"\b(?:født|fødd|f\.|born)\s*:?\s*\d", re.IGNORECASE)
_ABBREVIATED = re.compile(r"(?:^|[\s(])(?:[^\W\d_]|dr|fru|hr|mr|mrs|ms|prof)\.$", re.IGNORECASE)

# Written with a capital and nobody's name: places, services, medicines, what English and habit write so.
_NO_NAMES = """
oslo bydel norge alna bjerke frogner gamle grorud grünerløkka nordre aker nordstrand sagene hanshaugen stovner
søndre ullern vestre østensjø lovisenberg ullevål diakonhjemmet blå kors kirkens bymisjon frelsesarmeen
velferdsetaten monday tuesday wednesday thursday friday saturday sunday january february march april may june july
august september october november december norwegian english noreg norge sverige danmark polen somalia eritrea syria
iran irak ukraina drammen trondheim bergen stavanger lillestrøm asker bærum furuset haugerud tøyen grønland linderud
ammerud romsås holmlia bøler manglerud ahus aker riisby tyrili trasoppklinikken haraldsheim gatehospitalet
legevakten husbanken politiet barnevernet kriminalomsorgen kreftforeningen vinmonopolet statens vegvesen helse sør
øst pro senteret nav narcotics alcoholics anonymous housing first salvation army metadon buprenorfin subutex
suboxone buvidal antabus sobril imovane rivotril valium melatonin groruddalen oslostandarden valium stesolid vival
ritalin concerta seroquel naltrekson nalokson koranen bibelen ramadan jul påske pinse
"""
_KNOWN = frozenset(_NO_NAMES.split())
_NAMES = GIVEN_NAMES | FAMILY_NAMES


def parse_reason(text: str, field: str = "") -> str:
    """Why something is missing, signed, returned, decided or left as it is: a line of 300 characters at most, with 3
    letters at least. For every reason that reporting keeps.

    Invalid, at this field, if it is empty and for the same reasons as a note.
    """
    try:
        line = parse_note(text, REASON_LENGTH)
    except Invalid as invalid:
        raise Invalid(*(replace(problem, field=field) for problem in invalid.problems)) from None
    if not line:
        raise Invalid(Problem("required", field))
    if sum(map(str.isalpha, line)) < REASON_LETTERS:
        raise Invalid(Problem("too_short", field, known={"length": str(REASON_LETTERS)}))
    return line


def parse_words(text: str | None, field: str = "") -> str | None:
    """The same where nothing need be said: None if it is empty."""
    return parse_reason(text, field) if text and not text.isspace() else None


def parse_note(text: str, most: int = NOTE_LENGTH) -> str:
    """One line of at most so many characters; Invalid if it looks as if it named a person.

    A name is: a word with a capital inside a sentence, unless it is an abbreviation or a known place or
    service; or a common name, with or without a capital.
    """
    line = refuse_identity_number(" ".join(unicodedata.normalize("NFC", text).split()))
    if not line.isprintable() or _UNSEEN.intersection(line):
        raise Invalid(Problem("not_printable"))
    if len(line) > most:
        raise Invalid(Problem("too_long", known={"length": str(most)}))
    if _DIGITS.search(_MONEY.sub("", _DAY_OR_TIME.sub("", line))) or _BIRTH.search(line):
        raise Invalid(Problem("note_number"))
    if _ADDRESS.search(line):
        raise Invalid(Problem("note_address"))
    for match in _WORD.finditer(line):
        if _looks_like_a_name(line, match):
            raise Invalid(Problem("note_name", known={"word": match[0]}))
    return line


def _looks_like_a_name(line: str, match: re.Match[str]) -> bool:
    word = match[0]
    small = word.casefold()
    if {small, small.removesuffix("s")} & (_NAMES if word[0].isupper() else _NAMES - ALSO_WORDS):
        return True
    if not word[0].isupper() or not _names_somebody(word):
        return False
    return not _begins_a_sentence(line, match.start())


def _names_somebody(word: str) -> bool:
    """Whether a word with a capital is neither known nor an abbreviation, alone or joined: NAV, AA-møter, I'll."""
    first, *others = re.split("[-'’]", word)
    rest_is_small = all(other.islower() for other in others)
    if first.isupper() and len(first) <= 5 and rest_is_small:
        return False
    small = word.casefold()
    if {small, small.removesuffix("s")} & _KNOWN or (first.casefold() in _KNOWN and rest_is_small):
        return False
    return not all(part.casefold() in _KNOWN for part in (first, *others))


def _begins_a_sentence(line: str, place: int) -> bool:
    """Whether a capital is due there: not after an initial or a title, for 'K. Hansen' and 'dr. Hansen'."""
    before = line[:place].rstrip(' «"“(–-')
    return not before or (before[-1] in ".!?:;" and not _ABBREVIATED.search(before))
