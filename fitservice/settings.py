"""Settings: defaults here, then instance/config.py, then FITSERVICE_* from the environment."""

import secrets
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask

from fitservice.addresses import is_email, is_protected, is_service_address
from fitservice.city_roles import parse_mapping
from fitservice.model import STAFF_ROLES
from fitservice.private import write_once

LANGUAGES = ("nb", "en")

DEFAULTS = {
    # Counts from 1 up to this one, itself not included, are hidden in whatever leaves a district.
    "SMALL_COUNT": 5,
    # A signed-in browser is forgotten after this long without use, and after this long in any case.
    "IDLE_MINUTES": 30,
    "SIGN_IN_HOURS": 10,
    # How long a one-time link for choosing a password can be used.
    "LINK_HOURS": 72,
    # Roles that must have a second step beside the password; the names are those of add-staff.
    "TOTP_ROLES": [],
    # An account or a token that was not used for so many days stands on top of the review of who can see what.
    "UNUSED_DAYS": 90,
    # The city's own sign-in (OpenID Connect): its issuer, and how this service is known there. Empty is none.
    "OIDC_ISSUER": "",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    # What its button says, which claim of it carries roles or groups, and what each value of it gives here:
    # {"fit-alna-leads": ["team_lead", "030112"], "fit-admins": ["administrator"]}
    "OIDC_NAME": "",
    "OIDC_CLAIM": "roles",
    "OIDC_ROLES": {},
    # Who may sign in by password: "all", or "break_glass" for accounts that an administrator has marked so.
    "PASSWORDS": "all",
    # So many requests of one token's to the API are answered in a minute; the others have to wait.
    "API_REQUESTS_A_MINUTE": 60,
    # How long it is good that a service user was informed and takes part, unless another day is chosen: months.
    "PARTICIPATION_MONTHS": 12,
    # Whoever's enrolments all ended longer ago than this stands in the list for review; nothing goes by itself.
    # How long it should be is for the data controller to decide.
    "RETENTION_YEARS": 10,
    # Rows of the log older than this go when "audit trim" is run; nothing goes by itself.
    "AUDIT_YEARS": 5,
    # The file to which "audit head --keep" adds a line, best on another machine; empty is none.
    "AUDIT_HEADS": "",
    # The folder for backups, best on another disk; empty is the folder backups beside the database.
    "BACKUPS": "",
    # The public key (age1…) that backups are encrypted for; empty is the one in the file backup_recipient.
    "BACKUP_RECIPIENT": "",
    # The mail server that takes e-mails about reminders; empty is none, and the inbox alone is used. Without STARTTLS
    # nothing is encrypted, so a password is refused then.
    "SMTP_HOST": "",
    "SMTP_PORT": 587,
    "SMTP_STARTTLS": True,
    "SMTP_USERNAME": "",
    "SMTP_PASSWORD": "",
    # Whom these e-mails are from, and the address at which they say to sign in.
    "MAIL_FROM": "",
    "SERVICE_ADDRESS": "",
    # How the service writes what it does, on stderr: "text" for people, "json" for programs.
    "LOG": "text",
    # Whether requests are counted for Prometheus, which asks /metrics on this machine; needs fitservice[metrics].
    "METRICS": False,
    # A form body larger than this is refused unread: 256 KiB.
    "MAX_CONTENT_LENGTH": 256 * 1024,
    # The names under which the service answers; another Host header is refused. Add its public name behind a proxy.
    "TRUSTED_HOSTS": ["127.0.0.1", "localhost"],
    "BOOTSTRAP_SERVE_LOCAL": True,
    "BABEL_DEFAULT_LOCALE": "nb",
    "BABEL_DEFAULT_TIMEZONE": "Europe/Oslo",
    "SESSION_COOKIE_NAME": "fitservice",
    "SESSION_COOKIE_SAMESITE": "Lax",
    # Set to true behind a proxy with TLS: then browsers use no plain HTTP any more, and no other site sets our cookie.
    "BEHIND_TLS": False,
    # So many proxies of yours stand in front; each adds the address that it saw to X-Forwarded-For. 0 believes none.
    "PROXIES": 0,
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
    # the keys of the record are no setting: keys.py alone reads them
    app.config.pop("KEYS", None)
    app.config.update(overrides or {})
    # whatever FLASK_DEBUG says: pages of a fault would tell what must not be told
    app.config["DEBUG"] = False
    _validate(app)
    _set_cookie(app.config)
    Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config["DATABASE"] = str(Path(app.instance_path) / "fitservice.db")
    app.config["SECRET_KEY"] = app.config.get("SECRET_KEY") or _secret_key(Path(app.instance_path))


def _validate(app: Flask) -> None:
    if "COVERAGE_THRESHOLD" in app.config:
        raise SettingsError("COVERAGE_THRESHOLD is no setting any more: the agency decides it on its page Register")

    if app.config["SESSION_COOKIE_SECURE"]:
        raise SettingsError("SESSION_COOKIE_SECURE is no setting any more: set BEHIND_TLS to true instead")
    for name in ("BEHIND_TLS", "SMTP_STARTTLS", "METRICS"):
        if not isinstance(app.config[name], bool):
            raise SettingsError(f"{name} must be true or false, not {app.config[name]!r}")
    if app.config["METRICS"] and find_spec("prometheus_client") is None:
        raise SettingsError("METRICS needs a library that is not here: pip install 'fitservice[metrics]'")
    if app.config["SMALL_COUNT"] == 1:
        raise SettingsError("SMALL_COUNT must be at least 2: 1 would hide nothing")
    for name in (
        "SMALL_COUNT",
        "IDLE_MINUTES",
        "SIGN_IN_HOURS",
        "LINK_HOURS",
        "API_REQUESTS_A_MINUTE",
        "AUDIT_YEARS",
        "PARTICIPATION_MONTHS",
        "RETENTION_YEARS",
        "UNUSED_DAYS",
    ):
        value = app.config[name]
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise SettingsError(f"{name} must be a whole number of at least 1, not {value!r}")
    proxies = app.config["PROXIES"]
    if isinstance(proxies, bool) or not isinstance(proxies, int) or not 0 <= proxies <= 9:
        raise SettingsError(f"PROXIES must be a whole number from 0 to 9, not {proxies!r}")
    if app.config["LOG"] not in ("text", "json"):
        raise SettingsError(f'LOG must be "text" or "json", not {app.config["LOG"]!r}')
    for name, what in (
        ("AUDIT_HEADS", "the path of a file"),
        ("BACKUPS", "the path of a folder"),
        ("BACKUP_RECIPIENT", "a public key of the age format (age1…)"),
    ):
        if not isinstance(app.config[name], str):
            raise SettingsError(f"{name} must be {what}: write it between double quotation marks")
    _validate_oidc(app.config)
    roles = app.config["TOTP_ROLES"]
    if not isinstance(roles, list) or not set(map(str, roles)) <= set(STAFF_ROLES):
        raise SettingsError(f"TOTP_ROLES must be a list of roles ({', '.join(STAFF_ROLES)}), not {roles!r}")
    _validate_mail(app.config)


def _set_cookie(config: dict[str, Any]) -> None:
    """The cookie of the whole service and of no other host; __Host- makes browsers see to that, on TLS alone."""
    config.update(SESSION_COOKIE_PATH="/", SESSION_COOKIE_DOMAIN=None, SESSION_COOKIE_HTTPONLY=True)
    if config["BEHIND_TLS"]:
        config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME=f"__Host-{config['SESSION_COOKIE_NAME']}")


def _validate_oidc(config: Mapping[str, Any]) -> None:
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "OIDC_CLAIM")
    for name in names:
        if not isinstance(config[name], str):
            raise SettingsError(f"{name} must be text: write it between double quotation marks")
    if config["PASSWORDS"] not in ("all", "break_glass"):
        raise SettingsError(f'PASSWORDS must be "all" or "break_glass", not {config["PASSWORDS"]!r}')
    if not config["OIDC_ISSUER"]:
        if config["PASSWORDS"] != "all":
            raise SettingsError("PASSWORDS can only be break_glass where OIDC_ISSUER is set: nobody could sign in")
        return
    if not is_service_address(config["OIDC_ISSUER"]) or not is_protected(config["OIDC_ISSUER"]):
        raise SettingsError("OIDC_ISSUER must be an address such as https://login.example.org, and on TLS")
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_CLAIM", "OIDC_ROLES"):
        if not config[name]:
            raise SettingsError(f"{name} must be set, because OIDC_ISSUER is")
    try:
        parse_mapping(config["OIDC_ROLES"])
    except ValueError as error:
        raise SettingsError(f"OIDC_ROLES: {error}") from None


def _validate_mail(config: Mapping[str, Any]) -> None:
    for name in ("SMTP_HOST", "SMTP_USERNAME", "SMTP_PASSWORD", "MAIL_FROM", "SERVICE_ADDRESS"):
        # a password of digits is read as a number; it is not said again
        if not isinstance(config[name], str):
            raise SettingsError(f"{name} must be text: write it between double quotation marks")
    if not config["SMTP_HOST"]:
        return
    port = config["SMTP_PORT"]
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
        raise SettingsError(f"SMTP_PORT must be a whole number from 1 to 65535, not {port!r}")
    for name, fits, example in (
        ("MAIL_FROM", is_email, "fitservice@example.org"),
        ("SERVICE_ADDRESS", is_service_address, "https://fitservice.example.org"),
    ):
        if not fits(config[name]):
            raise SettingsError(f"{name} must be an address such as {example}, not {config[name]!r}")
    if bool(config["SMTP_USERNAME"]) != bool(config["SMTP_PASSWORD"]):
        raise SettingsError("SMTP_USERNAME and SMTP_PASSWORD go together: set both or neither")
    if config["SMTP_USERNAME"] and not config["SMTP_STARTTLS"]:
        raise SettingsError("SMTP_USERNAME needs SMTP_STARTTLS: the password would be sent unencrypted")


def _secret_key(folder: Path) -> str:
    """The key that signs cookies: made at the first start, readable by its owner alone."""
    path = folder / "secret_key"
    write_once(path, secrets.token_hex(32))
    return path.read_text()
