"""Access that was given and records that are blocked, in the three languages in which a service user can be asked."""

from fitservice.instruments.instrument import Texts


def _texts(nb: str, nn: str, en: str) -> Texts:
    return {"nb": nb, "nn": nn, "en": en}


_SAID = {
    "holds": _texts(
        "{who} har fått lov av {giver} til å lese det til og med {last}. Grunn: {reason}",
        "{who} har fått lov av {giver} til å lese det til og med {last}. Grunn: {reason}",
        "{giver} has let {who} read it until {last}. Reason: {reason}",
    ),
    "held": _texts(
        "{who} hadde lov til å lese det fra {first} til {last}. Grunn: {reason}",
        "{who} hadde lov til å lese det frå {first} til {last}. Grunn: {reason}",
        "{who} was let in to read it from {first} to {last}. Reason: {reason}",
    ),
    "shut_out": _texts(
        "{who} fikk lov av {giver} til å lese det, men det er stengt nå. Grunn: {reason}",
        "{who} fekk lov av {giver} til å lese det, men det er stengt no. Grunn: {reason}",
        "{giver} let {who} in to read it, but it is closed to them now. Reason: {reason}",
    ),
    "leads_only": _texts(
        "I {district} kan bare teamlederne se det.",
        "I {district} kan berre teamleiarane sjå det.",
        "In {district} only the team leads can see it.",
    ),
    "contact_only": _texts(
        "I {district} kan bare kontaktpersonen din og teamlederne se det.",
        "I {district} kan berre kontaktpersonen din og teamleiarane sjå det.",
        "In {district} only your contact and the team leads can see it.",
    ),
    "closed_to": _texts("Det er stengt for {names}.", "Det er stengt for {names}.", "It is closed to {names}."),
    "let_in": _texts("fikk lese det: {reason}", "fekk lese det: {reason}", "was let in: {reason}"),
}


def access_words(key: str, language: str, **known: str) -> str:
    """A sentence of the sheet with what is known put in its places."""
    return _SAID[key][language].format(**known)


def let_in(reason: str, language: str) -> str:
    """Why somebody from elsewhere could look, to stand behind what they did."""
    return access_words("let_in", language, reason=reason)
