"""What is said of reporting: what a period holds, when it was signed off, what is missing, why, and what closes it."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from fitservice.model import Role
from fitservice.reporting import Cause, Content, Gap, GapKind, Step, Submission, Threshold, Timing
from fitservice.rules.gaps import owner
from fitservice.rules.practice import Practice
from fitservice.wording import coverage_percent, number

_CONTENT = {
    Content.WITH_DATA: _("Measured"),
    Content.PARTIAL: _("Partly measured"),
    Content.EMPTY: _("Not measured"),
    Content.NO_ACTIVE_USERS: _("No service users"),
    Content.NOTHING_TO_REPORT: _("Nothing to report"),
    Content.NOT_TOLD: _("Not shown"),
}

_CONTENT_SO_FAR = {
    **_CONTENT,
    Content.WITH_DATA: _("Enough so far"),
    Content.PARTIAL: _("Under way"),
    Content.EMPTY: _("Nothing yet"),
    Content.NOT_TOLD: _("Under way"),
}


def content_name(content: Content, still_open: bool = False) -> str:
    """What a period holds; while it is open, what it holds so far."""
    return str((_CONTENT_SO_FAR if still_open else _CONTENT)[content])


_TIMING = {
    Timing.ON_TIME: _("Signed off in time"),
    Timing.LATE: _("Signed off late"),
    Timing.MISSING: _("Not signed off"),
    Timing.AWAITED: _("Not due yet"),
    Timing.NOT_REQUIRED: _("Not required"),
}


def timing_name(timing: Timing | str) -> str:
    """When a half-year was signed off."""
    return str(_TIMING[Timing(timing)])


_SUBMITTED = {
    Submission.SUBMITTED: _("Submitted"),
    Submission.RETURNED: _("Returned"),
    Submission.MISSING: _("Missing"),
    Submission.NOT_DUE: _("Not due yet"),
    Submission.NOT_REQUIRED: _("Not required"),
}


def submitted_name(submission: Submission) -> str:
    """Whether a half-year was submitted, in words that everybody may read."""
    return str(_SUBMITTED[submission])


_GAPS = {
    GapKind.EMPTY_PERIOD: _("Not measured"),
    GapKind.LOW_COVERAGE: _("Too few measured"),
    GapKind.NO_ACTIVE_USERS: _("No service users"),
    GapKind.CONSECUTIVE: _("Not measured several times in a row"),
    GapKind.SILENT: _("No session for a long time"),
    GapKind.BEHIND_PACE: _("Behind at today's pace"),
    GapKind.DROPPED: _("Far fewer measured than before"),
    GapKind.OTHER_SCALE: _("Measured on another scale"),
    GapKind.NOT_SIGNED_OFF: _("Not signed off"),
    GapKind.LATE: _("Signed off late"),
    GapKind.EMPTY_SIGN_OFF: _("Signed off without content"),
    GapKind.FEEDBACK_NOT_USED: _("Feedback not used"),
    GapKind.REGISTER_STALE: _("Register not kept"),
}


def gap_name(kind: GapKind) -> str:
    """A gap in two to six words."""
    return str(_GAPS[kind])


_GAP_TEXTS = {
    GapKind.EMPTY_PERIOD: _("Nobody has a life-satisfaction score in this period."),
    GapKind.NO_ACTIVE_USERS: _("No service users are registered in this period. Has the register been kept?"),
    GapKind.SILENT: _("No session has been recorded for several weeks."),
    GapKind.BEHIND_PACE: _("At today's pace too few will have a life-satisfaction score when the period ends."),
    GapKind.DROPPED: _("The share with a life-satisfaction score is far below the district's own mean before."),
    GapKind.OTHER_SCALE: _("Life satisfaction was recorded on a scale other than 1–7, which cannot be counted."),
    GapKind.NOT_SIGNED_OFF: _("The deadline has passed, and the half-year is not signed off."),
    GapKind.EMPTY_SIGN_OFF: _("In what was signed off nobody has a life-satisfaction score."),
    GapKind.FEEDBACK_NOT_USED: _("Outcome and view of the session have not been used in this period."),
    GapKind.REGISTER_STALE: _("For several months nobody has been enrolled, ended or corrected."),
}


def gap_text(gap: Gap) -> str:
    """A gap in one plain sentence."""
    if gap.kind is GapKind.LOW_COVERAGE:
        if gap.number is None:
            return gettext("Too few of the service users have a life-satisfaction score in this period.")
        return gettext(
            "Only %(share)s of the service users have a life-satisfaction score in this period.",
            share=coverage_percent(gap.number),
        )
    if gap.kind is GapKind.CONSECUTIVE:
        return gettext(
            "This is period number %(count)s in a row without a life-satisfaction score.",
            count=number(gap.number, 0),
        )
    if gap.kind is GapKind.LATE:
        return ngettext(
            "Signed off %(num)s day too late.",
            "Signed off %(num)s days too late.",
            int(gap.number or 0),
        )
    return str(_GAP_TEXTS[gap.kind])


_NEXT_STEPS = {
    GapKind.EMPTY_PERIOD: _("Record answers that were given on paper in the period, or explain."),
    GapKind.LOW_COVERAGE: _("Record answers that were given on paper in the period, or explain."),
    GapKind.NO_ACTIVE_USERS: _("Enrol the service users, or declare that there is nothing to report."),
    GapKind.CONSECUTIVE: _("Agree on who asks, and begin with the service users who come next."),
    GapKind.SILENT: _("Record the sessions that were held, or ask at the next ones."),
    GapKind.BEHIND_PACE: _("Ask the service users who have no score yet in this half-year."),
    GapKind.DROPPED: _("Find out what has changed, and explain."),
    GapKind.OTHER_SCALE: _("Ask on the scale from 1 to 7. Answers on another scale are never converted."),
    GapKind.NOT_SIGNED_OFF: _("Sign off the half-year. After the lock, ask the agency to open it again."),
    GapKind.LATE: _("Nothing is left to do."),
    GapKind.EMPTY_SIGN_OFF: _(
        "Record what is missing, undo the sign-off and sign again, or explain. After the lock, ask the agency to "
        "return it."
    ),
    GapKind.FEEDBACK_NOT_USED: _("Use the four questions on outcome or on the session, or explain."),
    GapKind.REGISTER_STALE: _("Go through the register: who has come, and who has ended?"),
}


def next_step(kind: GapKind) -> str:
    """What would close a gap."""
    return str(_NEXT_STEPS[kind])


_OWNERS = {
    Role.CASEWORKER: _("The caseworkers"),
    Role.TEAM_LEAD: _("The team lead"),
}


def owner_name(kind: GapKind) -> str:
    """Who can close a gap."""
    return str(_OWNERS[owner(kind)])


_CAUSES = {
    Cause.STAFFING: _("Too few staff, or illness"),
    Cause.TRAINING: _("Staff are not trained yet"),
    Cause.TECHNOLOGY: _("Technical trouble"),
    Cause.NOT_REACHED: _("Service users could not be reached or declined"),
    Cause.OTHER_TOOL: _("Another tool or scale was used"),
    Cause.REGISTER_WRONG: _("The register was not right"),
    Cause.REORGANISED: _("The service was reorganised"),
    Cause.OTHER: _("Something else"),
}


def cause_name(cause: Cause | str) -> str:
    """Why something is missing."""
    return str(_CAUSES[Cause(cause)])


_STEPS = {
    Step.SIGNED: _("Signed off"),
    Step.NOTHING_TO_REPORT: _("Declared: nothing to report"),
    Step.UNDONE: _("Sign-off undone"),
    Step.ACCEPTED: _("Accepted by the agency"),
    Step.RETURNED: _("Returned by the agency"),
    Step.REOPENED: _("Opened again by the agency"),
}


def step_name(step: Step) -> str:
    """What happened to a sign-off."""
    return str(_STEPS[step])


_RELEASED_AS = {
    "signed": _("Signed off"),
    "nothing_to_report": _("Declared: nothing to report"),
    "not_signed": _("Not signed off"),
    "not_owed": _("Not required"),
}


def released_as(state: str) -> str:
    """How a half-year stood when a release was made."""
    return str(_RELEASED_AS[state])


def register_reason(reason: str) -> str:
    """Why something was decided in the register; a new database has decisions of its own."""
    return gettext("As it is when the service starts.") if reason == "default" else reason


_PRACTICES = {
    Practice.NONE: _("None"),
    Practice.SOME: _("Some"),
    Practice.SYSTEMATIC: _("Systematic"),
}


def practice_name(practice: Practice) -> str:
    """How a district uses feedback, in one or two words."""
    return str(_PRACTICES[practice])


_THRESHOLDS = {
    Threshold.COVERAGE: _("Share of service users to be measured"),
    Threshold.SILENCE_WEEKS: _("Weeks without a session that are silence"),
    Threshold.DROP: _("Drop below the district's own mean, in per cent of it"),
    Threshold.STALE_MONTHS: _("Months without a change of the register"),
    Threshold.SYSTEMATIC: _("Share with feedback that is systematic"),
}


def threshold_name(name: Threshold) -> str:
    """What gaps are judged by."""
    return str(_THRESHOLDS[name])
