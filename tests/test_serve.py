"""Starting the service for real: the first time, the second time, empty, on a port that is taken."""

import socket
import urllib.request
from pathlib import Path

import pytest
from serving import Served, run, served

from fitservice.db import connect
from fitservice.store.rows import value


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo instance after its first start, and what was printed then."""
    instance = tmp_path_factory.mktemp("served") / "demo"
    with served(instance, "--demo") as service:
        return instance, service.greeting


def rows(instance: Path, table: str) -> int:
    """How many rows a table has."""
    db = connect(instance / "fitservice.db")
    try:
        return int(value(db, f"SELECT COUNT(*) FROM {table}"))
    finally:
        db.close()


def read(service: Served, path: str) -> str:
    """A page as anybody sees it."""
    with urllib.request.urlopen(service.address + path, timeout=10) as answer:
        return str(answer.read().decode())


def test_the_first_start_makes_the_demo_city_and_prints_the_sign_ins(demo: tuple[Path, str]) -> None:
    instance, greeting = demo
    for name in ("amina", "berit", "carl", "velferd", "admin", "oppdiktet", "http://127.0.0.1:"):
        assert name in greeting
    assert rows(instance, "sessions") > 5000


def test_a_second_start_changes_nothing_and_marks_every_page(demo: tuple[Path, str]) -> None:
    instance, _ = demo
    before = rows(instance, "sessions"), rows(instance, "audit"), rows(instance, "staff")
    with served(instance, "--demo") as service:
        assert "amina" in service.greeting and "Første start" not in service.greeting
        assert "alt her er oppdiktet" in read(service, "/sign-in")
    assert (rows(instance, "sessions"), rows(instance, "audit"), rows(instance, "staff")) == before


def test_an_empty_start_refuses_a_demo_instance(demo: tuple[Path, str]) -> None:
    result = run(demo[0], "serve", "--no-demo", "--port", "1")
    assert result.returncode == 1 and "demobyen" in result.stderr


def test_an_empty_start_prints_a_link_for_the_first_administrator(tmp_path: Path) -> None:
    with served(tmp_path / "real", "--no-demo") as service:
        link = service.greeting.split(service.address)[-1].split()[0]
        assert "første administratoren" in read(service, link)
        assert "oppdiktet" not in read(service, "/sign-in")
    assert "bare-en-demo" not in service.greeting
    result = run(tmp_path / "real", "demo")
    assert result.returncode == 1 and "i bruk" in result.stderr
    assert rows(tmp_path / "real", "staff") == 0


def test_a_demo_start_of_a_real_instance_adds_no_demo(tmp_path: Path) -> None:
    with served(tmp_path / "real", "--no-demo"):
        pass
    with served(tmp_path / "real", "--demo") as service:
        assert "amina" not in service.greeting
    assert rows(tmp_path / "real", "staff") == 0 and rows(tmp_path / "real", "demo_city") == 0


def test_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = run(tmp_path / "real", "serve", "--port", port)
    assert result.returncode == 1 and port in result.stderr and "Traceback" not in result.stderr


def test_the_secret_key_is_for_its_owner_alone(demo: tuple[Path, str]) -> None:
    assert (demo[0] / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (demo[0] / "fitservice.db").stat().st_mode & 0o077 == 0
