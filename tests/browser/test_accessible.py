"""Every page for everybody: axe (WCAG 2.1 A and AA) in both languages, and what axe does not see."""

from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from serving import Served

from fitservice.clock import today
from fitservice.rules.periods import half_of, previous

Open = Callable[..., Page]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}

PAGES = {
    "amina": [
        "/service-users",
        "/service-users?whose=team&what=signal",
        "/service-users?whose=mine&what=due",
        "{found_nobody}",
        "{found}",
        "/service-users/new",
        "{person}",
        "{person}/sessions/new",
        "{person}/sessions/new?mode=paper",
        "{person}/hand-over",
        "/pin",
        "{person}/enrolments/new",
        "{person}/sheet",
        "{person}/looked",
        "{person}/name",
        "{person}/participation",
        "{person}/correct",
        "{person}/erasure",
        "/service-users/participation",
        "/service-users/erasures",
        "{session}",
        "{session}/correct",
        "{session}/withdraw",
        "{end}",
        "{correct}",
        "/inbox",
        "/sign-ins",
        "/password",
        "/no-such-page",
    ],
    "carl": [
        "/inbox",
        "/district",
        "/district/checks/{half}",
        "/district/supervision",
        "/district/look-ups",
        "/district/reporting",
        "/district/reporting/{half}",
        "/district/reporting/{closed}",
        "/district/reporting/{closed}/feedback_not_used",
        "/service-users?whose=mine",
        "/district/access",
        "{person}",
        "{access}",
        "{end_block}",
    ],
    "berit": ["/service-users", "{given}", "{given}/sheet", "{session}"],
    "velferd": [
        "/inbox",
        "/city",
        "/city?by=year",
        "/city?kind=other_scale&sort=gaps",
        "/city?kind=empty_sign_off&sort=coverage",
        "/city/030107",
        "/city/pictures",
        "/city/practice",
        "/city/030112/{closed}",
        "/city/030115/{closed}",
        "/city/sign-offs",
        "/city/register",
        "/city/register/obligations",
        "/city/register/dates/{closed}",
        "/city/register/thresholds",
        "/city/releases",
        "/city/releases/{release}",
        "/city/releases/{release}?area=030112",
        "/api/v1/docs",
    ],
    "admin": [
        "/accounts",
        "/accounts/new",
        "/accounts/1",
        "/accounts/1/email",
        "/accounts/1/role",
        "/accounts/1/second-step",
        "/accounts/1/break-glass",
        "/accounts/review",
        "/accounts/review?role=caseworker&district=030112",
        "/second-step",
        "/second-step/codes",
        "/second-step/off",
        "/sign-ins",
        "/sign-in",
    ],
}

UNGROUPED = """
    [...document.querySelectorAll("input[type=radio]")]
        .filter(radio => !radio.closest("fieldset")?.querySelector(":scope > legend")?.innerText.trim())
        .map(radio => radio.id)
"""

# What is tapped must be 44 px high; a link inside a line of text is as high as its line (WCAG 2.5.8, inline).
TOO_SMALL = """
    [...document.querySelectorAll("button, .btn, .form-control, .form-select, .mainnav a, .case-name, summary")]
        .map(element => element.matches(".btn-check") ? element.nextElementSibling : element)
        .filter(element => element.ariaHidden !== "true" && element.checkVisibility())
        .filter(element => element.getBoundingClientRect().height < 43.5)
        .map(element => element.outerHTML.slice(0, 120))
"""


def searched(page: Page, typed: str) -> str:
    """Where a search leads."""
    page.goto(urljoin(page.url, "/service-users"))
    page.get_by_role("searchbox").fill(typed)
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**search=**")
    return page.url


def addresses(page: Page, service: Served, name: str, release: str) -> list[str]:
    """The paths of this person's pages, with a service user, a session and an enrolment of the demo city."""
    running = half_of(today())
    places = {"release": release, "half": running.code, "closed": previous(running).code}
    if name == "amina":
        for place, typed in (("found_nobody", "nobody-has-this"), ("found", "A")):
            places[place] = searched(page, typed).removeprefix(service.address)
        page.goto(f"{service.address}/service-users")
        page.locator(".case-name").nth(3).click()
        places["person"] = page.url.removeprefix(service.address)
        places["session"] = str(page.locator("td a").first.get_attribute("href"))
        places["end"] = str(page.get_by_role("link", name="Avslutt forløpet").get_attribute("href"))
        places["correct"] = str(page.get_by_role("link", name="Rett datoene").get_attribute("href"))
    if name == "carl":
        page.goto(f"{service.address}/district/access")
        places["access"] = str(page.locator(".case-name").first.get_attribute("href"))
        places["person"] = places["access"].removesuffix("/access")
        places["end_block"] = str(page.locator("a[href$='/end']").first.get_attribute("href"))
    if name == "berit":
        page.goto(f"{service.address}/service-users")
        places["given"] = str(page.locator(".given .case-name").get_attribute("href"))
        page.goto(service.address + places["given"])
        places["session"] = str(page.locator("td a").first.get_attribute("href"))
    return [path.format(**places) for path in PAGES[name]]


def seen_wrong(page: Page, path: str) -> list[tuple[str, ...]]:
    """What axe does not see, on a screen and at 1280 px with 400 % zoom."""
    found = []
    for width, height in ((1280, 800), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        found += [(path, str(width), "no legend", radio) for radio in page.evaluate(UNGROUPED)]
        found += [(path, str(width), "too small", html) for html in page.evaluate(TOO_SMALL)]
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found.append((path, str(width), "scrolls sideways", ""))
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_groups_have_legends_targets_are_large_and_nothing_scrolls_sideways(
    visit: Open, service: Served, released: str, name: str
) -> None:
    page, found = visit(name), list[tuple[str, ...]]()
    for path in addresses(page, service, name, released):
        for language in ("nb", "en"):
            page.goto(f"{service.address}{path}{'&' if '?' in path else '?'}lang={language}")
            for rule in Axe().run(page, options=WCAG).response["violations"]:
                found.append((path, language, rule["id"], *(node["html"] for node in rule["nodes"][:3])))
            found += seen_wrong(page, path)
    assert not found


def test_errors_are_tied_to_their_fields(visit: Open, service: Served) -> None:
    page = visit("amina")
    page.goto(f"{service.address}/service-users/new")
    page.get_by_role("button", name="Lagre").click()
    field = page.locator("#reference")
    assert field.get_attribute("aria-invalid") == "true"
    for place in str(field.get_attribute("aria-describedby")).split():
        assert page.locator(f"#{place}").inner_text().strip()
    assert Axe().run(page, options=WCAG).violations_count == 0
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.id") == "reference"


def test_the_keyboard_alone_records_a_session(visit: Open) -> None:
    page = visit("amina")
    page.get_by_role("link", name="Registrer samtale").nth(5).press("Enter")
    page.get_by_label("Dato for samtalen").focus()
    order = []
    for _ in range(14):
        page.keyboard.press("Tab")
        order.append(str(page.evaluate("document.activeElement.id || document.activeElement.type")))
    assert order.index("life_satisfaction-1") < order.index("outcome_personal") < order.index("outcome_close")
    page.locator("#life_satisfaction-1").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator("#life_satisfaction-4").is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/*")


def test_a_reference_of_forty_characters_fits_a_phone(visit: Open, service: Served) -> None:
    page = visit("amina", 360)
    reference = "ALNA-2026-ÆØÅ-01234567890123456789ABCDEF"
    page.goto(f"{service.address}/service-users/new")
    page.get_by_label("Referanse").fill(reference)
    page.get_by_role("button", name="Lagre").click()
    person = page.url
    for path in (person, f"{person}/sessions/new", searched(page, "0123456789")):
        page.goto(path)
        assert page.get_by_text(reference).count() >= 1
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
