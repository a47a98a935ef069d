"""What is said of figures: what a period holds, gaps, measures."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from fitservice.model import Content, Gap, GapKind, Stage
from fitservice.rules.practice import Practice
from fitservice.wording import coverage_percent, number

_CONTENT = {
    Content.WITH_DATA: _("Measured"),
    Content.PARTIAL: _("Partly measured"),
    Content.EMPTY: _("Not measured"),
    Content.NO_ACTIVE_USERS: _("No service users"),
    Content.NOT_TOLD: _("Not published"),
}

_CONTENT_SO_FAR = {
    Content.WITH_DATA: _("Enough so far"),
    Content.PARTIAL: _("Under way"),
    Content.EMPTY: _("Nothing yet"),
    Content.NO_ACTIVE_USERS: _("No service users"),
    Content.NOT_TOLD: _("Under way"),
}


def content_name(content: Content, still_open: bool = False) -> str:
    """What a period holds; while it is open, what it holds so far."""
    return str((_CONTENT_SO_FAR if still_open else _CONTENT)[content])


_STAGES = {
    Stage.PROVISIONAL: _("Provisional"),
    Stage.CORRECTED: _("Corrected"),
    Stage.FINAL: _("Final"),
}


def stage_name(stage: Stage | str) -> str:
    """How settled a release is."""
    return str(_STAGES[Stage(stage)])


_PRACTICES = {
    Practice.NONE: _("None"),
    Practice.SOME: _("Some"),
    Practice.SYSTEMATIC: _("Systematic"),
}


def practice_name(practice: Practice) -> str:
    """How a district uses feedback, in one or two words."""
    return str(_PRACTICES[practice])


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
