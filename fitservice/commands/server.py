"""gunicorn in this process: no file and no module of the folder it is started from is read."""

import logging
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from fitservice import metrics
from fitservice.commands.patience import PatientWorker


class OwnLines(Logger):
    """gunicorn's log in the service's own lines, which hold nothing that was sent."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn does, with our handlers."""
        super().setup(cfg)
        self.error_log.handlers = list(logging.getLogger("fitservice").handlers)


class Server(BaseApplication):
    """The service on one address, with so many workers.

    One thread a worker: more were slower, for the interpreter's lock.
    """

    def __init__(self, address: str, workers: int, application: Flask) -> None:
        self.application = application
        self.options: dict[str, Any] = {
            "bind": address,
            "workers": workers,
            "threads": 1,
            "worker_class": PatientWorker,
            "control_socket_disable": True,
            "loglevel": "warning",
            "logger_class": OwnLines,
            # what a proxy says is read by PROXIES and BEHIND_TLS alone: these headers could move paths and schemes
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            # beyond what the API itself refuses as too long, so that its refusal is the one that is read
            "limit_request_line": 8190,
            # requests take milliseconds: whoever stops the service need not wait gunicorn's 30 s for a stuck one
            "graceful_timeout": 10,
        }
        if application.config["METRICS"]:
            self.options |= _counted(application, Path(application.instance_path) / f"metrics-{address.split(':')[-1]}")
        super().__init__()

    def load_config(self) -> None:
        """These options, and nothing from files or the environment."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made before the workers were; each opens its own connections."""
        return self.application


def _counted(application: Flask, folder: Path) -> dict[str, Any]:
    """What gunicorn calls so that the workers' counts add up. As the port is this server's, so is the folder."""

    def give_place(arbiter: Any, worker: Any) -> None:
        taken = {other.place for other in arbiter.WORKERS.values()}
        worker.place = next(place for place in count(1) if place not in taken)

    def begin(_arbiter: Any, worker: Any) -> None:
        metrics.count_from_here(application, folder, worker.place)

    def clear(_arbiter: Any) -> None:
        metrics.clear(folder)

    return {"when_ready": clear, "pre_fork": give_place, "post_fork": begin, "on_exit": clear}
