"""The moment in the session: nine answers in few taps, on the caseworker's screen or in the service user's hands."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from test_accessible import TOO_SMALL, WCAG

from fitservice.credentials import DEMO_PASSWORD

Open = Callable[..., Page]
MOST_TAPS = 12


class Finger:
    """Taps where a person would, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, place: Locator, across: float = 0.5) -> None:
        """One tap, so far across the width of what is tapped."""
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box is not None
        place.tap(position={"x": box["width"] * across, "y": box["height"] / 2})
        self.taps += 1


@pytest.mark.parametrize("width", [360, 820, 1280])
def test_nine_answers_take_at_most_twelve_taps_from_the_first_page(visit: Open, width: int) -> None:
    page = visit("amina", width, has_touch=True)
    finger = Finger(page)
    finger.tap(page.get_by_role("link", name="Registrer samtale").first)
    finger.tap(page.locator("label[for=life_satisfaction-5]"))
    for slider in page.get_by_role("slider").all():
        finger.tap(slider, 0.7)
    finger.tap(page.get_by_role("button", name="Lagre", exact=True))
    expect(page.get_by_text("Samtalen er registrert.")).to_be_visible()
    assert page.locator("dl.three dd").nth(0).inner_text() == "5"
    totals = [float(page.locator("dl.three dd").nth(place).inner_text().replace(",", ".")) for place in (1, 2)]
    assert all(25 < total < 31 for total in totals)
    assert finger.taps <= MOST_TAPS


def hand_over(page: Page) -> None:
    """Amina hands the screen over for one of her service users."""
    page.get_by_role("link", name="Registrer samtale").first.click()
    page.get_by_role("link", name="Gi skjermen til brukeren").click()
    page.get_by_role("button", name="Gi fra deg skjermen nå").click()
    page.wait_for_url("**/1")


def back(page: Page) -> None:
    """Press the back button, and wait until what the server says then stands there."""
    with page.expect_event("load"):
        page.evaluate("() => { setTimeout(() => history.back(), 50) }")


def test_the_screen_in_the_service_users_hands(visit: Open) -> None:
    page = visit("amina", 820, has_touch=True)
    hand_over(page)
    screen, found = page.url.removesuffix("/1"), []
    for number in range(1, 10):
        page.wait_for_url(f"{screen}/{number}")
        assert page.get_by_role("navigation").count() == 0
        results = Axe().run(page, options=WCAG).response["violations"]
        found += [(number, rule["id"]) for rule in results] + page.evaluate(TOO_SMALL)
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
        if number == 1:
            page.get_by_role("button", name="5", exact=True).tap()
        else:
            slider = page.get_by_role("slider")
            box = slider.bounding_box()
            assert box is not None
            slider.tap(position={"x": box["width"] * 0.9, "y": box["height"] / 2})
            page.get_by_role("button", name="Ferdig" if number == 9 else "Neste").tap()
    expect(page.get_by_role("heading", name="Takk for at du svarte")).to_be_visible()
    page.get_by_role("link", name="Vis hvordan det har gått").tap()
    expect(page.get_by_role("heading", name="Slik har du svart")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    found += [rule["id"] for rule in Axe().run(page, options=WCAG).response["violations"]]
    page.get_by_role("link", name="For ansatte").tap()
    expect(page.get_by_role("heading", name="Ta skjermen tilbake")).to_be_visible()
    found += [rule["id"] for rule in Axe().run(page, options=WCAG).response["violations"]]
    assert found == []
    page.get_by_label("PIN eller passord").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Ta skjermen tilbake").tap()
    expect(page.get_by_text("Besvart av brukeren på skjermen.")).to_be_visible()


def test_the_back_button_shows_nothing_in_either_direction(visit: Open) -> None:
    page = visit("amina", 820)
    hand_over(page)
    screen = page.url.removesuffix("/1")
    for _ in range(3):
        back(page)
        assert page.url == f"{screen}/1"
        assert page.get_by_role("navigation").count() == 0 and page.get_by_text("Amina").count() == 0
    page.get_by_role("button", name="3", exact=True).click()
    page.goto(f"{screen}/back")
    page.get_by_label("PIN eller passord").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Ta skjermen tilbake").click()
    page.wait_for_url("**/sessions/new?hand_over=*")
    back(page)
    back(page)
    expect(page.get_by_role("heading", name="Fant ikke siden")).to_be_visible()


def test_the_screen_works_without_scripts(visit: Open) -> None:
    page = visit("amina", 360, java_script_enabled=False)
    hand_over(page)
    page.get_by_role("button", name="Jeg klarer ikke å svare i dag").click()
    page.get_by_role("textbox").fill("7,5")
    page.get_by_role("button", name="Neste").click()
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("alert")).to_have_text("Velg et sted på streken, eller hopp over.")
    page.get_by_role("link", name="Forrige spørsmål").click()
    assert page.get_by_role("textbox").input_value() == "7,5"


def test_the_keyboard_alone_answers_and_takes_the_screen_back(visit: Open) -> None:
    page = visit("amina", 1280)
    hand_over(page)
    page.get_by_role("button", name="1: Veldig misfornøyd").press("Enter")
    page.get_by_role("slider").press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/3")
    page.get_by_role("link", name="For ansatte").press("Enter")
    page.get_by_label("PIN eller passord").fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/new?hand_over=*")
    assert page.locator("#life_satisfaction-1").is_checked()
    assert page.locator("#outcome_personal").input_value() == "5,1"


def test_two_tabs_reload_after_saving_and_the_back_button_record_once(visit: Open) -> None:
    page = visit("amina", 820)
    page.get_by_role("link", name="Registrer samtale").first.click()
    form = page.url
    other = page.context.new_page()
    other.goto(form)
    for tab in (page, other):
        tab.locator("label[for=life_satisfaction-4]").click()
    page.get_by_role("button", name="Lagre", exact=True).dblclick()
    # whichever of the two was answered last has its words on the page
    saved = page.get_by_role("status").get_by_text(re.compile(r"Samtalen er registrert|ble lagret første gang"))
    expect(saved.first).to_be_visible()
    page.wait_for_load_state("networkidle")
    result = page.url
    page.reload()
    other.get_by_role("button", name="Lagre", exact=True).click()
    other.wait_for_url(result)
    page.goto(form.removesuffix("/sessions/new"))
    today = page.locator(".table-responsive tbody tr").first.locator("td").first.inner_text()
    assert page.get_by_role("link", name=today).count() == 1


def test_a_tab_that_stands_open_beside_the_handed_over_screen_shows_nothing_any_more(visit: Open) -> None:
    page = visit("amina", 820)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Amina, Alna")).to_be_visible()
    hand_over(page)
    screen = page.url
    other.wait_for_url(screen)
    assert other.get_by_role("navigation").count() == 0 and other.get_by_text("Amina").count() == 0
    other.go_back()
    other.wait_for_load_state()
    assert other.url in (screen, "about:blank")


def test_two_quick_taps_answer_one_question(visit: Open) -> None:
    page = visit("amina", 820, has_touch=True)
    hand_over(page)
    screen = page.url.removesuffix("/1")
    page.goto(f"{screen}/2")
    page.wait_for_timeout(700)
    page.touchscreen.tap(*middle(page))
    page.wait_for_url(f"{screen}/3")
    page.touchscreen.tap(*middle(page))
    page.wait_for_timeout(1000)
    assert page.url == f"{screen}/3"
    page.touchscreen.tap(*middle(page))
    page.wait_for_url(f"{screen}/4")


def middle(page: Page) -> tuple[float, float]:
    """Where the button for skipping a question is tapped."""
    box = page.get_by_role("button", name="Hopp over").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
