"""The second step in a real browser: turned on, its codes shown, signed in with one; with axe, at three widths."""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pyotp import TOTP
from serving import Served
from test_accessible import TOO_SMALL, WCAG

from fitservice.credentials import DEMO_PASSWORD
from fitservice.db import connect
from fitservice.store import second_steps, staff

Open = Callable[..., Page]


def looked_at(page: Page) -> list[object]:
    """What is wrong with this page, at three widths."""
    found: list[object] = [(rule["id"], page.url) for rule in Axe().run(page, options=WCAG).response["violations"]]
    for width in (360, 820, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found += [(width, html) for html in page.evaluate(TOO_SMALL)]
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found.append((width, "scrolls sideways", page.url))
    return found


def test_a_second_step_is_turned_on_and_used(visit: Open, service: Served) -> None:
    page = visit("berit")
    db = connect(service.output.parent / "demo" / "fitservice.db")
    berit = staff.by_username(db, "berit")["id"]
    try:
        page.goto(f"{service.address}/second-step")
        found = looked_at(page)
        page.locator("#current").fill(DEMO_PASSWORD)
        page.locator("main form button").click()
        picture = page.locator("img.qr")
        assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
        found += looked_at(page)
        secret = page.locator("code.link").inner_text().replace(" ", "")
        # pasting is allowed: what is filled in at once is taken
        page.locator("#code").fill(TOTP(secret).now())
        page.locator("main form button").first.click()
        codes = page.locator("li code").all_inner_texts()
        assert len(codes) == 10 and all(re.fullmatch(r"([A-Z2-7]{4}-){5}[A-Z2-7]{4}", code) for code in codes)
        found += looked_at(page)
        fresh = page.context.browser.new_context()
        other = fresh.new_page()
        other.goto(f"{service.address}/sign-in")
        for field, means in (("username", "username"), ("password", "current-password"), ("code", "one-time-code")):
            assert other.locator(f"#{field}").get_attribute("autocomplete") == means
        found += looked_at(other)
        other.locator("#username").fill("berit")
        other.locator("#password").fill(DEMO_PASSWORD)
        other.locator("#code").fill(codes[0])
        other.locator("main form button").click()
        other.wait_for_url("**/service-users")
        fresh.close()
        assert not found
    finally:
        second_steps.remove(db, berit)
        db.close()
