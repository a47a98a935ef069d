"""What the half-year report says: its title, its gaps in sentences, and what its figures mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from fitservice.model import Period
from fitservice.reporting import Gap, GapKind
from fitservice.wording import moment
from fitservice.wording.figures import measure_name, stage_name
from fitservice.wording.reporting import gap_text


def release_line(release: Mapping[str, Any]) -> str:
    """Which release figures are published from."""
    return _(
        "Release %(name)s (%(stage)s), made %(moment)s.",
        name=release["name"],
        stage=stage_name(release["stage"]),
        moment=moment(release["made_at"]),
    )


def report_title(period: Period) -> str:
    """The report's title with its half-year in words."""
    year = period.first_day.year
    if period.first_day.month == 1:
        return _("Half-year report, January–June %(year)s", year=year)
    return _("Half-year report, July–December %(year)s", year=year)


def gap_lines(gaps: Sequence[tuple[str, Gap]]) -> list[str]:
    """One line a gap, districts of which the same is said together; in the order of GapKind, then as they come.

    gaps holds a district's name and the gap.
    """
    names: dict[str, list[str]] = {}
    order = list(GapKind)
    for name, gap in sorted(gaps, key=lambda pair: order.index(pair[1].kind)):
        names.setdefault(gap_text(gap), []).append(name)
    return [f"{', '.join(districts)}: {text}" for text, districts in names.items()]


def definitions() -> list[str]:
    """What the figures of the report mean, one line each."""
    return [
        f"{measure_name('active_users')}: "
        + _("everybody who was enrolled in the district on at least one day of the half-year."),
        f"{measure_name('measured_users')}: " + _("those of them with at least one life-satisfaction score in it."),
        f"{_('Coverage')}: " + _("the measured ones as a share of the service users, rounded down."),
        f"{_('Mean')}: " + _("of the latest score of each, from 1 (very dissatisfied) to 7 (very satisfied)."),
        f"{_('Interval')}: "
        + _("the mean plus and minus Student's t times the standard error (95 per cent); wide where few are measured."),
        _("Whoever was enrolled in two districts counts once in each."),
        _("The report promises no effect, ranks nobody, and says nothing about how well a service works."),
    ]
