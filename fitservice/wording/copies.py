"""A copy of one's own data, in words: headings and labels in the three languages in which a service user is asked."""

from fitservice.instruments.instrument import Texts


def _texts(nb: str, nn: str, en: str) -> Texts:
    return {"nb": nb, "nn": nn, "en": en}


_WORDS = {
    "title": _texts("Kopi av det som er lagret om deg", "Kopi av det som er lagra om deg", "What is stored about you"),
    "file": _texts("kopi", "kopi", "copy"),
    "service_user": _texts("Hvem du er her", "Kven du er her", "Who you are here"),
    "reference": _texts("Referanse", "Referanse", "Reference"),
    "name": _texts("Navn", "Namn", "Name"),
    "birth_year": _texts("Fødselsår", "Fødselsår", "Year of birth"),
    "asked_in": _texts("Språk", "Språk", "Language"),
    "contact": _texts("Kontaktperson", "Kontaktperson", "Contact"),
    "corrections": _texts("Rettet før", "Retta før", "Corrected before"),
    "enrolments": _texts("Oppfølging", "Oppfølging", "Follow-up"),
    "sessions": _texts("Samtaler og svar", "Samtalar og svar", "Sessions and answers"),
    "participation": _texts("At du er informert og deltar", "At du er informert og deltek", "That you take part"),
    "discussions": _texts("Drøftet i tjenesten", "Drøfta i tenesta", "Discussed by the service"),
    "screens": _texts("Skjermen du svarte på", "Skjermen du svara på", "The screen that you answered on"),
    "erasures": _texts("Ønsker om sletting", "Ønske om sletting", "Requests for erasure"),
    "access_given": _texts("Hvem som har fått innsyn", "Kven som har fått innsyn", "Who was given access"),
    "blocks": _texts("Hvem det er stengt for", "Kven det er stengt for", "To whom it is closed"),
    "all_but_contact": _texts(
        "alle andre enn kontaktpersonen", "alle andre enn kontaktpersonen", "everybody but the contact"
    ),
    "home": _texts("bydel", "bydel", "district"),
    "end_reason": _texts("grunn til at den er opphevet", "grunn til at ho er oppheva", "reason for its end"),
    "looked": _texts("Hvem som har sett det", "Kven som har sett det", "Who has looked"),
    "none": _texts("Ingenting.", "Ingenting.", "Nothing."),
    "held_on": _texts("Dag", "Dag", "Day"),
    "from": _texts("fra", "frå", "from"),
    "to": _texts("til", "til", "to"),
    "life_satisfaction": _texts("livskvalitet (1–7)", "livskvalitet (1–7)", "life satisfaction (1–7)"),
    "life_satisfaction_1_10": _texts("livskvalitet (1–10)", "livskvalitet (1–10)", "life satisfaction (1–10)"),
    "missing_reason": _texts("ikke svar", "ikkje svar", "no answer"),
    "declined": _texts("ville ikke", "ville ikkje", "did not want to"),
    "not_able": _texts("klarte ikke", "klarte ikkje", "was not able to"),
    "no_time": _texts("ikke tid", "ikkje tid", "no time"),
    "not_asked": _texts("ikke spurt", "ikkje spurt", "not asked"),
    "outcome_personal": _texts("meg selv", "meg sjølv", "myself"),
    "outcome_close": _texts("nære forhold", "nære forhold", "close relations"),
    "outcome_social": _texts("sosialt og arbeid", "sosialt og arbeid", "social life and work"),
    "outcome_overall": _texts("alt i alt", "alt i alt", "all in all"),
    "alliance_heard": _texts("samtalen: hørt", "samtalen: høyrd", "session: heard"),
    "alliance_topics": _texts("samtalen: tema", "samtalen: tema", "session: topics"),
    "alliance_approach": _texts("samtalen: måten", "samtalen: måten", "session: way of working"),
    "alliance_overall": _texts("samtalen: alt i alt", "samtalen: alt i alt", "session: all in all"),
    "note": _texts("notat", "notat", "note"),
    "next_step": _texts("neste steg", "neste steg", "next step"),
    "mode": _texts("svart", "svart", "answered"),
    "conversation": _texts("i samtalen", "i samtalen", "in the session"),
    "tablet": _texts("på skjerm", "på skjerm", "on the screen"),
    "paper": _texts("på papir", "på papir", "on paper"),
    "withdrawn": _texts("trukket tilbake", "trekt tilbake", "withdrawn"),
    "given": _texts("informert og deltar", "informert og deltek", "informed and take part"),
    "orally": _texts("sagt", "sagt", "said"),
    "in_writing": _texts("skriftlig", "skriftleg", "in writing"),
    "text_version": _texts("tekst", "tekst", "text"),
    "recorded_by": _texts("av", "av", "by"),
    "reason": _texts("grunn", "grunn", "reason"),
    "earlier": _texts("Før", "Før", "Before"),
    "ended": _texts("avsluttet", "avslutta", "ended"),
    "noted": _texts("notat endret", "notat endra", "note changed"),
    "completed": _texts("svar lagt til", "svar lagde til", "answers added"),
    "answered_again": _texts("svart på nytt", "svart på nytt", "answered again"),
    "erased": _texts("slettet", "sletta", "erased"),
    "dropped": _texts("trukket tilbake", "trekt tilbake", "dropped"),
}


def copy_words(key: str, language: str) -> str:
    """A heading, label or value of the copy."""
    return _WORDS[key][language]


def value_words(value: str, language: str) -> str:
    """A code in words; what somebody wrote stays as it is."""
    return _WORDS[value][language] if value in _WORDS else value
