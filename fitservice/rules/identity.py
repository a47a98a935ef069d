"""National identity numbers are refused wherever text comes in."""

import re
from collections.abc import Iterator

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

# Eleven digits, also as people type them: 010190 12345, 01.01.90-12345
_CANDIDATE = re.compile(r"(?<![0-9])(?:[0-9][ .\-/\u00a0]?){10}[0-9](?![0-9])")
_HIDDEN = "***********"


def holds_identity_number(text: str) -> bool:
    """Whether the text holds eleven digits with both valid check digits (mod 11).

    Only the check digits decide, so that D-numbers, emergency numbers and synthetic numbers count too.
    """
    return next(_identity_numbers(text), None) is not None


def without_identity_numbers(text: str) -> str:
    """The same text with every such number replaced by stars."""
    kept, end = [], 0
    for first, last in _identity_numbers(text):
        kept += [text[end:first], _HIDDEN]
        end = last
    return "".join([*kept, text[end:]])


def _identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends. One may begin inside digits that are none: '12345 010190 12345'."""
    place = 0
    while found := _CANDIDATE.search(text, place):
        if _is_identity_number(found[0]):
            yield found.span()
            place = found.end()
        else:
            place = found.start() + 1


def _is_identity_number(text: str) -> bool:
    digits = re.sub(r"[^0-9]", "", text)
    return digits[9] == calc_check_digit1(digits) and digits[10] == calc_check_digit2(digits)
