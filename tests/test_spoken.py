"""What is said to the service user: three languages per text, the same places in each, plain words."""

import re
from datetime import date
from string import Formatter

import pytest

from fitservice.model import ASKED_IN
from fitservice.spoken import TEXTS, say, short_day, spoken_day, spoken_number


def places(text: str) -> list[str]:
    """The names of what is filled in."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_stands_in_three_languages_with_the_same_places(key):
    text = TEXTS[key]
    assert set(text) == set(ASKED_IN)
    assert all(isinstance(words, str) and words.strip() == words != "" for words in text.values())
    assert len({tuple(places(words)) for words in text.values()}) == 1


@pytest.mark.parametrize("key", TEXTS)
def test_a_place_has_a_name_and_nothing_else(key):
    for words in TEXTS[key].values():
        parsed = [part for part in Formatter().parse(words) if part[1] is not None]
        assert all(name.isidentifier() and not form and not turned for _, name, form, turned in parsed)


@pytest.mark.parametrize("language", ASKED_IN)
def test_the_words_are_plain(language):
    # LIX: words a sentence, and the share of words of more than six letters; under 35 is easy (Björnsson 1968)
    sentences = [part for text in TEXTS.values() for part in re.split(r"[.:]\s+|[.:]$", text[language]) if part]
    words = [word for sentence in sentences for word in re.findall(r"[^\W\d]+", re.sub(r"{\w+}", "", sentence))]
    long = sum(len(word) > 6 for word in words)
    assert len(words) / len(sentences) + 100 * long / len(words) < 30


def test_a_text_is_said_in_the_asked_language():
    assert say("sheet.latest.one", "nb", day="1. juni 2026", score="5") == "Sist, 1. juni 2026, svarte du 5."
    assert say("sheet.latest.one", "nn", day="1. juni 2026", score="5") == "Sist, 1. juni 2026, svara du 5."


@pytest.mark.parametrize(
    ("key", "language", "known"),
    [("sheet.nothing", "nb", {}), ("sheet.title", "de", {}), ("sheet.latest.one", "nb", {"day": "1. juni 2026"})],
)
def test_what_cannot_be_said_is_a_mistake_of_the_code(key, language, known):
    with pytest.raises(KeyError):
        say(key, language, **known)


def test_what_is_filled_in_is_never_read_as_a_place():
    assert "{day.year}" in say("sheet.latest.one", "nb", day="{day.year}", score="5")


@pytest.mark.parametrize(
    ("language", "day", "short", "number"),
    [
        ("nb", "1. mars 2026", "01.03.2026", "30,5"),
        ("nn", "1. mars 2026", "01.03.2026", "30,5"),
        ("en", "1 March 2026", "1 Mar 2026", "30.5"),
    ],
)
def test_days_and_numbers_are_in_words_of_the_language(language, day, short, number):
    assert spoken_day(date(2026, 3, 1), language) == day
    assert short_day(date(2026, 3, 1), language) == short
    assert spoken_number(30.5, 1, language) == number
    assert spoken_number(7, 0, language) == "7"
