"""A name is letters; it is found by its words, however they are written."""

import pytest
from factories import identity_number

from fitservice.model import Invalid
from fitservice.rules.person_names import name_words, parse_person_name


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
