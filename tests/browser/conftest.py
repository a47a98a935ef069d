"""The demo city on the real server, and Debian's Chromium in front of it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from serving import Served, run, served

from fitservice.clock import today
from fitservice.credentials import DEMO_PASSWORD

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("FITSERVICE_BROWSER") == "required"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium these tests are skipped loudly, but not where it is required."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker("browser")
        if not BROWSER and not REQUIRED:
            item.add_marker(pytest.mark.skip(reason="NO CHROMIUM ON THIS MACHINE: the browser tests were not run"))


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo city, served."""
    with served(tmp_path_factory.mktemp("journey") / "demo", "--demo") as service:
        yield service


@pytest.fixture(scope="session")
def released(service: Served) -> str:
    """The name of a release of last year's figures, at least the second of that year."""
    instance, last_year = service.output.parent / "demo", str(today().year - 1)
    for code in (f"{last_year}H1", last_year):
        made = run(instance, "release", "--period", code, "--stage", "corrected")
        assert made.returncode == 0, made.stderr
    found = re.search(rf"{last_year}-\d+", made.stdout + made.stderr)
    assert found
    return found[0]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    assert BROWSER, "Chromium is required here: install it with apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, service: Served) -> Iterator[Open]:
    """visit(name) opens a fresh browser in which somebody signs in; its console must stay silent."""
    complaints: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        # a form that comes back with its errors has status 400, a page that is not there 404, which Chromium mentions
        if message.type == "error" and "status of 40" not in message.text:
            complaints.append(message.text)

    def open_page(name: str, width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{service.address}/sign-in")
        page.get_by_label("Brukernavn").fill(name)
        page.get_by_label("Passord").fill(DEMO_PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Logg inn").click()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
