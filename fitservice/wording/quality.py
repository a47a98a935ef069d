"""What is said of the quality checks: what each looks for, why, what to do, and one sentence for each finding."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from fitservice.reporting import Check
from fitservice.rules.quality import Unjudged
from fitservice.rules.quality.evidence import Finding
from fitservice.wording import number
from fitservice.wording.figures import measure_name


@dataclass(frozen=True)
class Texts:
    """What a check looks for, why that matters, and what to do; lazy texts."""

    looks_for: Any
    why: Any
    to_do: Any


_NAMES = {
    Check.SAME_ANSWER: _("The same answer for everybody"),
    Check.ALL_EQUAL: _("All nine answers equal"),
    Check.COPIED: _("The same answers as last time"),
    Check.BURST: _("Recorded all at once"),
    Check.AFTER_END: _("Sessions after the last day"),
    Check.NO_SESSION: _("No session for six months"),
    Check.FAR_FROM_HISTORY: _("Far from earlier half-years"),
    Check.OTHER_SCALE: _("Another scale than 1–7"),
}

_TEXTS = {
    Check.SAME_ANSWER: Texts(
        _("All who were asked by one colleague, eight service users or more, have the same score."),
        _("People answer differently. If everybody has the same score, the question may not have been asked."),
        _("Talk with your colleague about how the question is asked. Correct a score that nobody gave."),
    ),
    Check.ALL_EQUAL: Texts(
        _("A session in which all nine answers are the same number, such as 5 of 7 and eight times 5 of 10."),
        _("The questions are about different things and have different scales, so this is rarely what was meant."),
        _("Open the session. If nobody answered like that, correct it. If it is right, dismiss the finding."),
    ),
    Check.COPIED: Texts(
        _(
            "Nearly all scores that a colleague recorded are the same as last time, with eight service users or more; "
            "or a service user has the very same nine answers three times in a row or more."
        ),
        _("A copied answer hides a change, for the better or for the worse. One person may well stay the same."),
        _("Ask how the answers came about. Correct what was copied. If it is right, dismiss the finding."),
    ),
    Check.BURST: Texts(
        _("More than half of the sessions were recorded in the last three days before the deadline."),
        _("What is written down long after the session is easily wrong, and the service user never saw the result."),
        _("Check some of the sessions against your notes. Find out what keeps people from recording in the session."),
    ),
    Check.AFTER_END: Texts(
        _(
            "A session that was held after the last day of its enrolment. The service itself refuses this, "
            "so only data that came in by another way can hold it."
        ),
        _("The session counts although the service user was no longer enrolled: the figures do not fit together."),
        _("Correct the last day of the enrolment, or withdraw the session if it is recorded on the wrong person."),
    ),
    Check.NO_SESSION: Texts(
        _(
            "An open enrolment without any session for 183 days or more, counted back from the last day of the "
            "half-year, or from today while it is running."
        ),
        _("The service user counts as active and not as measured. Somebody may also have been forgotten."),
        _("Get in touch, or end the enrolment if the service user is no longer followed up."),
    ),
    Check.FAR_FROM_HISTORY: Texts(
        _(
            "Service users, measured service users, sessions or mean far from what your district had in earlier "
            "half-years."
        ),
        _("A large change may be real. It may also mean that something is missing or was recorded twice."),
        _("Look for what has changed: a new team, another routine, a file that is missing. Then correct or explain."),
    ),
    Check.OTHER_SCALE: Texts(
        _("A session with a score from 1 to 10."),
        _("Such a score is kept, but it cannot be converted and does not count in any figure."),
        _("Ask the city's question with 1–7 from now on. A score that was given is not translated."),
    ),
}

_UNJUDGED = {
    Unjudged.RUNNING: _("This is looked at when the half-year is over."),
    Unjudged.EARLY: _("This is looked at in the last three days before the deadline, and after."),
    Unjudged.LITTLE_HISTORY: _("There are fewer than four earlier half-years with sessions to compare with."),
}


def check_name(check: Check) -> str:
    """A check in a few words."""
    return str(_NAMES[check])


def check_texts(check: Check) -> Texts:
    """What a check looks for, why, and what to do."""
    return _TEXTS[check]


def unjudged_text(why: Unjudged) -> str:
    """Why a check says nothing yet."""
    return str(_UNJUDGED[why])


def finding_text(finding: Finding, recorder: str) -> str:
    """A finding in one plain sentence; recorder is the name of whose way of recording it is about."""
    numbers = {name: number(value, 0 if value == int(value) else 1) for name, value in finding.numbers.items()}
    if finding.check is Check.FAR_FROM_HISTORY:
        return gettext(
            "%(measure)s: %(value)s. In the %(half_years)s half-years before, the middle was %(usual)s.",
            measure=measure_name(finding.measure),
            **numbers,
        )
    if finding.check is Check.COPIED and not recorder:
        return gettext("All nine answers are the same %(sessions)s times in a row.", **numbers)
    if finding.check is Check.AFTER_END:
        return ngettext(
            "%(num)s session was held after the last day of the enrolment.",
            "%(num)s sessions were held after the last day of the enrolment.",
            len(finding.cases),
        )
    if finding.check is Check.OTHER_SCALE:
        return ngettext(
            "%(num)s session has a score from 1 to 10.",
            "%(num)s sessions have a score from 1 to 10.",
            len(finding.cases),
        )
    if finding.check is Check.NO_SESSION and finding.cases[0].day is None:
        return gettext("No session in the %(days)s days since the enrolment began.", **numbers)
    return str(_SENTENCES[finding.check]) % {"name": recorder, **numbers}


_SENTENCES = {
    Check.SAME_ANSWER: _("%(name)s recorded the score %(score)s for all %(service_users)s service users with a score."),
    Check.ALL_EQUAL: _("All nine answers are %(score)s."),
    Check.COPIED: _(
        "%(name)s recorded the same score as last time in %(same)s of %(compared)s sessions, "
        "with %(service_users)s service users."
    ),
    Check.BURST: _("%(sessions)s of %(all)s sessions were recorded in the last three days before the deadline."),
    Check.NO_SESSION: _("No session for %(days)s days."),
}
