"""Forms: what each of them asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from fitservice.clock import today
from fitservice.complaints import problem_text
from fitservice.fields import ActForm, DayField, ParsedField, parse_months, text_up_to
from fitservice.model import ASKED_IN, Period, Problem, Stage
from fitservice.rules.answers import parse_birth_year, parse_reference
from fitservice.rules.notes import parse_reason
from fitservice.rules.person_names import parse_person_name
from fitservice.wording import language_name
from fitservice.wording.figures import stage_name


class ReadForm(ActForm):
    """Messages are read; newest is the id of the newest that was on the screen."""

    newest = HiddenField()


class ServiceUserForm(ActForm):
    """A new service user with an enrolment."""

    reference = ParsedField(
        _("Reference"),
        parse=parse_reference,
        description=_("The service's own reference. Never a name or a national identity number."),
    )
    birth_year = ParsedField(_("Year of birth"), parse=lambda text: parse_birth_year(text, today()), required=False)
    enrolled_from = DayField(_("Enrolled from"))
    asked_in = SelectField(_("Asked in"), choices={code: language_name(code) for code in ASKED_IN}, default="nb")


class NameForm(ActForm):
    """The name of a service user, which the work goes on without."""

    name = ParsedField(
        _("Name"),
        parse=parse_person_name,
        required=False,
        description=_("Only staff in your district see it. It is stored encrypted. Leave it blank to remove it."),
        render_kw={"maxlength": "100", "autocapitalize": "words", "spellcheck": "false"},
    )


class AskedInForm(ActForm):
    """The language in which a service user is asked."""

    asked_in = SelectField(_("Asked in"), choices={code: language_name(code) for code in ASKED_IN})


class ContactForm(ActForm):
    """Who is the contact of a service user: somebody of these colleagues, or nobody."""

    contact = SelectField(_("Contact"))

    def __init__(self, colleagues: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.contact.choices = {"": str(_("Nobody"))} | {row["username"]: row["name"] for row in colleagues}


class EnrolmentForm(ActForm):
    """A new enrolment for someone who comes back."""

    enrolled_from = DayField(_("Enrolled from"))


class EndForm(ActForm):
    """The last day of an enrolment."""

    enrolled_to = DayField(_("Last day"))


class CorrectEnrolmentForm(ActForm):
    """Other days for an enrolment, and why; revision is the one that was on the screen."""

    revision = HiddenField()
    enrolled_from = DayField(_("Enrolled from"))
    enrolled_to = DayField(_("Last day"), required=False, description=_("Leave this blank if the enrolment goes on."))
    reason = ParsedField(_("Why is it corrected?"), parse=text_up_to(200))


class HandOverForm(ActForm):
    """What is asked on the screen, and in which language; askable are kinds and their titles."""

    kinds = SelectMultipleField(_("What shall be asked?"))
    language = SelectField(_("Asked in"), choices={code: language_name(code) for code in ASKED_IN})

    def __init__(self, askable: dict[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kinds.choices = askable

    def validate_kinds(self, field: Field) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(problem_text(Problem("nothing_to_ask")))


class TakeBackForm(FlaskForm):
    """What only the caseworker knows."""

    secret = PasswordField(_("Your PIN or your password"))


class PinForm(FlaskForm):
    """A PIN for taking the screen back."""

    current = PasswordField(_("Your password now"))
    pin = PasswordField(
        _("PIN of 4 to 8 digits"),
        description=_("It takes the screen back. It never signs you in."),
        render_kw={"inputmode": "numeric"},
    )
    again = PasswordField(_("The same PIN again"), render_kw={"inputmode": "numeric"})

    def __init__(self, password: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not password:
            del self.current

    def validate_again(self, field: Field) -> None:
        """Both must be the same."""
        if field.data != self.pin.data:
            raise ValidationError(problem_text(Problem("pins_differ")))


class RhythmForm(ActForm):
    """How often the district asks."""

    months = ParsedField(_("Months between each time"), parse=parse_months)


class DismissForm(ActForm):
    """Why a finding of the quality checks needs no more looking at; check and key say which one was on the screen."""

    check = HiddenField()
    key = HiddenField()
    reason = ParsedField(
        _("Why can it be left as it is?"),
        parse=parse_reason,
        description=_("One line of at most 300 characters. No names."),
        render_kw={"maxlength": "300"},
    )


class ReleaseForm(ActForm):
    """Which closed period is released, and how settled it is; known is how many releases were on the screen."""

    known = HiddenField()
    # what was offered a moment ago is refused in our own words
    period = SelectField(_("Period"), validate_choice=False)
    stage = SelectField(_("Stage"), validate_choice=False)

    def __init__(self, possible: Mapping[Period, Sequence[Stage]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.period.choices = [(period.code, period.code) for period in possible]
        self.stage.choices = {
            stage.value: stage_name(stage) for stage in Stage if any(stage in stages for stages in possible.values())
        }

    def validate_stage(self, field: Field) -> None:
        """One of all: which of them may come next is said in our own words too."""
        if field.data not in list(Stage):
            raise ValidationError(field.gettext("Not a valid choice."))
