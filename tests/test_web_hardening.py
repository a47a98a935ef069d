"""One test for each thing that a browser, a proxy or a stranger could be made to do to us."""

import io
import json
import re
import zipfile
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from factories import AMINA, OPERATOR, PASSWORD
from flask import Flask
from serving import sign_in_cookie
from sqlite_utils import Database
from web import sign_in
from werkzeug.test import TestResponse

from fitservice import create_app
from fitservice.actions.importing import SERVICE_USERS, import_file
from fitservice.actions.recording import note_session
from fitservice.clock import today
from fitservice.db import connect
from fitservice.formats.tables import NORWEGIAN, csv_text
from fitservice.model import Invalid
from fitservice.settings import SettingsError
from fitservice.web.headers import HEADERS

TEMPLATES = Path(__file__).parent.parent / "templates"


@pytest.fixture
def tls(tmp_path: Path, cast_database: bytes) -> Flask:
    """The house behind one proxy with TLS; CSRF is off."""
    return on(tmp_path, cast_database, BEHIND_TLS=True, PROXIES=1, WTF_CSRF_ENABLED=False)


def on(folder: Path, content: bytes, **settings: object) -> Flask:
    """The house with these settings."""
    (folder / "fitservice.db").write_bytes(content)
    return create_app({"TESTING": True, **settings}, folder)


def test_every_answer_carries_every_header(house: Flask) -> None:
    client = sign_in(house, "amina")
    paths = ("/service-users/1", "/no-such-page", "/accounts", "/static/fitservice.css", "/api/v1/districts", "/")
    for path in (*paths, "/bootstrap/static/css/bootstrap.min.css"):
        answer = client.get(path)
        for name, expected in HEADERS.items():
            assert answer.headers[name] == expected, (path, name)
        assert "Strict-Transport-Security" not in answer.headers
        answer.close()


def test_the_policy_lets_nothing_in_but_our_own_files() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy) and "http" not in str(policy) and "*" not in str(policy)


def test_no_page_needs_what_the_policy_forbids(published: Flask) -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|(?:src|href)=\"(?:https?:)?//")
    written = {
        path.name: re.sub(r"{%.*?%}", "", path.read_text(encoding="utf-8")) for path in TEMPLATES.rglob("*.html")
    }
    assert [name for name, text in written.items() if inline.search(text)] == []
    for name, path in (("amina", "/service-users/1"), ("velferd", "/city"), ("carl", "/district"), (None, "/sign-in")):
        assert not inline.search(sign_in(published, name).get(path).text), path


def test_what_is_personal_is_kept_nowhere(house: Flask) -> None:
    client = sign_in(house, "amina")
    for path in ("/service-users", "/service-users/1", "/sessions/1", "/service-users/1/sheet.pdf", "/sign-ins"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    with client.get("/static/fitservice.css") as answer:
        assert "no-store" not in answer.headers["Cache-Control"]


def test_behind_tls_browsers_never_come_back_without_it(tls: Flask) -> None:
    answer = tls.test_client().get("/sign-in")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_behind_tls_the_cookie_is_this_hosts_alone(tls: Flask) -> None:
    answer = tls.test_client().post("/sign-in", data={"username": "amina", "password": PASSWORD})
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    parts = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == "__Host-fitservice"
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
    assert not any(part.startswith("domain") for part in parts)


def test_without_tls_the_cookie_still_works_on_this_machine(house: Flask) -> None:
    answer = house.test_client().post("/sign-in", data={"username": "amina", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("fitservice=") and "Secure" not in cookie
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_behind_tls_addresses_are_made_with_it_whatever_is_said(tls: Flask, house: Flask) -> None:
    # an administrator's link is the one that leaves the service
    said = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/x"}
    assert "https://localhost/welcome/" in sign_in(tls, "admin").post("/accounts/1/link", headers=said).text
    said["X-Forwarded-Proto"] = "https"
    page = sign_in(house, "admin").post("/accounts/2/link", headers=said).text
    assert "http://localhost/welcome/" in page and "evil" not in page


def test_behind_tls_a_form_is_only_taken_from_a_page_of_ours(tmp_path: Path, cast_database: bytes) -> None:
    client = on(tmp_path, cast_database, BEHIND_TLS=True).test_client()
    token = client.get("/sign-in").text.split('name="csrf_token"')[-1].split('value="')[1].split('"')[0]
    form = {"csrf_token": token, "username": "amina", "password": PASSWORD}
    for referrer in ("", "https://evil.example/"):
        assert client.post("/sign-in", data=form, headers={"Referer": referrer}).status_code == 400
    assert client.post("/sign-in", data=form, headers={"Referer": "https://localhost/sign-in"}).status_code == 302


def test_the_old_setting_of_the_cookie_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BEHIND_TLS"):
        create_app({"SESSION_COOKIE_SECURE": True}, tmp_path)


@pytest.mark.parametrize("given", [-1, True, "1", 10])
def test_a_number_of_proxies_that_cannot_be_is_named(tmp_path: Path, given: object) -> None:
    with pytest.raises(SettingsError, match="PROXIES"):
        create_app({"PROXIES": given}, tmp_path)


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "192.0.2.7"), (2, "203.0.113.9")])
def test_the_log_says_the_address_that_our_proxies_saw(
    tmp_path: Path, cast_database: bytes, proxies: int, expected: str
) -> None:
    app = on(tmp_path, cast_database, PROXIES=proxies, WTF_CSRF_ENABLED=False)
    answer = app.test_client().post(
        "/sign-in",
        data={"username": "amina", "password": "feil passord her"},
        headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9, 192.0.2.7"},
    )
    assert answer.status_code == 400
    with Database(tmp_path / "fitservice.db").conn as connection:
        assert connection.execute("SELECT address FROM sign_in_tries").fetchall() == [(expected,)]


@pytest.mark.parametrize(("proxies", "locked"), [(0, True), (1, False)])
def test_a_made_up_address_gives_no_more_tries(
    tmp_path: Path, cast_database: bytes, proxies: int, locked: bool
) -> None:
    client = on(tmp_path, cast_database, PROXIES=proxies, WTF_CSRF_ENABLED=False).test_client()
    for number in range(20):
        form = {"username": f"nobody{number}", "password": "feil passord her"}
        client.post("/sign-in", data=form, headers={"X-Forwarded-For": f"192.0.2.{number}"})
    right = {"username": "amina", "password": PASSWORD}
    assert (client.post("/sign-in", data=right).status_code == 400) is locked


@pytest.mark.parametrize(
    ("said", "status"),
    [("same-origin", 302), ("none", 302), (None, 302), ("cross-site", 403), ("same-site", 403), ("rubbish", 403)],
)
def test_another_site_changes_nothing_even_with_a_token(house: Flask, said: str | None, status: int) -> None:
    client = sign_in(house, "amina")
    headers = {"Sec-Fetch-Site": said} if said else {}
    assert client.post("/sign-out", headers=headers).status_code == status
    assert client.get("/service-users").status_code == (200 if status == 403 else 302)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Sec-Fetch-Site": "cross-site"}, 403), ({}, 400)],
    ids=["from another site", "without its token"],
)
def test_a_form_that_no_page_of_ours_sent_leaves_a_row(
    tmp_path: Path, cast_database: bytes, headers: dict[str, str], status: int
) -> None:
    app = on(tmp_path, cast_database)
    db = connect(tmp_path / "fitservice.db")
    name, value = sign_in_cookie(app, db, AMINA.staff_id or 0)
    client = app.test_client()
    client.set_cookie(name, value)
    if status == 403:
        app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/service-users/7/contact", data={"contact": "berit"}, headers=headers)
    assert answer.status_code == status
    rows = db.execute("SELECT actor, act, subject_id, detail FROM audit WHERE act = 'refused'").fetchall()
    assert [(*row[:3], json.loads(row[3])) for row in rows] == [
        ("amina", "refused", 7, {"page": "service_users.contact"})
    ]
    db.close()
    # nobody leaves none: that is a line of the request log
    nobody = app.test_client()
    assert nobody.post("/service-users/7/contact", data={}, headers=headers).status_code == status


def test_a_link_from_another_site_leads_in(house: Flask) -> None:
    assert sign_in(house, "amina").get("/service-users", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", ""])
def test_another_host_is_refused(house: Flask, host: str) -> None:
    answer = house.test_client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400 and "evil" not in answer.text


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "X" * 50])
def test_odd_methods_are_refused_and_nothing_is_said_back(house: Flask, method: str) -> None:
    client = sign_in(house, "amina")
    for path in ("/service-users/1", "/sign-in", "/api/v1/districts", "/static/fitservice.css"):
        answer = client.open(path, method=method, headers={"X-Secret": "said-by-me"})
        assert answer.status_code in (400, 405), (path, answer.status_code)
        assert "said-by-me" not in answer.text


def test_a_huge_query_is_refused_everywhere(house: Flask) -> None:
    client = sign_in(house, "amina")
    for query in ("x=" + "a" * 5000, "&".join(f"a{number}=1" for number in range(300))):
        for path in ("/service-users", "/sign-in", "/service-users/1"):
            assert client.get(path, query_string=query).status_code == 400, path


@pytest.mark.parametrize("multipart", [False, True])
def test_a_form_of_very_many_fields_is_refused(house: Flask, multipart: bool) -> None:
    fields = {f"a{number}": "1" for number in range(1200)}
    kind = "multipart/form-data" if multipart else "application/x-www-form-urlencoded"
    assert house.test_client().post("/sign-in", data=fields, content_type=kind).status_code == 413


def test_a_body_that_is_too_large_is_refused_unread(house: Flask) -> None:
    answer = house.test_client().post("/sign-in", data=b"a=" + b"x" * 300_000, content_type="text/plain")
    assert answer.status_code in (400, 413)
    answer = house.test_client().post("/sign-in", data={"username": "x" * 300_000})
    assert answer.status_code == 413


def test_no_page_takes_a_file() -> None:
    assert [path.name for path in TEMPLATES.rglob("*.html") if 'type="file"' in path.read_text(encoding="utf-8")] == []


def test_a_zip_is_never_unpacked(db: Database) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 50_000_000)
    with pytest.raises(Invalid, match="workbook"):
        import_file(db, SERVICE_USERS, bomb.getvalue(), today(), by=OPERATOR)


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("https://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
)
def test_a_text_is_no_formula_in_a_table(text: str) -> None:
    line = csv_text(["a", "b"], [[text, -1.5]], NORWEGIAN).split("\n", 1)[1]
    assert line.lstrip('"').startswith("'") and line.rstrip().endswith(";-1,5")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\tevil", "/a\r\nSet-Cookie: b=c", "\x00/", "evil"],
)
def test_no_form_leads_outside_nor_adds_a_header(house: Flask, target: str) -> None:
    client = sign_in(house, "amina")
    answers = [
        client.post("/language/en", data={"next": target}),
        client.post("/sign-in", query_string={"next": target}, data={"username": "amina", "password": PASSWORD}),
    ]
    for answer in answers:
        assert answer.status_code == 302 and answer.location == "/", answer.location
        assert "b=c" not in str(answer.headers)


@pytest.mark.parametrize(
    "path", ["../../setup.cfg", "..%2f..%2fsetup.cfg", "/etc/passwd", "%2e%2e/settings.py", "a%00b"]
)
@pytest.mark.parametrize("folder", ["/static/", "/bootstrap/static/"])
def test_no_path_leads_out_of_the_folder_of_files(house: Flask, folder: str, path: str) -> None:
    answer = house.test_client().get(folder + path)
    assert answer.status_code in (302, 308, 404) and "[metadata]" not in answer.text and "root:" not in answer.text


# Addresses


def test_a_search_stands_in_no_address(house: Flask) -> None:
    client = sign_in(house, "amina")
    answer = client.post("/service-users", data={"q": "al-1"})
    assert answer.status_code == 303 and "al-1" not in answer.location.lower()
    for _ in range(2):  # once more, as reloading and the back button do
        page = client.get(answer.location).text
        assert ">AL-1<" in page and 'value="al-1"' in page
    add = re.search(r'href="(/service-users/new\?search=[^"]+)"', page)
    assert add and 'value="al-1"' in client.get(unescape(add[1])).text


def test_the_address_of_a_search_says_nothing_to_anybody_else(house: Flask) -> None:
    address = sign_in(house, "amina").post("/service-users", data={"q": "al-1"}).location
    for name in ("amina", "carl", "berit"):  # another sign-in of the same caseworker too
        assert 'value="al-1"' not in sign_in(house, name).get(address).text
    for wrong in ("x", "tests:AAAA", address.partition("=")[2][:-6], "é" * 30):
        assert sign_in(house, "amina").get("/service-users", query_string={"search": wrong}).status_code == 200


def test_an_empty_search_shows_the_whole_team(house: Flask) -> None:
    answer = sign_in(house, "amina").post("/service-users", data={"q": "  "}, follow_redirects=True)
    assert ">AL-1<" in answer.text


ADDRESS = re.compile(r'(?:href|src|action|formaction|data-[a-z-]+)="([^"]*)"')
SAID = re.compile(r"AL-1|BJ-1|R-\d|Y-\d|Amina|Berit|sov godt", re.IGNORECASE)
STARTS = {
    "amina": ("/", "/service-users?whose=team", "/service-users/1"),
    "carl": ("/", "/district/checks/2022H1", "/district/look-ups?person=1"),
    "velferd": ("/", "/city/releases"),
    "admin": ("/",),
}


def written(answer: TestResponse) -> str:
    """A page's text; '' of a file."""
    return answer.text if answer.mimetype == "text/html" else ""


@pytest.mark.parametrize("name", STARTS)
def test_no_link_of_any_page_says_whom_it_is_about(published: Flask, published_db: Database, name: str) -> None:
    note_session(published_db, 1, "sov godt", None, by=AMINA, revision=1)
    client, seen, waiting = sign_in(published, name), set[str](), list(STARTS[name])
    waiting.append(client.post("/service-users", data={"q": "AL-1"}).location or "/")
    shapes: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        shape = re.sub(r"\d{3,}|search=.*", "0", path)
        if path in seen or shapes.get(shape, 0) > 2 or len(seen) > 60:
            continue
        seen.add(path)
        shapes[shape] = shapes.get(shape, 0) + 1
        answer = client.get(path)
        for address in (*map(unescape, ADDRESS.findall(written(answer))), answer.location or ""):
            if address.startswith("data:"):
                continue
            assert not SAID.search(address), (path, address)
            inside = urljoin(path, address)
            if inside.startswith("/") and not inside.startswith(("/static", "/bootstrap")) and "#" not in address:
                waiting.append(inside)
        answer.close()
    assert len(seen) > 5
