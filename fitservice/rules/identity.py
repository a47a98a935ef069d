"""National identity numbers are refused wherever text comes in."""

import re
import unicodedata
from collections.abc import Iterator

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

# Eleven digits, also as people type them: 010190 12345, 01.01.90-12345, 010190 - 12345, 01.01.1990 12345
_GAP = r"[\W_]{0,3}"
_ELEVEN = re.compile(rf"(?<![0-9])(?:[0-9]{_GAP}){{10}}[0-9](?![0-9])")
_THIRTEEN = re.compile(rf"(?<![0-9])(?:[0-9]{_GAP}){{12}}[0-9](?![0-9])")
_HIDDEN = "***********"


def holds_identity_number(text: str) -> bool:
    """Whether the text holds eleven digits with both valid check digits (mod 11).

    Only the check digits decide, so that D-numbers, emergency numbers and synthetic numbers count too.
    """
    return next(_identity_numbers(_plain(text)), None) is not None


def without_identity_numbers(text: str) -> str:
    """The same text with every such number replaced by stars."""
    if not holds_identity_number(text):
        return text
    plain = _plain(text)
    kept, end = [], 0
    for first, last in _identity_numbers(plain):
        kept += [plain[end:first], _HIDDEN]
        end = last
    return "".join([*kept, plain[end:]])


def _plain(text: str) -> str:
    """The text with ordinary digits and without invisible characters."""
    if text.isascii():
        return text
    known = unicodedata.normalize("NFKC", text)
    return "".join(character for character in known if unicodedata.category(character) != "Cf")


def _identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends, none overlapping another."""
    end = 0
    for first, last in sorted([*_found(_ELEVEN, text), *_found(_THIRTEEN, text)]):
        if first >= end:
            yield first, last
            end = last


def _found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """One may begin inside digits that are none: '12345 010190 12345'."""
    place = 0
    while found := pattern.search(text, place):
        right = _is_identity_number(found[0])
        if right:
            yield found.span()
        place = found.end() if right else found.start() + 1


def _is_identity_number(text: str) -> bool:
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) == 13:  # the year of birth in full
        digits = digits[:4] + digits[6:]
    return digits[9] == calc_check_digit1(digits) and digits[10] == calc_check_digit2(digits)
