"""Forms about accounts: signing in, passwords, who somebody is."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectField, StringField
from wtforms.validators import ValidationError

from fitservice.complaints import problem_text
from fitservice.fields import ActForm, ParsedField, text_up_to
from fitservice.model import DISTRICT_ROLES, STAFF_ROLES, Problem, Role
from fitservice.rules.accounts import parse_email, parse_reason
from fitservice.wording.persons import role_name


def _code_field(**kwargs: Any) -> StringField:
    look = {"inputmode": "text", "maxlength": "40", "autocapitalize": "characters", "spellcheck": "false"}
    return StringField(_("One-time code"), render_kw=look, **kwargs)


class SignInForm(FlaskForm):
    """Username and password; a one-time code where such are used."""

    username = ParsedField(_("Username"), parse=str)
    password = PasswordField(_("Password"))
    code = _code_field(
        description=_("From your app, or a recovery code. Leave this blank if you have not turned it on.")
    )

    def __init__(self, codes: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not codes:
            del self.code


class ProveForm(FlaskForm):
    """Once more who one is: the password, and a code where there is a second step."""

    current = PasswordField(_("Your password now"))
    code = _code_field(description=_("From your app, or a recovery code."))

    def __init__(self, codes: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not codes:
            del self.code


class CodeForm(FlaskForm):
    """The first code of an app."""

    code = _code_field(description=_("The six digits that the app shows now."))


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
    code = _code_field(description=_("From your app, or a recovery code."))
    password = PasswordField(_("New password"))
    again = PasswordField(_("The same password again"))

    validate_again = PasswordForm.validate_again

    def __init__(self, codes: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not codes:
            del self.code


class FirstAdministratorForm(PasswordForm):
    """The first administrator also chooses a username and a name."""

    username = ParsedField(_("Username"), parse=str)
    name = ParsedField(_("Name"), parse=text_up_to(100))


def _email_field() -> ParsedField:
    words = _("One short e-mail on days with a reminder. Leave this blank if the inbox here is enough.")
    kind = {"type": "email", "maxlength": "254"}
    return ParsedField(_("E-mail for reminders"), parse=parse_email, required=False, description=words, render_kw=kind)


class EmailForm(ActForm):
    """Where somebody's e-mails about reminders go."""

    email = _email_field()


def _offer(form: FlaskForm, districts: list[dict[str, Any]]) -> None:
    form["role"].choices = {role.value: role_name(role) for role in STAFF_ROLES}
    form["district"].choices = {"": "–"} | {str(row["id"]): row["name"] for row in districts}


def _role(form: FlaskForm) -> dict[str, Any]:
    district = form["district"].data
    return {"role": Role(form["role"].data), "district_id": int(district) if district else None}


class StaffForm(ActForm):
    """A new account."""

    username = ParsedField(_("Username"), parse=str)
    name = ParsedField(_("Name"), parse=text_up_to(100))
    role = SelectField(_("Role"))
    district = SelectField(_("District"), description=_("For caseworkers and team leads."))
    email = _email_field()

    def __init__(self, districts: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _offer(self, districts)

    def chosen(self) -> dict[str, Any]:
        """Username, name, role, district_id and email."""
        return {"username": self.username.value, "name": self.name.value, "email": self.email.value} | _role(self)

    def validate_district(self, field: Field) -> None:
        """District staff need one, the others have none."""
        in_district = self.role.data in DISTRICT_ROLES
        if in_district != bool(field.data):
            raise ValidationError(problem_text(Problem("role_needs_district" if in_district else "no_district")))


class RoleForm(ActForm):
    """Another role or district, and why."""

    role = SelectField(_("Role"))
    district = SelectField(_("District"), description=_("For caseworkers and team leads."))
    reason = ParsedField(_("Why is it changed?"), parse=parse_reason, render_kw={"maxlength": "200"})

    validate_district = StaffForm.validate_district

    def __init__(self, districts: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _offer(self, districts)

    def chosen(self) -> dict[str, Any]:
        """Role, district_id and reason."""
        return {"reason": self.reason.value} | _role(self)


class ReasonForm(ActForm):
    """Why something is done to an account."""

    reason = ParsedField(_("Why?"), parse=parse_reason, render_kw={"maxlength": "200"})
