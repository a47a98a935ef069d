"""How many requests a minute: the minute begins with the first of them, so that nobody waits longer than one."""

MINUTE = 60


def runs_still(began: int, now: int) -> bool:
    """Whether a minute that began then runs still, both in seconds; one from the future is none: the clock was set."""
    return 0 <= now - began < MINUTE


def seconds_to_wait(began: int, requests: int, most: int, now: int) -> int:
    """0 if one more request is allowed, else the whole seconds until it is: 1-60."""
    return began + MINUTE - now if runs_still(began, now) and requests >= most else 0
