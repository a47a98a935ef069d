"""What is said of a running half-year's pace."""

from datetime import date

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from fitservice.rules.pace import Forecast, Pace
from fitservice.wording import day, number

METHOD = _(
    "The forecast assumes that of those without a score, as large a share gets one on each day to come as on each day "
    "so far. In four of five cases the result should lie within its limits (beta-binomial, 80 per cent)."
)


def pace_text(known: Pace, last_day: date) -> list[str]:
    """How far it has come, what is needed and what is to be expected: one plain sentence each."""
    if not known.active:
        return [gettext("Nobody is enrolled in this half-year yet.")]
    return [
        gettext(
            "%(measured)s of %(active)s service users have a score so far.",
            measured=number(known.measured, 0),
            active=number(known.active, 0),
        ),
        _needed(known, day(last_day)),
        *_reachable(known),
        *_expected(known, day(last_day)),
    ]


def _needed(known: Pace, by_day: str) -> str:
    if not known.more:
        return gettext("That is enough: %(needed)s were needed by %(day)s.", needed=number(known.needed, 0), day=by_day)
    return ngettext(
        "%(num)s more is needed by %(day)s, so that %(needed)s have one.",
        "%(num)s more are needed by %(day)s, so that %(needed)s have one.",
        known.more,
        day=by_day,
        needed=number(known.needed, 0),
    )


def _reachable(known: Pace) -> list[str]:
    """That some have ended, where it matters."""
    gone = known.active - known.reachable
    if not gone or not known.more:
        return []
    return [
        ngettext(
            "%(num)s has ended without a score, so %(most)s can have one at most.",
            "%(num)s have ended without a score, so %(most)s can have one at most.",
            gone,
            most=number(known.reachable, 0),
        )
    ]


def _expected(known: Pace, by_day: str) -> list[str]:
    """What is to be expected; nothing where all are measured, or where it is the last day."""
    said = known.forecast
    if known.measured == known.reachable:
        return []
    if said is None:
        return [gettext("It is too early to say how many it will be: a forecast is made after four weeks.")]
    if not known.measured:
        return [gettext("Nobody has been measured yet, so there is no pace to go on.")]
    if said.low == said.high:
        likely = gettext("At today's pace it will be %(low)s on %(day)s.", low=number(said.low, 0), day=by_day)
    else:
        likely = gettext(
            "At today's pace it will be about %(expected)s on %(day)s, most likely between %(low)s and %(high)s.",
            expected=number(said.expected, 0),
            low=number(said.low, 0),
            high=number(said.high, 0),
            day=by_day,
        )
    return [likely, *([_enough(known, said)] if known.more else [])]


def _enough(known: Pace, said: Forecast) -> str:
    if said.low >= known.needed:
        return gettext("That will be enough.")
    if said.high < known.needed:
        return gettext("That will not be enough.")
    return gettext("That will probably not be enough.") if known.behind else gettext("That will probably be enough.")
