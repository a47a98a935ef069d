"""What each measure says, in one or two plain sentences, and its unit. Source: README, Figures."""

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _

from fitservice.rules.measures import Unit, unit_of
from fitservice.settings import LANGUAGES
from fitservice.wording.figures import measure_name

_UNITS = {
    Unit.PERSONS: _("service users"),
    Unit.SESSIONS: _("sessions"),
    Unit.SHARE: _("share, 0–1"),
    Unit.POINTS_7: _("points, scale 1–7"),
    Unit.POINTS_40: _("points, scale 0–40"),
}

_DEFINITIONS = {
    "active_users": _(
        "Service users with an enrolment in the district that overlaps the period. Who was enrolled in two districts "
        "counts once in each."
    ),
    "measured_users": _("Service users with at least one life-satisfaction score from 1 to 7 in the period."),
    "coverage": _("Measured service users divided by service users."),
    "life_satisfaction_mean": _(
        "Mean over the measured service users. The latest score of the period stands for the person."
    ),
    "life_satisfaction_ci_low": _(
        "Lower end of the 95 per cent interval around the mean: mean − t(0.975, n−1)·s/√n, n being the measured "
        "service users. None with fewer than two."
    ),
    "life_satisfaction_ci_high": _(
        "Upper end of the 95 per cent interval around the mean: mean + t(0.975, n−1)·s/√n, n being the measured "
        "service users. None with fewer than two."
    ),
    "life_satisfaction_low_share": _("Share of the measured service users whose latest score is 1, 2 or 3."),
    "life_satisfaction_paired": _(
        "Service users whose latest score of the period can be compared with the first one of the same enrolment, "
        "given in another session."
    ),
    "life_satisfaction_change": _("Mean of the latest score less the first one, over the service users with both."),
    "life_satisfaction_improved": _(
        "Service users with both scores whose latest is at least 3 points above the first."
    ),
    "life_satisfaction_deteriorated": _(
        "Service users with both scores whose latest is at least 3 points under the first."
    ),
    "outcome_users": _(
        "Service users with at least one outcome total in the period. A total is the sum of four answers from 0 to 10 "
        "and exists only if all four were given."
    ),
    "outcome_mean": _("Mean outcome total. The latest one of the period stands for the person."),
    "outcome_paired": _(
        "Service users whose latest outcome total of the period can be compared with the first one of the same "
        "enrolment, given on the same form in another session."
    ),
    "outcome_change": _("Mean of the latest outcome total less the first one, over the service users with both."),
    "outcome_improved": _(
        "Service users with both totals who got better by at least as many points as is more than chance on the form "
        "(6 on the service's own)."
    ),
    "outcome_deteriorated": _(
        "Service users with both totals who got worse by at least as many points as is more than chance on the form "
        "(6 on the service's own)."
    ),
    "alliance_users": _(
        "Service users with at least one total of the view of the session in the period. A total is the sum of four "
        "answers from 0 to 10 and exists only if all four were given."
    ),
    "alliance_mean": _("Mean total of the view of the session. The latest one of the period stands for the person."),
    "alliance_low_share": _(
        "Share of the period's totals, of sessions and not of persons, that are low: under 36 on the service's own "
        "form."
    ),
    "sessions": _("Sessions held in the period. Withdrawn ones are not counted."),
    "sessions_with_life_satisfaction": _("Sessions with a life-satisfaction score from 1 to 7."),
    "sessions_with_feedback": _("Sessions with a total of outcome or of the view of the session."),
}


def unit_name(measure: str) -> str:
    """What a measure is counted in, in a word or two."""
    return str(_UNITS[unit_of(measure)])


def definition(measure: str) -> str:
    """What a measure says."""
    if measure.startswith("life_satisfaction_") and measure[-1].isdigit():
        return gettext("Measured service users whose latest score of the period is %(score)s.", score=measure[-1])
    return str(_DEFINITIONS[measure])


def in_both_languages(measure: str) -> dict[str, dict[str, str]]:
    """A measure's 'label' and 'definition', each by language: nb and en."""
    texts: dict[str, dict[str, str]] = {"label": {}, "definition": {}}
    for language in LANGUAGES:
        with force_locale(language):
            texts["label"][language] = measure_name(measure)
            texts["definition"][language] = definition(measure)
    return texts
