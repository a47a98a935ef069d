"""Requests that nobody sane sends, over all routes and as everybody: no fault, no trace, no stranger's reference.

FITSERVICE_FUZZ says how many; FITSERVICE_SEED which. Of a fault the seed and the request are shown.
"""

import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from random import Random
from typing import Any

from factories import AMINA, BERIT, CAST, OPERATOR, actor, make_service_user
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.routing import Rule

from fitservice.actions.signing_in import start_sign_in
from fitservice.actions.tokens import issue_token

COUNT = int(os.environ.get("FITSERVICE_FUZZ", "200"))
SEED = int(os.environ.get("FITSERVICE_SEED", "6"))
PEOPLE = (*CAST, "program", None)
"""The cast, a program of the agency's with its token, and nobody."""

STRANGERS = {"amina": ["BJ-1"], "carl": ["BJ-1"], "berit": ["AL-1", "Y-1", "R-1"]}
EVERYBODYS = ["BJ-1", "AL-1"]
"""What the agency, administrators, programs and nobody never read. Nobody types it either: what was typed into a field
of theirs may be shown to them again."""
TRACE = re.compile(r"Traceback|File \"/|werkzeug|sqlite3|OperationalError|jinja2|SELECT .* FROM|/fitservice/")

NASTY = (
    *("", " ", "0", "-1", "1", "2", "999", "9" * 20, "1e9", "NaN", "1,5", "7", "8", "true", "None", "null", "[]"),
    *("2022-01-01", "31.02.2022", "0000-00-00", "9999-12-31", "1.1.1", "2022H1", "2022", "2022H9", "9999H2", "٢٠٢٢H1"),
    *("ZA-1", "ZB-1", "%", "_", "' OR 1=1 --", '"; DROP TABLE staff; --', "\x00", "a\x00b", "\r\nX: y", "\ud7ff"),
    *("../../etc/passwd", "..%2f", "//evil.example", "https://evil.example", "{{7*7}}", "${7*7}", "%s%n", "<b>x"),
    *("<script>alert(1)</script>", "=1+1", "@SUM", "é" * 200, "😀", "\u202eabc", "\ufeff", "İ", "ß" * 50, "x" * 3000),
    *(
        "030112",
        "030109",
        "030199",
        "coverage",
        "with_data",
        "low_coverage",
        "signed",
        "SIGNED",
        "final",
        "csv",
        "xlsx",
    ),
    *("caseworker", "team_lead", "administrator", "nb", "en", "xx", "amina", "berit", "admin", "01010050053"),
    *(
        "life_satisfaction",
        "outcome",
        "declined",
        "not_asked",
        "mine",
        "team",
        "due",
        "json-stat2",
        "svg",
        "png",
        "pdf",
    ),
)
PARAMETERS = (
    "lang",
    "period",
    "format",
    "search",
    "whose",
    "what",
    "next",
    "mode",
    "by",
    "sort",
    "kind",
    "last",
    "area",
)
PARAMETERS += ("staff", "person", "first", "q", "release", "district", "measure", "hand_over", "code", "state")
HEADERS = ("X-Forwarded-For", "X-Request-Id", "If-None-Match", "Accept-Encoding", "Range", "User-Agent")
DOES_AWAY = {"sign_in.sign_out", "home.end_sign_ins"}


@dataclass
class Fuzzer:
    """Makes requests out of the url map, and of the fields that pages had."""

    app: Flask
    chance: Random
    fields: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    shut: set[tuple[str | None, str]] = field(default_factory=set)

    def value(self) -> str:
        """Something nasty, sometimes mixed."""
        one = self.chance.choice(NASTY)
        return one + self.chance.choice(NASTY) if self.chance.random() < 0.1 else one

    def path(self, rule: Rule) -> str:
        """An address of that rule: often of something that there is, else nasty."""
        made = rule.rule
        for part in re.findall(r"<[^>]+>", made):
            number = self.chance.choice(("1", "2", "3", "999", "9" * 20))
            words = ("2022H1", "2022-1", "2022-2", "030112", "funnel", "csv", "svg", self.value())
            made = made.replace(part, number if "int:" in part else self.chance.choice(words), 1)
        return "/" + made.replace("\x00", "%00").lstrip("/")

    def form(self, rule: Rule) -> dict[str, Any]:
        """The fields that this form had when it was seen, with its own or nasty values; some missing, some twice."""
        known = self.fields[rule.endpoint] or {name: [] for name in ("reason", "step", "code", "reference")}
        own = self.chance.choice((0.0, 0.5, 0.9))
        return {
            name: [
                self.chance.choice(values) if values and self.chance.random() < own else self.value()
                for _ in range(self.chance.choice((1, 1, 1, 2)))
            ]
            for name, values in known.items()
            if self.chance.random() < 0.95
        }

    def request(self, name: str | None) -> dict[str, Any]:
        """What this person's client is asked to open: mostly what is not shut to the role."""
        rule = self.chance.choice(self.rules)
        while (name, rule.endpoint) in self.shut and self.chance.random() < 0.95:
            rule = self.chance.choice(self.rules)
        method = self.chance.choice(sorted((rule.methods or set()) - {"OPTIONS"}))
        asked: dict[str, Any] = {"path": self.path(rule), "method": method, "endpoint": rule.endpoint}
        names = self.chance.sample(PARAMETERS, self.chance.choice((0, 0, 1, 2)))
        asked["query_string"] = {name: self.value() for name in names}
        if method == "POST":
            asked["data"] = self.form(rule)
        if self.chance.random() < 0.15:
            asked["headers"] = {self.chance.choice(HEADERS): re.sub(r"[^\x20-\x7e]", "?", self.value())}
        return asked

    @property
    def rules(self) -> list[Rule]:
        """Every route but the files."""
        return [rule for rule in self.app.url_map.iter_rules() if not rule.endpoint.endswith("static")]

    def learn(self, client: FlaskClient) -> None:
        """Which fields the forms of this person's pages have."""
        for rule in self.rules:
            if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("pictures", "api")) or "." in rule.rule:
                continue
            path = re.sub(r"<int:[^>]+>", "1", rule.rule).replace("<code>", "2022H1")
            with client.get(re.sub(r"<[^>]+>", "2022H1", path)) as answer:
                for form in answer.text.split("<form")[1:] if answer.mimetype == "text/html" else ():
                    if 'method="post"' not in form.partition(">")[0]:
                        continue
                    action = re.search(r'action="([^"?]+)', form.partition(">")[0])
                    target = action[1] if action else answer.request.path
                    endpoint = self.app.url_map.bind("localhost").match(target, method="POST")[0]
                    body = form.partition("</form>")[0]
                    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
                        self.fields[endpoint][name] += re.findall(r'value="([^"]*)"', options)
                    for tag in re.findall(r"<(?:input|select|textarea|button)[^>]+", body):
                        if name := re.search(r'name="([^"]+)"', tag):
                            value = re.search(r'value="([^"]*)"', tag)
                            self.fields[endpoint][name[1]] += [unescape(value[1])] if value else []


def token_of(app: Flask, db: Database, name: str) -> str:
    """A sign-in without its password's cost."""
    return start_sign_in(db, actor(name).staff_id or 0, "127.0.0.1") or ""


def signed_in(app: Flask, db: Database, name: str | None, secret: str) -> FlaskClient:
    """A client of this person's, or of the program."""
    client = app.test_client()
    if name == "program":
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    elif name:
        with client.session_transaction() as session:
            session["sign_in"] = token_of(app, db, name)
    return client


def restore(db: Database) -> None:
    """Accounts as they were: one that closes or changes somebody must not end the fuzzing."""
    for name, (role, district) in CAST.items():
        db.execute(
            "UPDATE staff SET role = ?, district_id = ?, closed_at = NULL WHERE id = ?",
            (role.value, district, actor(name).staff_id),
        )
    db.execute("UPDATE sign_ins SET hand_over_id = NULL")


def is_own(db: Database, name: str | None, reference: str) -> bool:
    """Whether one of their own was given this reference meanwhile: it may be typed and stored anywhere."""
    district = CAST[name][1] if name in CAST else None
    sql = "SELECT 1 FROM service_users WHERE district_id = ? AND reference = ?"
    return db.execute(sql, (district, reference)).fetchone() is not None


def tells(said: str, reference: str) -> bool:
    """Whether it stands there as a word: in a long random cookie these letters may stand by chance.

    "AL-12" tells "AL-1" too: it is of the same district.
    """
    return re.search(rf"(?:(?<![\w-])|(?<=%[0-9A-F]{{2}})){re.escape(reference)}\d*(?![\w-])", said) is not None


def test_what_is_told_is_a_word_and_no_part_of_a_random_cookie() -> None:
    for said in ("<td>R-1</td>", '"reference":"R-1"', "Location: /x?q=R-1;", "a.R-1.b", "R-12", "%20R-1"):
        assert tells(said, "R-1"), said
    for said in ("session=eyJfR-1kZ.x", "R-1_x", "AR-1", "xR-1", "R-1-2"):
        assert not tells(said, "R-1"), said


def test_nothing_that_is_sent_makes_a_fault_or_tells_of_a_stranger(published: Flask, published_db: Database) -> None:
    for reference, by in (("ZA-1", AMINA), ("ZB-1", BERIT)):
        make_service_user(published_db, reference, by=by)
    assert not [one for one in NASTY for known in (*EVERYBODYS, *STRANGERS["berit"]) if known in one]
    published.config["API_REQUESTS_A_MINUTE"] = 10**9
    published.config["PROPAGATE_EXCEPTIONS"] = False
    fuzzer, secret = Fuzzer(published, Random(SEED)), issue_token(published_db, "fuzz", by=OPERATOR)
    clients = {name: signed_in(published, published_db, name, secret) for name in PEOPLE}
    for name in ("amina", "carl", "velferd", "admin", None):
        fuzzer.learn(clients[name])
    assert {"held_on", "life_satisfaction"} <= set(fuzzer.fields["sessions.new"])
    wrong, statuses = [], defaultdict(int)
    for number in range(COUNT):
        name = fuzzer.chance.choice(PEOPLE)
        asked = fuzzer.request(name)
        endpoint = asked.pop("endpoint")
        with clients[name].open(**asked) as answer:
            statuses[answer.status_code] += 1
            if answer.status_code in (401, 403):
                fuzzer.shut.add((name, endpoint))
            said = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
            own = "".join(map(str, (asked.get("data"), asked["query_string"], asked["path"])))
            told = [one for one in STRANGERS.get(name or "", EVERYBODYS) if tells(said, one) and one not in own]
            told = [one for one in told if not is_own(published_db, name, one)]
            if answer.status_code >= 500 or told or (TRACE.search(said) and not TRACE.search(own)):
                wrong.append((number, name, asked, answer.status_code, told))
        if endpoint in DOES_AWAY or answer.status_code in (302, 303) or number % 200 == 199:
            restore(published_db)
            if name and name != "program" and "/sign-in" in (answer.location or "/sign-in"):
                clients[name] = signed_in(published, published_db, name, secret)
    print(f"{COUNT} requests, seed {SEED}: {dict(sorted(statuses.items()))}")
    assert wrong == []
    assert statuses[200] > COUNT / 20 and statuses[404]
