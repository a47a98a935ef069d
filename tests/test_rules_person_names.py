"""A name is letters; it is found by its words, however they are written."""

import pytest
from factories import identity_number

from fitservice.model import Invalid
from fitservice.rules.person_names import Likeness, account_name, family_words, likeness, name_words, parse_person_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Kari Nordmann", "Kari Nordmann"),
        ("  Kari \t Nordmann ", "Kari Nordmann"),
        ("Anne-Marie O’Brien", "Anne-Marie O’Brien"),
        ("Åse B. Øyen", "Åse B. Øyen"),
        ("A\u030ase", "Åse"),
        ("नमस्ते", "नमस्ते"),
        ("Martin Luther jr.", "Martin Luther jr."),
        ("x" * 100, "x" * 100),
    ],
)
def test_names_are_kept_as_they_are_written(typed, kept):
    assert parse_person_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("x" * 101, "too_long"),
        ("Kari 2", "not_a_person_name"),
        ("=Kari", "not_a_person_name"),
        ("<b>", "not_a_person_name"),
        ("-", "not_a_person_name"),
        ("Kari\u202eNordmann", "not_a_person_name"),
        (f"Kari {identity_number()}", "identity_number"),
    ],
)
def test_what_is_no_name_is_refused(typed, code):
    with pytest.raises(Invalid) as refused:
        parse_person_name(typed)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kari Nordmann", ["kari", "nordmann"]),
        ("Anne-Marie O’Brien", ["anne", "marie", "o'brien"]),
        ("ÅSE B. ØYEN", ["åse", "b", "øyen"]),
        ("Ａ\u030ase åse", ["åse"]),
        (" - ", []),
    ],
)
def test_the_words_of_a_name(text, words):
    assert name_words(text) == words


@pytest.mark.parametrize(
    ("text", "name", "family"),
    [
        ("Kari Nordmann", "Kari Nordmann", ["nordmann"]),
        ("Nordmann, Kari", "Kari Nordmann", ["nordmann"]),
        ("Kari Nordmann (vikar)", "Kari Nordmann", ["nordmann"]),
        ("Nordmann, Kari [Alna]", "Kari Nordmann", ["nordmann"]),
        ("Kari Berg Hansen", "Kari Berg Hansen", ["hansen"]),
        ("Kari Berg-Hansen", "Kari Berg-Hansen", ["berg", "hansen"]),
        ("Kari", "Kari", ["kari"]),
        ("(vikar)", "", []),
        ("", "", []),
    ],
)
def test_the_family_name_of_an_account(text, name, family):
    assert account_name(text) == name
    assert family_words(account_name(text)) == family


@pytest.mark.parametrize(
    ("own", "other", "alike"),
    [
        ("Kari Nordmann", "Ola Nordmann", Likeness.FAMILY),
        ("Kari Nordmann", "OLA NORDMANN", Likeness.FAMILY),
        ("Kari Nordmann", "Kari Nordmann", Likeness.FULL),
        ("Kari Nordmann", "Nordmann Kari", Likeness.FULL),
        ("Kari Nordmann", "Nordmann", Likeness.FAMILY),
        ("Kari Berg-Hansen", "Ola Berg", Likeness.FAMILY),
        ("Kari Hansen", "Ola Berg-Hansen", Likeness.FAMILY),
        ("Kari Anne Nordmann", "Kari Nordmann", Likeness.FAMILY),
        # a given name alone is no likeness, nor a family name that is somebody's given name
        ("Kari Nordmann", "Kari Hansen", None),
        ("Kari Anders", "Anders Hansen", None),
        ("Kari Hansen", "Ola Hansen Berg", None),
        # an account that says a single word is like nothing but that word
        ("Kari", "Ola Kari", None),
        ("Kari", "Kari", Likeness.FULL),
        ("", "", None),
    ],
)
def test_how_two_names_are_alike(own, other, alike):
    assert likeness(own, other) is alike
