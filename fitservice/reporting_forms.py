"""Forms of reporting: signing off, explaining, and what the agency decides."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from fitservice.clock import today
from fitservice.complaints import problem_text
from fitservice.fields import ActForm, ParsedField, typed
from fitservice.model import Period, Problem
from fitservice.reporting import Cause, Dates, Step, Threshold
from fitservice.rules.answers import parse_any_day
from fitservice.rules.notes import parse_reason
from fitservice.rules.periods import parse_half
from fitservice.rules.register import SHARES, parse_threshold, typed_threshold
from fitservice.wording import number, percent
from fitservice.wording.reporting import cause_name, threshold_name


class AnyDayField(ParsedField):
    """A day, past or to come, as people write it."""

    def __init__(self, label: Any = None, *, required: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "text", "maxlength": "12", "placeholder": _("dd.mm.yyyy")})
        super().__init__(label, parse=lambda text: parse_any_day(text, today()), required=required, **kwargs)


def _why() -> ParsedField:
    return ParsedField(_("Why?"), parse=parse_reason, description=_("No names and no numbers of persons."))


class StepForm(ActForm):
    """A step of the own district's sign-off; known is the number of the latest step that was on the screen."""

    known = HiddenField()
    step = HiddenField()
    text = ParsedField(
        _("What should the agency know?"),
        parse=parse_reason,
        required=False,
        description=_("What is missing, and why. No names and no numbers of persons."),
    )


class JudgeForm(ActForm):
    """What the agency does with a sign-off; only accepting it needs no words and no day."""

    known = HiddenField()
    step = HiddenField()
    text = ParsedField(
        _("Words to the team lead"), parse=parse_reason, description=_("No names and no numbers of persons.")
    )
    until = AnyDayField(
        _("To be signed off by"),
        description=_("The last day on which the district can sign off: at least three days from now, at most a year."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.step.data == Step.ACCEPTED:
            self.text.required = self.until.required = False


class ExplanationForm(ActForm):
    """Why something is missing."""

    cause = SelectField(_("Cause"))
    text = ParsedField(
        _("In your own words"),
        parse=parse_reason,
        required=False,
        description=_("Needed where the cause is “Something else”. No names and no numbers of persons."),
    )
    expected_on = AnyDayField(_("Expected to be in place by"), required=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # nothing is chosen beforehand: whoever saves without reading would say something that is not so
        self.cause.choices = [("", _("Choose a cause")), *((cause.value, cause_name(cause)) for cause in Cause)]
        self.text.required = self.cause.data == Cause.OTHER

    def validate_cause(self, field: Field) -> None:
        """One of them."""
        if not field.data:
            raise ValidationError(_("Choose a cause"))


class ObligationForm(ActForm):
    """From when to when districts owe their half-years, or do not."""

    everywhere = BooleanField(_("All districts"))
    districts = SelectMultipleField(_("Districts"))
    owed = SelectField(_("Do they report?"))
    first = ParsedField(_("From half-year"), parse=parse_half, description=_("For example 2026H2."))
    last = ParsedField(
        _("To half-year"), parse=parse_half, required=False, description=_("Leave this blank if it goes on.")
    )
    reason = _why()

    def __init__(self, districts: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.owed.choices = {"yes": str(_("Yes")), "no": str(_("No"))}
        self.districts.choices = {row["code"]: row["name"] for row in districts}
        self.codes = [str(row["code"]) for row in districts]

    def validate_districts(self, field: Field) -> None:
        """At least one."""
        if not self.chosen():
            raise ValidationError(problem_text(Problem("no_district_chosen")))

    def chosen(self) -> list[str]:
        """The codes of the districts that were ticked, or of all of them."""
        return [code for code in self.codes if self.everywhere.data or code in (self.districts.data or [])]


class DatesForm(ActForm):
    """The days of a half-year."""

    deadline = AnyDayField(_("Deadline"), description=_("The last day on which a sign-off is in time."))
    lock = AnyDayField(_("Lock"), description=_("The last day on which a district can sign off or undo by itself."))
    provisional = AnyDayField(_("Provisional figures"))
    corrected = AnyDayField(_("Corrected figures"))
    final = AnyDayField(_("Final figures"))
    reason = _why()

    @classmethod
    def of(cls, dates: Dates) -> "DatesForm":
        """The form with these days in it."""
        return cls(data={name: typed(day) for name, day in vars(dates).items()})

    def chosen(self) -> Dates:
        """The days, once the form is valid."""
        return Dates(*(self[name].value for name in Dates.__dataclass_fields__))


class ThresholdForm(ActForm):
    """Another threshold from a half-year on."""

    name = SelectField(_("Threshold"))
    value = ParsedField(
        _("New value"),
        parse=parse_threshold,
        description=_("A share in per cent, or weeks or months as a whole number."),
    )
    first = ParsedField(_("From half-year"), parse=parse_half, description=_("For example 2026H2."))
    reason = _why()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name.choices = {name.value: threshold_name(name) for name in Threshold}

    def chosen(self) -> tuple[Threshold, Period, float]:
        """Name, first half-year, and the value: a share is typed in per cent."""
        name = Threshold(self.name.data)
        return name, self.first.value, typed_threshold(name, self.value.value)


def threshold_text(name: Threshold, value: float) -> str:
    """A threshold as it is typed: a share in per cent, with a decimal where it is not whole."""
    if name not in SHARES:
        return number(value, 0)
    return percent(value, 0 if round(100 * value, 2).is_integer() else 1)
