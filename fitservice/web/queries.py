"""Query strings, read through the rules."""

from collections.abc import Collection, Sequence

from flask import request

from fitservice.model import Invalid, NotFound, Period, Problem
from fitservice.rules.periods import parse_half, parse_period, refuse_unknown
from fitservice.settings import LANGUAGES

MOST_PERIODS = 60
MOST_PARAMETERS = 120
LONGEST_QUERY = 4000
"""Characters. From twice as many on the server itself refuses (commands/server.py)."""
SHOWN = 40
"""So much is said again of what was typed."""


def refuse_too_much() -> None:
    """Invalid if the query is longer or has more parameters than any sensible one; nothing of it is read."""
    query = request.query_string
    if len(query) > LONGEST_QUERY or query.count(b"&") >= MOST_PARAMETERS:
        raise Invalid(Problem("too_much_asked", known={"most": str(MOST_PARAMETERS), "length": str(LONGEST_QUERY)}))


def refuse_unknown_parameters(*known: str) -> None:
    """Invalid if there is another parameter than these and lang, or if lang is none of ours.

    A misspelt filter that is passed over in silence would give all figures in place of some.
    """
    refuse_too_much()
    for name in request.args:
        if name not in (*known, "lang"):
            allowed = ", ".join((*known, "lang"))
            raise Invalid(Problem("unknown_parameter", known={"name": name[:SHOWN], "allowed": allowed}))
    asked_codes("lang", LANGUAGES)


def asked_codes(name: str, known: Collection[str]) -> list[str]:
    """The values of a parameter that may be repeated, each once; Invalid if one is not among the known."""
    codes = list(dict.fromkeys(request.args.getlist(name)))
    for code in codes:
        if code not in known:
            values = {"value": code[:SHOWN], "name": name, "allowed": ", ".join(known)}
            raise Invalid(Problem("unknown_code", name, known=values))
    return codes


def asked_periods() -> list[Period]:
    """The periods of ?period=…, each once, in the order asked; Invalid without any."""
    codes = request.args.getlist("period")
    if not codes:
        raise Invalid(Problem("period_needed"))
    if len(codes) > MOST_PERIODS:
        raise Invalid(Problem("too_many_periods", known={"most": str(MOST_PERIODS)}))
    return list({period.code: period for period in map(parse_period, codes)}.values())


def asked_among(known: Sequence[Period]) -> list[Period]:
    """The periods of ?period=…, all of them among the known; Invalid otherwise."""
    periods = asked_periods()
    refuse_unknown(periods, known)
    return periods


def named_half(code: str) -> Period:
    """The half-year of an address; NotFound for anything else."""
    try:
        return parse_half(code)
    except Invalid:
        raise NotFound from None
