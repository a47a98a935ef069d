"""How many requests came and how long they took, for Prometheus: an extra, counted where METRICS is on.

Each worker counts into two files of its own, and whoever asks one of them is told the sum. The files are named by the
worker's place and not by its process: who comes after a worker that died goes on with its files, so that nothing is
lost and there are never more of them. The library is imported late, because it is an extra and because it looks for
its folder in the environment.
"""

import os
import shutil
from pathlib import Path

from flask import Flask

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10)
"""Until where each bucket of the histogram goes."""
ROOM = 3 * 1024 * 1024
"""Bytes of each file: more than every rule with every method and status needs."""
KINDS = ("counter", "histogram")


class Requests:
    """The requests of one process: by rule, method and status, and seconds by rule. No address, no person."""

    def __init__(self, folder: Path | None = None) -> None:
        """With a folder, text() tells of all who count in it."""
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.folder = folder
        self.registry = CollectorRegistry()
        self.requests = Counter("fitservice_requests", "Requests", ("rule", "method", "status"), registry=self.registry)
        self.seconds = Histogram(
            "fitservice_request_seconds", "Seconds", ("rule",), buckets=SECONDS, registry=self.registry
        )

    def count(self, rule: str, method: str, status: int, seconds: float) -> None:
        """One more request."""
        self.requests.labels(rule, method, status).inc()
        self.seconds.labels(rule).observe(seconds)

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        if self.folder is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self.folder))  # type: ignore[no-untyped-call]
        return generate_latest(together)


def requests_of(app: Flask) -> Requests | None:
    """What counts this application's requests; None where nothing does."""
    found: Requests | None = app.extensions.get("metrics")
    return found


def count_from_here(app: Flask, folder: Path, place: int) -> None:
    """Count this worker's requests, in this place of the folder. A disk without room never stops the service."""
    try:
        _make_room(folder, place)
    except OSError:
        app.logger.warning("this worker counts no requests: there is no room")
        return
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(lambda: place)  # type: ignore[no-untyped-call]
    app.extensions["metrics"] = Requests(folder)


def _make_room(folder: Path, place: int) -> None:
    """Files of their full size: who writes into a file with holes is killed when the disk is full."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for kind in KINDS:
        path = folder / f"{kind}_{place}.db"
        if not path.exists():
            draft = path.with_suffix(".new")
            try:
                draft.write_bytes(bytes(ROOM))
                draft.rename(path)
            except OSError:  # a full disk keeps nothing half
                draft.unlink(missing_ok=True)
                raise


def clear(folder: Path) -> None:
    """Forget what was counted in this folder."""
    shutil.rmtree(folder, ignore_errors=True)
