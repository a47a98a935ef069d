"""The real server: 'fitservice serve' in a process of its own, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlite_utils import Database

from fitservice.actions.signing_in import start_sign_in

FITSERVICE = str(Path(sys.executable).parent / "fitservice")


@dataclass
class Served:
    """A running service: where it answers, and what it printed when it started."""

    address: str
    output: Path
    process: subprocess.Popen[bytes]

    @property
    def greeting(self) -> str:
        """What was printed so far."""
        return self.output.read_text(encoding="utf-8")


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(instance: Path) -> dict[str, str]:
    """This process's environment with another instance folder, in Norwegian."""
    return os.environ | {"FITSERVICE_INSTANCE_PATH": str(instance), "LANG": "nb_NO.UTF-8", "LC_ALL": "nb_NO.UTF-8"}


def run(instance: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of the console script, to its end."""
    return subprocess.run(
        [FITSERVICE, *arguments], env=environment(instance), capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def served(instance: Path, *options: str) -> Iterator[Served]:
    """The service, answering; stopped at the end."""
    port, output = free_port(), instance.parent / f"{instance.name}.log"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [FITSERVICE, "serve", "--port", str(port), *options],
            env=environment(instance),
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    service = Served(f"http://127.0.0.1:{port}", output, process)
    try:
        _wait(service)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def sign_in_cookie(app: Flask, db: Database, staff_id: int) -> tuple[str, str]:
    """Name and value of the cookie of a new sign-in, for a server that has the same instance folder."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"sign_in": start_sign_in(db, staff_id, "127.0.0.1")})
    return app.config["SESSION_COOKIE_NAME"], value


def _wait(service: Served) -> None:
    for _ in range(300):
        if service.process.poll() is not None:
            raise AssertionError(f"the service ended at once: {service.greeting}")
        try:
            with urllib.request.urlopen(f"{service.address}/sign-in", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"the service does not answer: {service.greeting}")
