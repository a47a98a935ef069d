"""When wrong tries make one wait: tables of cases, in minutes before now."""

from datetime import UTC, datetime, timedelta

import pytest

from fitservice.rules.browsers import browser_kind
from fitservice.rules.lock_out import account_waits_until, address_waits_until

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def ago(*minutes: float) -> list[datetime]:
    """Moments so many minutes ago, in the order in which they are given."""
    return [NOW - timedelta(minutes=number) for number in minutes]


def waits(until: datetime | None) -> float | None:
    """Minutes still to wait."""
    return None if until is None else (until - NOW).total_seconds() / 60


@pytest.mark.parametrize(
    ("wrong", "minutes"),
    [
        ((), None),
        ((0,), None),
        ((3, 2, 1, 0), None),
        ((4, 3, 2, 1, 0), 5),
        ((8, 7, 6, 5, 4), 1),
        ((9, 8, 7, 6, 5), None),
        ((14.9, 3, 2, 1, 0), 5),
        ((15, 3, 2, 1, 0), None),
        # each one after a wait, that day, doubles it
        ((14, 13, 12, 11, 10, 0), 10),
        ((24, 23, 22, 21, 20, 12, 0), 20),
        ((400, 399, 398, 397, 396, 300, 200, 0), 40),
        ((400, 399, 398, 397, 396, 300, 200, 100, 0), 60),
        ((400, 399, 398, 397, 396, 300, 200, 100, 61, 0), 60),
        ((400, 399, 398, 397, 396, 300, 200, 100, 61), None),
        # yesterday's do not count
        ((1444, 1443, 1442, 1441, 1440, 0), None),
        ((1439, 1438, 1437, 1436, 1435, 0), 10),
        # slowly, one every half an hour: the twentieth of a day waits
        (tuple(range(18 * 30, -1, -30)), None),
        (tuple(range(19 * 30, -1, -30)), 5),
    ],
)
def test_an_account_waits_after_five_and_longer_each_time(wrong, minutes):
    assert waits(account_waits_until(ago(*wrong), NOW)) == minutes


def test_whoever_guesses_as_fast_as_the_waits_allow_gets_fifty_tries_a_day():
    moment, tried = NOW, []
    while moment < NOW + timedelta(days=1):
        until = account_waits_until(tried, moment)
        if until:
            moment = until
        tried.append(moment)
        moment += timedelta(seconds=1)
    assert len(tried) < 50


@pytest.mark.parametrize(
    ("wrong", "minutes"),
    [
        ((), None),
        (range(14, 0, -1), None),
        ((1,) * 19, None),
        ((1,) * 20, 14),
        ((14, *(1,) * 19), 1),
        ((15, *(1,) * 19), None),
        ((14, *(1,) * 20), 14),
        ((100,) * 500, None),
    ],
)
def test_an_address_waits_after_twenty_and_never_longer_than_the_window(wrong, minutes):
    assert waits(address_waits_until(ago(*wrong), NOW)) == minutes


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
            "Safari/537.36 Edg/142.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Chrome, Linux",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
            "Mobile/15E148 Safari/604.1",
            "Safari, iPad",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Werkzeug/3.1", None),
        ("Linux", "Linux"),
        ("x" * 100_000, None),
        ("", None),
        (None, None),
    ],
)
def test_of_a_browser_two_words_are_kept(said, kind):
    assert browser_kind(said) == kind
