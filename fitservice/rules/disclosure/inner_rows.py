"""The finest groups of persons behind all that is published of one year, worked out from the counts themselves.

The latest score of a year is that of its second half-year, or of the first for whoever has none in the second. So each
count falls into three groups: those counted in the first half-year only, those counted in both (as they were in the
first), and all who are counted in the second. H1 = only + both, H2 = second, year = only + second: the three counts
say how large each group is, and nothing else needs to be read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fitservice.rules.figures import LOW_SCORES, Counts

HALVES = ("H1", "H2")
YEAR = "year"
"""The periods of a year, as keys: which year it is does not matter here."""

Source = tuple[int, str]
"""Which frozen counts a figure rests on: the number of the release that froze them, and the district's code."""

SCORES = tuple(f"life_satisfaction_{score}" for score in range(1, 8))
_CHANGES = ("improved", "deteriorated", "same")
_OF_SESSIONS = (
    *("sessions", "sessions_with_life_satisfaction", "sessions_with_feedback"),
    *("alliance_totals", "alliance_low_totals"),
)

PARTS: dict[str, tuple[str, ...]] = {
    "active_users": ("active_users",),
    "measured_users": SCORES,
    **{score: (score,) for score in SCORES},
    "life_satisfaction_low": SCORES[: len(LOW_SCORES)],
    "life_satisfaction_paired": tuple(f"life_satisfaction_{change}" for change in _CHANGES),
    "life_satisfaction_improved": ("life_satisfaction_improved",),
    "life_satisfaction_deteriorated": ("life_satisfaction_deteriorated",),
    "outcome_users": ("outcome_unpaired", *(f"outcome_{change}" for change in _CHANGES)),
    "outcome_paired": tuple(f"outcome_{change}" for change in _CHANGES),
    "outcome_improved": ("outcome_improved",),
    "outcome_deteriorated": ("outcome_deteriorated",),
    "alliance_users": ("alliance_users",),
    **{name: (name,) for name in _OF_SESSIONS},
}
"""Every count that is published, or that a published share tells, and the kinds of inner rows that it adds up."""

_KINDS = tuple(dict.fromkeys(kind for parts in PARTS.values() for kind in parts))
_GROUPS = {"H1": ("only", "both"), "H2": ("second",), YEAR: ("only", "second")}


@dataclass(frozen=True)
class Limit:
    """A weighted sum of inner rows that is known to lie from low to high; None where it has no limit."""

    weights: Mapping[int, int]
    low: float | None
    high: float | None


@dataclass
class InnerRows:
    """How many are in each inner row, and what everybody knows of the rows from their meaning."""

    counts: list[int] = field(default_factory=list)
    facts: list[Limit] = field(default_factory=list)
    _places: dict[tuple[Source, str, str], int] = field(default_factory=dict)

    def add(self, source: Source, known: Mapping[str, Counts]) -> None:
        """The rows of one district in one year, from its counts by period: of one half-year, or of both and the year.

        Raises ValueError where the counts cannot be those of one year.
        """
        for kind in _KINDS:
            for group, number in _sizes({period: of_kind(counts, kind) for period, counts in known.items()}).items():
                if group == "both" and kind in _OF_SESSIONS:
                    continue  # no session is held in both halves
                if number < 0:
                    raise ValueError(f"{source}: {kind} does not add up")
                self._places[source, kind, group] = len(self.counts)
                self.counts.append(number)
        self.facts += [limit for limit in self._nesting(source, tuple(known)) if limit.weights]

    def of(self, source: Source, period: str, name: str) -> frozenset[int]:
        """The rows that a count of a source adds up in a period."""
        return self._rows(source, PARTS[name], _GROUPS[period])

    def link(self, earlier: Source, later: Source, period: str, changed: int) -> None:
        """Everybody knows: from the one source to the other no kind changed by more than so many in this period."""
        for kind in _KINDS:
            groups = _GROUPS[period]
            old, new = self._rows(earlier, (kind,), groups), self._rows(later, (kind,), groups)
            if changed == 0 or kind not in _OF_SESSIONS:
                weights = {**dict.fromkeys(old, -1), **dict.fromkeys(new, 1)}
                self.facts.append(Limit(weights, -changed, changed))

    def _rows(self, source: Source, kinds: Iterable[str], groups: Iterable[str]) -> frozenset[int]:
        keys = [(source, kind, group) for kind in kinds for group in groups]
        return frozenset(self._places[key] for key in keys if key in self._places)

    def _nesting(self, source: Source, periods: Iterable[str]) -> Iterator[Limit]:
        """Who is measured is active, who went up by three is at four or above: a part is never the larger."""
        for period in periods:
            for part, whole in _WITHIN:
                yield _at_most(self.of(source, period, part), self.of(source, period, whole))
        for name in ("active_users", "measured_users", "outcome_users", "alliance_users"):
            both = self._rows(source, PARTS[name], ["both"])
            yield _at_most(both, self._rows(source, PARTS[name], ["second"]))
            yield _at_most(both, self._rows(source, PARTS["active_users"], ["both"]))
        for group in ("only", "both", "second"):
            for part, scores in _AT_SCORES:
                yield _at_most(self._rows(source, PARTS[part], [group]), self._rows(source, scores, [group]))


_WITHIN = (
    ("measured_users", "active_users"),
    ("outcome_users", "active_users"),
    ("alliance_users", "active_users"),
    ("measured_users", "sessions_with_life_satisfaction"),
    ("outcome_users", "sessions_with_feedback"),
    ("alliance_users", "alliance_totals"),
    ("alliance_totals", "sessions_with_feedback"),
    ("alliance_low_totals", "alliance_totals"),
    ("sessions_with_life_satisfaction", "sessions"),
    ("sessions_with_feedback", "sessions"),
)
"""Counts within others, in every period."""

_AT_SCORES = (
    ("life_satisfaction_paired", SCORES),
    ("life_satisfaction_improved", SCORES[3:]),
    ("life_satisfaction_deteriorated", SCORES[:4]),
)
"""The scores at which those counted can be: three points up from 1 is 4."""


def of_kind(counts: Counts, kind: str) -> int:
    """How many are of a kind of inner row in one period."""
    family, _, part = kind.rpartition("_")
    if part == "unpaired":
        return counts.get(f"{family}_users", 0) - counts.get(f"{family}_paired", 0)
    if part == "same":
        changed = counts.get(f"{family}_improved", 0) + counts.get(f"{family}_deteriorated", 0)
        return counts.get(f"{family}_paired", 0) - changed
    return counts.get(kind, 0)


def are_the_same(old: Counts, new: Counts) -> bool:
    """Whether every kind of inner row holds as many in the one as in the other, of one period."""
    return all(of_kind(old, kind) == of_kind(new, kind) for kind in _KINDS)


def changed_persons(old: Counts, new: Counts, *names: str) -> int:
    """How many service users at least are counted otherwise in the one than in the other, of one period.

    Of those whom one of these counts is about, or of all.
    """
    families = [PARTS[name] for name in names or _OF_PERSONS]
    return max(_moved([of_kind(new, kind) - of_kind(old, kind) for kind in kinds]) for kinds in families)


_OF_PERSONS = ("active_users", "measured_users", "outcome_users", "alliance_users", "life_satisfaction_paired")


def _moved(differences: list[int]) -> int:
    return max(sum(max(one, 0) for one in differences), sum(max(-one, 0) for one in differences))


def _at_most(part: frozenset[int], whole: frozenset[int]) -> Limit:
    return Limit({**dict.fromkeys(sorted(whole - part), 1), **dict.fromkeys(sorted(part - whole), -1)}, 0, None)


def _sizes(known: Mapping[str, int]) -> dict[str, int]:
    """How many are in each group, from the counts by period."""
    if YEAR not in known:
        return {("only" if period == "H1" else "second"): number for period, number in known.items()}
    only = known[YEAR] - known["H2"]
    return {"only": only, "both": known["H1"] - only, "second": known["H2"]}
