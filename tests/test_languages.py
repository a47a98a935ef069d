"""Two languages: no string untranslated, each number and date as its readers write it."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, nodes
from web import sign_in

from fitservice import wording
from fitservice.instruments import SHIPPED
from fitservice.languages import language_named
from fitservice.model import Change
from fitservice.wording import persons

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "fitservice/translations/nb/LC_MESSAGES/messages.po"


def catalogue() -> Catalog:
    """The Norwegian catalogue."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nb")


def texts() -> set[str | tuple[str, str]]:
    """Every text of the code and the templates."""
    method = [("fitservice/**.py", "python"), ("templates/**.html", "jinja2")]
    options = {"templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
    found = extract_from_dir(ROOT, method, options)
    return {tuple(message) if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def test_every_text_has_norwegian_words_and_no_words_are_left_over() -> None:
    norwegian = catalogue()
    known = {message.id: message for message in norwegian if message.id}
    assert set(known) == texts()
    for message in known.values():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms) and not message.fuzzy, message.id
        assert not list(message.check(norwegian)), message.id


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {str(tuple(m.id) if isinstance(m.id, list) else m.id): m.string for m in read_mo(file) if m.id}
    written = {str(m.id): m.string for m in catalogue() if m.id}
    assert {key: list(text) for key, text in compiled.items()} == {key: list(text) for key, text in written.items()}


def test_every_instrument_speaks_three_languages() -> None:
    for instrument in SHIPPED:
        for text in [instrument.title] + [
            text for item in instrument.items for text in (item.question, item.low, item.high)
        ]:
            assert set(text) == {"nb", "nn", "en"} and all(text.values())


def test_the_first_page_is_norwegian_whatever_the_browser_says(house: Flask) -> None:
    page = house.test_client().get("/sign-in", headers={"Accept-Language": "en-US"}).text
    assert '<html lang="nb">' in page and "Logg inn" in page


def test_the_chosen_language_is_kept_through_signing_in(house: Flask) -> None:
    client = house.test_client()
    client.post("/language/en", data={"next": "/sign-in"})
    client.post("/sign-in", data={"username": "amina", "password": "riktig hest batteri"})
    assert "Record a session" in client.get("/service-users").text


@pytest.mark.parametrize(
    ("tag", "expected"), [("no", "nb"), ("nn-NO", "nb"), ("nb", "nb"), ("en_US.UTF-8", "en"), ("C", None), ("", None)]
)
def test_a_language_tag_leads_to_one_of_ours(tag: str, expected: str | None) -> None:
    assert language_named(tag) == expected


@pytest.mark.parametrize(
    ("query", "day", "number", "percent"),
    [("nb", "01.03.2022", "7,5", "45\xa0%"), ("en", "1 Mar 2022", "7.5", "45%")],
)
def test_dates_and_numbers_follow_the_language(app: Flask, query: str, day: str, number: str, percent: str) -> None:
    with app.test_request_context(f"/?lang={query}"):
        assert wording.day("2022-03-01") == day
        assert wording.number(7.5) == number
        assert wording.percent(0.45) == percent


def test_every_class_of_change_has_its_own_words(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert len({persons.change_name(change) for change in Change}) == len(Change)


def test_english_pages_hold_no_norwegian_interface_words(house: Flask) -> None:
    page = sign_in(house, "carl").get("/district?lang=en").text
    assert "Coverage by half-year" in page and "Dekning" not in page


def test_no_filter_is_put_on_what_stands_in_a_template() -> None:
    """It would be worked out when the template is compiled, in the language of whoever looked first."""
    reader = Environment(extensions=["jinja2.ext.do"])
    found = [
        (path.name, place.lineno, place.name)
        for path in (ROOT / "templates").rglob("*.html")
        for place in reader.parse(path.read_text(encoding="utf-8")).find_all(nodes.Filter)
        if isinstance(place.node, nodes.Const) and place.name != "format"
    ]
    assert found == []
