"""Nothing lost: killed, out of room, read-only, damaged, set back, doubled or broken off, the record is exact.

FITSERVICE_KILLS says how often the server is killed under load; 4 unless told otherwise.
"""

import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread

import pytest
import requests
from applications import application
from factories import AMINA, OPERATOR, PASSWORD, make_service_user, make_session
from flask import Flask
from serving import served
from sqlite_utils import Database
from test_backups import older
from web import sign_in

from fitservice.actions.counting import bring_up_to_date, check_counters
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.instruments import SHIPPED
from fitservice.reports.chain import verify
from fitservice.resources import resource_folder
from fitservice.store import whole

KILLS = int(os.environ.get("FITSERVICE_KILLS", "4"))
PEOPLE = 20
FIRST_DAY = date(2022, 1, 2)
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@pytest.fixture
def instance(tmp_path: Path, cast_database: bytes) -> Path:
    """The cast, with twenty service users of Amina's who are enrolled since 2022."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    (folder / "fitservice.db").write_bytes(cast_database)
    db = connect(folder / "fitservice.db")
    for number in range(PEOPLE):
        make_service_user(db, f"L-{number}")
    db.close()
    return folder


def people(instance: Path) -> list[int]:
    """The ids of the twenty."""
    db = connect(instance / "fitservice.db")
    ids = [row[0] for row in db.execute("SELECT id FROM service_users WHERE reference LIKE 'L-%' ORDER BY id")]
    db.close()
    return ids


def signed_in(address: str) -> requests.Session:
    """Amina's browser."""
    browser = requests.Session()
    page = browser.get(f"{address}/sign-in", timeout=10)
    sent = {"username": "amina", "password": PASSWORD, "csrf_token": token_of(page.text)}
    answer = browser.post(f"{address}/sign-in", sent, timeout=10, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return browser


def token_of(page: str) -> str:
    """The token of a form."""
    found = CSRF.search(page)
    assert found, page[:2000]
    return found[1]


class Load:
    """Threads that record one session after the other, each on a day of its own; said are those acknowledged."""

    def __init__(self, instance: Path) -> None:
        self.ids = people(instance)
        self.browser, self.token = requests.Session(), ""
        self.said: dict[tuple[int, str], tuple[int, int]] = {}
        self.refused: list[str] = []
        self.numbers, self.lock, self.stop = count(), Lock(), Event()

    def begin(self, address: str) -> None:
        """Sign in, once: the same cookie holds over every start."""
        if not self.token:
            self.browser = signed_in(address)
            page = self.browser.get(f"{address}/service-users/{self.ids[0]}/sessions/new", timeout=10)
            self.token = token_of(page.text)

    def record(self, address: str) -> None:
        """Until told to stop; what was not answered is not tried again."""
        with requests.Session() as browser:
            browser.cookies.update(self.browser.cookies)
            while not self.stop.is_set():
                with self.lock:
                    number = next(self.numbers)
                person = self.ids[number % len(self.ids)]
                day = FIRST_DAY + timedelta(days=number // len(self.ids))
                sent = {"held_on": day.isoformat(), "life_satisfaction": str(1 + number % 7), "csrf_token": self.token}
                path = f"/service-users/{person}/sessions/new"
                try:
                    answer = browser.post(address + path, sent, timeout=20, allow_redirects=False)
                except requests.RequestException:
                    time.sleep(0.02)
                    continue
                found = re.fullmatch(r"/sessions/(\d+)", answer.headers.get("Location", ""))
                if found:
                    self.said[person, day.isoformat()] = int(found[1]), 1 + number % 7
                else:
                    self.refused.append(f"{answer.status_code} {answer.text}")

    @contextmanager
    def on(self, *addresses: str) -> Iterator[None]:
        """Four threads record on these servers while what is inside happens."""
        self.begin(addresses[0])
        self.stop.clear()
        threads = [Thread(target=self.record, args=[addresses[place % len(addresses)]]) for place in range(4)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join(timeout=60)


def exact(instance: Path, said: dict[tuple[int, str], tuple[int, int]]) -> int:
    """Every acknowledged session is there once and says what it said; figures, log and file are whole. All sessions."""
    db = connect(instance / "fitservice.db")
    try:
        rows = db.execute(
            "SELECT service_user_id, held_on, sessions.id, life_satisfaction FROM sessions"
            " JOIN enrolments ON enrolments.id = enrolment_id"
        ).fetchall()
        there = {(row[0], row[1]): (row[2], row[3]) for row in rows}
        assert len(there) == len(rows), "one session a day"
        assert {key: there.get(key) for key in said} == said
        logged = db.execute("SELECT subject_id FROM audit WHERE act = 'record_session'").fetchall()
        assert sorted(row[0] for row in logged) == sorted(row[2] for row in rows if row[2] > 2)
        assert whole.faults(db) == []
        assert check_counters(db, by=OPERATOR) == []
        assert verify(db, by=OPERATOR).count == 0
        return len(rows)
    finally:
        db.close()


def test_killed_at_random_moments_nothing_acknowledged_is_lost(instance: Path) -> None:
    load, chance = Load(instance), random.Random(6)
    for _ in range(KILLS):
        with served(instance) as service:
            before = len(load.said)
            with load.on(service.address):
                until = time.monotonic() + 20
                while len(load.said) == before and time.monotonic() < until:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, 0.6))
                os.killpg(service.process.pid, signal.SIGKILL)
                service.process.wait(timeout=20)
    stored = exact(instance, load.said)
    assert load.refused == []
    assert len(load.said) >= KILLS
    print(f"{KILLS} kills, {len(load.said)} acknowledged, {stored - 2} stored")


def test_two_servers_on_one_file(instance: Path) -> None:
    load = Load(instance)
    with served(instance) as one, served(instance) as other:
        with load.on(one.address, other.address):
            time.sleep(1)
        assert len(load.said) > 20
    assert load.refused == []
    assert exact(instance, load.said) == len(load.said) + 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes; where none may be mounted, this is skipped: the limit on a file's size remains."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def until_refused(load: Load) -> str:
    """What is said when it goes no further."""
    until = time.monotonic() + 60
    while not load.refused and time.monotonic() < until:
        time.sleep(0.01)
    return load.refused[0]


def test_a_full_disk_refuses_in_words_and_keeps_what_it_has(small_disk: Path, instance: Path) -> None:
    full = small_disk / "instance"
    full.mkdir()
    (full / "fitservice.db").write_bytes((instance / "fitservice.db").read_bytes())
    load = Load(full)
    with served(full) as service:
        load.begin(service.address)
        with load.on(service.address):
            (full / "filler").write_bytes(b"x" * (os.statvfs(full).f_bavail * 4096 - 300_000))
            said = until_refused(load)
        assert said.startswith("503 ") and re.search("no room left|ikke plass|cannot write|kan ikke skrive", said)
        assert "Traceback" not in said
        refused = application(full).test_cli_runner().invoke(args=["backup"])
        assert refused.exit_code == 1 and "cannot be used" in refused.output and "Traceback" not in refused.output
        assert not [path.name for path in full.iterdir() if path.name.startswith(".backup_key")]
        # with room again it goes on by itself
        (full / "filler").unlink()
        load.refused.clear()
        before = len(load.said)
        with load.on(service.address):
            time.sleep(0.5)
        assert load.refused == [] and len(load.said) > before
    exact(full, load.said)


def test_a_file_that_may_not_grow_refuses_in_words_and_keeps_what_it_has(house: Flask, house_db: Database) -> None:
    page, size = sign_in(house, "amina"), Path(house.config["DATABASE"]).stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    statuses, path = [], "/service-users/1/sessions/new"
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, before[1]))
    try:
        while len(statuses) < 200 and 503 not in statuses:
            sent = {"held_on": str(date(2022, 4, 1) + timedelta(days=len(statuses))), "life_satisfaction": 4}
            answer = page.post(path, data=sent)
            statuses.append(answer.status_code)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.status_code == 503 and "disk I/O error" not in answer.text
    assert set(statuses[:-1]) == {302}
    assert re.search("cannot write|kan ikke skrive", answer.text)
    stored = house_db.execute("SELECT COUNT(*) FROM sessions WHERE enrolment_id = 1").fetchone()
    assert stored == (len(statuses),)  # one was there before, the last is not
    assert verify(house_db, by=OPERATOR).count == 0
    assert page.post(path, data=sent).status_code == 302


@pytest.fixture
def read_only(instance: Path) -> Iterator[Path]:
    """The folder as nobody may write to it: also not root, for whom modes do not count."""
    if os.geteuid():
        instance.chmod(0o500)
        (instance / "fitservice.db").chmod(0o400)
        yield instance
        instance.chmod(0o700)
        return
    for command in (["--bind", str(instance), str(instance)], ["-o", "remount,bind,ro", str(instance)]):
        if subprocess.run(["mount", *command], capture_output=True, check=False).returncode:
            pytest.skip("nothing can be mounted here")
    yield instance
    subprocess.run(["umount", "-l", str(instance)], check=False)


def test_a_read_only_folder_is_said_so(instance: Path, request: pytest.FixtureRequest) -> None:
    app = application(instance)
    page, ids = sign_in(app, "amina"), people(instance)
    path, sent = f"/service-users/{ids[0]}/sessions/new", {"held_on": "2022-03-05", "life_satisfaction": 4}
    request.getfixturevalue("read_only")
    answer = page.post(path, data=sent)
    assert answer.status_code == 503
    assert re.search("may only read|bare lese|cannot reach|når ikke", answer.text)
    refused = app.test_cli_runner().invoke(args=["recount"])
    assert refused.exit_code == 1 and "Traceback" not in refused.output
    assert "cannot be used" in refused.output


def test_a_damaged_page_is_said_so_and_is_not_backed_up(instance: Path) -> None:
    app = application(instance)
    page, ids = sign_in(app, "amina"), people(instance)
    db = connect(app.config["DATABASE"])
    root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sessions'").fetchone()[0]
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with (instance / "fitservice.db").open("r+b") as file:
        kept = file.seek((root - 1) * 4096) and file.read(4096)
        file.seek((root - 1) * 4096)
        file.write(b"\xaa" * 4096)
    sent = {"held_on": "2022-03-05", "life_satisfaction": 4}
    answer = page.post(f"/service-users/{ids[0]}/sessions/new", data=sent)
    assert answer.status_code == 503 and ("kan ikke leses" in answer.text or "cannot be read" in answer.text)
    result = app.test_cli_runner().invoke(args=["backup"])
    assert result.exit_code == 1 and "not whole" in result.output
    assert list((instance / "backups").iterdir()) == []
    result = app.test_cli_runner().invoke(args=["recount", "--check"])
    assert result.exit_code == 1 and "malformed" in result.output and "Traceback" not in result.output
    with (instance / "fitservice.db").open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(kept)
    assert page.post(f"/service-users/{ids[0]}/sessions/new", data=sent).status_code == 302
    exact(instance, {})


def test_a_clock_that_goes_back_neither_loses_nor_doubles(house: Flask, house_db: Database) -> None:
    with set_to(date(2022, 6, 2)):
        page = sign_in(house, "amina")
        sent = {"held_on": "2022-06-01", "life_satisfaction": 4}
        first = page.post("/service-users/1/sessions/new", data=sent)
    with set_to(date(2022, 6, 1)):
        again = page.post("/service-users/1/sessions/new", data=sent)
        later = page.post("/service-users/1/sessions/new", data={"held_on": "2022-06-02", "life_satisfaction": 4})
        assert again.headers["Location"] == first.headers["Location"]
        assert later.status_code == 400
        assert house.test_cli_runner().invoke(args=["backup"]).exit_code == 0
    with set_to(date(2022, 6, 2)):
        assert house.test_cli_runner().invoke(args=["backup"]).exit_code == 0
    assert house_db.execute("SELECT COUNT(*) FROM sessions WHERE enrolment_id = 1").fetchone() == (2,)
    assert verify(house_db, by=OPERATOR).count == 0


BROKEN_OFF = """
import os, signal, sys
from fitservice.actions import counting
from fitservice.instruments import SHIPPED
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
where = {"in the middle": (counting, "_seal"), "before counting": (counting.counters, "count_anew")}
module, name = where[sys.argv[2]]
setattr(module, name, killed)
counting.bring_up_to_date(sys.argv[1], SHIPPED)
"""


@pytest.mark.parametrize("moment", ["in the middle", "before counting"])
def test_a_migration_that_is_killed_is_done_whole_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = tmp_path / "fitservice.db"
    db = older(path, monkeypatch)
    before = list(db.conn.iterdump())
    killed = subprocess.run([sys.executable, "-c", BROKEN_OFF, str(path), moment], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    if moment == "in the middle":
        assert list(db.conn.iterdump()) == before
    else:
        # what is not counted is refused by every command, and told by none
        said = application(tmp_path).test_cli_runner().invoke(args=["gaps", "--period", "2022"])
        assert said.exit_code == 1 and "fitservice migrate" in said.output
    bring_up_to_date(path, SHIPPED)
    assert whole.applied(db) == [one.stem for one in sorted(resource_folder("migrations").glob("*.sql"))]
    assert check_counters(db, by=OPERATOR) == [] and verify(db, by=OPERATOR).count == 0
    db.close()


def test_what_is_half_written_when_the_writer_is_killed_was_never_there(house: Flask, house_db: Database) -> None:
    code = (
        "import os, signal, sys\n"
        "from datetime import date\n"
        "from fitservice.acting import audit\n"
        "from factories import AMINA, make_session\n"
        "from fitservice.db import connect\n"
        "audit.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "make_session(connect(sys.argv[1]), 1, date(2022, 5, 1))\n"
    )
    before = list(house_db.conn.iterdump())
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code, house.config["DATABASE"]], check=False, env=os.environ | {"PYTHONPATH": path}
    )
    assert done.returncode == -signal.SIGKILL
    assert list(house_db.conn.iterdump()) == before
    assert make_session(house_db, 1, date(2022, 5, 1), by=AMINA)
