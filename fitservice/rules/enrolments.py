"""What a spell of enrolment may look like beside the others and beside its sessions. All ends are included."""

from datetime import date

from fitservice.model import Invalid, Problem

Spell = tuple[date, date | None]
"""First day and last day of an enrolment; no last day while it is open."""


def overlap(one: Spell, other: Spell) -> bool:
    """Whether two spells share a day."""
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


def covers(spell: Spell, day: date) -> bool:
    """Whether a day lies in a spell."""
    return overlap(spell, (day, day))


def check_spell(spell: Spell, others: list[Spell], held_on: list[date]) -> None:
    """Invalid if it ends before it begins, shares a day with another, or leaves a held session outside."""
    first, last = spell
    if last is not None and last < first:
        raise Invalid(Problem("ends_before_start", "enrolled_to"))
    if any(overlap(spell, other) for other in others):
        raise Invalid(Problem("enrolments_overlap", "enrolled_from"))
    if held_on and first > min(held_on):
        raise Invalid(Problem("session_before_start", "enrolled_from"))
    if held_on and last is not None and last < max(held_on):
        raise Invalid(Problem("session_after_end", "enrolled_to"))
