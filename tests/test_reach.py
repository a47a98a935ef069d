"""What the words of the review say a role sees: made from the table of permissions, and true of every page."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

import pytest
from factories import ADMIN, AMINA, CARL, OPERATOR, VELFERD, make_session
from flask import Flask
from pypdf import PdfReader
from sqlite_utils import Database
from test_logged import TELLS_NOTHING
from test_routes import CAST, TABLE
from web import sign_in
from werkzeug.test import TestResponse

from fitservice.access import PERMISSIONS, SCOPES, Act
from fitservice.actions.enrolling import set_name
from fitservice.actions.recording import note_session
from fitservice.actions.tokens import issue_token
from fitservice.model import Actor, Role, Scope
from fitservice.reach import REACHES, Reach, reach_of
from fitservice.reports.access_review import see_all_access
from fitservice.rules.access_review import Holder
from fitservice.wording.access_review import reach_lines

PERSONS = "All service users in Alna, with name, scores and notes"
CITY = "Figures so far and gaps for all districts, with small counts hidden"
FIGURES = "Published figures for all districts"
GAPS = "Gaps for all districts, as published figures show them"


def words(app: Flask, actor: Actor) -> list[str]:
    """What the review says of such an account or token."""
    holder = Holder(
        "X",
        "x",
        actor.role,
        date(2022, 1, 1),
        date(2022, 1, 1),
        district="Alna" if actor.district_id else None,
        scopes=actor.scopes,
    )
    with app.test_request_context("/?lang=en"):
        return reach_lines(reach_of(actor), holder)


def token(*scopes: Scope) -> Actor:
    """A program with a token that is good for these."""
    return Actor("token:x", Role.API_CLIENT, scopes=frozenset(scopes))


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (AMINA, [PERSONS]),
        (CARL, [PERSONS, "The district's own figures and sign-offs", "Who has looked at whom in the district"]),
        (VELFERD, [CITY, FIGURES, "No persons"]),
        (ADMIN, ["Accounts and tokens", "No persons and no scores"]),
        (token(*Scope), [GAPS, FIGURES, "No persons"]),
        (token(Scope.GAPS), [GAPS, "No persons"]),
        (token(Scope.FIGURES), [FIGURES, "No persons"]),
    ],
    ids=lambda value: value.role.value if isinstance(value, Actor) else "",
)
def test_what_each_role_sees_in_plain_words(app: Flask, actor: Actor, expected: list[str]) -> None:
    assert words(app, actor) == expected


def test_every_act_shows_something_that_has_its_words() -> None:
    assert set(REACHES) == set(Act), "give each new act its place in reach.py: the review says what a role sees by it"
    assert SCOPES.keys() <= PERMISSIONS.keys()


@pytest.mark.parametrize(
    ("role", "act", "said"),
    [
        (Role.ADMINISTRATOR, Act.SEE_SESSION, "All service users in –, with name, scores and notes"),
        (Role.AGENCY_ANALYST, Act.FIND_SERVICE_USERS, "All service users in –, with name, scores and notes"),
        (Role.ADMINISTRATOR, Act.PULL_FIGURES, FIGURES),
        (Role.ADMINISTRATOR, Act.RECOUNT, "Everything that is done on the command line"),
    ],
)
def test_the_words_change_with_the_table_of_permissions(
    app: Flask, monkeypatch: pytest.MonkeyPatch, role: Role, act: Act, said: str
) -> None:
    before = words(app, Actor("x", role))
    monkeypatch.setitem(PERMISSIONS, act, PERMISSIONS[act] | {role})
    after = words(app, Actor("x", role))
    assert said in after and said not in before
    assert "No persons and no scores" not in after


NAME, NOTE, STEP = "Gullbrand Zakariassen", "sover hos zebraen", "ringe giraffen"
TOTAL = re.compile(r"27[.,]3")
"""The outcome that was answered."""
REFERENCE = re.compile(r"\b(?:AL|BJ)-1\b|\b[RY]-\d+")


@pytest.fixture
def known(published: Flask, published_db: Database) -> Flask:
    """The published city, in which service user 1 has a name, a total, a note and a next step like no other."""
    db = published_db
    set_name(db, 1, NAME, by=AMINA)
    items = {"outcome_personal": 93, "outcome_close": 41, "outcome_social": 77, "outcome_overall": 62}
    make_session(db, 1, date(2022, 3, 9), **items)
    note_session(db, 1, NOTE, STEP, by=AMINA, revision=1)
    return published


def told(answer: TestResponse) -> str:
    """Everything that an answer says: its head, its text, and what stands in a workbook or a PDF."""
    body = answer.get_data()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    text = body.decode("utf-8", "replace")
    if body.startswith(b"%PDF"):
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return f"{answer.headers}\n{text}"


def walk(app: Flask, name: str) -> Iterable[tuple[str, str, str]]:
    """Endpoint, address and what is told, of every page and file that this member of the cast can ask for."""
    client = sign_in(app, name)
    for method, endpoint, path in TABLE:
        if method == "GET" and not endpoint.endswith("static"):
            with client.get(path) as answer:
                yield endpoint, path, told(answer)


def secrets(text: str) -> set[str]:
    """What of the persons a text holds."""
    found = {word for word in (NAME, NAME.split()[1], NOTE, STEP) if word in text}
    return found | {match[0].replace(",", ".") for match in (*REFERENCE.finditer(text), *TOTAL.finditer(text))}


def test_a_caseworkers_pages_hold_all_that_is_looked_for_here_and_nothing_of_other_districts(known: Flask) -> None:
    found = {word for *_, text in walk(known, "amina") for word in secrets(text)}
    assert found >= {NAME, NOTE, STEP, "AL-1", "27.3"}
    assert "BJ-1" not in found


def test_whoever_has_figures_alone_finds_no_person_in_any_answer(known: Flask) -> None:
    wrong = {path: found for _, path, text in walk(known, "velferd") if (found := secrets(text) - {"27.3"})}
    assert wrong == {}


def test_administrators_find_no_person_and_no_score_in_any_answer(known: Flask) -> None:
    wrong = {}
    for endpoint, path, text in walk(known, "admin"):
        of_all = endpoint in TELLS_NOTHING or endpoint.split(".")[0] in ("sign_in", "watching")
        if (found := secrets(text)) or ("ivskvalitet" in text and not of_all):
            wrong[path] = found
    assert wrong == {}


def test_a_token_finds_no_persons_in_any_answer(known: Flask, published_db: Database) -> None:
    held = {"Authorization": f"Bearer {issue_token(published_db, 'board', by=OPERATOR)}"}
    client, wrong, answered = known.test_client(), {}, 0
    asked = [path for method, endpoint, path in TABLE if method == "GET" and not endpoint.endswith("static")]
    files = [f"/api/v1/aggregates?period=2022&format={form}" for form in ("csv", "xlsx")]
    for path in (*asked, *files, "/api/v1/gaps?period=2022&format=csv"):
        with client.get(path, headers=held) as answer:
            answered += path.startswith("/api/") and answer.status_code == 200
            if found := secrets(told(answer)) - {"27.3"}:
                wrong[path] = found
    assert wrong == {} and answered >= 9


@pytest.mark.parametrize("name", CAST[:5])
def test_who_is_said_to_see_persons_is_who_does(known: Flask, published_db: Database, name: str) -> None:
    (line,) = (one for one in see_all_access(published_db, 90, [], by=ADMIN).lines if one.holder.username == name)
    holder = line.holder
    said = Reach.PERSONS in reach_of(Actor(name, holder.role, holder.district_id))
    client = sign_in(known, name)
    shown = {told(client.get(path)) for path in ("/service-users?whose=team", "/service-users/1", "/service-users/2")}
    assert any(map(secrets, shown)) is said
