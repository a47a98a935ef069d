"""The service user's own sheet, as a page and as a PDF: whose words, whose answers, and nobody else's."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import AMINA, BERIT, make_service_user, make_session
from flask import Flask
from pypdf import PdfReader
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.enrolling import add_enrolment, end_enrolment, set_asked_in
from fitservice.actions.recording import withdraw_session
from fitservice.formats.sheet import Sheet, sheet_pdf
from fitservice.instruments import SHIPPED, Instruments
from fitservice.instruments.instrument import CutOff
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Actor, NotFound, Role
from fitservice.reports.sheet import print_sheet
from fitservice.spoken import say
from fitservice.store.rows import value

JUNE = date(2026, 6, 1)
HANNA = Actor("hanna", Role.CASEWORKER, 4)
"""A caseworker in St. Hanshaugen, where outcome and alliance are in use."""


def sheet_of(
    db: Database, service_user_id: int, *, by: Actor = AMINA, instruments: Instruments = SHIPPED, language: str = "nb"
) -> Sheet:
    """The sheet as printed in June 2026."""
    if language != "nb":
        set_asked_in(db, service_user_id, language, by=by)
    return print_sheet(db, service_user_id, JUNE, by=by, instruments=instruments)


def scores(db: Database, service_user_id: int, *values: int, by: Actor = AMINA) -> list[int]:
    """Sessions with these life-satisfaction scores, thirty days apart from 1 March 2022."""
    days = [date(2022, 3, 1) + timedelta(days=30 * number) for number in range(len(values))]
    return [
        make_session(db, service_user_id, day, by=by, life_satisfaction=score)
        for day, score in zip(days, values, strict=True)
    ]


def words(sheet: Sheet) -> str:
    """Every sentence of a sheet."""
    courses = " ".join(line for course in sheet.courses for line in (course.title, *course.lines, course.older or ""))
    sections = " ".join(line for section in sheet.sections for line in (section.title, *section.lines))
    return " ".join(
        (sheet.title, *[f"{name}: {said}" for name, said in sheet.facts], courses, *sheet.remarks, sections)
    )


def printed(pdf: bytes) -> str:
    """The text of a PDF, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nb", "Første gang, 1. mars 2022, svarte du 3 av 7. Sist, 31. mars 2022, svarte du 5."),
        ("nn", "Første gongen, 1. mars 2022, svara du 3 av 7. Sist, 31. mars 2022, svara du 5."),
        ("en", "The first time, 1 March 2022, you answered 3 of 7. Last, 31 March 2022, you answered 5."),
    ],
)
def test_the_sheet_speaks_the_persons_own_language(db, language, told):
    service_user_id = make_service_user(db)
    scores(db, service_user_id, 3, 5)
    sheet = sheet_of(db, service_user_id, language=language)
    assert told in words(sheet)
    assert told in printed(sheet_pdf(sheet))
    reader = PdfReader(io.BytesIO(sheet_pdf(sheet)))
    assert reader.metadata.title == f"{sheet.title} – A-1"
    assert reader.trailer["/Root"]["/Lang"].startswith(language)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((4,), "Du har svart én gang: 4 av 7, 1. mars 2022."),
        ((4, 2, 6), "Forrige gang, 31. mars 2022, svarte du 2. Sist, 30. april 2022, svarte du 6."),
        ((4, 6), "Det er ingen sikker endring fra første gang. En forskjell på mindre enn 3 poeng kan være tilfeldig."),
        ((4, 7), "Etter det du svarte, er det klart bedre nå enn første gang."),
        ((4, 1), "Etter det du svarte, er det klart dårligere nå enn første gang."),
        ((), "Det er ingen svar å vise siden 1. januar 2022."),
    ],
)
def test_scores_are_told_in_plain_words(db, values, said):
    service_user_id = make_service_user(db)
    scores(db, service_user_id, *values)
    sheet = sheet_of(db, service_user_id)
    assert said in words(sheet) and said in printed(sheet_pdf(sheet))
    assert [course.picture is not None for course in sheet.courses] == ([len(values) > 1] if values else [])


def test_what_is_stored_who_sees_it_and_that_it_is_voluntary_stands_on_every_sheet(db):
    said = printed(sheet_pdf(sheet_of(db, make_service_user(db))))
    for sentence in (
        "Referansen din (A-1) og språket du blir spurt på.",
        "Året du er født: 1980.",
        "Når du har fått oppfølging: fra 1. januar 2022.",
        "Når noe blir rettet, tar vi vare på det som sto der før.",
        "Saksbehandlere og teamleder i tjenesten i bydelen (Alna).",
        "Velferdsetaten ser bare tall for mange samlet.",
        "Du kan si nei når som helst.",
        "Hjelpen du får, er den samme enten du svarer eller ikke.",
        "Du kan spørre hvem som har sett på det.",
    ):
        assert sentence in said
    assert "født" not in words(sheet_of(db, make_service_user(db, "A-2", birth_year=None)))


def test_only_the_latest_enrolments_answers_are_shown_and_the_sheet_says_so(db):
    service_user_id = make_service_user(db)
    scores(db, service_user_id, 7, 7)
    end_enrolment(db, sheet_enrolment(db, service_user_id), date(2022, 4, 30), by=AMINA)
    add_enrolment(db, service_user_id, date(2022, 6, 1), by=AMINA)
    said = words(sheet_of(db, service_user_id))
    assert "Det er ingen svar å vise siden 1. juni 2022. Svar fra tidligere oppfølging er lagret" in said
    assert "1. januar 2022 til 30. april 2022; fra 1. juni 2022." in said
    assert "svarte du" not in said.replace("Har du ikke svart", "")


def sheet_enrolment(db: Database, service_user_id: int) -> int:
    """The id of the only enrolment."""
    return int(value(db, "SELECT id FROM enrolments WHERE service_user_id = :id", {"id": service_user_id}))


def test_a_withdrawn_session_is_not_on_it(db):
    service_user_id = make_service_user(db)
    first, _ = scores(db, service_user_id, 7, 2)
    withdraw_session(db, first, "wrong person", by=AMINA, revision=1)
    assert "Du har svart én gang: 2 av 7" in words(sheet_of(db, service_user_id))


def test_outcome_and_alliance_are_told_as_sums_in_st_hanshaugen(db):
    service_user_id = make_service_user(db, "SH-1", by=HANNA)
    for number, tenths in enumerate((40, 45, 60)):
        answers = {"life_satisfaction": 4, **dict.fromkeys((*OUTCOME_ITEMS, *ALLIANCE_ITEMS), tenths)}
        make_session(db, service_user_id, date(2022, 3, 1 + number), by=HANNA, **answers)
    sheet = sheet_of(db, service_user_id, by=HANNA)
    assert [course.title for course in sheet.courses] == ["Livskvalitet", "Utbytte", "Samtalevurdering"]
    said = printed(sheet_pdf(sheet))
    assert "Tallet er summen av 4 svar. Det går fra 0 til 40. 40 er best." in said
    assert "Første gang, 1. mars 2022, var summen 16,0 av 40." in said
    assert "Sist, 3. mars 2022, var summen 24,0. Etter det du svarte, er det klart bedre" in said
    # alliance has no reliable change: nothing is said about what a difference amounts to
    assert "Bydel: St. Hanshaugen" in said and len(sheet.courses[2].lines[1].split(". ")) == 6


def turned(**changes: object) -> Instruments:
    """The shipped instruments, with other properties of outcome."""
    return Instruments(tuple(replace(one, **changes) if one.key == "outcome" else one for one in SHIPPED))


def test_a_cut_off_and_a_lower_best_change_the_words(db):
    service_user_id = make_service_user(db)
    for number, tenths in enumerate((40, 60)):
        make_session(db, service_user_id, date(2022, 3, 1 + number), **dict.fromkeys(OUTCOME_ITEMS, tenths))
    cut_off = turned(cut_offs=(CutOff(0, 130, 24),))
    assert "passert en grense" in words(sheet_of(db, service_user_id, instruments=cut_off))
    lower = words(sheet_of(db, service_user_id, instruments=turned(higher_is_better=False)))
    assert "0 er best." in lower and "klart dårligere" in lower


@pytest.mark.parametrize("reference", ["Å" * 40, "W" * 40, "😀 <b>**x**</b> {pages} {nb} ../x"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_three_instruments_and_a_long_reference_fit_on_whole_pages(db, reference, language):
    service_user_id = make_service_user(db, reference)
    for number in range(14):
        answers = {"life_satisfaction": 1 + number % 7, **dict.fromkeys((*OUTCOME_ITEMS, *ALLIANCE_ITEMS), 30 + number)}
        make_session(db, service_user_id, date(2022, 3, 1) + timedelta(days=30 * number), **answers)
    sheet = sheet_of(db, service_user_id, language=language)
    assert [len(course.rows) for course in sheet.courses] == [12, 12, 12]
    assert all(course.older and course.older.startswith("2 ") for course in sheet.courses)
    reader = PdfReader(io.BytesIO(sheet_pdf(sheet)))
    assert len(reader.pages) in (2, 3)
    said = printed(sheet_pdf(sheet))
    for course in sheet.courses:
        assert all(f"{day} {score}" in said for day, score in course.rows)
        assert all(line in said for line in course.lines)
    assert said.count(f"{reference} – {say('sheet.page', language, page=1, pages=len(reader.pages))}") == 1
    places: list[float] = []
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, _, place, *__: places.append(place[5]) if text.strip() else None)
    assert min(places) > 20 and max(places) < 842


def test_one_older_answer_is_one(db):
    service_user_id = make_service_user(db)
    scores(db, service_user_id, *(range(1, 8)), *(range(1, 7)))
    assert sheet_of(db, service_user_id).courses[0].older == "Ett eldre svar står bare i kurven."


def test_a_usual_persons_sheet_is_one_page_and_its_picture_has_words(db):
    service_user_id = make_service_user(db)
    scores(db, service_user_id, *range(1, 8), *range(1, 6))
    for language in ("nb", "nn", "en"):
        sheet = sheet_of(db, service_user_id, language=language)
        reader = PdfReader(io.BytesIO(sheet_pdf(sheet)))
        assert len(reader.pages) == 1
        parts = [part.get_object() for part in reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0]["/K"]]
        assert [part["/Alt"] for part in parts if part["/S"] == "/Figure"] == [sheet.courses[0].picture_text]
        assert [part["/S"] for part in parts][:6] == ["/H1", "/P", "/H2", "/P", "/P", "/Figure"]
        # all text stands inside a part that is read aloud, or is the footer
        content = reader.pages[0].get_contents().get_data().decode("latin-1")
        outside = re.sub(r"/\w+ (<</MCID \d+>> BDC|BMC).*?\nEMC", "", content, flags=re.DOTALL)
        assert " BDC" not in outside and " Tj" not in outside and " TJ" not in outside


def test_the_same_sheet_is_the_same_file(db):
    service_user_id = make_service_user(db)
    scores(db, service_user_id, 3, 5)
    sheet = sheet_of(db, service_user_id)
    assert sheet_pdf(sheet) == sheet_pdf(sheet)


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("AL-1_x", "dine-svar-AL-1_x.pdf"),
        ("../etc", "dine-svar.pdf"),
        ('a"; filename="b.exe', "dine-svar.pdf"),
        ("Ærlig 1", "dine-svar.pdf"),
        ("A.1", "dine-svar.pdf"),
    ],
)
def test_a_reference_is_part_of_the_files_name_only_if_it_is_safe(db, reference, name):
    assert sheet_of(db, make_service_user(db, reference)).file_name == name


def test_a_strangers_sheet_is_not_found_and_leaves_no_trace_of_a_copy(db):
    service_user_id = make_service_user(db, by=BERIT)
    with pytest.raises(NotFound):
        sheet_of(db, service_user_id)
    assert value(db, "SELECT COUNT(*) FROM audit WHERE act = 'print_sheet'") == 0


def test_the_page_and_the_file_say_the_same_and_both_are_logged(house: Flask, house_db: Database) -> None:
    make_session(house_db, 1, date(2022, 6, 1), life_satisfaction=7)
    make_service_user(house_db, "AL-SECRET")
    amina = sign_in(house, "amina")
    page, file = amina.get("/service-users/1/sheet"), amina.get("/service-users/1/sheet.pdf")
    assert file.data.startswith(b"%PDF") and file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"] == 'attachment; filename="dine-svar-AL-1.pdf"'
    for answer, said in ((page, page.text), (file, printed(file.data))):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Sist, 1. juni 2022, svarte du 7." in said and "AL-1" in said
        assert "BJ-1" not in said and "AL-SECRET" not in said and "amina" not in said.lower().replace("amina, alna", "")
    assert '<article class="sheet" lang="nb">' in page.text
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert 'alt="Livskvalitet over tid: 2 svar fra 4 til 7."' in page.text
    logged = list(house_db.query("SELECT actor, subject_id FROM audit WHERE act = 'print_sheet'"))
    assert logged == [{"actor": "amina", "subject_id": 1}] * 2


def test_the_sheet_is_not_in_the_readers_language_but_in_the_persons(house: Flask, house_db: Database) -> None:
    set_asked_in(house_db, 1, "nn", by=AMINA)
    page = sign_in(house, "amina").get("/service-users/1/sheet?lang=en").text
    assert '<html lang="en">' in page and 'lang="nn"' in page
    assert "Save as PDF" in page and "Dette er lagra om deg" in page


def test_a_persons_page_leads_to_the_sheet(house: Flask) -> None:
    assert 'href="/service-users/1/sheet"' in sign_in(house, "amina").get("/service-users/1").text


def test_notes_and_next_steps_are_not_printed(house: Flask) -> None:
    amina = sign_in(house, "amina")
    amina.post("/sessions/1/note", data={"note": "Sover bedre", "next_step": "Fastlege", "revision": "1"})
    for path in ("/service-users/1/sheet", "/service-users/1/sheet.pdf"):
        answer = amina.get(path).data
        said = printed(answer) if path.endswith("pdf") else answer.decode()
        assert "Sover bedre" not in said and "Fastlege" not in said
