"""How much of a request is still to come: a table of cases."""

import pytest

from fitservice.rules.whole_requests import missing

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (b"", None),
        (HEAD, None),
        (HEAD + b"\r\n", 0),
        (HEAD + b"Content-Length: 5\r\n\r\nab", 3),
        (HEAD + b"content-length:5\r\n\r\nabcde", 0),
        (HEAD + b"Content-Length: 5\r\n\r\nabcdeGET / HTTP/1.1\r\n", 0),
        (HEAD + b"X-Content-Length: 5\r\n\r\n", 0),
        (HEAD + b"Content-Length: five\r\n\r\n", 0),
        (HEAD + b"Content-Length: 999999999\r\n\r\n", 999999999),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", 1),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", 0),
    ],
)
def test_what_is_missing_is_counted(received: bytes, expected: int | None) -> None:
    assert missing(received) == expected
