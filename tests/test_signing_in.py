"""Signing in and out, and what a browser's cookie stands for."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import ADMIN, AMINA, CARL, PASSWORD, make_cast

from fitservice.actions.signing_in import own_sign_ins, sign_in, sign_out, sign_out_everywhere, who
from fitservice.actions.staffing import close_staff, end_others_sign_ins, invite_staff, use_link
from fitservice.store import staff

LIMITS = timedelta(minutes=30), timedelta(hours=10)


@pytest.fixture(autouse=True)
def _cast(db) -> None:
    make_cast(db)


def signed_in(db, token: str | None):
    """The actor that a cookie stands for, or None."""
    row = who(db, token or "", *LIMITS, "1.2.3.4")
    return row and row["actor"]


def refusals(db) -> list[tuple]:
    """What the audit table says of refused sign-ins."""
    return db.execute("SELECT actor, address FROM audit WHERE act = 'sign_in_refused'").fetchall()


def age(db, **changed: timedelta) -> None:
    """Make every sign-in older, column by column."""
    for column, by in changed.items():
        moment = (datetime.now(UTC) - by).isoformat(timespec="seconds")
        db.execute(f"UPDATE sign_ins SET {column} = ?", (moment,))


@pytest.mark.parametrize("username", ["amina", "AMINA", " amina "])
def test_the_right_password_signs_in(db, username):
    actor = signed_in(db, sign_in(db, username, PASSWORD, "1.2.3.4"))
    assert (actor.name, actor.role, actor.district_id, actor.staff_id, actor.address) == (
        *("amina", AMINA.role, AMINA.district_id, AMINA.staff_id),
        "1.2.3.4",
    )


def test_a_wrong_password_is_refused_and_logged(db):
    assert sign_in(db, "amina", "wrong", "1.2.3.4") is None
    assert refusals(db) == [("amina", "1.2.3.4")]


@pytest.mark.parametrize("password", ["", PASSWORD + " ", PASSWORD.upper()])
def test_a_nearly_right_password_is_wrong(db, password):
    assert sign_in(db, "amina", password, None) is None


def test_what_was_typed_as_an_unknown_username_is_not_kept(db):
    assert sign_in(db, PASSWORD, "amina", None) is None
    assert refusals(db) == [("unknown", None)]


def test_a_closed_account_does_not_sign_in_and_is_signed_out(db):
    token = sign_in(db, "amina", PASSWORD, None)
    close_staff(db, AMINA.staff_id, by=ADMIN)
    assert signed_in(db, token) is None
    assert sign_in(db, "amina", PASSWORD, None) is None


def test_a_closed_account_is_nobody_even_where_its_sign_in_was_left_open(db):
    token = sign_in(db, "amina", PASSWORD, None)
    staff.close(db, AMINA.staff_id)
    assert signed_in(db, token) is None


@pytest.mark.parametrize("token", [None, "", "x"])
def test_another_cookie_is_nobody(db, token):
    sign_in(db, "amina", PASSWORD, None)
    assert signed_in(db, token) is None


@pytest.mark.parametrize(
    ("changed", "still"),
    [
        ({"last_seen_at": timedelta(minutes=29)}, True),
        ({"last_seen_at": timedelta(minutes=31)}, False),
        ({"created_at": timedelta(hours=9, minutes=59)}, True),
        ({"created_at": timedelta(hours=10, minutes=1)}, False),
    ],
    ids=["used lately", "idle", "begun today", "too old"],
)
def test_a_sign_in_ends_when_idle_and_when_old(db, changed, still):
    token = sign_in(db, "amina", PASSWORD, None)
    age(db, **changed)
    assert (signed_in(db, token) is not None) is still
    assert len(own_sign_ins(db, *LIMITS, by=AMINA)) == still


def test_using_it_keeps_it_from_going_idle(db):
    token = sign_in(db, "amina", PASSWORD, None)
    age(db, last_seen_at=timedelta(minutes=20))
    signed_in(db, token)
    seen = datetime.fromisoformat(own_sign_ins(db, *LIMITS, by=AMINA)[0]["last_seen_at"])
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


def test_signing_out_ends_one_browser(db):
    first, second = sign_in(db, "amina", PASSWORD, None), sign_in(db, "amina", PASSWORD, None)
    sign_out(db, who(db, first, *LIMITS, None)["id"], by=AMINA)
    assert (signed_in(db, first), signed_in(db, second).name) == (None, "amina")


def test_signing_out_everywhere_ends_ones_own_browsers_only(db):
    tokens = [sign_in(db, "amina", PASSWORD, None) for _ in range(2)]
    carl = sign_in(db, "carl", PASSWORD, None)
    sign_out_everywhere(db, by=AMINA)
    assert [signed_in(db, token) for token in tokens] == [None, None]
    assert signed_in(db, carl).name == "carl"
    assert own_sign_ins(db, *LIMITS, by=AMINA) == []
    assert len(own_sign_ins(db, *LIMITS, by=CARL)) == 1


def test_an_administrator_ends_somebodys_sign_ins(db):
    token = sign_in(db, "amina", PASSWORD, None)
    end_others_sign_ins(db, AMINA.staff_id, by=ADMIN)
    assert signed_in(db, token) is None


def test_a_new_password_ends_what_the_old_one_began(db):
    token = sign_in(db, "amina", PASSWORD, None)
    use_link(db, invite_staff(db, AMINA.staff_id, 1, by=ADMIN), "en helt ny setning")
    assert signed_in(db, token) is None
    assert sign_in(db, "amina", PASSWORD, None) is None
    assert signed_in(db, sign_in(db, "amina", "en helt ny setning", None)).name == "amina"


def test_signing_in_and_out_is_logged(db):
    token = sign_in(db, "amina", PASSWORD, "1.2.3.4")
    sign_out(db, who(db, token, *LIMITS, None)["id"], by=AMINA)
    rows = db.execute("SELECT act, actor, address FROM audit WHERE act LIKE 'sign%' ORDER BY id").fetchall()
    assert rows == [("sign_in", "amina", "1.2.3.4"), ("sign_out", "amina", None)]
