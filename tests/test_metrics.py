"""Counts for Prometheus: right over all workers, for this machine alone, and nothing of a person in them."""

import ast
import os
import re
import resource
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from applications import application
from factories import CAST, PASSWORD
from flask import Flask
from prometheus_client.mmap_dict import mmap_key
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families
from serving import Served, free_port, served
from test_routes import TABLE
from web import sign_in

from fitservice import metrics
from fitservice.db import connect
from fitservice.settings import SettingsError
from fitservice.store.rows import value
from fitservice.web.request_log import METHODS

LABELS = {
    "fitservice_requests_total": {"rule", "method", "status"},
    "fitservice_request_seconds_bucket": {"rule", "le"},
    "fitservice_request_seconds_count": {"rule"},
    "fitservice_request_seconds_sum": {"rule"},
}


def told(text: str) -> list[tuple[str, dict[str, str], float]]:
    """Every sample: name, labels, value; the moments of making, which one process tells, left out."""
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return [(one.name, one.labels, one.value) for one in samples if not one.name.endswith("_created")]


def counted(text: str, rule: str, status: int = 200) -> float:
    """How many GETs of a rule were answered so."""
    wanted = {"rule": rule, "method": "GET", "status": str(status)}
    return sum(many for name, labels, many in told(text) if name == "fitservice_requests_total" and labels == wanted)


@pytest.fixture
def counting(tmp_path: Path, cast_database: bytes) -> Flask:
    """The cast's application, which counts as one process."""
    (tmp_path / "fitservice.db").write_bytes(cast_database)
    app = application(tmp_path)
    app.extensions["metrics"] = metrics.Requests()
    return app


# What is counted


def test_requests_are_counted_by_rule_method_and_status(counting: Flask) -> None:
    client = sign_in(counting, "amina")
    for path in ("/service-users/1", "/service-users/1", "/service-users/2", "/service-users/77", "/no-such-page"):
        client.get(path)
    client.open("/service-users/1", method="BREW")
    text = client.get("/metrics").text
    assert counted(text, "/service-users/<int:service_user_id>") == 2
    assert counted(text, "/service-users/<int:service_user_id>", 404) == 2
    assert counted(text, "none", 404) == 1
    requests = [(labels, many) for name, labels, many in told(text) if name == "fitservice_requests_total"]
    assert [(labels["rule"], many) for labels, many in requests if labels["method"] == "other"] == [("none", 1)]
    count, total = (
        {labels["rule"]: many for name, labels, many in told(text) if name == f"fitservice_request_seconds_{kind}"}
        for kind in ("count", "sum")
    )
    assert count["/service-users/<int:service_user_id>"] == 4
    assert 0 < total["/service-users/<int:service_user_id>"] < 60


def test_nothing_of_a_person_is_in_it_whatever_is_asked(counting: Flask) -> None:
    rules = {rule.rule for rule in counting.url_map.iter_rules()} | {"none"}
    for name in ("amina", "admin", None):
        client = sign_in(counting, name)
        for method, _, path in TABLE:
            if method == "GET" and not path.endswith((".pdf", ".png")):
                client.get(path, headers={"X-Request-Id": "AL-1", "User-Agent": "secret-browser"}).close()
        client.post("/service-users", data={"q": "AL-1"}, follow_redirects=True)
        client.open("/no/AL-1?secret=AL-1", method="AMINA")
        client.get("/service-users/1", headers={"Host": "al-1.example.org"})
        client.post("/sign-in?next=/AL-1", data={"username": "ola nordmann", "password": "feil passord her"})
    text = counting.test_client().get("/metrics").text
    samples = told(text)
    assert len(samples) > 1000
    for name, labels, _ in samples:
        assert set(labels) == LABELS[name], name
        assert labels["rule"] in rules
        assert labels.get("method", "other") in (*METHODS, "other")
        assert re.fullmatch("[1-5][0-9][0-9]", labels.get("status", "200"))
    for secret in ("AL-1", "BJ-1", "nordmann", PASSWORD, "feil passord", *CAST, "secret", "search=", "?", "127.0.0.1"):
        assert secret.lower() not in text.lower().replace("administrator", ""), secret


STATUSES = (200, 301, 302, 303, 304, 308, 400, 401, 403, 404, 405, 413, 415, 429, 500, 503)


def test_there_is_room_for_every_rule_with_every_method_and_status(counting: Flask) -> None:
    """However long somebody tries, a file never grows: see _make_room."""
    rules = [*(rule.rule for rule in counting.url_map.iter_rules()), "none"]
    counter, histogram = "fitservice_requests", "fitservice_request_seconds"
    of_counter = sum(
        len(
            mmap_key(counter, f"{counter}_total", ["rule", "method", "status"], [rule, method, str(status)], "Requests")
        )
        for rule in rules
        for method in (*METHODS, "other")
        for status in STATUSES
    )
    of_histogram = sum(
        len(mmap_key(histogram, f"{histogram}_bucket", ["rule", "le"], [rule, str(end)], "Seconds"))
        for rule in rules
        for end in (*metrics.SECONDS, "+Inf", "sum")
    )
    series = len(rules) * (len(METHODS) + 1) * len(STATUSES)
    assert of_counter + 32 * series < metrics.ROOM and of_histogram * 2 < metrics.ROOM


# Who is told


def test_it_is_off_unless_it_is_turned_on(house: Flask) -> None:
    client = house.test_client()
    assert house.config["METRICS"] is False and metrics.requests_of(house) is None
    assert (client.get("/metrics").status_code, client.get("/healthz").status_code) == (404, 200)


def test_only_who_asks_on_this_machine_is_told(counting: Flask) -> None:
    client = counting.test_client()
    assert client.get("/metrics").status_code == 200
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"):
        assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 404, name
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 404
    counting.config["TRUSTED_HOSTS"] = ["localhost", "fit.example.org"]
    assert client.get("/metrics", headers={"Host": "fit.example.org"}).status_code == 404


@pytest.mark.parametrize("proxies", [0, 1])
def test_no_proxy_can_be_made_to_say_it_is_here(tmp_path: Path, cast_database: bytes, proxies: int) -> None:
    (tmp_path / "fitservice.db").write_bytes(cast_database)
    (tmp_path / "config.py").write_text(f"PROXIES = {proxies}")
    app = application(tmp_path)
    app.extensions["metrics"] = metrics.Requests()
    for forged in ("127.0.0.1", "::1", "", "127.0.0.1, 127.0.0.1"):
        answer = app.test_client().get(
            "/metrics", headers={"X-Forwarded-For": forged}, environ_base={"REMOTE_ADDR": "10.0.0.1"}
        )
        assert answer.status_code == 404, forged
        assert app.test_client().get("/metrics", headers={"X-Forwarded-For": forged}).status_code == 404, forged


def test_being_asked_leaves_no_trace(counting: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    client = sign_in(counting, "amina")
    db = connect(counting.config["DATABASE"])
    before = value(db, "SELECT COUNT(*) FROM audit")
    capsys.readouterr()
    answer = client.get("/metrics")
    assert answer.headers["Cache-Control"] == "no-store" and answer.mimetype == "text/plain"
    assert capsys.readouterr().err == ""
    assert client.get("/metrics", headers={"Via": "1.1 proxy"}).status_code == 404
    assert "rule=/metrics" in capsys.readouterr().err
    assert value(db, "SELECT COUNT(*) FROM audit") == before
    db.close()


# Turning it on


def test_what_cannot_be_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.py").write_text("METRICS = 'yes'")
    with pytest.raises(SettingsError, match="METRICS must be true or false"):
        application(tmp_path)
    (tmp_path / "config.py").write_text("METRICS = True")
    application(tmp_path)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(SettingsError, match=r"pip install 'fitservice\[metrics\]'"):
        application(tmp_path)
    (tmp_path / "config.py").write_text("")
    application(tmp_path)


def test_the_library_is_loaded_only_where_it_is_on() -> None:
    at_once = {
        (path.name, name)
        for path in Path(metrics.__file__).parent.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (getattr(node, "module", None), *(alias.name for alias in node.names))
        if name and name.startswith("prometheus_client")
    }
    assert at_once == set()


def test_a_worker_without_room_serves_without_counting(
    counting: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del counting.extensions["metrics"]
    folder, before = tmp_path / "metrics-1", resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (metrics.ROOM // 2, before[1]))
    try:
        metrics.count_from_here(counting, folder, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "there is no room" in capsys.readouterr().err
    assert list(folder.iterdir()) == []  # nothing half
    client = counting.test_client()
    assert (client.get("/metrics").status_code, client.get("/healthz").status_code) == (404, 200)


# The real server, with two workers


def ask(service: Served, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and text, on a connection of its own."""
    try:
        request = urllib.request.Request(service.address + path, headers=headers or {})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def workers_of(service: Served) -> set[int]:
    """The processes that serve."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text()
    return {int(pid) for pid in children.split()}


def alone(path: Path) -> float:
    """How many GETs of /healthz one worker counted."""
    merged = MultiProcessCollector.merge([str(path)])
    return sum(s.value for metric in merged for s in metric.samples if s.labels.get("rule") == "/healthz")


def test_the_counts_of_all_workers_add_up_and_outlive_one(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FITSERVICE_METRICS", "true")
    port = free_port()
    monkeypatch.setattr("serving.free_port", lambda: port)
    folder = instance / f"metrics-{port}"
    folder.mkdir(mode=0o755)
    (folder / "counter_9.db").write_text("left by an earlier server that was killed")
    with served(instance, "--workers", "2") as service:
        wait_until(lambda: len(list(folder.glob("*.db"))) >= 4)
        files = sorted(folder.glob("*.db"))
        assert [path.name for path in files] == ["counter_1.db", "counter_2.db", "histogram_1.db", "histogram_2.db"]
        assert folder.stat().st_mode & 0o777 == 0o700
        assert all(path.stat().st_blocks * 512 >= metrics.ROOM for path in files)
        asked = _until_both_counted(service, files[:2])
        assert counted(ask(service, "/metrics")[1], "/healthz") == asked

        died = min(workers_of(service))
        os.kill(died, signal.SIGKILL)
        wait_until(lambda: died not in workers_of(service) and len(workers_of(service)) == 2)
        with ThreadPoolExecutor(4) as pool:
            assert {status for status, _ in pool.map(lambda _: ask(service, "/healthz"), range(20))} == {200}
        assert counted(ask(service, "/metrics")[1], "/healthz") == asked + 20
        assert sorted(folder.glob("*")) == files

        assert ask(service, "/metrics", {"X-Forwarded-For": "127.0.0.1"})[0] == 404
    assert not folder.exists()
    assert service.greeting.count("rule=/metrics") == 1  # the refusal


def wait_until(what: Callable[[], bool]) -> None:
    """Look again and again, for twenty seconds at most."""
    until = time.monotonic() + 20
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def _until_both_counted(service: Served, files: list[Path]) -> int:
    asked = 0
    with ThreadPoolExecutor(8) as pool:
        while asked < 2000 and (asked == 0 or not all(alone(path) for path in files)):
            assert {status for status, _ in pool.map(lambda _: ask(service, "/healthz"), range(40))} == {200}
            asked += 40
    assert all(0 < alone(path) < asked for path in files)
    return asked
