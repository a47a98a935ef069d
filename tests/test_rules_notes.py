"""A note says what was agreed, and never of whom it speaks."""

import pytest
from factories import identity_number

from fitservice.model import Invalid
from fitservice.rules.given_names import ALSO_WORDS, GIVEN_NAMES
from fitservice.rules.notes import parse_note, parse_reason, parse_words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Avtalt time hos NAV på tirsdag", "Avtalt time hos NAV på tirsdag"),
        ("  Snakket om bolig.   Ønsker LAR. ", "Snakket om bolig. Ønsker LAR."),
        ("Vil treffe Blå Kors i mars", "Vil treffe Blå Kors i mars"),
        ("Dag for dag. Sover 3–4 timer.", "Dag for dag. Sover 3–4 timer."),
        ("Time 12.03.2026 kl. 10.30", "Time 12.03.2026 kl. 10.30"),
        ("Gjeld på 120 000 kr, vil til Groruddalen", "Gjeld på 120 000 kr, vil til Groruddalen"),
        ("Ringer 2026-03-12 kl 10:30", "Ringer 2026-03-12 kl 10:30"),
        ("Wants to see a doctor on Monday, I think", "Wants to see a doctor on Monday, I think"),
        ("Noko anna, jan eller februar", "Noko anna, jan eller februar"),
        ("Mor er med neste gang", "Mor er med neste gang"),
        *(
            (line, line)
            for line in (
                "Går på AA-møter og i IPS-gruppa",
                "Ringer ROP-tjenesten. Time på Ahus",
                "I'll call, I'm sure",
                "Bruker Metadon, vil bytte til Subutex",
                "Fekk svar frå Helse Sør-Øst",
                "Har vore i Noreg i ti år",
                "Reiser til Trondheim 12.03.26",
                "Leie 4500 fra 01.01. Bra.",
            )
        ),
    ],
)
def test_ordinary_words_are_kept(text, line):
    assert parse_note(text) == line


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kari ringte", "note_name"),
        ("ringte til kari", "note_name"),
        ("Snakket med mor og med Ola", "note_name"),
        ("Møtte Karis lege", "note_name"),
        ("Anna ringte", "note_name"),
        ("Fulgt av saksbehandler Gundersen", "note_name"),
        ("ÅSE", "note_name"),
        ("ringte Bjørn-Erik", "note_name"),
        ("Fastlege dr. Hansen", "note_name"),
        ("K. Wiik på NAV", "note_name"),
        ("fastlege hansen ringte", "note_name"),
        ("Ringte: Johansen", "note_name"),
        ("ola.n@example.com", "note_address"),
        ("@olan96 på nett", "note_address"),
        ("Traff Sør-Wiik", "note_name"),
        ("født 12.03.85", "note_number"),
        ("12.03.8512345", "note_number"),
        ("Tlf 912 34 567", "note_number"),
        ("sak 2026001234", "note_number"),
        (f"fnr {identity_number()}", "identity_number"),
        ("a" * 141, "too_long"),
        ("usynlig\u200btegn", "not_printable"),
        # letters that are not seen
        ("\u3164\u3164\u3164", "not_printable"),
        ("av\u115f\u1160\uffa0talt", "not_printable"),
    ],
)
def test_names_and_numbers_are_refused(text, code):
    with pytest.raises(Invalid, match=f"^{code}$"):
        parse_note(text)


def test_the_names_are_in_small_letters_and_those_that_are_words_are_among_them():
    assert all(name == name.casefold() for name in GIVEN_NAMES)
    assert ALSO_WORDS < GIVEN_NAMES


def test_the_refusal_names_the_word():
    with pytest.raises(Invalid) as refusal:
        parse_note("Ringte Kari i dag")
    assert refusal.value.problems[0].known == {"word": "Kari"}


@pytest.mark.parametrize("text", ["Ute", "x" * 300, "12 av 20 var på ferie"])
def test_why_a_finding_is_dismissed_may_be_longer_than_a_note(text):
    assert parse_reason(f" {text} ") == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "required"),
        (" ", "required"),
        ("ok 12 34", "too_short"),
        ("x" * 301, "too_long"),
        ("Avtalt med Kari", "note_name"),
        ("Ring 22 33 44 55", "note_number"),
        (identity_number(), "identity_number"),
    ],
)
def test_and_is_refused_like_a_note_or_for_saying_nothing(text, problem):
    with pytest.raises(Invalid) as refused:
        parse_reason(text, "reason")
    assert [(one.code, one.field) for one in refused.value.problems] == [(problem, "reason")]
    assert parse_words(None) is parse_words(" ") is None
