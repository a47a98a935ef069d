"""The audit of what is installed, by pip-audit itself: a list that knows nothing bad, something bad, or none."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from auditing import FIRST

ROOT = Path(__file__).parent.parent
Known = Callable[[str], tuple[int, dict[str, Any]]]
BAD = {"vulns": [{"id": "MADE-UP-1", "summary": "made up", "affected": []}]}


@contextmanager
def listing(known: Known) -> Iterator[str]:
    """A list of vulnerabilities in the OSV format, which says of each package what it is told; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, said = known(asked["package"]["name"])
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def audited(address: str) -> subprocess.CompletedProcess[str]:
    """What the audit says when it asks there."""
    known = {**os.environ, "PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": address}
    command = [sys.executable, "-m", "tests.auditing"]
    return subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    ("known", "code", "words"),
    [
        (lambda _name: (200, {}), 0, "No known vulnerabilities found"),
        (lambda name: (200, BAD if name == "jinja2" else {}), 1, "MADE-UP-1"),
        (lambda name: (200, {}) if name == FIRST else (500, {}), 1, "ServiceError"),
        (lambda _name: (503, {}), 0, "NOT AUDITED"),
    ],
    ids=["nothing", "something", "breaks off", "answers no list"],
)
def test_what_is_known_fails_and_what_cannot_be_asked_is_said_loudly(known: Known, code: int, words: str) -> None:
    with listing(known) as address:
        done = audited(address)
    said = done.stdout + done.stderr
    assert done.returncode == code and words in said, said
    assert ("NOT AUDITED" in said) is (words == "NOT AUDITED")


def test_where_nobody_answers_that_is_said_loudly() -> None:
    done = audited("http://127.0.0.1:1")
    assert done.returncode == 0 and "NOT AUDITED" in done.stderr
