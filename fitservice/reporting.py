"""The words of reporting: who owes what and when, how it was signed off, what is missing and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Content(StrEnum):
    """What a district's period holds."""

    WITH_DATA = "with_data"
    PARTIAL = "partial"
    EMPTY = "empty"
    NO_ACTIVE_USERS = "no_active_users"
    NOTHING_TO_REPORT = "nothing_to_report"
    """Declared by the team lead, and nobody is measured."""
    NOT_TOLD = "not_told"
    """No published figure says it."""


class Timing(StrEnum):
    """When a district's half-year was signed off. The first three sum to all that is due."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    AWAITED = "awaited"
    """Not signed, and the deadline has not passed."""
    NOT_REQUIRED = "not_required"


class Submission(StrEnum):
    """Whether a district's half-year was submitted, as everybody may know it."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    """By the agency, and the day by which it is to be signed off again has not passed."""
    MISSING = "missing"
    NOT_DUE = "not_due"
    NOT_REQUIRED = "not_required"


class GapKind(StrEnum):
    """What can be missing in a district's reporting."""

    EMPTY_PERIOD = "empty_period"
    LOW_COVERAGE = "low_coverage"
    NO_ACTIVE_USERS = "no_active_users"
    CONSECUTIVE = "consecutive"
    SILENT = "silent"
    BEHIND_PACE = "behind_pace"
    DROPPED = "dropped"
    OTHER_SCALE = "other_scale"
    NOT_SIGNED_OFF = "not_signed_off"
    LATE = "late"
    EMPTY_SIGN_OFF = "empty_sign_off"
    FEEDBACK_NOT_USED = "feedback_not_used"
    REGISTER_STALE = "register_stale"


@dataclass(frozen=True)
class Gap:
    """A reporting gap: its kind, the first day of what is missing, and the number its text needs."""

    kind: GapKind
    since: date
    number: float | None = None


class Step(StrEnum):
    """What can happen to the sign-off of a district's half-year; the last three are the agency's."""

    SIGNED = "signed"
    NOTHING_TO_REPORT = "nothing_to_report"
    UNDONE = "undone"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REOPENED = "reopened"
    """An exception: it may be signed off after the lock, until a day."""


class Cause(StrEnum):
    """Why something is missing, in the words of whoever owes it."""

    STAFFING = "staffing"
    TRAINING = "training"
    TECHNOLOGY = "technology"
    NOT_REACHED = "not_reached"
    OTHER_TOOL = "other_tool"
    REGISTER_WRONG = "register_wrong"
    REORGANISED = "reorganised"
    OTHER = "other"


class Threshold(StrEnum):
    """What gaps are judged by; the agency may set another value from a half-year on."""

    COVERAGE = "coverage"
    """Share of the active service users that must be measured."""
    SILENCE_WEEKS = "silence_weeks"
    """So long without a session is silence."""
    DROP = "drop"
    """Coverage down by more than this share of the district's own mean before."""
    STALE_MONTHS = "stale_months"
    """So long without a change of any enrolment."""
    SYSTEMATIC = "systematic"
    """Feedback is systematic from this share of the active service users on."""


class Check(StrEnum):
    """What is looked for in a district's half-year before it is signed off."""

    SAME_ANSWER = "same_answer"
    ALL_EQUAL = "all_equal"
    COPIED = "copied"
    BURST = "burst"
    AFTER_END = "after_end"
    NO_SESSION = "no_session"
    FAR_FROM_HISTORY = "far_from_history"
    OTHER_SCALE = "other_scale"


@dataclass(frozen=True)
class Dates:
    """The days of one half-year: the last on which a sign-off is timely, the last on which it is possible, and the
    days on which its figures are published."""

    deadline: date
    lock: date
    provisional: date
    corrected: date
    final: date


class ReminderKind(StrEnum):
    """What somebody is reminded of."""

    WITHOUT_SCORE = "without_score"
    """To a contact: of the own service users."""
    SIGN_OFF_DUE = "sign_off_due"
    """To a team lead, as the next six."""
    SIGN_OFF_OVERDUE = "sign_off_overdue"
    RETURNED = "returned"
    REOPENED = "reopened"
    LEAVE_ENDS = "leave_ends"
    GAP = "gap"
    EXPECTED_PASSED = "expected_passed"
    NOT_SIGNED = "not_signed"
    """To the agency, as the next two."""
    LOCKED_UNSIGNED = "locked_unsigned"
    NOT_ACCEPTED = "not_accepted"
    REVIEW_ACCESS = "review_access"
    """To administrators: of who can see what."""


@dataclass(frozen=True)
class Reminder:
    """One thing to be reminded of, as facts: never a reference, a name of a person or a score.

    day is the one its sentence tells, period empty where it is about none, number how many of the reader's own service
    users, districts are codes.
    """

    kind: ReminderKind
    period: str
    day: date
    gap: GapKind | None = None
    number: int | None = None
    districts: tuple[str, ...] = ()
