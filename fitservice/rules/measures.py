"""What each measure is counted in."""

from enum import StrEnum


class Unit(StrEnum):
    """What a figure is counted in."""

    PERSONS = "persons"
    SESSIONS = "sessions"
    SHARE = "share"
    """From 0 to 1."""
    POINTS_7 = "points_1_7"
    """Points of life satisfaction, 1-7, or a difference between two."""
    POINTS_40 = "points_0_40"
    """Points of a total of four items, 0-40, or a difference between two."""


_DECIMALS = {Unit.SHARE: 3, Unit.POINTS_7: 1, Unit.POINTS_40: 1}
_POINTS = ("_mean", "_low", "_high", "_change")


def unit_of(measure: str) -> Unit:
    """The unit of a measure."""
    if measure.startswith("sessions"):
        return Unit.SESSIONS
    if measure == "coverage" or measure.endswith("_share"):
        return Unit.SHARE
    if measure.endswith(_POINTS):
        return Unit.POINTS_7 if measure.startswith("life_satisfaction") else Unit.POINTS_40
    return Unit.PERSONS


def decimals_of(measure: str) -> int:
    """To how many decimals a measure is published."""
    return _DECIMALS.get(unit_of(measure), 0)
