"""Figures over HTTP, from real servers on this machine: ours through the API, and Datasette's JSON of the best SQL."""

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from fitservice.actions.tokens import issue_token, revoke_token
from fitservice.db import connect
from tests.bench.big_city import PERIODS, City
from tests.bench.cities import OPERATOR
from tests.bench.engines import BEST_SQL, Core, Engine, core_of, installed
from tests.serving import free_port, served

DATASETTE = str(Path(sys.executable).parent / "datasette")


@contextmanager
def our_api(city: City) -> Iterator[HTTPConnection]:
    """The service on that city's folder, with one worker."""
    with served(city.folder, "--no-demo", "--workers", "1") as service:
        yield HTTPConnection(urlsplit(service.address).netloc, timeout=60)


@contextmanager
def token(city: City) -> Iterator[str]:
    """A token for the API, revoked afterwards."""
    db, label = connect(city.path), f"bench {secrets.token_hex(8)}"
    yield issue_token(db, label, by=OPERATOR)
    revoke_token(db, label, by=OPERATOR)
    db.close()


def pull(connection: HTTPConnection, secret: str) -> dict[str, object]:
    """All figures of all half-years, as JSON-stat."""
    path = "/api/v1/aggregates?" + urlencode([("period", one.code) for one in PERIODS])
    return dict(_get(connection, path, {"Authorization": f"Bearer {secret}"}))


@contextmanager
def datasette(city: City) -> Iterator[Engine | None]:
    """Datasette's answer to the best SQL; None if it is not installed."""
    if not installed("datasette"):
        yield None
        return
    port = free_port()
    limits = ["--setting", "sql_time_limit_ms", "600000"]
    with (city.folder / "datasette.log").open("wb") as log:
        process = subprocess.Popen(
            [DATASETTE, "serve", str(city.path), "--port", str(port), *limits], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=600)
        _wait(connection)
        path = "/fitservice.json?" + urlencode({"sql": BEST_SQL, "_shape": "arrays"})
        yield lambda: _rows(_get(connection, path, {}))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _rows(answer: dict[str, list[list[float]]]) -> Core:
    return core_of(answer["rows"])


def _wait(connection: HTTPConnection) -> None:
    for _ in range(300):
        try:
            _get(connection, "/-/versions.json", {})
        except OSError:
            connection.close()
            time.sleep(0.1)
        else:
            return
    raise AssertionError("Datasette does not answer")


def _get(connection: HTTPConnection, path: str, headers: dict[str, str]) -> dict[str, Any]:
    """The JSON of an answer that must be one, on a connection of its own: between two, servers hang up."""
    connection.close()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body[:500]
    return json.loads(body)
