"""The forms of a session: recording it on one page, correcting it, noting what was agreed, withdrawing it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField
from wtforms.validators import ValidationError

from fitservice.complaints import problem_text
from fitservice.fields import ActForm, DayField, ParsedField, text_up_to
from fitservice.instruments.instrument import Instrument
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Answers, Kind, MissingReason, Mode, Problem, Remarks
from fitservice.rules.answers import parse_item
from fitservice.rules.notes import parse_note
from fitservice.wording import in_language, number
from fitservice.wording.persons import reason_name

ITEMS = (*OUTCOME_ITEMS, *ALLIANCE_ITEMS)


def _note_field() -> ParsedField:
    return ParsedField(
        _("Note"),
        parse=parse_note,
        required=False,
        description=_("One line. No names, no numbers that point to a person."),
    )


def _next_step_field() -> ParsedField:
    return ParsedField(_("Agreed next step"), parse=parse_note, required=False)


class SessionForm(ActForm):
    """One session on one page. Score and reason are one group: only one of them can be chosen.

    shown are the instruments that are asked: life satisfaction first, then whichever may be used here.
    """

    on_screen = HiddenField("")
    held_on = DayField(_("Date of the session"))
    life_satisfaction = RadioField("", validate_choice=False)
    note = _note_field()
    next_step = _next_step_field()

    def __init__(
        self,
        asked_in: str,
        shown: Sequence[Instrument],
        answers: Answers | None = None,
        remarks: Remarks | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.shown = shown
        self.before = answers or Answers()
        for instrument in shown:
            for item in instrument.items:
                self[item.key].label.text = in_language(item.question, asked_in)
                if instrument.kind is not Kind.LIFE_SATISFACTION:
                    self[item.key].parse = partial(
                        parse_item, low=instrument.low, high=instrument.high, step=instrument.step
                    )
        asked = {item.key for instrument in shown for item in instrument.items}
        for key in set(ITEMS) - asked:
            del self[key]
        self.life_satisfaction.choices = {str(score): str(score) for score in range(1, 8)} | {
            reason.value: reason_name(reason) for reason in MissingReason
        }
        if not self.is_submitted():
            self.on_screen.data = self._keys()
            self._fill(self.before, remarks or Remarks())

    def _fill(self, answers: Answers, remarks: Remarks) -> None:
        chosen = answers.life_satisfaction or answers.missing_reason
        self.life_satisfaction.data = str(chosen) if chosen else None
        for item in ITEMS:
            if item in self:
                tenths = getattr(answers, item)
                self[item].data = "" if tenths is None else number(tenths / 10)
        self.note.data, self.next_step.data = remarks.note or "", remarks.next_step or ""

    def answers(self) -> Answers:
        """What was answered. What no form here asks for stays as it was: a district's own scale, another instrument."""
        chosen = self.life_satisfaction.data
        said = vars(self.before) | {
            "life_satisfaction": int(chosen) if chosen and chosen.isdigit() else None,
            "missing_reason": MissingReason(chosen) if chosen and not chosen.isdigit() else None,
        }
        for instrument in self.shown[1:]:
            items = {item.key: self[item.key].value for item in instrument.items}
            given = any(value is not None for value in items.values())
            said |= items | {f"{instrument.kind.value}_instrument": instrument.key if given else instrument.kind.value}
        return Answers(**said)

    def remarks(self, mode: Mode | None) -> Remarks:
        """Note and next step, beside how the answers were given."""
        return Remarks(mode, self.note.value, self.next_step.value)

    def validate_life_satisfaction(self, field: RadioField) -> None:
        """One of the eleven buttons, or none."""
        if field.data and field.data not in [choice[0] for choice in field.iter_choices()]:
            raise ValidationError(problem_text(Problem("score_outside", known={"low": "1", "high": "7"})))

    def validate_on_screen(self, field: HiddenField) -> None:
        """The questions that were on the screen must be the ones that are asked now."""
        before, field.data = field.data, self._keys()
        if before and before != field.data:
            raise ValidationError(problem_text(Problem("instrument_gone")))

    def _keys(self) -> str:
        return " ".join(instrument.key for instrument in self.shown)


for _item in ITEMS:
    # asked for in the words of its instrument; a label that is not given would be made up, and looked up, each time
    setattr(SessionForm, _item, ParsedField("", parse=parse_item, required=False))


class CorrectionForm(SessionForm):
    """The same page again, with the reason for correcting it and the revision that was on the screen."""

    revision = HiddenField("")
    reason = ParsedField(_("Why is it corrected?"), parse=text_up_to(200))


class NoteForm(ActForm):
    """Note and next step alone; revision is the one that was on the screen."""

    revision = HiddenField("")
    note = _note_field()
    next_step = _next_step_field()


class WithdrawForm(ActForm):
    """Why a session should not have been recorded."""

    revision = HiddenField("")
    reason = ParsedField(_("Why is the session withdrawn?"), parse=text_up_to(200))
