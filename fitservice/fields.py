"""Form fields that read through the rules. What was typed stays in the field, right or wrong."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from fitservice.clock import today
from fitservice.complaints import problem_text
from fitservice.model import Duplicate, Invalid, Problem
from fitservice.rules.answers import parse_score, parse_typed_day, refuse_identity_number

ONCE = "once"
"""The hidden field by which a form is known when it is sent twice."""


def new_key() -> str:
    """A random key for one view of a form."""
    return secrets.token_urlsafe(16)


class ActForm(FlaskForm):
    """A form that does something: sent twice, it does it once (web/once.py).

    Shown again after an error it is the same form still. Not for passwords and codes, which no form keeps.
    """

    once = HiddenField("", default=new_key, render_kw={"id": False})


class ParsedField(StringField):
    """Text that a rule reads: data is what was typed, value what it means (None while blank)."""

    def __init__(self, label: Any = None, *, parse: Callable[[str], Any], required: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.parse, self.required = parse, required
        self.value: Any = None

    def pre_validate(self, form: Any) -> None:
        """Read the text; the first problem ends the validation of this field."""
        text = (self.data or "").strip()
        try:
            if text:
                self.value = self.parse(text)
            elif self.required:
                raise Invalid(Problem("required"))
        except Invalid as invalid:
            raise StopValidation(problem_text(invalid.problems[0])) from None


class DayField(ParsedField):
    """A day that is not in the future, as people write it.

    A text field: a browser's own date field follows the browser's language, and asks for 11/22/2026.
    """

    def __init__(self, label: Any = None, *, required: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "text", "maxlength": "12", "placeholder": _("dd.mm.yyyy")})
        super().__init__(label, parse=lambda text: parse_typed_day(text, today()), required=required, **kwargs)


def typed(day: date | str | None) -> str:
    """A day as it stands in a field, of a date or of the store's text; empty for none."""
    if day is None:
        return ""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{known:%d.%m.%Y}"


def text_up_to(length: int) -> Callable[[str], str]:
    """A reader of one line of text with at most so many characters and no national identity number."""

    def parse(text: str) -> str:
        text = refuse_identity_number(" ".join(text.split()))
        if not text:
            raise Invalid(Problem("required"))
        if not text.isprintable():
            raise Invalid(Problem("not_printable"))
        if len(text) > length:
            raise Invalid(Problem("too_long", known={"length": str(length)}))
        return text

    return parse


def parse_months(text: str) -> int:
    """A district's rhythm: 1 to 24 months."""
    try:
        return parse_score(text, 1, 24)
    except Invalid:
        raise Invalid(Problem("rhythm")) from None


class ShownIn:
    """With it, the problems of the action inside appear where the reader looks: at the field, or on top.

    existing_id is the row that is there already, if that was why.
    """

    def __init__(self, form: FlaskForm) -> None:
        self.form = form
        self.existing_id: int | None = None

    def __enter__(self) -> "ShownIn":
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, Invalid):
            return False
        if isinstance(error, Duplicate):
            self.existing_id = error.existing_id
        for problem in error.problems:
            self._show(problem)
        return True

    def _show(self, problem: Problem) -> None:
        if problem.field in self.form:
            field = self.form[problem.field]
            field.errors = [*field.errors, problem_text(problem)]
        else:
            self.form.form_errors.append(problem_text(problem))


def revision_of(form: FlaskForm) -> int:
    """The revision that was on the screen when the form was drawn; -1, which none has, if it says nothing."""
    return number_of(form, "revision")


def number_of(form: FlaskForm, name: str) -> int:
    """The number in a hidden field; -1 if it holds none."""
    text = form[name].data or ""
    return int(text) if text.isdecimal() and len(text) < 9 else -1
