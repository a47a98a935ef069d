"""What is worth attention in a review of who can see what: what nobody uses, and what lacks a lock."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fitservice.model import Invalid, Problem, Role, Scope
from fitservice.rules.answers import refuse_identity_number
from fitservice.rules.participation import months_after

LONGEST_TOKEN = timedelta(days=365)
"""A token that goes on for longer than this is as good as one without an end."""

NO_DISTRICT = "none"
"""In place of a district's code: of those who belong to none."""

LONGEST_COMMENT, FEWEST_LETTERS = 300, 3
EVERY_MONTHS = 6
AGAIN = 14
"""Days between two reminders of a review that is due."""


class SecondStep(StrEnum):
    """How it stands with the second step beside a password."""

    ON = "on"
    OFF = "off"
    OF_THE_CITY = "of_the_city"
    """No password here: the city's own sign-in asks for its own."""
    NONE = "none"
    """Nobody signs in with a token."""


class Concern(StrEnum):
    """Why an account or a token is worth attention."""

    UNUSED = "unused"
    NEVER_USED = "never_used"
    NO_SECOND_STEP = "no_second_step"
    ENDS_LATE = "ends_late"


class Administrators(StrEnum):
    """What is worth attention of the administrators together."""

    NONE = "none"
    SEVERAL = "several"


@dataclass(frozen=True)
class Holder:
    """Somebody or something that is let in: an open account, or a token that is in force (no staff_id, with scopes).

    username is a token's label again. since is when role and district were given; until, the last day of a token.
    """

    name: str
    username: str
    role: Role
    made_on: date
    since: date
    last_used: date | None = None
    staff_id: int | None = None
    district_id: int | None = None
    district: str | None = None
    district_code: str | None = None
    second_step: SecondStep = SecondStep.NONE
    until: date | None = None
    scopes: frozenset[Scope] | None = None
    granted: int = 0
    """How many service users of other districts there is access to today."""


def concerns(holder: Holder, today: date, unused_days: int, roles_with_second_step: Collection[str]) -> list[Concern]:
    """Why this one is worth attention. One that was never used is judged from the day on which it was made."""
    found = []
    if (today - (holder.last_used or holder.made_on)).days >= unused_days:
        found.append(Concern.UNUSED if holder.last_used else Concern.NEVER_USED)
    if holder.second_step is SecondStep.OFF and holder.role in roles_with_second_step:
        found.append(Concern.NO_SECOND_STEP)
    if holder.role is Role.API_CLIENT and (holder.until is None or holder.until > today + LONGEST_TOKEN):
        found.append(Concern.ENDS_LATE)
    return found


def with_concern(
    holders: Iterable[Holder], today: date, unused_days: int, roles_with_second_step: Collection[str]
) -> int:
    """For how many of them something is worth attention."""
    return sum(bool(concerns(holder, today, unused_days, roles_with_second_step)) for holder in holders)


def parse_comment(text: str) -> str:
    """What a review came to: one line of 3 to 300 characters without a national identity number."""
    line = refuse_identity_number(" ".join(unicodedata.normalize("NFC", text).split()))
    if not line:
        raise Invalid(Problem("required", "comment"))
    if not line.isprintable():
        raise Invalid(Problem("not_printable", "comment"))
    if len(line) > LONGEST_COMMENT:
        raise Invalid(Problem("too_long", "comment", known={"length": str(LONGEST_COMMENT)}))
    if sum(map(str.isalpha, line)) < FEWEST_LETTERS:
        raise Invalid(Problem("too_short", "comment", known={"length": str(FEWEST_LETTERS)}))
    return line


def administrators(holders: Sequence[Holder]) -> Administrators | None:
    """Whether there is no administrator, or more than one; None for exactly one."""
    count = sum(holder.role is Role.ADMINISTRATOR for holder in holders)
    if count == 1:
        return None
    return Administrators.SEVERAL if count else Administrators.NONE


def is_reminded(since: date, today: date) -> bool:
    """Whether administrators are reminded today of a review, the last of which was on this day: every two weeks."""
    late = (today - months_after(since, EVERY_MONTHS)).days
    return late >= 0 and late % AGAIN == 0
