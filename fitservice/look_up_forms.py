"""What the page of look-ups asks: which days, whose look-ups, and at whom."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import ValidationError

from fitservice.clock import today
from fitservice.fields import DayField, typed

BEGIN = timedelta(days=6)
MOST_DAYS, MOST_DAYS_OF_ONE = 31, 366
"""Days of the whole district, and of one account or service user."""


class LookUpsForm(FlaskForm):
    """A query string: blank days are the last seven."""

    first = DayField(_("From"), required=False)
    last = DayField(_("To"), required=False)
    staff = SelectField(_("Who looked"), validate_choice=False)
    person = SelectField(_("At whom"), validate_choice=False)

    def __init__(self, asked: Any) -> None:
        super().__init__(formdata=asked, meta={"csrf": False})

    @property
    def days(self) -> tuple[date, date]:
        """The days that are asked for, once they are valid."""
        last = self.last.value or today()
        return self.first.value or last - BEGIN, last

    @property
    def ids(self) -> tuple[int | None, int | None]:
        """The account and the service user, by their ids; None for all of them."""
        return _number(self.staff.data), _number(self.person.data)

    def validate_last(self, _field: Any) -> None:
        """Not before the first day, and not too many days."""
        first, last = self.days
        if first > last:
            raise ValidationError(gettext("The last day is before the first."))
        most = MOST_DAYS_OF_ONE if any(self.ids) else MOST_DAYS
        if (last - first).days >= most:
            raise ValidationError(gettext("Choose at most %(most)s days.", most=most))

    def offer(self, staff: list[tuple[int, str]], persons: dict[int, str]) -> None:
        """What can be chosen, and the days as they were understood."""
        everybody = {"": gettext("Everybody")}
        self.staff.choices = list((everybody | {str(id_): name for id_, name in staff}).items())
        self.person.choices = list((everybody | {str(id_): name for id_, name in persons.items()}).items())
        if not self.errors:
            self.first.data, self.last.data = map(typed, self.days)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 20 else None
