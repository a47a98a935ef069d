"""Real databases in temporary folders, the standing cast, and an application on each."""

import base64
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from shutil import disk_usage

import pytest
from applications import lent
from click.testing import Result
from factories import ALNA, BJERKE, make_cast, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskCliRunner
from released import record_year, release
from sqlite_utils import Database

from fitservice.actions.counting import bring_up_to_date
from fitservice.clock import set_to
from fitservice.db import connect, transaction
from fitservice.instruments import SHIPPED
from fitservice.keys import VARIABLE
from fitservice.store import bulk, counters, register
from fitservice.store.districts import all_districts

# files in memory, where there is plenty: each commit waits for the disk, and no test is about a power cut
_MEMORY = Path("/dev/shm")
if _MEMORY.is_dir() and disk_usage(_MEMORY).free > 4 * 10**9:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

# one key for all databases of the tests: they are copied from folder to folder, and so are the servers' own
os.environ[VARIABLE] = "tests:" + base64.b64encode(b"the key of the tests, 32 bytes..").decode()


LONGEST = (
    *("test_api_described", "test_releasing", "test_accessible", "test_rules_publication", "test_operation"),
    *("test_journeys", "test_the_reporting", "test_the_moment", "test_coming_in", "test_nothing_lost", "test_sheet"),
    *("test_demo_city", "test_demo_reporting", "test_gaps_over_time", "test_half_year_report", "test_fuzz"),
    *("test_suppression_attack", "test_routes", "test_logged", "test_reach", "test_sight", "test_sign_off_at_once"),
)
"""Files that take longest: they begin first, so that no worker is left alone with one at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; within a file nothing moves."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@pytest.fixture(autouse=True)
def _known_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test; the command line speaks English."""
    for name in ("FITSERVICE_INSTANCE_PATH", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated database with nothing in it, in which all districts owe from 2022H1 on, as bytes to copy."""
    path = tmp_path_factory.mktemp("empty") / "fitservice.db"
    bring_up_to_date(path, SHIPPED)
    db = connect(path)
    with set_to(date(2022, 1, 1)), transaction(db):
        for district in all_districts(db):
            register.decide_obligation(db, district["id"], ("2022H1", None), True, "the tests begin here", "agency")
    db.execute("PRAGMA journal_mode = DELETE").close()
    db.close()
    return path.read_bytes()


def check_counters(path: Path) -> None:
    """Whatever a test did: the counters are what the sessions say."""
    if not path.exists():
        return
    db = connect(path)
    try:
        assert counters.differences(db) == {}
    finally:
        db.close()


@pytest.fixture
def instance(tmp_path: Path, empty_database: bytes) -> Iterator[Path]:
    """An instance folder with an empty, migrated database."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "fitservice.db").write_bytes(empty_database)
    yield folder
    check_counters(folder / "fitservice.db")


@pytest.fixture
def db(instance: Path) -> Iterator[Database]:
    """A connection to the instance's database."""
    db = connect(instance / "fitservice.db")
    yield db
    db.close()


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """The application on that instance."""
    with lent(instance) as app:
        yield app


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    """Runs commands: cli.invoke(args=["gaps", "--period", "2022"])."""
    return app.test_cli_runner()


@pytest.fixture
def run(cli: FlaskCliRunner) -> Callable[..., Result]:
    """Runs a command that must succeed: run("gaps", "--period", "2022")."""

    def invoke(*arguments: str) -> Result:
        result = cli.invoke(args=arguments)
        assert result.exit_code == 0, result.output
        return result

    return invoke


@pytest.fixture(scope="session")
def cast_database(tmp_path_factory: pytest.TempPathFactory, empty_database: bytes) -> bytes:
    """A database with the cast's accounts, one service user with a session in Alna (ids 1) and in Bjerke (2)."""
    path = tmp_path_factory.mktemp("cast") / "fitservice.db"
    path.write_bytes(empty_database)
    db = connect(path)
    make_cast(db)
    with transaction(db):
        bulk.add_service_users(db, [(1, ALNA, "AL-1", 1980), (2, BJERKE, "BJ-1", 1980)])
        spells = [(1, 1, "2022-01-01", None, "amina"), (2, 2, "2022-01-01", None, "berit")]
        bulk.add_enrolments(db, spells, backdated=True)
        for number, score, name in ((1, 4, "amina"), (2, 2, "berit")):
            with counters.kept(db, [number]):
                db.execute(
                    "INSERT INTO sessions (id, enrolment_id, held_on, life_satisfaction, recorded_by, recorded_at)"
                    " VALUES (:n, :n, '2022-03-01', :score, :name, '2022-03-01T12:00:00+00:00')",
                    {"n": number, "score": score, "name": name},
                )
    db.execute("PRAGMA journal_mode = DELETE").close()
    db.close()
    return path.read_bytes()


@pytest.fixture
def house(tmp_path: Path, cast_database: bytes) -> Iterator[Flask]:
    """The application with the cast and their two service users; CSRF is off."""
    (tmp_path / "fitservice.db").write_bytes(cast_database)
    with lent(tmp_path) as app:
        yield app
    check_counters(tmp_path / "fitservice.db")


@pytest.fixture
def house_db(house: Flask) -> Iterator[Database]:
    """A connection to the house's database."""
    db = connect(house.config["DATABASE"])
    yield db
    db.close()


@pytest.fixture(scope="session")
def released_database(tmp_path_factory: pytest.TempPathFactory, cast_database: bytes) -> bytes:
    """The cast and a small city's year in two releases: 2022-1 of 2022H1; 2022-2 of the year, with 30 more in Alna."""
    path = tmp_path_factory.mktemp("released") / "fitservice.db"
    path.write_bytes(cast_database)
    db = connect(path)
    record_year(db)
    release(db, "2022H1")
    for number in range(30):
        make_session(db, make_service_user(db, f"R-{number}"), life_satisfaction=1 + number % 7)
    release(db)
    db.execute("PRAGMA journal_mode = DELETE").close()
    db.close()
    return path.read_bytes()


@pytest.fixture
def published(tmp_path: Path, released_database: bytes) -> Iterator[Flask]:
    """The application with the cast and two releases of 2022; CSRF is off."""
    (tmp_path / "fitservice.db").write_bytes(released_database)
    with lent(tmp_path) as app:
        yield app
    check_counters(tmp_path / "fitservice.db")


@pytest.fixture
def published_db(published: Flask) -> Iterator[Database]:
    """A connection to the database of the published city."""
    db = connect(published.config["DATABASE"])
    yield db
    db.close()
