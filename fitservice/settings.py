"""Settings: defaults here, then instance/config.py, then FITSERVICE_* from the environment."""

import os
import secrets
from pathlib import Path

from flask import Flask

LANGUAGES = ("nb", "en")

DEFAULTS = {
    # Counts from 1 up to this one, itself not included, are hidden in whatever leaves a district.
    "SMALL_COUNT": 5,
    # A signed-in browser is forgotten after this long without use, and after this long in any case.
    "IDLE_MINUTES": 30,
    "SIGN_IN_HOURS": 10,
    # How long a one-time link for choosing a password can be used.
    "LINK_HOURS": 72,
    # So many requests of one token's to the API are answered in a minute; the others have to wait.
    "API_REQUESTS_A_MINUTE": 60,
    # A form body larger than this is refused unread: 256 KiB.
    "MAX_CONTENT_LENGTH": 256 * 1024,
    # The names under which the service answers; another Host header is refused. Add its public name behind a proxy.
    "TRUSTED_HOSTS": ["127.0.0.1", "localhost"],
    "BOOTSTRAP_SERVE_LOCAL": True,
    "BABEL_DEFAULT_LOCALE": "nb",
    "BABEL_DEFAULT_TIMEZONE": "Europe/Oslo",
    "SESSION_COOKIE_NAME": "fitservice",
    "SESSION_COOKIE_SAMESITE": "Lax",
    # Set to true behind TLS: then the browser never sends the cookie over plain HTTP.
    "SESSION_COOKIE_SECURE": False,
    # The form lives as long as the sign-in: a page left open over lunch can still be saved.
    "WTF_CSRF_TIME_LIMIT": None,
}


class SettingsError(Exception):
    """A setting that cannot be used; says which and what it must be."""


def load_settings(app: Flask, overrides: dict[str, object] | None = None) -> None:
    """Fill app.config and make sure the instance folder and its secret key exist."""
    app.config.from_mapping(DEFAULTS)
    config = Path(app.instance_path) / "config.py"
    try:
        app.config.from_pyfile(str(config), silent=True)
    except Exception as error:  # whatever a file of Python can raise
        raise SettingsError(f"{config} cannot be read: {type(error).__name__}: {error}") from error
    app.config.from_prefixed_env("FITSERVICE")
    app.config.update(overrides or {})
    _validate(app)
    Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config["DATABASE"] = str(Path(app.instance_path) / "fitservice.db")
    app.config["SECRET_KEY"] = app.config.get("SECRET_KEY") or _secret_key(Path(app.instance_path))


def _validate(app: Flask) -> None:
    if "COVERAGE_THRESHOLD" in app.config:
        raise SettingsError("COVERAGE_THRESHOLD is no setting any more: the agency decides it on its page Register")

    if not isinstance(app.config["SESSION_COOKIE_SECURE"], bool):
        raise SettingsError(f"SESSION_COOKIE_SECURE must be true or false, not {app.config['SESSION_COOKIE_SECURE']!r}")
    if app.config["SMALL_COUNT"] == 1:
        raise SettingsError("SMALL_COUNT must be at least 2: 1 would hide nothing")
    for name in ("SMALL_COUNT", "IDLE_MINUTES", "SIGN_IN_HOURS", "LINK_HOURS", "API_REQUESTS_A_MINUTE"):
        value = app.config[name]
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise SettingsError(f"{name} must be a whole number of at least 1, not {value!r}")


def _secret_key(folder: Path) -> str:
    """The key that signs cookies: made at the first start, readable by its owner alone."""
    path = folder / "secret_key"
    draft = folder / f".secret_key.{os.getpid()}"
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            # link() fails if another process was first: both then read the same key
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
