"""Whose address counts behind proxies, and which request ids are taken over: tables of cases."""

import pytest

from fitservice.rules.forwarding import browser_address, is_asked_here, is_request_id


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "expected"),
    [
        # nobody in front: whatever is said, the peer counts
        ("", 0, "10.0.0.1"),
        ("192.0.2.1", 0, "10.0.0.1"),
        ("192.0.2.1", 1, "192.0.2.1"),
        # what the browser itself made up stands before what our proxy saw
        ("203.0.113.9, 192.0.2.1", 1, "192.0.2.1"),
        ("203.0.113.9,192.0.2.1, 10.0.0.2", 2, "192.0.2.1"),
        # fewer than there should be: the request came past a proxy
        ("192.0.2.1", 2, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
        # a port is no part of an address, or each connection would have tries of its own
        ("192.0.2.1:50123", 1, "192.0.2.1"),
        ("[2001:db8::1]:50123", 1, "2001:db8::1"),
        ("2001:DB8:0::1", 1, "2001:db8::1"),
        ("fe80::1%eth0", 1, "fe80::1"),
        ("unknown", 1, "10.0.0.1"),
        ("' OR 1=1 --", 1, "10.0.0.1"),
        ("192.0.2.1,", 1, "10.0.0.1"),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(forwarded_for: str, proxies: int, expected: str) -> None:
    assert browser_address("10.0.0.1", forwarded_for, proxies) == expected


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("5f0c1a2b3c4d5e6f", True),
        ("123e4567-e89b-12d3-a456-426614174000", True),
        ("", False),
        ("AL-1", False),
        ("01010012345", False),
        ("5f0c1a2b3c4d5e6f\n", False),
        ("Amina Hansen Amina", False),
        ("a" * 37, False),
    ],
)
def test_only_what_is_an_id_is_taken_for_one(text: str, taken: bool) -> None:
    assert is_request_id(text) is taken


@pytest.mark.parametrize(
    ("peer", "host", "header", "here"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "User-Agent", True),
        ("127.0.0.9", "localhost", "X-Request-Id", True),
        ("::1", "[::1]:8000", "Accept", True),
        ("::1", "[::1]", "Accept", True),
        # from another machine, whatever it calls us
        ("10.0.0.1", "127.0.0.1:8000", "User-Agent", False),
        ("2001:db8::1", "localhost", "User-Agent", False),
        ("", "localhost", "User-Agent", False),
        # a proxy of this machine says so in one way or another
        ("127.0.0.1", "127.0.0.1", "Forwarded", False),
        ("127.0.0.1", "127.0.0.1", "X-Forwarded-For", False),
        ("127.0.0.1", "127.0.0.1", "x-forwarded-proto", False),
        ("127.0.0.1", "127.0.0.1", "X-FORWARDED-HOST", False),
        ("127.0.0.1", "127.0.0.1", "X-Real-IP", False),
        ("127.0.0.1", "127.0.0.1", "Via", False),
        # or passes on the name that it was called by
        ("127.0.0.1", "fit.example.org", "User-Agent", False),
        ("127.0.0.1", "localhost.example.org:443", "User-Agent", False),
        ("127.0.0.1", "", "User-Agent", False),
    ],
)
def test_who_comes_through_a_proxy_does_not_ask_here(peer: str, host: str, header: str, here: bool) -> None:
    assert is_asked_here(peer, host, ["Host", header]) is here
