"""Which look-ups are worth asking about: plain rules, never an accusation. There is often a good reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from fitservice.rules.person_names import Likeness

MANY = 20
"""More different service users than this in an hour."""
HOUR = timedelta(hours=1)
NIGHT_FROM, NIGHT_TO = 22, 6
SATURDAY = 5


class Why(StrEnum):
    """Why a look-up is worth asking about."""

    OUTSIDE = "outside"
    """By somebody of another district, or of none."""
    MANY = "many"
    """More than MANY different service users in an hour."""
    ODD_HOURS = "odd_hours"
    """At night (22-06) or in a weekend, in Oslo."""
    NOT_OWN = "not_own"
    """A caseworker looked at somebody who has another contact, and recorded nothing with them."""
    OWN_NAME = "own_name"
    """At a record in one's own full name."""
    FAMILY_NAME = "family_name"
    """At somebody of one's own family name."""


class LookUp(NamedTuple):
    """Somebody did something with a service user's record, at a moment by the clock in Oslo.

    is_work: more than looking, such as recording a session. others_contact: this is a caseworker, and somebody else is
    the contact. is_outside: somebody of another district or of none. alike: how the two names are alike, if they are.
    A tuple, because a page may read ten thousand of them.
    """

    at: datetime
    actor: str
    service_user_id: int
    is_work: bool = False
    others_contact: bool = False
    is_outside: bool = False
    alike: Likeness | None = None


@dataclass(frozen=True)
class Unusual:
    """What is worth asking one person about: why, when (first and last), and which service users."""

    why: Why
    actor: str
    first: datetime
    last: datetime
    service_users: tuple[int, ...]


def unusual(look_ups: Iterable[LookUp]) -> list[Unusual]:
    """What is worth asking about, newest first; never in the order of how many."""
    by_actor: dict[str, list[LookUp]] = defaultdict(list)
    for one in sorted(look_ups, key=lambda one: one.at):
        by_actor[one.actor].append(one)
    found = [each for own in by_actor.values() for rule in RULES for each in rule(own)]
    return sorted(found, key=lambda each: (each.last, each.first, each.actor, each.why), reverse=True)


def _many(own: list[LookUp]) -> Iterator[Unusual]:
    """Hours with too many, put together where they overlap."""
    begin, counts, spans = 0, Counter[int](), list[tuple[int, int]]()
    for place, one in enumerate(own):
        counts[one.service_user_id] += 1
        while own[begin].at <= one.at - HOUR:
            gone = own[begin].service_user_id
            counts[gone] -= 1
            if not counts[gone]:  # so that their number is how many different ones there are
                del counts[gone]
            begin += 1
        if len(counts) <= MANY:
            continue
        overlaps = spans and begin <= spans[-1][1]
        spans = [*spans[:-1], (spans[-1][0], place)] if overlaps else [*spans, (begin, place)]
    yield from (_finding(Why.MANY, own[first : last + 1]) for first, last in spans)


def is_odd_hour(at: datetime) -> bool:
    """At night or in a weekend."""
    return at.weekday() >= SATURDAY or at.hour >= NIGHT_FROM or at.hour < NIGHT_TO


def _odd_hours(own: list[LookUp]) -> Iterator[Unusual]:
    """One for each night or day of a weekend; what is before six belongs to the night that began the day before."""
    nights: dict[object, list[LookUp]] = defaultdict(list)
    for one in own:
        if is_odd_hour(one.at):
            nights[(one.at - timedelta(hours=NIGHT_TO)).date()].append(one)
    yield from (_finding(Why.ODD_HOURS, held) for held in nights.values())


def _outside(own: list[LookUp]) -> Iterator[Unusual]:
    """One for each day."""
    days: dict[object, list[LookUp]] = defaultdict(list)
    for one in own:
        if one.is_outside:
            days[one.at.date()].append(one)
    yield from (_finding(Why.OUTSIDE, held) for held in days.values())


def _not_own(own: list[LookUp]) -> Iterator[Unusual]:
    """One for all of them; whoever stands in for a colleague records something, and is not among them."""
    worked = {one.service_user_id for one in own if one.is_work}
    held = [one for one in own if one.others_contact and not one.is_outside and one.service_user_id not in worked]
    if held:
        yield _finding(Why.NOT_OWN, held)


def _alike(own: list[LookUp]) -> Iterator[Unusual]:
    """One for all records in the own name, and one for all of the own family name: also where it was work."""
    for likeness, why in ((Likeness.FULL, Why.OWN_NAME), (Likeness.FAMILY, Why.FAMILY_NAME)):
        held = [one for one in own if one.alike is likeness]
        if held:
            yield _finding(why, held)


RULES = (_outside, _many, _odd_hours, _not_own, _alike)


def _finding(why: Why, held: list[LookUp]) -> Unusual:
    seen = tuple(dict.fromkeys(one.service_user_id for one in held))
    return Unusual(why, held[0].actor, held[0].at, held[-1].at, seen)
