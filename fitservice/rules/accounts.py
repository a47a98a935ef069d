"""What an account may hold."""

from fitservice.addresses import is_email
from fitservice.model import Invalid, Problem
from fitservice.rules.answers import refuse_identity_number


def parse_email(text: str) -> str | None:
    """An e-mail address as it is stored; None where nothing was written, Invalid for what is none."""
    text = text.strip()
    if not text:
        return None
    if not is_email(text):
        raise Invalid(Problem("not_an_email", "email"))
    return refuse_identity_number(text)
