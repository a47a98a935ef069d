"""200 caseworkers who record and look at once, on loopback, and what the same server manages with a bare insert."""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from flask import session
from flask_wtf.csrf import generate_csrf

from fitservice import create_app
from fitservice.actions.signing_in import start_sign_in
from fitservice.db import transaction
from fitservice.store import bulk, staff
from tests.bench.cities import TODAY, fresh
from tests.bench.measuring import median
from tests.serving import free_port, served

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
CASEWORKERS, EACH = 200, 5
MOST, LEAST = 10, 0.6
"""The bars: p99 of recording to its median; recordings a second to bare inserts."""
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
FORM = "application/x-www-form-urlencoded"


@dataclass
class Caseworker:
    """One who is signed in; days counts back so that each session has its own."""

    cookie: str
    csrf_token: str
    service_users: list[int]
    days: int = 0
    next_one: int = 0

    def session(self) -> tuple[int, dict[str, str]]:
        """A service user, and what is recorded: another day each time."""
        service_user = self.service_users[self.next_one % EACH]
        self.days += self.next_one % EACH == EACH - 1
        self.next_one += 1
        held_on = TODAY - timedelta(days=self.days)
        answers = {"held_on": held_on.isoformat(), "life_satisfaction": str(1 + self.next_one % 7), "asked_in": "nb"}
        return service_user, answers


@dataclass
class Heard:
    """Seconds of each recording and of each look, and every answer that was not the right one."""

    recordings: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0
    """Until the last answer was there."""


Work = Callable[[str, int, Caseworker, Heard], Awaitable[None]]


def bench_load(_folder: Path | None = None) -> None:
    """Record and look; then record alone and insert bare, in turn, so that a drifting machine hits both."""
    with tempfile.TemporaryDirectory() as folder:
        caseworkers = _city(Path(folder) / "city")
        with served(Path(folder) / "city", "--no-demo") as ours, _bare(Path(folder) / "city" / "fitservice.db") as bare:
            mixed = _work(ours.address, caseworkers, _record_and_look, SECONDS)
            rates: dict[str, list[float]] = {"ours": [], "bare": []}
            wrong = list(mixed.wrong)
            for _ in range(3):
                for name, address, work in (("ours", ours.address, _record), ("bare", bare, _insert)):
                    heard = _work(address, caseworkers, work, SECONDS / 6)
                    rates[name].append(len(heard.recordings) / heard.seconds)
                    wrong += heard.wrong
    _tell(mixed, rates, wrong)


def _tell(mixed: Heard, rates: dict[str, list[float]], wrong: list[str]) -> None:
    ordered = sorted(mixed.recordings)
    middle, late = median(ordered), ordered[int(0.99 * len(ordered))]
    machine = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"\n{CASEWORKERS} caseworkers at once for {SECONDS:.0f} s, {machine}")
    print(f"  {len(ordered)} recordings, {len(mixed.looks)} looks, {len(wrong)} wrong answers   (bar: none)")
    worst = max(ordered + mixed.looks)
    print(f"  recording: median {1000 * middle:.0f} ms, p99 {1000 * late:.0f} ms, {late / middle:.1f} times", end="")
    print(f"   (bar: at most {MOST}); the worst wait of all {worst:.1f} s")
    ours, bare = median(rates["ours"]), median(rates["bare"])
    noise = ", ".join(f"{name} {min(rate):.0f}–{max(rate):.0f}" for name, rate in rates.items())
    print(f"  recordings a second: {ours:.0f}; bare inserts {bare:.0f}: {100 * ours / bare:.0f} %", end="")
    print(f"   (bar: {100 * LEAST:.0f} %; runs {noise})")
    for one in wrong[:5]:
        print(f"  WRONG: {one}")


def _work(address: str, caseworkers: list[Caseworker], work: Work, seconds: float) -> Heard:
    """Everybody at once, each in a loop without a pause."""
    where, heard = urlsplit(address), Heard()

    async def one(caseworker: Caseworker, until: float) -> None:
        await asyncio.sleep(Random(caseworker.service_users[0]).random())
        while time.monotonic() < until:
            try:
                await work(str(where.hostname), where.port or 0, caseworker, heard)
            except (OSError, ValueError, IndexError) as error:
                heard.wrong.append(f"{type(error).__name__}: {error}")

    async def everybody() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(one(caseworker, until) for caseworker in caseworkers))

    begun = time.monotonic()
    asyncio.run(everybody())
    heard.seconds = time.monotonic() - begun
    return heard


async def _record_and_look(host: str, port: int, me: Caseworker, heard: Heard) -> None:
    service_user, answers = me.session()
    path = f"/service-users/{service_user}/sessions/new"
    page = await _ask(host, port, me, heard, path, 200)
    # whatever the form asks to be sent back
    hidden = {name: unescape(text) for name, text in HIDDEN.findall(page)}
    answer = await _ask(host, port, me, heard, path, 302, {"csrf_token": me.csrf_token, **hidden, **answers})
    result = re.search(r"\r\nlocation: (\S+)", answer, re.IGNORECASE)
    if result:
        await _ask(host, port, me, heard, result[1], 200)
    await _ask(host, port, me, heard, "/service-users", 200)


async def _record(host: str, port: int, me: Caseworker, heard: Heard) -> None:
    service_user, answers = me.session()
    form = {"csrf_token": me.csrf_token, **answers}
    await _ask(host, port, me, heard, f"/service-users/{service_user}/sessions/new", 302, form)


async def _insert(host: str, port: int, me: Caseworker, heard: Heard) -> None:
    service_user, answers = me.session()
    await _ask(host, port, me, heard, "/", 201, {"enrolment_id": str(service_user), **answers})


async def _ask(
    host: str, port: int, me: Caseworker, heard: Heard, path: str, status: int, form: dict[str, str] | None = None
) -> str:
    """The whole answer, on a connection of its own."""
    body = urlencode(form or {})
    head = (
        f"{'POST' if form else 'GET'} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {me.cookie}\r\nConnection: close\r\n"
    )
    head += f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n" if form else ""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"{head}\r\n{body}".encode())
    answer = (await reader.read(-1)).decode()
    writer.close()
    (heard.recordings if form else heard.looks).append(time.perf_counter() - begun)
    if not answer.startswith(f"HTTP/1.1 {status} "):
        heard.wrong.append(f"{path}: {answer[:60]!r}")
    return answer


def _city(folder: Path) -> list[Caseworker]:
    """200 caseworkers in fifteen districts, each with five service users, all signed in."""
    folder.mkdir()
    db = fresh(folder)
    people = []
    with transaction(db):
        for number in range(1, CASEWORKERS + 1):
            given = {"name": f"Staff {number}", "role": "caseworker", "password_hash": None, "email": None}
            staff.add(db, username=f"staff{number}", district_id=1 + number % 15, **given)  # type: ignore[arg-type]
            people += [(number * 100 + n, 1 + number % 15, f"P-{number}-{n}", 1980) for n in range(EACH)]
        bulk.add_service_users(db, people)
        bulk.add_enrolments(db, [(one, one, "2015-01-01", None, "bench") for one, *_ in people], backdated=True)
    app = create_app({}, folder)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found = []
    for number in range(1, CASEWORKERS + 1):
        with app.test_request_context():
            session["sign_in"] = start_sign_in(db, number, "127.0.0.1")
            token = generate_csrf()
            cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(session))}"
        found.append(Caseworker(cookie, token, [number * 100 + n for n in range(EACH)]))
    db.close()
    return found


@contextmanager
def _bare(path: Path) -> Iterator[str]:
    """The bare application on our server, with as many workers; its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.bare", str(port), str(path)])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urlopen(f"{address}/sign-in", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise AssertionError("the bare application does not answer")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    bench_load()
