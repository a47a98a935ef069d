"""Forms of the person's rights: taking part, corrections of who somebody is, erasure."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField
from wtforms.validators import ValidationError

from fitservice.clock import today
from fitservice.complaints import problem_text
from fitservice.fields import ActForm, DayField, ParsedField
from fitservice.model import Problem
from fitservice.rules.answers import parse_any_day, parse_birth_year, parse_reference, reference_key
from fitservice.rules.notes import parse_reason
from fitservice.rules.participation import How
from fitservice.wording.participation import how_name


class ParticipationForm(ActForm):
    """The service user was informed and takes part: on which day, how, and until when that is good."""

    given_on = DayField(_("When was it said?"))
    given_how = RadioField(_("How was it said?"), validate_choice=False)
    valid_to = ParsedField(
        _("Valid to"),
        parse=lambda text: parse_any_day(text, today()),
        required=False,
        render_kw={"maxlength": "12", "placeholder": _("dd.mm.yyyy")},
    )

    def __init__(self, months: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.given_how.choices = [(how.value, how_name(how)) for how in How]
        self.valid_to.description = _("Leave this blank for %(months)s months.", months=months)

    def validate_given_how(self, field: Any) -> None:
        """One of the two."""
        if field.data not in [choice for choice, _name in field.choices]:
            raise ValidationError(problem_text(Problem("required")))


class ErasureForm(ActForm):
    """Why a service user should be erased."""

    reason = ParsedField(
        _("Why should it be erased?"),
        parse=parse_reason,
        description=_("One line of at most 300 characters. No names."),
        render_kw={"maxlength": "300"},
    )


class EraseForm(ActForm):
    """The reference once more, so that nobody is erased by a slip."""

    reference = ParsedField(_("Write the reference to confirm"), parse=parse_reference)

    def __init__(self, reference: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.right = reference

    def validate_reference(self, field: Any) -> None:
        """It must be this one."""
        if reference_key(field.value) != reference_key(self.right):
            raise ValidationError(problem_text(Problem("another_reference")))


class CorrectServiceUserForm(ActForm):
    """Another reference or year of birth, and why; corrections is how many there were on the screen."""

    corrections = HiddenField()
    reference = ParsedField(_("Reference"), parse=parse_reference)
    birth_year = ParsedField(_("Year of birth"), parse=lambda text: parse_birth_year(text, today()), required=False)
    reason = ParsedField(_("Why is it corrected?"), parse=parse_reason, render_kw={"maxlength": "300"})
