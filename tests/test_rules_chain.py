"""A broken chain is told apart row by row, in whatever way it was broken; a head kept elsewhere fits or does not."""

import hashlib

import pytest

from fitservice.rules.chain import BEGINNING, MOST_TOLD_APART, Broken, Entry, Fault, Link, broken
from fitservice.rules.heads import head_line, read_heads


def seal(row: str, as_id: int, before: str) -> str:
    """Any function of row, place and seal before does."""
    return hashlib.sha256(f"{row} {as_id} {before}".encode()).hexdigest()


def chain(count: int, begin: Link = BEGINNING) -> list[Entry[str]]:
    """So many sound entries after begin."""
    entries, before = [], begin
    for id_ in range(begin.id + 1, begin.id + count + 1):
        before = Link(id_, seal(f"row {id_}", id_, before.seal))
        entries.append(Entry(id_, before.seal, f"row {id_}"))
    return entries


def told(entries: list[Entry[str]], **known: object) -> list[tuple[int, Fault, int | None]]:
    """Row, fault, number."""
    return sorted((one.id, one.fault, one.number) for one in broken(entries, seal, **known))


def at(entry: Entry[str], id_: int) -> Entry[str]:
    """The same row in another place."""
    return Entry(id_, entry.seal, entry.row)


SOUND = chain(10)
FORGED = Entry(5, "f" * 64, "forged")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        (SOUND, []),
        ([*SOUND[:4], Entry(5, SOUND[4].seal, "changed"), *SOUND[5:]], [(5, Fault.CHANGED, None)]),
        ([*SOUND[:4], FORGED, *SOUND[5:]], [(5, Fault.CHANGED, None), (6, Fault.FOLLOWS, None)]),
        ([*SOUND[:4], *SOUND[5:]], [(5, Fault.MISSING, 5)]),
        ([*SOUND[:4], *SOUND[7:]], [(5, Fault.MISSING, 7)]),
        (SOUND[3:], [(1, Fault.MISSING, 3)]),
        (
            [*SOUND[:2], at(SOUND[6], 3), *SOUND[3:6], at(SOUND[2], 7), *SOUND[7:]],
            [(3, Fault.MOVED, 7), (7, Fault.MOVED, 3)],
        ),
        (
            [*SOUND[:2], at(SOUND[3], 3), at(SOUND[2], 4), *SOUND[4:]],
            [(3, Fault.MOVED, 4), (4, Fault.MOVED, 3)],
        ),
        (
            [*SOUND[:8], at(FORGED, 9), at(SOUND[8], 10), at(SOUND[9], 11)],
            [(9, Fault.CHANGED, None), (10, Fault.MOVED, 9), (11, Fault.MOVED, 10)],
        ),
        ([*SOUND, at(FORGED, 11)], [(11, Fault.CHANGED, None)]),
        ([at(FORGED, -3), *SOUND], [(-3, Fault.OLDER, None)]),
        ([*SOUND[:9], Entry(10, None, "row 10")], [(10, Fault.UNSEALED, None)]),
        ([*SOUND[:9], Entry(10, SOUND[9].seal, "row 10", has_key=False)], [(10, Fault.NO_KEY, None)]),
        (
            [*SOUND[:4], Entry(5, SOUND[4].seal, "changed"), SOUND[5], *SOUND[7:]],
            [(5, Fault.CHANGED, None), (7, Fault.MISSING, 7)],
        ),
    ],
)
def test_what_was_done_is_named(entries, expected):
    assert told(entries) == expected


def test_the_chain_goes_on_after_a_checkpoint():
    begin = Link(4, SOUND[3].seal or "")
    assert told(SOUND[4:], begin=begin) == []
    assert told(SOUND[2:], begin=begin) == [(3, Fault.OLDER, None), (4, Fault.OLDER, None)]
    assert told(SOUND[5:], begin=begin) == [(5, Fault.MISSING, 5)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (Link(10, SOUND[9].seal or ""), []),
        (Link(2, "0" * 64), []),
        (Link(7, "0" * 64), [(7, Fault.OTHER_HEAD, None)]),
        (Link(12, "0" * 64), [(12, Fault.CUT_OFF, None)]),
    ],
)
def test_heads_are_compared_from_the_checkpoint_on(head, expected):
    assert told(SOUND[4:], begin=Link(4, SOUND[3].seal or ""), heads=[head]) == expected


def test_a_log_that_was_written_anew_is_told_in_a_few_words():
    many = 3 * MOST_TOLD_APART
    entries = [Entry(id_, "0" * 64, "forged") for id_ in range(1, many + 1)]
    found = list(broken(entries, seal))
    assert len(found) == MOST_TOLD_APART + 1
    assert found[-1] == Broken(MOST_TOLD_APART, Fault.MORE, many - MOST_TOLD_APART)


def test_heads_are_read_from_whatever_log_kept_them():
    line = head_line(17, "2026-11-22T10:00:00+00:00", "a" * 64)
    kept = [line, "", "nonsense", f"Nov 22 10:00:00 host fitservice[1]: {line}\n", f"{line}b"]
    assert read_heads(kept) == [Link(17, "a" * 64), Link(17, "a" * 64)]
