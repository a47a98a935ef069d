"""gunicorn in this process: no file and no module of the folder it is started from is read."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import _DEFER, ThreadWorker


class PatientWorker(ThreadWorker):
    """gunicorn's threaded worker, but a connection that says nothing yet waits in the poller, not in the thread.

    gunicorn 27 lets it hold the thread for some seconds first: a few idle browsers would keep everybody out.
    """

    def handle(self, conn: Any) -> object:
        """A request, or the sign that none has come yet."""
        if not conn.initialized and not conn.wait_for_data(0):
            return _DEFER
        return super().handle(conn)


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
            # beyond what the API itself refuses as too long, so that its refusal is the one that is read
            "limit_request_line": 8190,
            # requests take milliseconds: whoever stops the service need not wait gunicorn's 30 s for a stuck one
            "graceful_timeout": 10,
        }
        super().__init__()

    def load_config(self) -> None:
        """These options, and nothing from files or the environment."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made before the workers were; each opens its own connections."""
        return self.application
