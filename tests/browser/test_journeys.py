"""The main job in a real browser, against the real server: Amina records, Carl sees, the analyst publishes."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from serving import Served

from fitservice.clock import today

Open = Callable[..., Page]


def charts_drawn(page: Page) -> bool:
    """Whether every chart on the page has arrived and is a picture."""
    page.wait_for_load_state("networkidle")
    return bool(page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)"))


def no_sideways_scrolling(page: Page) -> bool:
    """Whether the page fits its window, once it is there: a click comes back before the new page is drawn."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("width", [360, 820, 1280])
def test_amina_records_a_session_and_sees_the_chart(visit: Open, width: int) -> None:
    page = visit("amina", width)
    page.get_by_role("link", name="Registrer samtale").nth(width % 7).click()
    page.get_by_text("5", exact=True).click()
    page.get_by_label("Hvordan har du det med deg selv?").last.fill("7,5")
    slider = page.get_by_role("slider", name="Hvordan har du det med dem som står deg nærmest?")
    slider.press("ArrowRight")
    assert page.locator("#outcome_close").input_value() == "5,1"
    assert no_sideways_scrolling(page)
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Samtalen er registrert.")).to_be_visible()
    expect(page.locator("dd").first).to_have_text("5")
    assert page.locator("img.chart").count() >= 1
    assert charts_drawn(page) and no_sideways_scrolling(page)


def test_amina_corrects_what_she_recorded(visit: Open) -> None:
    page = visit("amina")
    page.get_by_role("link", name="Registrer samtale").nth(2).click()
    page.get_by_text("Ønsket ikke").click()
    page.get_by_role("button", name="Lagre").click()
    page.get_by_role("link", name="Rett samtalen").click()
    page.get_by_text("6", exact=True).click()
    page.get_by_label("Hvorfor rettes det?").fill("Svarte likevel")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Dette sto her før")).to_be_visible()
    expect(page.get_by_role("cell", name="Ønsket ikke")).to_be_visible()


def test_amina_adds_a_service_user_and_ends_the_enrolment(visit: Open) -> None:
    page = visit("amina", 360)
    page.get_by_role("link", name="Legg til bruker").click()
    page.get_by_label("Referanse").fill("NY-1")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("heading", name="NY-1")).to_be_visible()
    page.get_by_role("link", name="Avslutt forløpet").click()
    page.get_by_role("button", name="Avslutt forløpet").click()
    expect(page.get_by_role("link", name="Start nytt oppfølgingsforløp")).to_be_visible()


def test_a_mistake_is_named_on_top_and_leads_to_its_field(visit: Open, service: Served) -> None:
    page = visit("amina", 360)
    page.get_by_role("link", name="Registrer samtale").nth(3).click()
    page.locator("#alliance_heard").fill("elleve")
    with page.expect_response(lambda answer: answer.status == 400):
        page.evaluate("document.querySelector('.session-form').requestSubmit()")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.id") == "alliance_heard"
    assert page.locator("#alliance_heard").input_value() == "elleve"


def test_recording_works_without_scripts(visit: Open) -> None:
    page = visit("amina", 360, java_script_enabled=False)
    page.get_by_role("link", name="Registrer samtale").nth(4).click()
    page.get_by_text("3", exact=True).click()
    page.locator("#outcome_personal").fill("6.5")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Samtalen er registrert.")).to_be_visible()


def test_the_service_users_own_sheet_prints_on_one_page_and_is_saved_as_one(visit: Open, tmp_path: Path) -> None:
    page = visit("amina")
    page.locator(".case-name").nth(3).click()
    page.locator("a[href$='/sheet']").click()
    assert charts_drawn(page)
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper.pages) == 1
    said = paper.pages[0].extract_text()
    assert "Det er frivillig" in said and "Logg ut" not in said and "Demoby" not in said
    with page.expect_download() as download:
        page.locator("a[href$='/sheet.pdf']").click()
    download.value.save_as(tmp_path / "sheet.pdf")
    assert download.value.suggested_filename.startswith("dine-svar-AL-")
    assert "Det er frivillig" in PdfReader(tmp_path / "sheet.pdf").pages[0].extract_text()


@pytest.mark.parametrize(("name", "width"), [("berit", 360), ("carl", 820), ("velferd", 1280)])
def test_whoever_is_reminded_sees_it_on_every_page_goes_there_and_marks_it(
    visit: Open, service: Served, name: str, width: int
) -> None:
    page = visit(name, width)
    page.get_by_role("link", name="Innboks").click()
    expect(page.get_by_role("heading", name="Innboks")).to_be_visible()
    assert no_sideways_scrolling(page)
    page.locator(".places a").last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # "2 uleste", with what the demo city's people were sent before: in words, readable on its ground
    unread = page.locator(".topbar .unread")
    expect(unread).to_have_text(re.compile(r"^[2-9] \w+$"))
    # asked until the style sheets are there: a heading can be seen before them
    expect(unread).to_have_css("color", "rgb(42, 40, 89)")
    page.get_by_role("link", name="Innboks").click()
    page.get_by_role("button", name="Merk som lest").click()
    expect(unread).to_have_count(0)
    page.goto(f"{service.address}/inbox")
    expect(page.get_by_role("button", name="Merk som lest")).to_have_count(0)


def test_carl_sees_the_trend(visit: Open) -> None:
    page = visit("carl")
    expect(page.get_by_role("heading", name="Alna", exact=True)).to_be_visible()
    assert page.locator("img.chart").count() == 3
    assert charts_drawn(page)
    assert page.get_by_role("table").first.get_by_role("row").count() >= 5
    expect(page.get_by_role("heading", name="Ikke spurt i tide")).to_be_visible()


def test_carl_marks_one_as_discussed_and_it_moves_down(visit: Open) -> None:
    page = visit("carl", 360)
    page.get_by_role("navigation").get_by_role("link", name="Til drøfting").click()
    upper, lower = page.locator(".supervision"), page.locator(".discussed")
    before = upper.get_by_role("button", name="Merk som drøftet").count()
    reference = upper.locator(".case-name").first.inner_text()
    assert before > 1 and lower.count() == 0
    upper.get_by_role("button", name="Merk som drøftet").first.click()
    expect(page.get_by_role("status")).to_contain_text(reference)
    expect(upper.get_by_role("button", name="Merk som drøftet")).to_have_count(before - 1)
    expect(upper.get_by_role("link", name=reference)).to_have_count(0)
    expect(lower.get_by_role("listitem")).to_have_count(1)
    expect(lower.get_by_role("listitem")).to_contain_text("av Carl.")
    lower.get_by_role("link", name=reference).click()
    page.wait_for_url("**/service-users/*")
    expect(page.get_by_text("av Carl.")).to_be_visible()
    assert no_sideways_scrolling(page)


@pytest.mark.parametrize(("width", "scripts"), [(360, False), (1280, True)])
def test_amina_filters_her_list_and_reads_a_reason(visit: Open, width: int, scripts: bool) -> None:
    page = visit("amina", width, java_script_enabled=scripts)
    lines, chosen = page.locator(".caseload .case"), page.locator(".filters [aria-current]")
    expect(chosen).to_have_text([re.compile("^Mine: "), re.compile("^Alle: ")])
    mine = lines.count()
    page.get_by_role("link", name="Hele teamet").click()
    assert lines.count() > mine > 0
    page.get_by_role("link", name="Med signal").click()
    expect(chosen).to_have_text([f"Hele teamet: {lines.count()}", f"Med signal: {lines.count()}"])
    lines.first.locator("summary").click()
    expect(lines.first.locator(".marks li").first).to_be_visible()
    assert lines.first.get_by_role("link", name="Registrer samtale").is_visible()
    assert all(box["height"] >= 44 for box in map(bounds, lines.locator(".case-record").all()))


def bounds(place: Locator) -> dict[str, float]:
    """Where something is on the page and how large."""
    return dict(place.bounding_box() or {})


def test_the_analyst_sees_the_board(visit: Open) -> None:
    page = visit("velferd")
    assert page.get_by_role("row").count() == 16
    for words in ("Målt", "Ikke målt", "Delvis målt", "Ingen ennå"):
        assert page.locator(".board .words").filter(has_text=re.compile(f"^{words},")).count() > 0
    page.get_by_role("link", name="Vestre Aker", exact=True).click()
    expect(page.get_by_text("Livskvalitet er registrert på en annen skala").first).to_be_visible()


def test_the_analyst_makes_a_release_and_downloads_it(visit: Open, released: str, tmp_path: Path) -> None:
    page, last_year = visit("velferd", 360), str(today().year - 1)
    page.get_by_role("main").get_by_role("link", name="Publiseringer").click()
    page.get_by_label("Periode").select_option(last_year)
    page.get_by_label("Trinn").select_option(label="Foreløpig")
    page.get_by_role("button", name="Lag publiseringen").click()
    page.wait_for_url("**/city/releases/*")
    name = page.url.rpartition("/")[2]
    expect(page.get_by_role("status")).to_have_text(f"Publisering {name} er laget.")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Publisering {name}")
    expect(page.get_by_text("Ingen av tallene som begge viser, er endret.")).to_be_visible()
    page.get_by_label("Bydel").select_option(label="Alna")
    page.get_by_role("button", name="Vis").click()
    expect(page.get_by_role("heading", name="Alna")).to_be_visible()
    table = page.get_by_role("table").first
    assert table.get_by_role("columnheader").all_inner_texts()[1:] == [f"{last_year}H1", f"{last_year}H2", last_year]
    shown = table.get_by_role("row").filter(has_text="Brukere").first.get_by_role("cell").all_inner_texts()
    assert no_sideways_scrolling(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == f"fitservice-{name}.csv"
    download.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len({row["Kode"] for row in rows}) == 16
    assert {row["Periode"] for row in rows} == {last_year, f"{last_year}H1", f"{last_year}H2"}
    assert not {row["Verdi"] for row in rows if row["Tall"] == "Målte brukere"} & {"1", "2", "3", "4"}
    told = [row["Verdi"] for row in rows if row["Bydel"] == "Alna" and row["Tall"] == "Brukere"]
    assert told == shown
    page.get_by_role("link", name="Tilbake til publiseringene").click()
    newest_first = page.get_by_role("main").get_by_role("row").get_by_role("link").all_inner_texts()
    assert newest_first == [name, released, f"{last_year}-1"]
    assert no_sideways_scrolling(page)


def test_the_analyst_sees_what_a_release_shows_otherwise_than_the_one_before(visit: Open, released: str) -> None:
    page, last_year = visit("velferd", 360), str(today().year - 1)
    page.get_by_role("navigation").get_by_role("link", name="Publiseringer").click()
    page.get_by_role("link", name=released).click()
    changed = page.get_by_role("region", name="Endret siden forrige publisering")
    rows = changed.get_by_role("row").filter(has_text="Brukere").filter(has_text="Bjerke").all_inner_texts()
    told = [row.split("\t") for row in rows if "\tBrukere\t" in row]
    assert [row[:3] for row in told] == [["Bjerke", f"{last_year}{part}", "Brukere"] for part in ("H1", "H2", "")]
    assert all(int(now) - int(before) == 12 for *_, before, now in told)
    # in other districts something may be hidden otherwise, but no number is another
    for row in changed.get_by_role("row").all_inner_texts()[1:]:
        district, *_, before, now = row.split("\t")
        assert district in ("Bjerke", "Oslo") or ":" in (before, now), row
    assert no_sideways_scrolling(page)


def test_the_analyst_sees_the_charts_of_what_is_released(visit: Open, released: str, tmp_path: Path) -> None:
    page = visit("velferd", 360)
    page.get_by_role("link", name="Diagrammer og halvårsrapport").click()
    offered = page.get_by_label("Halvår").locator("option").all_inner_texts()
    year = released.partition("-")[0]
    assert offered == [f"{year}H2", f"{year}H1"]
    assert page.locator("img.chart").count() == 3
    assert charts_drawn(page) and no_sideways_scrolling(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Halvårsrapport som PDF").click()
    download.value.save_as(tmp_path / "report.pdf")
    said = PdfReader(tmp_path / "report.pdf").pages[0].extract_text()
    assert f"Halvårsrapport juli–desember {year}" in said


def test_the_administrator_adds_a_colleague(visit: Open) -> None:
    page = visit("admin", 820)
    page.get_by_role("link", name="Legg til en kollega").click()
    page.get_by_label("Brukernavn").fill(f"dina{date.today():%j}")
    page.get_by_label("Navn", exact=True).fill("Dina")
    page.get_by_label("Bydel").select_option(label="Sagene")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("/welcome/")).to_be_visible()
