"""What is said of figures: stages of releases, measures."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from fitservice.model import Stage

_STAGES = {
    Stage.PROVISIONAL: _("Provisional"),
    Stage.CORRECTED: _("Corrected"),
    Stage.FINAL: _("Final"),
}


def stage_name(stage: Stage | str) -> str:
    """How settled a release is."""
    return str(_STAGES[Stage(stage)])


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
