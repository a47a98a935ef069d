"""Forms: what each of them asks."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, RadioField, SelectField
from wtforms.validators import ValidationError

from fitservice.clock import today
from fitservice.complaints import problem_text
from fitservice.fields import DayField, ParsedField, parse_months, text_up_to
from fitservice.instruments import instrument
from fitservice.model import (
    ALLIANCE_ITEMS,
    ASKED_IN,
    DISTRICT_ROLES,
    OUTCOME_ITEMS,
    STAFF_ROLES,
    Answers,
    MissingReason,
    Problem,
    Role,
)
from fitservice.rules.answers import (
    parse_birth_year,
    parse_item,
    parse_reference,
)
from fitservice.wording import in_language, language_name, number, reason_name, role_name


class SignInForm(FlaskForm):
    """Username and password."""

    username = ParsedField(_("Username"), parse=str)
    password = PasswordField(_("Password"))


class PasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = PasswordField(_("Password"))
    again = PasswordField(_("The same password again"))

    def validate_again(self, field: Field) -> None:
        """Both must be the same."""
        if field.data != self.password.data:
            raise ValidationError(problem_text(Problem("passwords_differ")))


class ChangePasswordForm(FlaskForm):
    """One's own password: the current one, then the new one twice."""

    current = PasswordField(_("Your password now"))
    password = PasswordField(_("New password"))
    again = PasswordField(_("The same password again"))

    validate_again = PasswordForm.validate_again


class FirstAdministratorForm(PasswordForm):
    """The first administrator also chooses a username and a name."""

    username = ParsedField(_("Username"), parse=str)
    name = ParsedField(_("Name"), parse=text_up_to(100))


class StaffForm(FlaskForm):
    """A new account."""

    username = ParsedField(_("Username"), parse=str)
    name = ParsedField(_("Name"), parse=text_up_to(100))
    role = SelectField(_("Role"))
    district = SelectField(_("District"), description=_("For caseworkers and team leads."))

    def __init__(self, districts: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = {role.value: role_name(role) for role in STAFF_ROLES}
        self.district.choices = {"": "–"} | {str(row["id"]): row["name"] for row in districts}

    def chosen(self) -> tuple[str, str, Role, int | None]:
        """Username, name, role, district id."""
        district_id = int(self.district.data) if self.district.data else None
        return self.username.value, self.name.value, Role(self.role.data), district_id

    def validate_district(self, field: Field) -> None:
        """District staff need one, the others have none."""
        in_district = self.role.data in DISTRICT_ROLES
        if in_district != bool(field.data):
            raise ValidationError(problem_text(Problem("role_needs_district" if in_district else "no_district")))


class ServiceUserForm(FlaskForm):
    """A new service user with an enrolment."""

    reference = ParsedField(
        _("Reference"),
        parse=parse_reference,
        description=_("The service's own reference. Never a name or a national identity number."),
    )
    birth_year = ParsedField(_("Year of birth"), parse=lambda text: parse_birth_year(text, today()), required=False)
    enrolled_from = DayField(_("Enrolled from"))
    asked_in = SelectField(_("Asked in"), choices={code: language_name(code) for code in ASKED_IN}, default="nb")


class AskedInForm(FlaskForm):
    """The language in which a service user is asked."""

    asked_in = SelectField(_("Asked in"), choices={code: language_name(code) for code in ASKED_IN})


class EnrolmentForm(FlaskForm):
    """A new enrolment for someone who comes back."""

    enrolled_from = DayField(_("Enrolled from"))


class EndForm(FlaskForm):
    """The last day of an enrolment."""

    enrolled_to = DayField(_("Last day"))


class CorrectEnrolmentForm(FlaskForm):
    """Other days for an enrolment, and why; revision is the one that was on the screen."""

    revision = HiddenField()
    enrolled_from = DayField(_("Enrolled from"))
    enrolled_to = DayField(_("Last day"), required=False, description=_("Leave this blank if the enrolment goes on."))
    reason = ParsedField(_("Why is it corrected?"), parse=text_up_to(200))


class RhythmForm(FlaskForm):
    """How often the district asks."""

    months = ParsedField(_("Months between each time"), parse=parse_months)


class WithdrawForm(FlaskForm):
    """Why a session should not have been recorded."""

    revision = HiddenField()
    reason = ParsedField(_("Why is the session withdrawn?"), parse=text_up_to(200))


class SessionForm(FlaskForm):
    """One session on one page. Score and reason are one group: only one of them can be chosen."""

    held_on = DayField(_("Date of the session"))
    life_satisfaction = RadioField(validate_choice=False)

    def __init__(self, asked_in: str, answers: Answers | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        question = instrument("life_satisfaction").items[0].question
        self.life_satisfaction.label.text = in_language(question, asked_in)
        self.life_satisfaction.choices = {str(score): str(score) for score in range(1, 8)} | {
            reason.value: reason_name(reason) for reason in MissingReason
        }
        for key in ("outcome", "alliance"):
            for item in instrument(key).items:
                self[item.key].label.text = in_language(item.question, asked_in)
        if answers is not None and not self.is_submitted():
            self._fill(answers)

    def _fill(self, answers: Answers) -> None:
        chosen = answers.life_satisfaction or answers.missing_reason
        self.life_satisfaction.data = str(chosen) if chosen else None
        for item in (*OUTCOME_ITEMS, *ALLIANCE_ITEMS):
            tenths = getattr(answers, item)
            self[item].data = "" if tenths is None else number(tenths / 10)

    def answers(self, before: Answers | None = None) -> Answers:
        """What was answered. A score on a district's own scale, which no form asks for, stays as it was."""
        chosen = self.life_satisfaction.data
        return Answers(
            life_satisfaction=int(chosen) if chosen and chosen.isdigit() else None,
            missing_reason=MissingReason(chosen) if chosen and not chosen.isdigit() else None,
            life_satisfaction_1_10=before.life_satisfaction_1_10 if before else None,
            **{item: self[item].value for item in (*OUTCOME_ITEMS, *ALLIANCE_ITEMS)},
        )

    def validate_life_satisfaction(self, field: RadioField) -> None:
        """One of the eleven buttons, or none."""
        if field.data and field.data not in [choice[0] for choice in field.iter_choices()]:
            raise ValidationError(problem_text(Problem("score_outside", known={"low": "1", "high": "7"})))


for _item in (*OUTCOME_ITEMS, *ALLIANCE_ITEMS):
    setattr(SessionForm, _item, ParsedField(parse=parse_item, required=False))


class CorrectionForm(SessionForm):
    """The same page again, with the reason for correcting it and the revision that was on the screen."""

    revision = HiddenField()
    reason = ParsedField(_("Why is it corrected?"), parse=text_up_to(200))
