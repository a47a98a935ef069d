"""What the service user reads, beside the questions: in bokmål, nynorsk and English, whatever the interface speaks."""

import tomllib
from functools import cache

from fitservice.resources import PACKAGE


def say(key: str, language: str, **known: object) -> str:
    """The text of that key, such as 'hand_over.next', in 'nb', 'nn' or 'en', with what it needs filled in."""
    section, name = key.split(".")
    return str(_texts()[section][name][language]).format(**known)


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((PACKAGE / "translations" / "service_user.toml").read_text(encoding="utf-8"))
