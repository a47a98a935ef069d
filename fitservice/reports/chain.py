"""Whether the audit table is whole, and its head, to be kept where whoever writes to the database does not."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import telling
from fitservice.model import Actor
from fitservice.rules.chain import Broken, Entry, Fault, Link, broken
from fitservice.rules.heads import head_line
from fitservice.store import audit, chain
from fitservice.store.rows import Row

MOST_TOLD = 1000


@dataclass(frozen=True)
class Verified:
    """How many rows were read, from which id on, and what is wrong: the first MOST_TOLD of so many."""

    rows: int
    begins: int
    broken: list[Broken]
    count: int


def newest_head(db: Database, *, by: Actor) -> str | None:
    """One line: id, time and seal of the newest row; None while there is none. It names nobody, so it is not logged."""
    check(by, Act.SEE_HEAD)
    row = audit.head(db)
    return head_line(row["id"], row["at"], row["seal"]) if row else None


def verify(db: Database, heads: Iterable[Link] = (), *, by: Actor, newest: int | None = None) -> Verified:
    """Read the whole chain, or its newest rows alone, from one snapshot, a row at a time; nobody waits. Logged."""
    read, count, told = 0, 0, list[Broken]()

    def seal(row: Row, as_id: int, seal_before: str) -> str:
        return chain.right_seal(db, row, as_id, seal_before)

    def counted() -> Iterable[Entry[Row]]:
        nonlocal read
        for entry in chain.entries(db, short.id if short else None):
            read += 1
            yield entry

    with telling(db, by, Act.VERIFY_AUDIT) as note:
        begin, wrong = chain.checkpoint(db)
        short = chain.link_before(db, newest) if newest else None
        begin = short or begin
        told += [Broken(last_id, Fault.CHECKPOINT) for last_id in wrong]
        count = len(told)
        for one in broken(counted(), seal, begin, heads):
            count += 1
            if len(told) < MOST_TOLD:
                told.append(one)
        note.detail = {"rows": read, "broken": count}
    return Verified(read, begin.id + 1, sorted(told, key=lambda one: one.id), count)
