"""National identity numbers are refused wherever text comes in."""

import re

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

# Eleven digits, also as people type them: 010190 12345, 01.01.90-12345
_CANDIDATE = re.compile(r"(?<![0-9])(?:[0-9][ .\-/\u00a0]?){10}[0-9](?![0-9])")
_HIDDEN = "***********"


def holds_identity_number(text: str) -> bool:
    """Whether the text holds eleven digits with both valid check digits (mod 11).

    Only the check digits decide, so that D-numbers, emergency numbers and synthetic numbers count too.
    """
    return any(_is_identity_number(found[0]) for found in _CANDIDATE.finditer(text))


def without_identity_numbers(text: str) -> str:
    """The same text with every such number replaced by stars."""
    return _CANDIDATE.sub(lambda found: _HIDDEN if _is_identity_number(found[0]) else found[0], text)


def _is_identity_number(text: str) -> bool:
    digits = re.sub(r"[^0-9]", "", text)
    return digits[9] == calc_check_digit1(digits) and digits[10] == calc_check_digit2(digits)
