"""gunicorn's threaded worker, made so that nobody holds its one thread by being slow.

A request is collected in the poller, as a buffering proxy does, and comes into the thread when it is there whole.
"""

import time
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_WR
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from fitservice.rules.whole_requests import missing

LONGEST_HEAD = 64 * 1024
LARGEST = 512 * 1024
"""Bytes that are collected; what is larger goes on, and the service refuses it unread."""
SECONDS = 20
"""So long a request may take to come in."""
SENDING = 10
"""Seconds in which an answer must be taken; most fit into what the kernel keeps."""


class Connection(TConn):
    """A connection with what has come in of its next request."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.collected = bytearray()
        self.begun = time.monotonic()
        self.is_too_large = False

    def collect(self) -> bool | None:
        """Take in what there is: whether the request is there whole; None if nothing will come of it."""
        if self.parser is not None:  # what was read too far belongs to this one
            self.collected += self.parser.unreader.take_buffered()
        self.sock.setblocking(False)
        ended = False
        while not ended:
            try:
                more = self.sock.recv(65536)
            except BlockingIOError:
                break
            ended = not more
            self.collected += more
            if len(self.collected) > LARGEST:
                break
        still = missing(self.collected)
        if still is None:
            return None if ended or len(self.collected) > LONGEST_HEAD else False
        self.is_too_large = still + len(self.collected) > LARGEST
        return ended or not still or self.is_too_large

    def close(self, graceful: bool = False) -> None:
        """Close at once: gunicorn's own waits up to 2 s in the loop that serves everybody."""
        if graceful:
            self.sock.setblocking(False)
            try:
                self.sock.shutdown(SHUT_WR)
                self.sock.recv(65536)
            except OSError:
                pass
        super().close()


class PatientWorker(ThreadWorker):
    """Whoever sends slowly or not at all waits in the poller; who takes more than SECONDS is hung up on."""

    def accept(self, listener: Any) -> None:
        """As gunicorn does, with a connection of ours, which goes to the poller and not to the thread."""
        try:
            sock, client = listener.accept()
        except OSError:  # it went away again
            return
        self.nr_conns += 1
        self._wait(Connection(self.cfg, sock, client, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        conn.begun = time.monotonic()
        self._go_on(conn)

    def on_pending_socket_readable(self, conn: Connection, client: Any) -> None:
        """More of a request."""
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        try:
            whole = conn.collect()
        except OSError:  # reset
            whole = None
        if whole is None:
            self.nr_conns -= 1
            conn.close()
        elif whole:
            self.enqueue_req(conn)
        else:
            self._wait(conn)

    def _wait(self, conn: Connection) -> None:
        conn.sock.setblocking(False)
        conn.timeout = conn.begun + SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def murder_pending(self) -> None:
        """Hang up on whoever takes too long; they are not in the order of their begin."""
        now = time.monotonic()
        for conn in [conn for conn in self.pending_conns if conn.timeout <= now]:
            self.pending_conns.remove(conn)
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()

    def handle(self, conn: Connection) -> object:
        """A request that is there whole, in the thread."""
        if not conn.collected:  # the next request came together with the one before
            whole = conn.collect()
            if not whole:
                return False if whole is None else _DEFER
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(conn.collected))
        conn.collected = bytearray()
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Connection) -> object:
        """As gunicorn does, but not for longer than an answer may take to be taken."""
        conn.sock.settimeout(SENDING)
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Connection, keepalive: object) -> bool:
        return not conn.is_too_large and bool(super()._keepalive_after(conn, keepalive))
