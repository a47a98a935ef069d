"""How a district uses feedback, from its own record: what the audit found out by asking."""

from enum import StrEnum


class Practice(StrEnum):
    """How a district uses feedback: outcome and the view of the session."""

    NONE = "none"
    SOME = "some"
    SYSTEMATIC = "systematic"


def practice(active: int, with_feedback: int, systematic: float) -> Practice | None:
    """The word for how many of the active service users gave feedback at least once; None where nobody is active.

    systematic is the share from which on it is said to be so, 0-1.
    """
    if not active:
        return None
    if not with_feedback:
        return Practice.NONE
    # divided, not multiplied: see gaps.content
    return Practice.SYSTEMATIC if with_feedback / active >= systematic else Practice.SOME
