"""Who sees whom is decided in one place: no page shows a record that is closed, or a stranger's, to anybody."""

import ast
import re
from collections.abc import Iterator
from datetime import date

import pytest
from factories import ADMIN, AMINA, BERIT, CARL, OPERATOR, enrolment_of, make_service_user, make_session
from flask import Flask
from sqlite_utils import Database
from test_house import MODULES
from test_routes import TABLE
from web import sign_in

from fitservice.actions.blocking import block_record
from fitservice.actions.enrolling import set_caseworker, set_name
from fitservice.actions.erasing import ask_erasure
from fitservice.actions.giving_access import end_access, give_access
from fitservice.actions.keeping_accounts import change_role
from fitservice.actions.staffing import add_staff
from fitservice.actions.supervising import discuss
from fitservice.clock import set_to
from fitservice.model import OUTCOME_ITEMS, Actor, Answers, Role
from fitservice.reports.person import see_person
from fitservice.rules.periods import parse_half
from fitservice.store import figures, staff

REFERENCE, NAME = "ZEBRA-77-QX", "Zebulon Kjøs"
TODAY = date(2022, 12, 15)
DORA = Actor("dora", Role.TEAM_LEAD, 12, staff_id=6)


@pytest.fixture
def zebra(house_db: Database) -> int:
    """The id of somebody in Alna who stands on every list there; Dora leads there too."""
    db = house_db
    add_staff(db, "dora", "Dora", Role.TEAM_LEAD, 12, by=OPERATOR)
    staff.set_password(db, DORA.staff_id, staff.by_username(db, "carl")["password_hash"])
    someone = make_service_user(db, REFERENCE)
    set_caseworker(db, someone, "carl", by=CARL)
    set_name(db, someone, NAME, by=AMINA)
    first = make_session(db, someone, life_satisfaction=6)
    alike = {name: 20 for name in Answers.__dataclass_fields__ if name in OUTCOME_ITEMS or name in ALLIANCE}
    make_session(db, someone, date(2022, 5, 2), life_satisfaction=2, **alike)
    with set_to(TODAY):
        discuss(db, first, by=CARL)
        ask_erasure(db, someone, "vil ikke mer", by=CARL)
    return someone


ALLIANCE = ("alliance_heard", "alliance_topics", "alliance_approach", "alliance_overall")

MORE = (
    *("/service-users?whose=team&what=signal", "/district/checks/2022H2", "/district/checks/2022H1"),
    *("/district/look-ups?first=15.12.2022&last=15.12.2022", "/district/reporting/2022H1"),
)


# closed to whoever has a district, or open to everybody without telling of a person
ELSEWHERE = ("/welcome", "/city", "/accounts", "/api", "/static", "/bootstrap", "/sign-in", "/healthz", "/readyz")
ELSEWHERE += ("/metrics",)


def addresses(db: Database, someone: int) -> Iterator[str]:
    """Every address that can be read, about this person where it is about one."""
    sessions = [row[0] for row in db.execute("SELECT id FROM sessions WHERE enrolment_id <> 1 AND enrolment_id <> 2")]
    for method, _endpoint, path in TABLE:
        if method == "GET" and not path.startswith(ELSEWHERE):
            here = path.replace("/service-users/1", f"/service-users/{someone}")
            here = re.sub(r"/enrolments/1\b", f"/enrolments/{enrolment_of(db, someone)}", here)
            yield from {here.replace("/sessions/1", f"/sessions/{session}") for session in sessions}
    yield from MORE
    yield f"/district/look-ups?person={someone}"


def telling(app: Flask, db: Database, someone: int, name: str, *, drawn: bool = True) -> set[str]:
    """The pages on which this member of the cast finds the person's reference, name, or a link to their record.

    Without what is drawn, pictures and PDFs, it is quicker.
    """
    enrolment = enrolment_of(db, someone)
    sessions = [row[0] for row in db.execute("SELECT id FROM sessions WHERE enrolment_id = ?", [enrolment])]
    places = [f"/service-users/{someone}", f"/enrolments/{enrolment}", *(f"/sessions/{id_}" for id_ in sessions)]
    told = set()
    with set_to(TODAY, 13):
        client = sign_in(app, name)
        for address in addresses(db, someone):
            if not drawn and address.endswith((".pdf", ".svg")):
                continue
            answer = client.get(address)
            assert answer.status_code < 500, address
            own = [text for text in places if text in address]
            text = answer.data.decode(errors="replace")
            found = [each for each in (REFERENCE, NAME, *places) if each in text and each not in own]
            # the address that was asked for stands in the form that changes the language
            if found or (own and answer.status_code == 200):
                told.add(address.replace(str(someone), "…").partition("?")[0])
            answer.close()
        answer = client.post("/service-users", data={"q": REFERENCE}, follow_redirects=True)
        if f"/service-users/{someone}" in answer.text:
            told.add("search")
        answer = client.post("/service-users", data={"q": "Zebulon"}, follow_redirects=True)
        if REFERENCE in answer.text:
            told.add("search by name")
    return told


LISTS = {"/service-users", "/service-users/participation", "/service-users/erasures", "search", "search by name"}
PAGES = {"/service-users/…", "/service-users/…/sheet", "/service-users/…/copy.json", "/service-users/…/looked"}
LEADS = {
    "/district",
    "/district/supervision",
    "/district/checks/2022H1",
    "/district/checks/2022H2",
    "/district/look-ups",
}


def see(db: Database, someone: int) -> None:
    """Somebody opens the page, so that it stands in the log."""
    with set_to(TODAY, 12):
        see_person(db, someone, by=DORA)


@pytest.mark.parametrize("name", ["amina", "carl"])
def test_whoever_it_is_closed_to_finds_the_person_nowhere(
    house: Flask, house_db: Database, zebra: int, name: str
) -> None:
    see(house_db, zebra)
    who = {"amina": AMINA, "carl": CARL}[name]
    with set_to(TODAY):
        block_record(house_db, zebra, [who.staff_id], False, "de er i slekt", by=DORA)
    assert telling(house, house_db, zebra, name) == set()
    # and whoever it is not closed to finds the person on all of these
    assert telling(house, house_db, zebra, "dora", drawn=False) >= LISTS | PAGES | LEADS | {"/district/access"}


def test_closed_to_everybody_but_the_contact(house: Flask, house_db: Database, zebra: int) -> None:
    with set_to(TODAY):
        set_caseworker(house_db, zebra, "amina", by=CARL)
        block_record(house_db, zebra, [], True, "kjenner mange her", by=CARL)
    assert telling(house, house_db, zebra, "amina", drawn=False) >= LISTS | PAGES
    with set_to(TODAY):
        set_caseworker(house_db, zebra, None, by=CARL)
    assert telling(house, house_db, zebra, "amina") == set()
    assert telling(house, house_db, zebra, "carl", drawn=False) >= LISTS | PAGES


GRANTED = {"/service-users", "/service-users/…", "/service-users/…/sheet", "/service-users/…/sheet.pdf"}


def test_a_stranger_finds_nobody_and_a_grant_lets_in_to_one_and_to_reading(
    house: Flask, house_db: Database, zebra: int
) -> None:
    db = house_db
    assert telling(house, db, zebra, "berit") == set()
    with set_to(TODAY):
        grant = give_access(db, zebra, BERIT.staff_id, TODAY, "flytter over", by=CARL)
    found = telling(house, db, zebra, "berit")
    assert found >= GRANTED
    others = {re.sub(r"\d+", "N", address) for address in found - GRANTED}
    assert others == {"/sessions/N", "/service-users/…/enrolments/N/life_satisfaction.svg"}
    with set_to(TODAY):
        end_access(db, zebra, grant, by=CARL)
    assert telling(house, db, zebra, "berit") == set()
    with set_to(TODAY):
        give_access(db, zebra, BERIT.staff_id, TODAY, "flytter over", by=CARL)
        db.execute("UPDATE staff SET district_id = 1 WHERE username = 'berit'")
        db.execute("UPDATE staff SET district_id = 9 WHERE username = 'berit'")
    assert telling(house, db, zebra, "berit") == set()


def test_the_day_after_the_last_one_a_grant_holds_no_longer(house: Flask, house_db: Database, zebra: int) -> None:
    with set_to(date(2022, 12, 1)):
        give_access(house_db, zebra, BERIT.staff_id, date(2022, 12, 14), "flytter over", by=CARL)
    assert telling(house, house_db, zebra, "berit") == set()


def test_a_block_goes_before_a_grant(house: Flask, house_db: Database, zebra: int) -> None:
    with set_to(TODAY):
        give_access(house_db, zebra, BERIT.staff_id, TODAY, "flytter over", by=CARL)
        block_record(house_db, zebra, [], True, "kjenner mange her", by=CARL)
    assert telling(house, house_db, zebra, "berit") == set()


def test_a_contact_who_has_moved_is_the_contact_no_longer(house: Flask, house_db: Database, zebra: int) -> None:
    with set_to(TODAY):
        set_caseworker(house_db, zebra, "amina", by=CARL)
        change_role(house_db, AMINA.staff_id, Role.CASEWORKER, 9, "ny jobb", by=ADMIN)
        give_access(house_db, zebra, AMINA.staff_id, TODAY, "flytter over", by=CARL)
        half = parse_half("2022H2")
        asked = figures.without_score_now, figures.without_score_then
        # nor is the contact reminded of them
        assert [each(house_db, half, TODAY) for each in asked] == [{}, {}]
        block_record(house_db, zebra, [], True, "kjenner mange her", by=CARL)
    assert telling(house, house_db, zebra, "amina") == set()


COUNTED = {
    # what is counted for everybody, or read of everybody by the machine alone
    *("bulk", "counters", "expected_courses", "figures", "demo", "whole", "once", "sealing", "audit"),
}
BY_ID_OF_ONE_WHO_WAS_FOUND = {
    *("names.set_name", "names.having", "names.name_of", "service_users.correct", "service_users.set_caseworker"),
    *("service_users.set_asked_in", "service_users.add", "erasures.carry_out", "erasures._AFTER"),
    # each query that begins with it says who asks
    *("blocks._TOLD", "grants._TOLD", "discussions._TOLD"),
    # told with what is hidden taken out, and by nobody else
    *("quality._SESSIONS", "quality._enrolled", "service_users.by_reference"),
    # a number
    *("service_users._ENDED_WITHOUT_SCORE", "service_users._ACTIVE", "service_users._MEASURED"),
    *("participations._NEWEST", "sight.blocked"),
    *("blocks.of_service_user", "grants.of_service_user", "discussions.of_session", "discussions.newest_of"),
    *("quality._held", "quality._earlier"),
}
TABLE_OF_PERSONS = re.compile(r"\b(FROM|JOIN|UPDATE|INTO)\s+service_users\b")
SIGHT = {"OWN", "READABLE", "blocked", "CONTACT_SEES"}


def test_no_query_about_service_users_forgets_who_asks() -> None:
    forgotten = set()
    for module, tree in MODULES.items():
        if not module.startswith("store.") or module.removeprefix("store.") in COUNTED:
            continue
        bases: set[str] = set()
        for node in tree.body:
            text = ast.unparse(node).replace("\\n", "\n")
            if (TABLE_OF_PERSONS.search(text) or bases & _names(node)) and not SIGHT & _names(node):
                forgotten.add(f"{module.removeprefix('store.')}.{_name(node)}")
                bases |= {_name(node)} if isinstance(node, ast.Assign) else set()
    assert forgotten - BY_ID_OF_ONE_WHO_WAS_FOUND == set()
    assert "service_users.matching" not in forgotten


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else "?"
