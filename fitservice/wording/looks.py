"""Who looked, in plain words: acts and roles in the three languages in which a service user can be asked.

Staff read the same words: a list that says something else to the person whom it is about would be two lists.
"""

from flask_babel import lazy_gettext as _

from fitservice.instruments.instrument import Texts
from fitservice.model import Role
from fitservice.rules.look_ups import Why
from fitservice.wording import in_language


def _texts(nb: str, nn: str, en: str) -> Texts:
    return {"nb": nb, "nn": nn, "en": en}


_ACTS = {
    "see_service_user": _texts("åpnet siden", "opna sida", "opened the page"),
    "see_session": _texts("åpnet en samtale", "opna ein samtale", "opened a session"),
    "print_sheet": _texts("åpnet arket til utskrift", "opna arket til utskrift", "opened the sheet to print"),
    "see_who_looked": _texts("så hvem som har sett", "såg kven som har sett", "saw who had looked"),
    "see_look_ups": _texts("så hvem som har sett", "såg kven som har sett", "saw who had looked"),
    "add_service_user": _texts("la inn referansen", "la inn referansen", "added the reference"),
    "set_asked_in": _texts("endret språket", "endra språket", "changed the language"),
    "set_caseworker": _texts("endret kontaktpersonen", "endra kontaktpersonen", "changed the contact"),
    "set_name": _texts("skrev eller tok bort navnet", "skreiv eller tok bort namnet", "wrote or removed the name"),
    "correct_service_user": _texts(
        "rettet referanse eller fødselsår", "retta referanse eller fødselsår", "corrected reference or year of birth"
    ),
    "copy_own_data": _texts("tok ut en kopi til deg", "tok ut ein kopi til deg", "made a copy for you"),
    "see_access": _texts(
        "så hvem som har fått innsyn", "såg kven som har fått innsyn", "looked at who has been given access"
    ),
    "give_access": _texts(
        "ga en ansatt i en annen bydel innsyn",
        "gav ein tilsett i ein annan bydel innsyn",
        "gave somebody in another district access",
    ),
    "end_access": _texts("avsluttet et innsyn", "avslutta eit innsyn", "ended an access"),
    "block_record": _texts("sperret for ansatte", "sperra for tilsette", "closed it to members of staff"),
    "end_block": _texts("opphevet en sperring", "oppheva ei sperring", "ended a block"),
    "see_erasures": _texts("så på sletting", "såg på sletting", "looked at erasure"),
    "ask_erasure": _texts("ba om sletting", "bad om sletting", "asked for erasure"),
    "drop_erasure": _texts("trakk tilbake ønsket om sletting", "trekte tilbake ønsket om sletting", "dropped erasure"),
    "erase": _texts("slettet", "sletta", "erased"),
    "see_participation": _texts(
        "åpnet det om informert deltakelse", "opna det om informert deltaking", "opened what is kept on taking part"
    ),
    "give_participation": _texts(
        "noterte at du er informert og deltar",
        "noterte at du er informert og deltek",
        "noted that you were informed and take part",
    ),
    "withdraw_participation": _texts(
        "noterte at du har trukket deg", "noterte at du har trekt deg", "noted that you have withdrawn"
    ),
    "add_enrolment": _texts("la inn ny oppfølging", "la inn ny oppfølging", "added a follow-up"),
    "end_enrolment": _texts("avsluttet oppfølgingen", "avslutta oppfølginga", "ended the follow-up"),
    "correct_enrolment": _texts("rettet dager for oppfølging", "retta dagar for oppfølging", "corrected days"),
    "record_session": _texts("registrerte en samtale", "registrerte ein samtale", "recorded a session"),
    "correct_session": _texts("rettet en samtale", "retta ein samtale", "corrected a session"),
    "note_session": _texts(
        "skrev notat eller neste steg", "skreiv notat eller neste steg", "wrote a note or next step"
    ),
    "hand_over": _texts("overlot skjermen", "gav frå seg skjermen", "handed the screen over"),
    "take_back": _texts("tok skjermen tilbake", "tok skjermen tilbake", "took the screen back"),
    "take_back_refused": _texts(
        "prøvde å ta skjermen tilbake", "prøvde å ta skjermen tilbake", "tried to take the screen back"
    ),
    "discuss": _texts("merket som drøftet", "merkte som drøfta", "marked as discussed"),
}
_OTHER = _texts("brukte opplysningene", "brukte opplysningane", "used what is stored")

_ROLES = {
    Role.CASEWORKER: _texts("saksbehandler", "saksbehandlar", "caseworker"),
    Role.TEAM_LEAD: _texts("teamleder", "teamleiar", "team lead"),
    Role.OPERATOR: _texts("drift av systemet", "drift av systemet", "runs the system"),
}
_OTHER_ROLE = _texts("annen ansatt", "annan tilsett", "other staff")

_SHEET = {
    "title": _texts(
        "Hvem har sett det som er lagret om deg", "Kven har sett det som er lagra om deg", "Who has looked"
    ),
    "file": _texts("hvem-har-sett", "kven-har-sett", "who-has-looked"),
    "since": _texts("Siste år, fra", "Siste året, frå", "The last year, from"),
    "logged": _texts(
        "Hver gang noen åpner eller endrer det som er lagret om deg, blir det notert. Det nyeste står først.",
        "Kvar gong nokon opnar eller endrar det som er lagra om deg, blir det notert. Det nyaste står først.",
        "Each time somebody opens or changes what is stored about you, it is noted. The newest comes first.",
    ),
    "lists": _texts(
        "Når referansen din bare sto i en liste sammen med andre, er det ikke med her.",
        "Når referansen din berre stod i ei liste saman med andre, er det ikkje med her.",
        "When your reference only stood in a list together with others, it is not included here.",
    ),
    "ask": _texts(
        "Lurer du på noe? Spør den du snakker med, eller teamlederen.",
        "Lurer du på noko? Spør den du snakkar med, eller teamleiaren.",
        "Is there something you wonder about? Ask whoever you talk with, or the team lead.",
    ),
    "none": _texts(
        "Ingen har åpnet det i denne tiden.", "Ingen har opna det i denne tida.", "Nobody has opened it in this time."
    ),
    "day": _texts("Dag", "Dag", "Day"),
    "who": _texts("Hvem", "Kven", "Who"),
    "role": _texts("Rolle", "Rolle", "Role"),
    "what": _texts("Hva", "Kva", "What"),
}


def act_words(act: str, language: str | None = None) -> str:
    """What somebody did with a service user's record; in general words where the act has none of its own."""
    return in_language(_ACTS.get(act, _OTHER), language)


def role_words(role: str, language: str | None = None) -> str:
    """Who somebody is to the service, in lower case."""
    known = {each.value: texts for each, texts in _ROLES.items()}
    return in_language(known.get(role, _OTHER_ROLE), language)


def sheet_words(key: str, language: str) -> str:
    """A text of the list that a service user gets."""
    return _SHEET[key][language]


_WHY = {
    Why.OUTSIDE: _("From outside the district"),
    Why.MANY: _("Many service users in one hour"),
    Why.ODD_HOURS: _("At night or in a weekend"),
    Why.NOT_OWN: _("Somebody else is the contact"),
    Why.OWN_NAME: _("The record has the same full name"),
    Why.FAMILY_NAME: _("The same family name"),
}


def why_name(why: Why) -> str:
    """Why a look-up is worth asking about, in a few words."""
    return str(_WHY[why])
