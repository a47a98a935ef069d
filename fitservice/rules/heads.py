"""Heads of the chain as they are kept elsewhere: a line each, id, time and seal, after whatever a log puts first."""

import re
from collections.abc import Iterable

from fitservice.rules.chain import Link

_HEAD = re.compile(r"(?:^|\s)(\d{1,18}) \S+ ([0-9a-f]{64})$")


def head_line(id_: int, at: str, seal: str) -> str:
    """One head as it is kept."""
    return f"{id_} {at} {seal}"


def read_heads(lines: Iterable[str]) -> list[Link]:
    """The heads in these lines; lines that hold none are passed over."""
    return [Link(int(found[1]), found[2]) for line in lines if (found := _HEAD.search(line.rstrip()))]
