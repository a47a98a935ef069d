"""Whose address a request comes from where proxies of ours stand in front, and which request ids they may give."""

import ipaddress
import re
from collections.abc import Iterable

_REQUEST_ID = re.compile(r"[0-9a-fA-F-]{16,36}")
_PORT = re.compile(r":\d+$")
_OF_PROXIES = {"forwarded", "via", "x-real-ip"}


def browser_address(peer: str, forwarded_for: str, proxies: int) -> str:
    """The address that the outermost of so many proxies of ours saw; peer is who is connected to us.

    forwarded_for is X-Forwarded-For: each proxy adds whom it saw at the end, so what stands before ours was said by
    anybody. The peer where there is no proxy of ours, or where that place holds no address.
    """
    seen = forwarded_for.split(",")
    if not 0 < proxies <= len(seen):
        return peer
    return _address(seen[-proxies].strip()) or peer


def _address(text: str) -> str:
    """An address as it is always written, without its port; '' if it is none."""
    if text.startswith("["):  # [2001:db8::1]:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:443
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def is_request_id(text: str) -> bool:
    """Whether this can be taken over as an id: 16 to 36 hexadecimal digits and hyphens, in which no word can stand."""
    return bool(_REQUEST_ID.fullmatch(text))


def is_asked_here(peer: str, host: str, headers: Iterable[str]) -> bool:
    """Whether somebody on this machine asks the service itself, and not through a proxy that stands there too.

    peer is the address of who asks, host the Host header, headers the names of all headers.
    """
    names = {name.lower() for name in headers}
    if names & _OF_PROXIES or any(name.startswith("x-forwarded") for name in names):
        return False
    return _is_loopback(peer) and (_PORT.sub("", host) == "localhost" or _is_loopback(_PORT.sub("", host)))


def _is_loopback(text: str) -> bool:
    address = _address(text)
    return bool(address) and ipaddress.ip_address(address).is_loopback
