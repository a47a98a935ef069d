"""A made-up year of the city: the counts of each district by part of the year, from service users one by one."""

from collections import Counter
from collections.abc import Iterable
from random import Random

from fitservice.rules.disclosure.editions import Edition
from fitservice.rules.figures import Counts

PARTS = ("H1", "H2", "year")
Year = dict[tuple[int, str], dict[str, Counts]]


def made_up_year(seed: int, districts: int = 15, smallest: int = 40, largest: int = 260, number: int = 1) -> Year:
    """The counts of districts with smallest to largest active service users, as this release would freeze them."""
    chance = Random(seed)
    codes = [f"{code:06}" for code in range(30101, 30101 + districts)]
    return {
        (number, code): added_up(_service_user(chance) for _ in range(chance.randint(smallest, largest)))
        for code in codes
    }


def edition_of(year: Year, number: int = 1) -> Edition:
    """A release of all three parts that is still to be protected."""
    return Edition(number, {(source[1], part): source for source in year for part in year[source]})


def added_up(service_users: Iterable[dict[str, Counts]]) -> dict[str, Counts]:
    """The counts of several service users, by part of the year."""
    total: dict[str, Counter[str]] = {part: Counter() for part in PARTS}
    for one in service_users:
        for part, counts in one.items():
            total[part].update(counts)
    return {part: dict(counts) for part, counts in total.items()}


def _service_user(chance: Random) -> dict[str, Counts]:
    first, feedback = chance.randint(1, 7), chance.random() < 0.4
    active = chance.choice([("H1", "H2"), ("H1", "H2"), ("H1",), ("H2",)])
    found: dict[str, Counts] = {}
    for half in active:
        latest = min(7, max(1, first + chance.choice([-4, -2, -1, 0, 0, 1, 1, 2, 4])))
        found[half] = counted(first, latest, feedback) if chance.random() < 0.8 else {"active_users": 1}
    measured = [found[half] for half in active if "measured_users" in found[half]]
    year = dict(measured[-1]) if measured else {"active_users": 1}
    for name in ("sessions", "sessions_with_life_satisfaction", "sessions_with_feedback", "alliance_totals"):
        year[name] = sum(known.get(name, 0) for known in found.values())
    return {**found, "year": year}


def counted(first: int, latest: int, feedback: bool = False) -> dict[str, int]:
    """What a service user adds who is measured: with this first and latest score, in two sessions."""
    change = latest - first
    known = {
        "active_users": 1,
        "measured_users": 1,
        f"life_satisfaction_{latest}": 1,
        "life_satisfaction_sum": latest,
        "life_satisfaction_squares": latest * latest,
        "life_satisfaction_paired": 1,
        "life_satisfaction_change_sum": change,
        "sessions": 2,
        "sessions_with_life_satisfaction": 1,
    }
    if change >= 3:
        known["life_satisfaction_improved"] = 1
    if change <= -3:
        known["life_satisfaction_deteriorated"] = 1
    if feedback:
        known |= {
            "outcome_users": 1,
            "outcome_sum": 50 * latest,
            "outcome_paired": 1,
            "outcome_change_sum": 50 * change,
        }
        known |= {"alliance_users": 1, "alliance_sum": 340, "alliance_totals": 1, "sessions_with_feedback": 1}
        if abs(change) >= 2:
            known[f"outcome_{'improved' if change > 0 else 'deteriorated'}"] = 1
    return known
