"""What 'doctor' found, in plain words: what is well, or what to look at and what to do."""

from flask_babel import gettext as _

from fitservice.rules.health import Checked


def checked_text(checked: Checked) -> str:
    """One line, without the mark in front."""
    known = dict(checked.known)
    return (_well(known) if checked.well else _wrong(known))[checked.about]


def _well(known: dict[str, object]) -> dict[str, str]:
    return {
        "permissions": _("Files: only their owner can read them."),
        "disk": _("Disk: %(free)s MB are free.", **{"free": 0, **known}),
        "database": _("Database: it opens."),
        "migrations": _("Database: it is up to date."),
        "instruments": _("Figures: they were counted by the instruments that are installed."),
        "keys": _("Keys: they are here for all that is sealed."),
        "triggers": _("Database: everything that guards it is in place."),
        "foreign": _("Database: there is nothing in it that is not ours."),
        "clock": _("Clock: it is not behind the log."),
        "chain": _("Log: %(rows)s rows were read, and every one is in its place.", **{"rows": 0, **known}),
        "counters": _("Figures: every count is what the sessions say."),
        "second_step": _("Second step: it is decided who must have it, or this is a demo."),
        "tls": _("TLS: the settings fit together."),
        "proxies": _("Proxies: the settings fit together."),
        "backups": _("Backups: they are set up, or this is a demo."),
    }


def _wrong(given: dict[str, object]) -> dict[str, str]:
    names = ("files", "free", "needed", "error", "missing", "names", "at", "count")
    known = dict.fromkeys(names, "") | given
    return {
        "permissions": _("Others can read or change these: %(files)s. Do: chmod go= and the name.", **known),
        "disk": _("Only %(free)s MB are free, and %(needed)s may be needed. Make room.", **known),
        "database": _("The database cannot be used: %(error)s. If it is missing, do: fitservice migrate", **known),
        "version": _(
            "The database was brought up to date by a later version, which knows %(names)s. Install that version.",
            **known,
        ),
        "migrations": _("The database is not up to date. Stop the service, and do: fitservice migrate"),
        "instruments": _("The instruments were changed since the figures were counted. Do: fitservice migrate"),
        "keys": _("Keys are missing: %(missing)s. Put them back; without them nothing sealed can be read.", **known),
        "triggers": _("Missing or changed: %(names)s. Somebody changed the database past the service.", **known),
        "foreign": _("This is not ours: %(names)s. Find out who made it.", **known),
        "clock": _("The newest row of the log is from %(at)s, which is still to come. Set the clock right.", **known),
        "chain": _("The log is not whole: %(count)s findings. Do: fitservice audit verify", **known),
        "counters": _("%(count)s counts differ from the sessions. Do: fitservice recount", **known),
        "second_step": _(
            "No role must have a second step. We advise TOTP_ROLES with administrator, agency_analyst and team_lead."
        ),
        "tls": _("The service answers as %(names)s, but BEHIND_TLS is off. Set it to true behind TLS.", **known),
        "proxies": _(
            "BEHIND_TLS is on and PROXIES is 0: wrong passwords are counted by the proxy's address, so that everybody "
            "would have to wait. Set PROXIES to the number of proxies."
        ),
        "backups": _("No backups are set up. Set BACKUPS, or see to it that they are taken another way."),
    }
