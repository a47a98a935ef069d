"""When figures may be released, under which name, and on which counts they rest."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fitservice.model import Invalid, Period, Problem, Stage
from fitservice.rules.disclosure.editions import Edition, Frozen
from fitservice.rules.disclosure.inner_rows import YEAR, Source, changed_persons
from fitservice.rules.figures import Counts
from fitservice.rules.periods import half, is_open, year

_NAME = re.compile(r"(\d{4})-(\d{1,4})", re.ASCII)
_STAGES = list(Stage)


@dataclass(frozen=True)
class Plan:
    """What a release holds: the periods by their part of the year ('H1', 'H2', 'year')."""

    of_year: int
    periods: Mapping[str, Period]


def plan(period: Period, as_of: date) -> Plan:
    """A first half-year alone, or a year with both its halves; Invalid for any other, and while it is open.

    A second half-year goes out with its year, because the three are protected together.
    """
    of_year = period.first_day.year
    if period.code.endswith("H2"):
        raise Invalid(Problem("release_whole_year", "period", known={"value": period.code, "year": str(of_year)}))
    if is_open(period, as_of):
        raise Invalid(Problem("period_open", "period", known={"value": period.code}))
    first = {"H1": half(of_year, 1)}
    return Plan(
        of_year, first if period.code.endswith("H1") else {**first, "H2": half(of_year, 2), YEAR: year(of_year)}
    )


def part_of(period: Period) -> str:
    """Which part of its year a period is."""
    return period.code[4:] or YEAR


def release_name(release: Mapping[str, object]) -> str:
    """'2022-1' for the first release of 2022."""
    return f"{release['year']}-{release['version']}"


def parse_release(name: str) -> tuple[int, int]:
    """Year and version of a release's name; Invalid for anything else."""
    match = _NAME.fullmatch(name.strip())
    if not match:
        raise Invalid(Problem("not_a_release", "release", known={"value": name.strip()[:20]}))
    return int(match[1]), int(match[2])


def can_follow(period: Period, before: Mapping[str, object], held_before: Collection[str]) -> bool:
    """Whether a release of this period may come after the newest of its year, which holds these parts.

    Nothing follows a final one. Nor does a half-year follow its year: each release holds what the one before it holds,
    so that whatever stands, stands from one to the next.
    """
    return before["stage"] != Stage.FINAL and (part_of(period) == YEAR or YEAR not in held_before)


def stages_after(period: Period, before: Mapping[str, object], held_before: Collection[str]) -> list[Stage]:
    """At which stages a release of this period may come after the newest of its year: the same one or a later."""
    return _STAGES[_STAGES.index(Stage(str(before["stage"]))) :] if can_follow(period, before, held_before) else []


def refuse_following(period: Period, stage: Stage, before: Mapping[str, object], held_before: Collection[str]) -> None:
    """Invalid if the period cannot follow (see can_follow), or if the newest release stands at a later stage."""
    if before["stage"] == Stage.FINAL:
        raise Invalid(Problem("release_final", "stage"))
    if not can_follow(period, before, held_before):
        known = {"value": period.code, "year": str(period.first_day.year)}
        raise Invalid(Problem("release_after_year", "period", known=known))
    if stage not in stages_after(period, before, held_before):
        raise Invalid(Problem("release_stage", "stage"))


def sources(
    number: int,
    counts: Mapping[tuple[str, str], Counts],
    frozen: Frozen,
    editions: Sequence[Edition],
    small_count: int,
) -> dict[tuple[str, str], Source]:
    """For each district and part of the year the counts that the release rests on.

    Those of now, frozen by this release; but where fewer than small_count service users are counted otherwise than
    in an earlier release, the newest such counts stand: two releases around one recorded session show the same.
    """
    found = {}
    for place, now in counts.items():
        before = [edition.sources[place] for edition in reversed(editions) if place in edition.sources]
        stands = (source for source in before if changed_persons(frozen[source][place[1]], now) < small_count)
        found[place] = next(stands, (number, place[0]))
    return found
