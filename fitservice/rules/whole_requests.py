"""How much of a request is still to come (RFC 9112), so that reading it makes nobody wait."""

import re

HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


def missing(received: bytes | bytearray) -> int | None:
    """How many bytes of the body are missing; None while the head is not there whole.

    Of a body in chunks nobody knows: 1 until its end is there.
    """
    end = received.find(HEAD_END)
    if end < 0:
        return None
    head = bytes(received[: end + len(HEAD_END)])
    if _CHUNKED.search(head):
        return 0 if received.endswith(b"0\r\n\r\n") else 1
    length = _LENGTH.search(head)
    return max(0, len(head) + (int(length[1]) if length else 0) - len(received))
