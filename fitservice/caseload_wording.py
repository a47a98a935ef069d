"""The short words of the caseload, in the reader's language: the mark of a signal, the choice of a filter."""

from flask_babel import lazy_gettext as _

from fitservice.rules.caseload import What, Whose
from fitservice.rules.signals import Signal, SignalKind

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
