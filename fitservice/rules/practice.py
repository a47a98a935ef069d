"""How a district uses feedback, from its own record: what the audit found out by asking."""

from enum import StrEnum


class Practice(StrEnum):
    """How a district uses feedback: outcome and the view of the session."""

    NONE = "none"
    SOME = "some"
    SYSTEMATIC = "systematic"


SYSTEMATIC = 0.9
"""From this share of the active service users on, feedback is used systematically."""


def practice(active: int, with_feedback: int, systematic: float = SYSTEMATIC) -> Practice | None:
    """The word for how many of the active service users gave feedback at least once; None where nobody is active."""
    if not active:
        return None
    if not with_feedback:
        return Practice.NONE
    # divided, not multiplied: see gaps.content
    return Practice.SYSTEMATIC if with_feedback / active >= systematic else Practice.SOME
