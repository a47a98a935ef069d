"""The setting OIDC_ROLES: which role and district each value of a claim of the city's sign-in gives here."""

import re
from collections.abc import Mapping

from fitservice.model import DISTRICT_ROLES, STAFF_ROLES, Role

Place = tuple[Role, str | None]
"""A role, and the code of its district where it has one."""


def parse_mapping(mapping: object) -> dict[str, Place]:
    """Each value of the claim with its role and district code; ValueError says what is wrong.

    {"fit-alna-leads": ["team_lead", "030112"], "fit-admins": ["administrator"]}
    """
    if not isinstance(mapping, Mapping):
        raise ValueError("it must be a dictionary")
    return {_text(value): _place(value, place) for value, place in mapping.items()}


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} must be text")
    return value


def _place(value: str, place: object) -> Place:
    parts = list(place) if isinstance(place, list | tuple) else [place]
    if not 1 <= len(parts) <= 2 or parts[0] not in STAFF_ROLES:
        raise ValueError(f"{value!r} must give a role, one of {', '.join(STAFF_ROLES)}")
    role, district = Role(str(parts[0])), parts[1] if len(parts) == 2 else None
    if role in DISTRICT_ROLES and not re.fullmatch(r"0301(0[1-9]|1[0-5])", str(district)):
        raise ValueError(f"{value!r}: {role} needs a district's code, 030101 to 030115")
    if role not in DISTRICT_ROLES and district is not None:
        raise ValueError(f"{value!r}: {role} has no district")
    return role, None if district is None else str(district)
