"""Who can see what, in plain words. They are made from what the acts of a role show, so that they cannot say less."""

from collections.abc import Collection, Sequence

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from fitservice.model import Role
from fitservice.reach import Reach
from fitservice.rules.access_review import Administrators, Concern, Holder, SecondStep
from fitservice.wording import day
from fitservice.wording.persons import role_name

_SEES = {
    Reach.DISTRICT: _("The district's own figures and sign-offs"),
    Reach.LOOK_UPS: _("Who has looked at whom in the district"),
    Reach.CITY: _("Figures so far and gaps for all districts, with small counts hidden"),
    Reach.FIGURES: _("Published figures for all districts"),
    Reach.ACCOUNTS: _("Accounts and tokens"),
    Reach.MACHINE: _("Everything that is done on the command line"),
}
"""What is one's own, and what is open to everybody, is not said."""


def reach_lines(reach: Collection[Reach], holder: Holder) -> list[str]:
    """What somebody can see, a few words each, and what they cannot."""
    found = []
    if Reach.PERSONS in reach:
        district = holder.district or "–"
        found.append(gettext("All service users in %(district)s, with name, scores and notes", district=district))
    if holder.granted:
        found.append(
            ngettext(
                "%(num)s service user of another district, to read",
                "%(num)s service users of other districts, to read",
                holder.granted,
            )
        )
    for one, words in _SEES.items():
        if one in reach:
            # a program gets what is published, and nothing of today's
            a_program = one is Reach.CITY and holder.scopes is not None
            found.append(gettext("Gaps for all districts, as published figures show them") if a_program else str(words))
    if not {Reach.PERSONS, Reach.MACHINE} & set(reach):
        figures = {Reach.CITY, Reach.FIGURES, Reach.DISTRICT} & set(reach)
        found.append(gettext("No persons") if figures else gettext("No persons and no scores"))
    return found


def holder_role(role: Role | str) -> str:
    """A role as staff call it; a token is a program's."""
    return gettext("Program with a token") if role == Role.API_CLIENT else role_name(role)


def last_used(holder: Holder) -> str:
    """The day, or that there is none."""
    return day(holder.last_used) if holder.last_used else gettext("never")


_SECOND_STEPS = {
    SecondStep.ON: _("On"),
    SecondStep.OFF: _("Off"),
    SecondStep.OF_THE_CITY: _("The city's own sign-in"),
}


def second_step_name(step: SecondStep) -> str:
    """How it stands with the second step."""
    return "–" if step is SecondStep.NONE else str(_SECOND_STEPS[step])


def concern_text(concern: Concern, holder: Holder) -> str:
    """Why it is worth attention, in a plain sentence."""
    if concern is Concern.UNUSED:
        return gettext("Not used since %(day)s.", day=day(holder.last_used))
    if concern is Concern.NEVER_USED:
        return gettext("Made on %(day)s and never used.", day=day(holder.made_on))
    if concern is Concern.NO_SECOND_STEP:
        return gettext("Must have a second step, and has none yet.")
    return gettext("Goes on for more than a year, until %(day)s.", day=day(holder.until))


def administrators_text(found: Administrators | None, names: Sequence[str]) -> str:
    """What is worth attention of the administrators; empty for nothing."""
    if found is Administrators.NONE:
        return gettext("There is no administrator. Whoever runs the service makes one with: fitservice add-staff")
    if found is Administrators.SEVERAL:
        return gettext(
            "There are %(count)s administrators: %(names)s. Two can stand in for each other; is each of them needed?",
            count=len(names),
            names=", ".join(names),
        )
    return ""


def concern_step(concern: Concern, holder: Holder) -> str:
    """What can be done about it."""
    if concern is Concern.NO_SECOND_STEP:
        return gettext("It is asked for at the next sign-in, before anything else.")
    if holder.staff_id is None:
        return gettext("If nobody needs it, let whoever runs the service end it:")
    return gettext("Ask whether it is still needed. If not, close the account.")
