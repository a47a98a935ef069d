"""Whether the settings suit real persons, and what anything that was looked at amounts to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

HERE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Checked:
    """What was looked at, and whether it is well; known is what the words about it say."""

    about: str
    well: bool
    known: Mapping[str, object] = field(default_factory=dict)


def check_settings(config: Mapping[str, Any], *, is_demo: bool) -> Iterator[Checked]:
    """Settings that are good enough for a demo and not for real persons."""
    names = [name for name in config["TRUSTED_HOSTS"] if name not in HERE]
    # whoever comes in through the city's own sign-in has its second step
    yield Checked("second_step", is_demo or bool(config["TOTP_ROLES"] or config["OIDC_ISSUER"]))
    yield Checked("tls", bool(config["BEHIND_TLS"]) or not names, {"names": ", ".join(names)})
    yield Checked("proxies", bool(config["PROXIES"]) or not config["BEHIND_TLS"])
    yield Checked("backups", is_demo or bool(config.get("BACKUPS")))
