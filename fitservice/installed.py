"""The instruments of this installation: the shipped ones, and what lies in the instance folder's instruments/."""

from pathlib import Path
from typing import cast

from flask import Flask, current_app
from flask_babel import gettext as _

from fitservice.complaints import problem_text
from fitservice.instruments import SHIPPED, Instruments, read_instruments
from fitservice.model import Invalid
from fitservice.settings import SettingsError


def init_app(app: Flask) -> None:
    """Read the files once; SettingsError names the file, the line and the reason if one cannot be used."""
    with app.app_context():
        try:
            app.extensions["instruments"] = read_instruments(Path(app.instance_path) / "instruments", SHIPPED)
        except Invalid as invalid:
            found = invalid.problems[0]
            where = _("%(file)s, line %(line)s", file=found.field, line=found.line or 1)
            raise SettingsError(f"{where}: {problem_text(found)}") from None


def installed() -> Instruments:
    """What is known here."""
    return cast(Instruments, current_app.extensions["instruments"])
