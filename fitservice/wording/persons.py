"""What is said of persons and their sessions: roles, reasons, how near the next asking is, changes and signals."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from fitservice.model import Change, MissingReason, Mode, Role
from fitservice.rules.caseload import What, Whose
from fitservice.rules.due import Due
from fitservice.rules.signals import Signal, SignalKind
from fitservice.wording import in_language, number, signed

_ROLES = {
    Role.CASEWORKER: _("Caseworker"),
    Role.TEAM_LEAD: _("Team lead"),
    Role.AGENCY_ANALYST: _("Agency analyst"),
    Role.ADMINISTRATOR: _("Administrator"),
}


def role_name(role: Role | str) -> str:
    """A role as staff call it."""
    return str(_ROLES[Role(role)])


_REASONS = {
    MissingReason.DECLINED: _("Did not want to"),
    MissingReason.NOT_ABLE: _("Was not able to"),
    MissingReason.NO_TIME: _("No time"),
    MissingReason.NOT_ASKED: _("Not asked"),
}


def reason_name(reason: MissingReason | str) -> str:
    """Why there is no score."""
    return str(_REASONS[MissingReason(reason)])


_DUE = {
    Due.OVERDUE: _("Overdue"),
    Due.DUE: _("Due soon"),
    Due.LATER: _("Later"),
    Due.ENDED: _("Ended"),
}


def due_name(due: Due) -> str:
    """How near the next asking is."""
    return str(_DUE[due])


_CHANGES = {
    Change.RECOVERED: _("Clearly better than at first, and past the cut-off"),
    Change.IMPROVED: _("Clearly better than at first"),
    Change.UNCHANGED: _("No certain change"),
    Change.DETERIORATED: _("Clearly worse than at first"),
}


def change_name(change: Change) -> str:
    """What a difference amounts to, and no more than that."""
    return str(_CHANGES[change])


_MODES = {
    Mode.CONVERSATION: _("Told to the caseworker."),
    Mode.TABLET: _("Answered by the service user on the screen."),
    Mode.PAPER: _("Filled in on paper."),
}


def mode_name(mode: Mode | str) -> str:
    """How a session was answered."""
    return str(_MODES[Mode(mode)])


_REVISIONS = {
    "noted": _("Only the note or the next step changed."),
    "completed": _("Answers were added later the same day."),
    "answered_again": _("The service user answered again on the screen."),
}


def revision_reason(reason: str) -> str:
    """Why a revision replaced the one before: in our words, or as somebody wrote it."""
    return str(_REVISIONS[reason]) if reason in _REVISIONS else gettext("Corrected because: %(reason)s", reason=reason)


def signal_text(signal: Signal) -> str:
    """A signal and its reason in one plain sentence."""
    title = in_language(signal.instrument.title) if signal.instrument else ""
    value = signal.number or 0
    decimals = 0 if value == int(value) else 1
    is_change = signal.kind in (SignalKind.RELIABLY_BETTER, SignalKind.RELIABLY_WORSE)
    points = (signed if is_change else number)(value, decimals)
    if signal.kind is SignalKind.RELIABLY_BETTER:
        return gettext("%(title)s is clearly better than the first time (%(points)s).", title=title, points=points)
    if signal.kind is SignalKind.RELIABLY_WORSE:
        return gettext("%(title)s is clearly worse than the first time (%(points)s).", title=title, points=points)
    if signal.kind is SignalKind.LOW:
        return gettext("%(title)s is under %(points)s.", title=title, points=points)
    if signal.kind is SignalKind.DROPPED:
        return gettext("%(title)s is %(points)s down since last time.", title=title, points=points)
    if signal.kind is SignalKind.NO_ANSWERS:
        return gettext("There was no answer the last %(points)s times you asked.", points=points)
    return gettext("There is only a first score so far.")


_MARKS = {
    SignalKind.RELIABLY_BETTER: _("Clearly better"),
    SignalKind.RELIABLY_WORSE: _("Clearly worse"),
    SignalKind.LOW: _("Low score"),
    SignalKind.DROPPED: _("Down since last time"),
    SignalKind.NO_ANSWERS: _("No answers"),
    SignalKind.FIRST_ONLY: _("Only a first score"),
}


def signal_name(signal: Signal) -> str:
    """A signal in two or three words; signal_text says which instrument and why."""
    return str(_MARKS[signal.kind])


_FILTERS = {
    Whose.MINE: _("Mine"),
    Whose.TEAM: _("The team's"),
    What.ALL: _("All"),
    What.DUE: _("To be asked now or soon"),
    What.SIGNAL: _("With a signal"),
}


def filter_name(chosen: Whose | What) -> str:
    """One choice of the caseload's filters."""
    return str(_FILTERS[chosen])
