"""National identity numbers are refused in every text field of every form: the forms are walked, not listed."""

import importlib
from pathlib import Path

import pytest
from factories import OPERATOR, identity_number
from flask import Flask
from flask_wtf import FlaskForm
from sqlite_utils import Database
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, PasswordField, StringField

from fitservice.actions.staffing import add_staff
from fitservice.model import Invalid, Role

HOUSE = Path(__file__).parent.parent / "fitservice"
for path in sorted(HOUSE.glob("*forms.py")):
    importlib.import_module(f"fitservice.{path.stem}")


def every_form() -> list[type[FlaskForm]]:
    """Every form of the service."""
    found, waiting = [], [FlaskForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith("fitservice."):
                found.append(form)
    return found


def text_fields() -> list[tuple[str, str, type[StringField], object]]:
    """Form, name, class and the unbound field of each field in which text is typed and kept."""
    return [
        (form.__name__, name, unbound.field_class, unbound)
        for form in every_form()
        for name, unbound in vars(form).items()
        if isinstance(getattr(unbound, "field_class", None), type)
        and issubclass(unbound.field_class, StringField)
        and not issubclass(unbound.field_class, PasswordField | HiddenField)
    ]


# a code or a username for signing in is compared and not kept; a new username is read by the action (below)
NOT_KEPT = {(form, "code") for form in ("SignInForm", "ProveForm", "CodeForm", "ChangePasswordForm")} | {
    (form, "username") for form in ("SignInForm", "StaffForm", "FirstAdministratorForm")
}

PLAIN, D_NUMBER, SYNTHETIC = identity_number("010190124"), identity_number(), identity_number("018190123")


def written(number: str) -> list[str]:
    """As people type it."""
    return [number, f"{number[:6]} {number[6:]}", f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:]}"]


def test_the_walk_finds_the_forms():
    names = {(form, name) for form, name, *_ in text_fields()}
    assert {("ServiceUserForm", "reference"), ("NameForm", "name"), ("SessionForm", "note")} <= names
    assert len(names) > 30


@pytest.mark.parametrize("number", [PLAIN, D_NUMBER, SYNTHETIC])
def test_every_text_field_refuses_an_identity_number(app: Flask, number: str) -> None:
    taken = []
    with app.test_request_context():
        for form, name, _, unbound in text_fields():
            if (form, name) in NOT_KEPT:
                continue
            for text in written(number):
                made = type("One", (Form,), {name: unbound})(MultiDict({name: text}))
                if made.validate():
                    taken.append((form, name, text))
    assert sorted({where[:2] for where in taken}) == []


@pytest.mark.parametrize("number", [PLAIN, D_NUMBER, SYNTHETIC])
def test_no_username_and_no_name_of_an_account_is_an_identity_number(db: Database, number: str) -> None:
    for username, name in ((number, "Kari"), (f"k{number[:6]}-{number[6:]}", "Kari"), ("kari", f"Kari {number}")):
        with pytest.raises(Invalid):
            add_staff(db, username, name, Role.ADMINISTRATOR, None, by=OPERATOR)
    assert db.execute("SELECT COUNT(*) FROM staff").fetchone() == (0,)
