"""What an account may hold."""

from fitservice.addresses import is_email
from fitservice.model import DISTRICT_ROLES, Invalid, Problem, Role
from fitservice.rules.answers import refuse_identity_number


def parse_email(text: str) -> str | None:
    """An e-mail address as it is stored; None where nothing was written, Invalid for what is none."""
    text = text.strip()
    if not text:
        return None
    if not is_email(text):
        raise Invalid(Problem("not_an_email", "email"))
    return refuse_identity_number(text)


def check_district(role: Role, district_id: int | None) -> None:
    """Invalid unless district staff have a district, and the others none."""
    if (role in DISTRICT_ROLES) != (district_id is not None):
        raise Invalid(Problem("role_needs_district" if role in DISTRICT_ROLES else "no_district", "district"))


def parse_reason(text: str) -> str:
    """Why an account was changed: one line of 3 to 200 characters without a national identity number."""
    text = refuse_identity_number(" ".join(text.split()))
    if not text:
        raise Invalid(Problem("required", "reason"))
    if not 3 <= len(text) <= 200 or not text.isprintable():
        raise Invalid(Problem("not_a_line", "reason"))
    return text
