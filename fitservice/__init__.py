"""fitservice: recorded in the session, reported in time. create_app() puts the house together."""

import os
from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from fitservice import commands, db, identity_provider, installed, languages, logs, web
from fitservice.resources import resource_folder
from fitservice.settings import load_settings

csrf = CSRFProtect()


def create_app(settings: dict[str, object] | None = None, instance_path: str | Path | None = None) -> Flask:
    """The application. Settings come from instance/config.py and FITSERVICE_*; the argument is for tests."""
    where = instance_path or os.environ.get("FITSERVICE_INSTANCE_PATH")
    app = Flask(
        __name__,
        template_folder=str(resource_folder("templates")),
        instance_path=str(Path(where).resolve()) if where else None,
    )
    load_settings(app, settings)
    logs.init_app(app)
    languages.init_app(app)
    installed.init_app(app)
    Bootstrap5(app)
    csrf.init_app(app)
    db.init_app(app)
    identity_provider.init_app(app)
    web.init_app(app, csrf)
    commands.init_app(app)
    return app
