"""Passwords: what hashing costs, what is refused, what is the same. Here alone the true cost is paid."""

import hashlib
from base64 import b64encode

import pytest
from factories import AMINA, CHEAP, PASSWORD, TRUE_COST, make_cast

from fitservice import credentials
from fitservice.actions.signing_in import sign_in
from fitservice.credentials import DEMO_PASSWORD, hash_anew, hash_password, password_fits
from fitservice.model import Invalid
from fitservice.rules.passwords import parse_password
from fitservice.store import staff


@pytest.fixture
def true_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost as it is outside the tests."""
    monkeypatch.setattr(credentials, "COST", TRUE_COST)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """What every scrypt computation cost, in order: n, r, p."""
    done, real = [], hashlib.scrypt

    def scrypt(password: bytes, **given: int) -> bytes:
        done.append((given["n"], given["r"], given["p"]))
        return real(password, **given)

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    return done


def test_hashing_costs_what_owasp_asks(true_cost, work):
    stored = hash_password(PASSWORD)
    # Password Storage Cheat Sheet: N=2^15 (32 MiB), r=8, p=3 is as good as N=2^17 (128 MiB), r=8, p=1
    assert stored.startswith("scrypt:32768:8:3$")
    assert password_fits(stored, PASSWORD)
    assert work == [(2**15, 8, 3)] * 2


def test_a_cheaper_hash_is_made_anew_by_the_first_right_password(db, true_cost):
    make_cast(db)
    assert staff.by_id(db, AMINA.staff_id)["password_hash"].startswith(f"{CHEAP}$")
    assert sign_in(db, "amina", "not the password", None) is None
    assert staff.by_id(db, AMINA.staff_id)["password_hash"].startswith(f"{CHEAP}$")
    assert sign_in(db, "amina", PASSWORD, None)
    stored = staff.by_id(db, AMINA.staff_id)["password_hash"]
    assert stored.startswith(f"{TRUE_COST}$") and password_fits(stored, PASSWORD)
    assert hash_anew(PASSWORD, stored) is None


def test_the_same_work_is_done_for_unknown_wrong_closed_and_waiting(db, work):
    make_cast(db)
    staff.close(db, 2)
    # as many as make amina wait
    for _ in range(5):
        sign_in(db, "amina", "wrong", None)
    for username in ("amina", "berit", "carl", "nobody"):
        del work[:]
        assert sign_in(db, username, "x" * 300, None) is None
        # of nobody's hash, made once, the first time
        assert work[-1:] == [(1024, 8, 1)] and len(work) <= 2, username


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "weak_password"),
        ("elleve tegn", "weak_password"),
        ("x1!" * 42 + "åæø", "long_password"),
        ("password1234", "common_password"),
        ("Password1234!", "common_password"),
        ("123456789012", "common_password"),
        ("aaaaaaaaaaaa", "common_password"),
        ("qwertyuiop12", "common_password"),
        ("abcdefghijkl", "common_password"),
        ("fitservice2026", "common_password"),
        ("oslokommune1", "common_password"),
        ("kari.nordmann1985", "common_password"),
        ("NordmannKari1", "common_password"),
        (DEMO_PASSWORD, "common_password"),
    ],
)
def test_what_is_guessed_first_is_refused(password, code):
    with pytest.raises(Invalid, match=f"^{code}$"):
        hash_password(password, ("kari.nordmann", "Kari Nordmann"))


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "tolv tegn er",
        "kaffe-vulkan-sykkel",
        "x7Gq!2pLw9zR",
        "blå måne over byen," + " åtte ord til" * 8,
    ],
)
def test_a_few_words_in_a_row_are_taken_whatever_signs_they_hold(password):
    assert parse_password(password, ("kari", "Kari")) == password


def test_two_long_ones_that_begin_alike_are_two():
    begin = "en lang setning som ikke tar slutt på lenge, " * 2
    stored = hash_password(begin + "men så")
    assert password_fits(stored, begin + "men så") and not password_fits(stored, begin + "men nå")
    # one that is refused when it is chosen never fits
    assert not password_fits(None, "x" * 129)


def test_a_letter_typed_as_one_sign_or_as_two_is_the_same():
    one, two = "bl\u00e5 m\u00e5ne over byen", "bla\u030a ma\u030ane over byen"
    assert one != two
    assert password_fits(hash_password(one), two) and password_fits(hash_password(two), one)


def test_nothing_but_its_hash_is_stored(db):
    make_cast(db)
    staff.set_password(db, 1, hash_password("kaffe-vulkan-sykkel"))
    dump = "\n".join(db.conn.iterdump())
    assert "vulkan" not in dump and b64encode(b"kaffe-vulkan-sykkel").decode() not in dump
