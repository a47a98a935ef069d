"""What the page of who can see what asks: of which role and district, and what the review came to."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField

from fitservice.fields import ActForm, ParsedField
from fitservice.model import STAFF_ROLES, Role
from fitservice.rules.access_review import LONGEST_COMMENT, NO_DISTRICT, parse_comment
from fitservice.wording.access_review import holder_role


class AccessForm(FlaskForm):
    """A query string: blank is everybody."""

    role = SelectField(_("Role"))
    district = SelectField(_("District"))

    def __init__(self, asked: Any, districts: list[dict[str, Any]]) -> None:
        super().__init__(formdata=asked, meta={"csrf": False})
        roles = {role.value: holder_role(role) for role in (*STAFF_ROLES, Role.API_CLIENT)}
        self.role.choices = list(({"": gettext("All")} | roles).items())
        places = {row["code"]: row["name"] for row in districts} | {NO_DISTRICT: gettext("No district")}
        self.district.choices = list(({"": gettext("All")} | places).items())
        for field in (self.role, self.district):
            if field.name not in asked:
                field.data = ""

    @property
    def kept(self) -> dict[str, str]:
        """What is asked for, without what is blank."""
        return {field.name: field.data for field in (self.role, self.district) if field.data}


class ReviewForm(ActForm):
    """That it was looked through, and what came of it."""

    comment = ParsedField(
        _("What did you find, and what did you do?"),
        parse=parse_comment,
        description=_("For example: closed two accounts that nobody uses, the rest is right."),
        render_kw={"maxlength": str(LONGEST_COMMENT)},
    )
