"""The city's own sign-in when it is silent, stumbles, or says what it should not: real servers on loopback."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from test_city_sign_in import SETTINGS
from web import sign_in

from fitservice import create_app, identity_provider

WAYS = ("/sign-in/city?lang=en", "/sign-in/city/back?code=x&state=y&lang=en")


@dataclass
class Answers:
    """What a server says: status, headers, and what it is said to be; and which paths were asked for."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def answering() -> Iterator[Answers]:
    """A server that describes itself as a provider, as it is told."""
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append(self.path)
            body = json.dumps(answers.said).encode()
            self.send_response(answers.status)
            for name, value in {**answers.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers.address = f"http://localhost:{server.server_port}"
    answers.said = {
        "issuer": answers.address,
        "authorization_endpoint": f"{answers.address}/authorize",
        "token_endpoint": f"{answers.address}/token",
        "jwks_uri": f"{answers.address}/jwks",
    }
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield answers
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def joined(house: Flask, issuer: str) -> Flask:
    """The same house with a provider there."""
    return create_app(
        {"TESTING": True, "WTF_CSRF_ENABLED": False, **SETTINGS, "OIDC_ISSUER": issuer}, house.instance_path
    )


def test_one_that_is_silent_holds_a_worker_for_seconds_and_then_nobody(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, read = identity_provider.PATIENCE
    assert connect <= 3 and read <= 5 and connect + read <= identity_provider.LEFT_ALONE
    monkeypatch.setattr(identity_provider, "PATIENCE", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and never says a word
        app = joined(house, f"http://127.0.0.1:{silent.getsockname()[1]}")
        for path in WAYS * 3:
            answer = app.test_client().get(path)
            assert answer.status_code == 502 and "does not answer" in answer.text
        silent.setblocking(False)
        assert calls(silent) == 1
        assert sign_in(app, "amina").get("/service-users").status_code == 200
        monkeypatch.setattr(identity_provider.time, "monotonic", later(identity_provider.LEFT_ALONE))
        assert app.test_client().get(WAYS[0]).status_code == 502
        assert calls(silent) == 1  # asked once more


def later(seconds: float) -> Any:
    """A clock that is so far ahead."""
    now = identity_provider.time.monotonic
    return lambda: now() + seconds


def calls(silent: socket.socket) -> int:
    """How many have called since they were last counted."""
    count = 0
    while True:
        try:
            silent.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_one_that_stumbles_is_asked_again_at_once(house: Flask) -> None:
    with answering() as provider:
        app = joined(house, provider.address)
        provider.status = 500
        assert app.test_client().get(WAYS[0]).status_code == 502
        provider.status = 200
        assert app.test_client().get(WAYS[0]).location.startswith(f"{provider.address}/authorize?")


def test_no_redirect_is_followed(house: Flask) -> None:
    with answering() as provider, answering() as other:
        provider.status, provider.headers = 302, {"Location": f"{other.address}/elsewhere"}
        other.said["issuer"] = provider.address
        assert joined(house, provider.address).test_client().get(WAYS[0]).status_code == 502
        assert len(provider.asked) == 1 and other.asked == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "http://localhost:1"),
        ("issuer", "{address}/"),
        ("issuer", None),
        ("token_endpoint", "http://login.example.org/token"),
        ("jwks_uri", "http://login.example.org/jwks"),
        ("authorization_endpoint", "http://login.example.org/authorize"),
        ("token_endpoint", None),
    ],
)
def test_one_that_says_it_is_another_or_goes_without_tls_is_not_used(
    house: Flask, name: str, value: str | None
) -> None:
    with answering() as provider:
        right = dict(provider.said)
        app = joined(house, provider.address)
        provider.said[name] = value and value.format(address=provider.address)
        assert [app.test_client().get(path).status_code for path in WAYS] == [502, 502]
        provider.said = right
        assert app.test_client().get(WAYS[0]).status_code == 302


def test_nothing_of_it_is_read_in_before_somebody_signs_in_there() -> None:
    command = "import sys, fitservice; print(*sorted({'authlib', 'requests', 'zxcvbn', 'joserfc'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []


@pytest.mark.parametrize(("said", "location"), [("cross-site", "/sign-in"), ("same-site", "/sign-in"), ("none", None)])
def test_another_site_leads_nobody_in_unasked(house: Flask, said: str, location: str | None) -> None:
    with answering() as provider:
        app = joined(house, provider.address)
        answer = app.test_client().get(WAYS[0], headers={"Sec-Fetch-Site": said})
        assert answer.location == location or (not location and answer.location.startswith(provider.address))
        assert bool(provider.asked) is (location is None)


def test_that_it_is_down_stands_in_the_log_without_what_was_asked(
    house: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    app = joined(house, "http://localhost:1")
    assert app.test_client().get(WAYS[1]).status_code == 502
    written = capsys.readouterr().err
    assert "the city's sign-in does not answer error=ConnectionError" in written and "localhost" not in written
