"""Codes, days and numbers in the reader's language: roles, reasons, statuses, gaps, measures."""

import math
from datetime import date, datetime

from flask_babel import format_date, format_datetime, format_decimal, format_percent, get_locale, gettext
from flask_babel import lazy_gettext as _

from fitservice.instruments.instrument import Texts
from fitservice.model import Change, Content, Gap, GapKind, MissingReason, Mode, Role
from fitservice.rules.due import Due
from fitservice.rules.signals import Signal, SignalKind


def language() -> str:
    """The reader's language: 'nb' or 'en'."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "nb"


def in_language(texts: Texts, chosen: str | None = None) -> str:
    """An instrument's text in the reader's language, or in the one chosen for the person who is asked."""
    return texts[chosen or language()]


_ASKED_IN = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


def language_name(code: str) -> str:
    """A language by its own name."""
    return _ASKED_IN[code]


def day(value: date | str | None) -> str:
    """A date as the reader writes it: 01.03.2022; an en dash for none."""
    if value is None:
        return "–"
    known = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return format_date(known, "dd.MM.yyyy" if language() == "nb" else "d MMM yyyy")


def moment(value: str | None) -> str:
    """A moment of the store (UTC) as the reader's clock shows it: 01.03.2022 14:05; an en dash for none."""
    if value is None:
        return "–"
    pattern = "dd.MM.yyyy HH:mm" if language() == "nb" else "d MMM yyyy HH:mm"
    return format_datetime(datetime.fromisoformat(value), pattern)


def number(value: float | None, decimals: int = 1) -> str:
    """A number with the reader's decimal sign; an en dash for none."""
    if value is None:
        return "–"
    return format_decimal(value, format="#,##0" if decimals == 0 else "#,##0." + "0" * decimals)


def signed(value: float, decimals: int = 1) -> str:
    """A difference with its sign."""
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{number(abs(value), decimals)}"


def percent(value: float | None) -> str:
    """A share as whole percent; an en dash for none."""
    return "–" if value is None else format_percent(value)


def coverage_percent(value: float | None) -> str:
    """Coverage as whole percent, rounded down: 79.8 % is not yet 80 %, and only everybody is 100 %."""
    # a share such as 0.29 is a little less than 29 hundredths
    return percent(None if value is None else math.floor(value * 100 + 1e-9) / 100)


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


_CONTENT = {
    Content.WITH_DATA: _("Measured"),
    Content.PARTIAL: _("Partly measured"),
    Content.EMPTY: _("Not measured"),
    Content.NO_ACTIVE_USERS: _("No service users"),
}

_CONTENT_SO_FAR = {
    Content.WITH_DATA: _("Enough so far"),
    Content.PARTIAL: _("Under way"),
    Content.EMPTY: _("Nothing yet"),
    Content.NO_ACTIVE_USERS: _("No service users"),
}


def content_name(content: Content, still_open: bool = False) -> str:
    """What a period holds; while it is open, what it holds so far."""
    return str((_CONTENT_SO_FAR if still_open else _CONTENT)[content])


_GAPS = {
    GapKind.EMPTY_PERIOD: _("Not measured"),
    GapKind.LOW_COVERAGE: _("Too few measured"),
    GapKind.NO_ACTIVE_USERS: _("No service users"),
    GapKind.CONSECUTIVE: _("Not measured several times in a row"),
    GapKind.SILENT: _("No session for eight weeks"),
    GapKind.OTHER_SCALE: _("Measured on another scale"),
    GapKind.FEEDBACK_NOT_USED: _("Feedback not used"),
}


def gap_name(kind: GapKind) -> str:
    """A gap in two or three words."""
    return str(_GAPS[kind])


def gap_text(gap: Gap) -> str:
    """A gap in one plain sentence."""
    if gap.kind is GapKind.EMPTY_PERIOD:
        return gettext("Nobody has a life-satisfaction score in this period.")
    if gap.kind is GapKind.LOW_COVERAGE:
        if gap.number is None:
            return gettext("Too few of the service users have a life-satisfaction score in this period.")
        return gettext(
            "Only %(share)s of the service users have a life-satisfaction score in this period.",
            share=coverage_percent(gap.number),
        )
    if gap.kind is GapKind.NO_ACTIVE_USERS:
        return gettext("No service users are registered in this period. Has the register been kept?")
    if gap.kind is GapKind.CONSECUTIVE:
        return gettext(
            "This is period number %(count)s in a row without a life-satisfaction score.",
            count=number(gap.number, 0),
        )
    if gap.kind is GapKind.SILENT:
        return gettext("No session has been recorded for at least eight weeks.")
    if gap.kind is GapKind.OTHER_SCALE:
        return gettext("Life satisfaction was recorded on a scale other than 1–7, which cannot be counted.")
    return gettext("Outcome and view of the session have not been used in this period.")


_MEASURES = {
    "active_users": _("Service users"),
    "measured_users": _("Measured service users"),
    "coverage": _("Coverage"),
    "life_satisfaction_mean": _("Life satisfaction: mean"),
    "life_satisfaction_ci_low": _("Life satisfaction: lower limit (95 per cent)"),
    "life_satisfaction_ci_high": _("Life satisfaction: upper limit (95 per cent)"),
    "life_satisfaction_low_share": _("Life satisfaction: share 1–3"),
    "life_satisfaction_paired": _("Life satisfaction: with first and latest score"),
    "life_satisfaction_change": _("Life satisfaction: mean change"),
    "life_satisfaction_improved": _("Life satisfaction: up 3 or more"),
    "life_satisfaction_deteriorated": _("Life satisfaction: down 3 or more"),
    "outcome_users": _("Outcome: service users"),
    "outcome_mean": _("Outcome: mean"),
    "outcome_paired": _("Outcome: with first and latest total"),
    "outcome_change": _("Outcome: mean change"),
    "outcome_improved": _("Outcome: clearly better"),
    "outcome_deteriorated": _("Outcome: clearly worse"),
    "alliance_users": _("View of the session: service users"),
    "alliance_mean": _("View of the session: mean"),
    "alliance_low_share": _("View of the session: share of low totals"),
    "sessions": _("Sessions"),
    "sessions_with_life_satisfaction": _("Sessions with life satisfaction"),
    "sessions_with_feedback": _("Sessions with outcome or view of the session"),
}


def measure_name(measure: str) -> str:
    """A measure's label for tables and for JSON-stat."""
    if measure.startswith("life_satisfaction_") and measure[-1].isdigit():
        return gettext("Life satisfaction: score %(score)s", score=measure[-1])
    return str(_MEASURES[measure])
