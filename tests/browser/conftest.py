"""The demo city on the real server, and Debian's Chromium in front of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from factories import BERIT, BJERKE, VELFERD, make_service_user, make_session
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from released import release
from serving import Served, served, sign_in_cookie

from fitservice import create_app
from fitservice.actions.signing_off import judge_sign_off, take_step
from fitservice.clock import today
from fitservice.db import connect
from fitservice.model import Actor, Role
from fitservice.reporting import GapKind, Reminder, ReminderKind, Step
from fitservice.rules.periods import half
from fitservice.store import reminders, staff

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


YEAR = today().year - 1
HALF, DEADLINE = f"{YEAR}H1", date(YEAR, 7, 31)
REMINDERS = {
    "caseworker": [Reminder(ReminderKind.WITHOUT_SCORE, HALF, date(YEAR, 6, 30), number=3)],
    "team_lead": [
        Reminder(ReminderKind.SIGN_OFF_OVERDUE, HALF, DEADLINE),
        Reminder(ReminderKind.GAP, HALF, date(YEAR, 3, 4), GapKind.REGISTER_STALE),
    ],
    "agency_analyst": [
        Reminder(
            ReminderKind.NOT_SIGNED, HALF, DEADLINE, districts=tuple(f"0301{number:02}" for number in range(1, 16))
        )
    ],
}
"""A message for everybody but the administrator, by role."""

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo city, served."""
    with served(tmp_path_factory.mktemp("journey") / "demo", "--demo") as service:
        db = connect(service.output.parent / "demo" / "fitservice.db")
        for account in staff.all_open(db):
            if said := REMINDERS.get(account["role"]):
                reminders.add(db, account["id"], today(), said)
        db.close()
        yield service


@pytest.fixture(scope="session")
def released(service: Served) -> str:
    """The name of last year's second release, with a dozen more service users in Bjerke than the first."""
    last_year = today().year - 1
    db = connect(service.output.parent / "demo" / "fitservice.db")
    release(db, str(last_year))
    for number in range(12):
        service_user = make_service_user(db, f"BJ-2-{number}", by=BERIT, enrolled_from=date(last_year, 1, 1))
        make_session(db, service_user, date(last_year, 3, 1), by=BERIT, life_satisfaction=1 + number % 7)
    # a release takes what was signed: the district has to sign once more
    second = half(last_year, 2)
    judge_sign_off(db, "030109", second, Step.RETURNED, "mangler tolv", today() + timedelta(7), 1, by=VELFERD)
    lead = Actor("lead", Role.TEAM_LEAD, BJERKE)
    take_step(db, second, Step.SIGNED, "tolv til", 2, by=lead)
    name = release(db, str(last_year))
    db.close()
    return name


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    assert BROWSER, "Chromium is required here: install it with apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


def signed_in(context: BrowserContext, service: Served, name: str) -> None:
    """A sign-in of its own for this person, without its password's cost: test_coming_in.py comes in by the form."""
    folder = next(service.output.parent.glob("*/fitservice.db")).parent
    db = connect(folder / "fitservice.db")
    account = staff.by_username(db, name)
    assert account
    cookie_name, value = sign_in_cookie(create_app({}, folder), db, account["id"])
    db.close()
    context.add_cookies([{"name": cookie_name, "value": value, "url": service.address}])


@pytest.fixture
def visit(chromium: Browser, service: Served) -> Iterator[Open]:
    """visit(name) opens a fresh browser in which somebody is signed in; its console must stay silent."""
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
        signed_in(context, service, name)
        page.goto(service.address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
