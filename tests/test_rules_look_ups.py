"""Which look-ups are worth asking about, as a table of cases."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from fitservice.rules.look_ups import MANY, LookUp, Why, is_odd_hour, unusual
from fitservice.rules.person_names import Likeness

TUESDAY = datetime(2026, 11, 24, 10)


def looks(count: int, minutes: float = 1, *, begin: datetime = TUESDAY, **known: object) -> list[LookUp]:
    """Looks at so many different service users, so many minutes apart."""
    step = timedelta(minutes=minutes)
    return [LookUp(begin + step * number, "amina", number, **known) for number in range(count)]


def told(look_ups: list[LookUp]) -> list[tuple[Why, int]]:
    """Why, and how many service users."""
    return [(one.why, len(one.service_users)) for one in unusual(look_ups)]


@pytest.mark.parametrize(
    ("look_ups", "expected"),
    [
        ([], []),
        (looks(MANY), []),
        (looks(MANY + 1), [(Why.MANY, MANY + 1)]),
        # an hour is an hour: the 21st comes 60 minutes after the first
        (looks(MANY + 1, 3), []),
        (looks(MANY + 1, 2.9), [(Why.MANY, MANY + 1)]),
        # the same few again and again are not many
        ([LookUp(one.at, "amina", one.service_user_id % 5) for one in looks(60)], []),
        # nor are two colleagues' put together
        ([*looks(15), *(LookUp(one.at, "bo", 100 + one.service_user_id) for one in looks(15))], []),
        # one long row is one thing to ask about, two rows are two
        (looks(60), [(Why.MANY, 60)]),
        ([*looks(25), *looks(25, begin=TUESDAY + timedelta(hours=4))], [(Why.MANY, 25), (Why.MANY, 25)]),
        (looks(1, begin=datetime(2026, 11, 24, 23)), [(Why.ODD_HOURS, 1)]),
        # a night is one, also past midnight
        (looks(3, 120, begin=datetime(2026, 11, 24, 22)), [(Why.ODD_HOURS, 3)]),
        (looks(2, 24 * 60, begin=datetime(2026, 11, 24, 23)), [(Why.ODD_HOURS, 1), (Why.ODD_HOURS, 1)]),
        (looks(1, is_outside=True), [(Why.OUTSIDE, 1)]),
        (looks(2, 24 * 60, is_outside=True), [(Why.OUTSIDE, 1), (Why.OUTSIDE, 1)]),
        (looks(3, others_contact=True), [(Why.NOT_OWN, 3)]),
        (looks(3, 24 * 60, begin=TUESDAY - timedelta(days=1), others_contact=True), [(Why.NOT_OWN, 3)]),
        # whoever stands in records something
        ([*looks(3, others_contact=True), *looks(2, is_work=True)], [(Why.NOT_OWN, 1)]),
        # of the own name, whoever is the contact, and also where it was work
        (looks(2, alike=Likeness.FAMILY), [(Why.FAMILY_NAME, 2)]),
        (looks(2, 24 * 60, begin=TUESDAY - timedelta(days=1), alike=Likeness.FULL), [(Why.OWN_NAME, 2)]),
        (looks(1, alike=Likeness.FAMILY, is_work=True), [(Why.FAMILY_NAME, 1)]),
        # from outside says it all
        (looks(1, others_contact=True, is_outside=True), [(Why.OUTSIDE, 1)]),
    ],
)
def test_what_is_worth_asking_about(look_ups, expected):
    assert told(look_ups) == expected


@pytest.mark.parametrize(
    ("at", "odd"),
    [
        (datetime(2026, 11, 24, 5, 59), True),
        (datetime(2026, 11, 24, 6), False),
        (datetime(2026, 11, 24, 21, 59), False),
        (datetime(2026, 11, 24, 22), True),
        (datetime(2026, 11, 27, 12), False),
        (datetime(2026, 11, 28, 12), True),
        (datetime(2026, 11, 29, 12), True),
    ],
)
def test_odd_hours(at, odd):
    assert is_odd_hour(at) is odd


def test_the_newest_comes_first_and_never_whoever_looked_most():
    found = unusual([*looks(60), *looks(25, begin=TUESDAY + timedelta(hours=4)), *looks(1, is_outside=True)])
    assert all(one.last >= other.last for one, other in pairwise(found))
