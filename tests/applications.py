"""The application on a folder: templates compiled once for all, and applications used again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from fitservice import create_app
from fitservice.private import write_once


class CompiledOnce(BytecodeCache):
    """Each template compiled once for all the applications of the tests."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of this very text."""
        if bucket.key + bucket.checksum in self.known:
            bucket.bytecode_from_string(self.known[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def application(folder: Path) -> Flask:
    """A new application on a folder; CSRF is off here and on in the tests that are about it."""
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, folder)
    app.jinja_env.bytecode_cache = CompiledOnce()
    return app


FREE: list[Flask] = []
"""Applications that no test uses now: putting a hundred routes together takes longer than most tests."""


@contextmanager
def lent(folder: Path) -> Iterator[Flask]:
    """An application on a folder for one test, with the settings that a new one has."""
    app = FREE.pop() if FREE else application(folder)
    app.instance_path, settings = str(folder), app.config.copy()
    app.config["DATABASE"] = str(folder / "fitservice.db")
    write_once(folder / "secret_key", app.config["SECRET_KEY"])
    yield app
    app.config.clear()
    app.config.update(settings)
    FREE.append(app)
