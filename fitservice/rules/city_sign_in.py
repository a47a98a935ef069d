"""What the city's own sign-in says of somebody: which role and district that is here, and under which username."""

import re
from collections.abc import Mapping
from typing import Any

from fitservice.city_roles import Place
from fitservice.model import Invalid, Problem
from fitservice.rules.answers import refuse_identity_number


def values_of(claim: object) -> set[str]:
    """The values of a claim, of one text or a list of them; nothing of anything else."""
    found = claim if isinstance(claim, list) else [claim]
    return {value for value in found if isinstance(value, str)}


def place_of(values: set[str], mapping: Mapping[str, Place]) -> Place:
    """The one role and district that these values give; Invalid if they give none or several."""
    places = {mapping[value] for value in values if value in mapping}
    if len(places) != 1:
        raise Invalid(Problem("no_role_given" if not places else "several_roles_given"))
    return places.pop()


def username_of(claims: Mapping[str, Any], subject_hash: str) -> str:
    """What the account is called here: as there if it can be, else a made-up one; never an identity number."""
    for name in ("preferred_username", "email"):
        said = claims.get(name)
        if isinstance(said, str) and re.fullmatch(r"[\w.@-]{2,60}", said, re.ASCII) and _harmless(said):
            return said
    return made_up(subject_hash)


def made_up(subject_hash: str) -> str:
    """A username that nobody has, from a hash."""
    return f"city-{subject_hash[:12]}"


def name_of(claims: Mapping[str, Any], username: str) -> str:
    """The name that colleagues see."""
    said = claims.get("name")
    name = " ".join(said.split())[:100].strip() if isinstance(said, str) else ""
    return name if name and name.isprintable() and _harmless(name) else username


def _harmless(text: str) -> bool:
    try:
        refuse_identity_number(text)
    except Invalid:
        return False
    return True
