"""A half-year in a real browser: reminded, explained, closed, signed off, returned, signed again, accepted."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from factories import CARL, OPERATOR, VELFERD, make_service_user
from playwright.sync_api import Page, expect
from serving import Served, served
from test_accessible import TOO_SMALL, UNGROUPED, WCAG

from fitservice.actions.deciding import decide_dates, decide_threshold
from fitservice.actions.reminding import remind
from fitservice.actions.signing_off import take_step
from fitservice.clock import set_to, today
from fitservice.db import connect
from fitservice.model import Period
from fitservice.reporting import Dates, Step, Threshold
from fitservice.rules.periods import half_of, previous

Open = Callable[..., Page]

OLDER = previous(previous(previous(half_of(today()))))
NEWER = previous(previous(half_of(today())))
REFERENCE = "AL-PAPIR"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo city of its own, in which Alna has yet to sign two half-years off, and in both has measured too few."""
    with served(tmp_path_factory.mktemp("reporting") / "demo", "--demo") as service:
        db = connect(service.output.parent / "demo" / "fitservice.db")
        # decided before it was signed: what is locked is judged as it was
        with set_to(OLDER.first_day):
            decide_threshold(db, Threshold.COVERAGE, OLDER, 1.0, "Everybody is to be asked", by=VELFERD)
        # what was signed last is undone first
        for half in (NEWER, OLDER):
            decide_dates(db, half, _still_open(), "Alna needs more time", by=VELFERD)
            take_step(db, half, Step.UNDONE, None, 1, by=CARL)
        for reference in (REFERENCE, "AL-IKKE-SPURT"):
            make_service_user(db, reference, by=CARL, enrolled_from=OLDER.first_day)
        remind(db, today(), by=OPERATOR)
        db.close()
        yield service


def _still_open() -> Dates:
    """The deadline passed a week ago, which is a day for reminding; the lock has not."""
    lock = today() + timedelta(days=30)
    return Dates(today() - timedelta(days=7), lock, lock, lock, lock)


class Looked:
    """Looks at every page that is passed through: axe, targets, legends, and whether it fits."""

    def __init__(self, page: Page) -> None:
        self.page, self.found = page, list[tuple[str, str]]()

    def at(self, heading: str) -> None:
        """The page with this heading is as everybody needs it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        # measured with its style sheets
        self.page.wait_for_load_state()
        violations = Axe().run(self.page, options=WCAG).response["violations"]
        self.found += [(heading, f"{rule['id']} {rule['nodes'][0]['html'][:90]}") for rule in violations]
        self.found += [(heading, str(one)) for one in self.page.evaluate(TOO_SMALL) + self.page.evaluate(UNGROUPED)]
        if not self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            self.found.append((heading, "scrolls sideways"))


def follow(page: Page, name: str, *, within: str = "main") -> None:
    """The link with this name."""
    page.get_by_role(within).get_by_role("link", name=name, exact=True).click()


def explain(page: Page, words: str) -> None:
    """The link beside the gap that says that too few are measured."""
    gap = page.locator(".gaps > li").filter(has_text="For få målt")
    gap.get_by_role("link", name=re.compile(f"^{words} ?: For få målt$")).click()


def press(page: Page, name: str) -> None:
    """The button with this name."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize(("width", "half", "scripts"), [(1280, OLDER, False), (360, NEWER, True)])
def test_from_missing_to_accepted(visit: Open, service: Served, width: int, half: Period, scripts: bool) -> None:
    code = half.code
    carl = visit("carl", width, java_script_enabled=True)
    looked = Looked(carl)

    # he is reminded, and sees in the list that the half-year is missing
    carl.get_by_role("link", name="Innboks").click()
    looked.at("Innboks")
    reminder = carl.locator(".messages li li").filter(has_text=f"{code} er ikke levert.")
    expect(reminder).to_have_count(1)
    follow(carl, "Rapportering", within="navigation")
    looked.at("Rapportering")
    expect(carl.get_by_role("row").filter(has_text=code)).to_contain_text("Ikke levert")

    # from the reminder he comes to what is missing in it
    carl.get_by_role("link", name="Innboks").click()
    reminder.get_by_role("link").click()
    looked.at(f"Rapportering for {code}")
    missing = carl.locator(".gaps > li")
    expect(missing.filter(has_text="Ikke levert")).to_have_count(1)
    expect(missing.filter(has_text="Tilbakemelding ikke brukt")).to_have_count(1)

    # in silence it is not signed
    press(carl, f"Lever {code}")
    looked.at(f"Rapportering for {code}")
    expect(carl.get_by_role("alert")).to_contain_text("Noe mangler")

    # he explains one gap
    explain(carl, "Forklar")
    looked.at("Forklar det som mangler")
    carl.get_by_label("Årsak").select_option(label="Brukerne var ikke til å nå, eller ville ikke svare")
    carl.get_by_label("Med egne ord").fill("To kom inn helt til slutt")
    carl.get_by_label("Ventes å være på plass innen").fill("i morgen")
    press(carl, "Lagre")
    expect(missing.filter(has_text="For få målt")).to_contain_text("«To kom inn helt til slutt»")

    # and closes another: an answer given on paper
    record_from_paper(carl, looked, service, half.first_day + timedelta(days=40))
    carl.goto(f"{service.address}/district/reporting/{code}")
    looked.at(f"Rapportering for {code}")
    expect(missing.filter(has_text="Tilbakemelding ikke brukt")).to_have_count(0)

    carl.get_by_label("Hva bør Velferdsetaten vite?").fill("Én ble ikke spurt")
    press(carl, f"Lever {code}")
    expect(carl.get_by_role("status")).to_have_text(f"{code} er levert.")
    expect(missing.filter(has_text="Levert for sent")).to_have_count(1)
    looked.at(f"Rapportering for {code}")

    # the agency returns it, with words and a day
    velferd = visit("velferd", width, java_script_enabled=scripts)
    seen = Looked(velferd) if scripts else None
    older = velferd.get_by_role("link", name=re.compile(f", Alna, {code}$"))
    if width < 640:
        # a phone shows the older half-years when asked to
        expect(velferd.locator("tbody tr")).to_have_count(15)
        expect(older).to_have_count(0)
        velferd.locator("summary").click()
    older.click()
    if seen:
        seen.at(f"Alna, {code}")
    press(velferd, "Send leveringen tilbake")
    expect(velferd.get_by_role("alert")).to_be_visible()
    until = today() + timedelta(days=10)
    velferd.get_by_label("Melding til teamlederen").fill("Skriv hvorfor én ikke ble spurt")
    velferd.locator("#until").fill(f"{until:%d.%m.%y}")
    press(velferd, "Send leveringen tilbake")
    expect(velferd.get_by_role("status")).to_have_text("Det er gjort, og teamlederen ser det.")
    if seen:
        seen.at(f"Alna, {code}")

    # he sees the words, corrects, and signs again
    follow(carl, "Tilbake til rapportering")
    follow(carl, code)
    notice = carl.locator(".notice")
    expect(notice).to_contain_text("«Skriv hvorfor én ikke ble spurt»")
    expect(notice).to_contain_text(f"{until:%d.%m.%Y}")
    looked.at(f"Rapportering for {code}")
    explain(carl, "Endre forklaringen")
    assert carl.get_by_label("Med egne ord").input_value() == "To kom inn helt til slutt"
    carl.get_by_label("Årsak").select_option(label="De ansatte har ikke fått opplæring ennå")
    press(carl, "Lagre")
    carl.get_by_label("Hva bør Velferdsetaten vite?").fill("Forklaringen er rettet")
    press(carl, f"Lever {code}")
    expect(carl.get_by_role("status")).to_have_text(f"{code} er levert.")
    expect(notice).to_have_count(1)

    # the agency accepts, and he sees it
    velferd.reload()
    expect(velferd.get_by_text("De ansatte har ikke fått opplæring ennå")).to_be_visible()
    press(velferd, "Godta leveringen")
    expect(velferd.get_by_role("status")).to_have_text("Det er gjort, og teamlederen ser det.")
    carl.reload()
    expect(carl.get_by_text(f"Velferdsetaten godtok leveringen {today():%d.%m.%Y}.")).to_be_visible()
    steps = carl.locator("ol.plain > li strong")
    back = "Sendt tilbake av Velferdsetaten"
    expect(steps).to_have_text(
        ["Godtatt av Velferdsetaten", "Levert", back, "Levert", "Leveringen er angret", "Levert"]
    )
    looked.at(f"Rapportering for {code}")
    assert looked.found + (seen.found if seen else []) == []


def record_from_paper(page: Page, looked: Looked, service: Served, held_on: date) -> None:
    """Life satisfaction and outcome of the service user whose sheet was found."""
    page.goto(f"{service.address}/service-users")
    page.get_by_label("Søk på referanse").fill(REFERENCE)
    press(page, "Finn")
    follow(page, REFERENCE)
    page.get_by_role("link", name="Registrer samtale").click()
    follow(page, "Skriv inn fra papir")
    looked.at(f"Fra papir: {REFERENCE}")
    page.get_by_label("Dato for samtalen").fill(f"{held_on:%d.%m.%Y}")
    page.get_by_text("5", exact=True).click()
    for item in ("personal", "close", "social", "overall"):
        page.locator(f"#outcome_{item}").fill("6,5")
    press(page, "Lagre")
    expect(page.get_by_text("Samtalen er registrert.")).to_be_visible()


def test_the_board_filters_sorts_and_prints_without_scripts(visit: Open, service: Served) -> None:
    page = visit("velferd", 820, java_script_enabled=False)
    page.get_by_label("Dette mangler").select_option(label="Målt på en annen skala")
    press(page, "Vis")
    page.wait_for_url("**/city?kind=other_scale")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("td.found").first).to_contain_text("Målt på en annen skala")
    page.goto(f"{service.address}/city")
    page.locator("thead a").nth(1).click()
    page.wait_for_url("**/city?sort=coverage")
    shown = page.locator("tbody tr td:nth-child(2) .share").all_inner_texts()
    shares = [int(text.removesuffix("%").strip()) for text in shown if "%" in text]
    assert shares == sorted(shares) and len(shares) == 15
    page.emulate_media(media="print")
    for hidden in (".topbar", "#kind", ".switch", "a[href$='board.csv']"):
        expect(page.locator(hidden).first).to_be_hidden()
    style, names = "cell => getComputedStyle(cell).borderLeftStyle", ("with_data", "partial", "empty")
    edges = [page.locator(f"td.content-{name}:not(.open)").first.evaluate(style) for name in names]
    assert len(set(edges)) == 3
