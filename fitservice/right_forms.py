"""Forms of the person's rights: taking part, corrections, erasure, who is let in, to whom the record is closed."""

from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from fitservice.clock import today
from fitservice.complaints import problem_text
from fitservice.fields import ActForm, DayField, ParsedField
from fitservice.model import Problem
from fitservice.rules.answers import parse_any_day, parse_birth_year, parse_reference, reference_key
from fitservice.rules.grants import DAYS, MOST_DAYS
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


EVERYBODY = "everybody"
"""What the form says for everybody but the contact."""


class GrantForm(ActForm):
    """Who of another district is let in, why, and until when; elsewhere are rows of id, name, district."""

    staff = SelectField(_("Who is given access?"), validate_choice=False)
    reason = ParsedField(
        _("Why is access needed?"),
        parse=parse_reason,
        id="give-reason",
        description=_("One line of at most 300 characters. No names. The service user can read it."),
        render_kw={"maxlength": "300"},
    )
    valid_to = ParsedField(
        _("Until and including"),
        parse=lambda text: parse_any_day(text, today()),
        required=False,
        render_kw={"maxlength": "12", "placeholder": _("dd.mm.yyyy")},
    )

    def __init__(self, elsewhere: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        by_district = {
            district: [(str(row["id"]), row["name"]) for row in rows]
            for district, rows in groupby(elsewhere, key=lambda row: str(row["district"]))
        }
        self.staff.choices = {"": [("", str(_("Choose")))]} | by_district
        self.valid_to.description = _(
            "Leave this blank for %(days)s days. At most %(most)s days.", days=DAYS.days, most=MOST_DAYS.days
        )

    def validate_staff(self, field: Any) -> None:
        """Somebody is chosen; whether they may be is the action's to say."""
        if not (field.data or "").isdecimal():
            raise ValidationError(problem_text(Problem("required")))


class BlockForm(ActForm):
    """To whom a record is closed, and why; colleagues are rows of id, name."""

    whom = SelectMultipleField(_("For whom?"), validate_choice=False)
    reason = ParsedField(
        _("Why is it blocked?"),
        parse=parse_reason,
        id="block-reason",
        description=_("One line of at most 300 characters. No names. The service user can read it."),
        render_kw={"maxlength": "300"},
    )

    def __init__(self, colleagues: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.whom.choices = [(str(row["id"]), row["name"]) for row in colleagues]
        self.whom.choices.append((EVERYBODY, str(_("Everybody but the contact (team leads still see it)"))))

    def validate_whom(self, field: Any) -> None:
        """At least one."""
        if not field.data or not set(field.data) <= {value for value, _name in field.choices}:
            raise ValidationError(problem_text(Problem("nobody_chosen")))


class EndBlockForm(ActForm):
    """Why a record is open again."""

    reason = ParsedField(
        _("Why is it opened again?"),
        parse=parse_reason,
        description=_("One line of at most 300 characters. No names. The service user can read it."),
        render_kw={"maxlength": "300"},
    )
