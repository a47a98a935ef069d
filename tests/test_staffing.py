"""Staff accounts, one-time links, passwords and the agency's tokens."""

import sqlite3

import pytest
from factories import ADMIN, ALNA, AMINA, CARL, OPERATOR, PASSWORD, VELFERD, identity_number, make_cast
from web import sign_in as sign_in_page

from fitservice.actions.signing_in import sign_in
from fitservice.actions.staffing import (
    add_staff,
    close_staff,
    end_others_sign_ins,
    first_link,
    invite_staff,
    set_email,
    use_link,
)
from fitservice.actions.tokens import api_token, issue_token, revoke_token
from fitservice.credentials import DEMO_PASSWORD, hash_of, hash_password, password_fits
from fitservice.model import Actor, Duplicate, Invalid, NotAllowed, NotFound, Role, Scope
from fitservice.store import staff

KARI = ("kari.nordmann", "Kari Nordmann", Role.CASEWORKER, ALNA)
FNR = identity_number()


@pytest.fixture
def kari(db) -> int:
    """An account without a password."""
    return add_staff(db, *KARI, by=ADMIN)


def refused(code: str):
    """Invalid with this one code."""
    return pytest.raises(Invalid, match=f"^{code}$")


def test_an_account_is_added_with_its_district(db, kari):
    row = staff.by_id(db, kari)
    assert (row["username"], row["name"], row["role"], row["district"]) == (*KARI[:2], "caseworker", "Alna")
    assert (row["password_hash"], row["is_demo"]) == (None, 0)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"username": "k"}, "not_a_username"),
        ({"username": "kari nordmann"}, "not_a_username"),
        ({"username": "x" * 61}, "not_a_username"),
        ({"name": "   "}, "not_a_name"),
        ({"name": "x" * 101}, "not_a_name"),
        # it would change the terminal of whoever reads a list
        ({"name": "\x1b[2JAnna"}, "not_a_name"),
        ({"username": FNR}, "identity_number"),
        ({"name": f"Kari {FNR}"}, "identity_number"),
        ({"district_id": None}, "role_needs_district"),
        ({"district_id": 16}, "unknown_district"),
        ({"role": Role.ADMINISTRATOR}, "no_district"),
        ({"password": "short"}, "weak_password"),
        ({"password": DEMO_PASSWORD}, "common_password"),
        ({"password": "kari.nordmann1"}, "common_password"),
    ],
)
def test_an_account_that_cannot_be_is_refused(db, changed, code):
    given = dict(zip(("username", "name", "role", "district_id"), KARI, strict=True)) | changed
    with refused(code):
        add_staff(db, **given, by=ADMIN)
    assert not staff.any_staff(db)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.API_CLIENT])
def test_a_role_that_never_signs_in_gets_no_account(db, role):
    with pytest.raises(sqlite3.IntegrityError):
        add_staff(db, "kari", "Kari", role, None, by=OPERATOR)
    assert not staff.any_staff(db)


def test_a_username_is_taken_whatever_its_case_and_even_after_closing(db, kari):
    close_staff(db, kari, by=ADMIN)
    with pytest.raises(Duplicate) as duplicate:
        add_staff(db, "KARI.Nordmann", *KARI[1:], by=ADMIN)
    assert duplicate.value.existing_id == kari


@pytest.mark.parametrize("by", [AMINA, CARL, VELFERD], ids=lambda by: by.name)
def test_only_administrators_and_the_operator_keep_accounts(db, kari, by):
    for act in (
        lambda: add_staff(db, "ola", "Ola", Role.ADMINISTRATOR, None, by=by),
        lambda: close_staff(db, kari, by=by),
        lambda: invite_staff(db, kari, 1, by=by),
        lambda: end_others_sign_ins(db, kari, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_link_chooses_a_password_once(db, kari):
    link = invite_staff(db, kari, 72, by=ADMIN)
    assert use_link(db, link, PASSWORD) == kari
    assert sign_in(db, KARI[0], PASSWORD, None)
    with pytest.raises(NotFound):
        use_link(db, link, "en annen hest spiser")
    assert not sign_in(db, KARI[0], "en annen hest spiser", None)


def test_a_password_that_is_too_weak_does_not_use_the_link_up(db, kari):
    link = invite_staff(db, kari, 72, by=ADMIN)
    for password, code in (("short", "weak_password"), (DEMO_PASSWORD, "common_password")):
        with refused(code):
            use_link(db, link, password)
    assert use_link(db, link, PASSWORD) == kari


@pytest.mark.parametrize("hours", [0, -1])
def test_a_link_expires(db, kari, hours):
    with pytest.raises(NotFound):
        use_link(db, invite_staff(db, kari, hours, by=ADMIN), PASSWORD)


def test_a_newer_link_supersedes_the_older(db, kari):
    older, newer = invite_staff(db, kari, 72, by=ADMIN), invite_staff(db, kari, 72, by=ADMIN)
    with pytest.raises(NotFound):
        use_link(db, older, PASSWORD)
    assert use_link(db, newer, PASSWORD) == kari


def test_a_closed_account_has_no_links(db, kari):
    link = invite_staff(db, kari, 72, by=ADMIN)
    close_staff(db, kari, by=ADMIN)
    with pytest.raises(NotFound):
        use_link(db, link, PASSWORD)
    with pytest.raises(NotFound):
        invite_staff(db, kari, 72, by=ADMIN)


def test_the_first_link_makes_the_first_administrator_and_no_second(db):
    link = first_link(db, 72, by=OPERATOR)
    staff_id = use_link(db, link, PASSWORD, "admin", "Admin")
    assert staff.by_id(db, staff_id)["role"] == "administrator"
    with pytest.raises(NotFound):
        use_link(db, link, PASSWORD, "admin2", "Admin 2")
    assert first_link(db, 72, by=OPERATOR) is None


def test_the_first_link_ends_once_anyone_has_an_account(db):
    link = first_link(db, 72, by=OPERATOR)
    add_staff(db, *KARI, by=OPERATOR)
    with pytest.raises(NotFound):
        use_link(db, link, PASSWORD, "mallory", "Mallory")


def test_one_cannot_close_ones_own_account(db):
    make_cast(db)
    with refused("own_account"):
        close_staff(db, ADMIN.staff_id, by=ADMIN)
    close_staff(db, ADMIN.staff_id, by=OPERATOR)


def test_who_is_not_there_is_not_found(db):
    for act in (close_staff, end_others_sign_ins):
        with pytest.raises(NotFound):
            act(db, 99, by=ADMIN)


def test_a_token_is_the_agencys_program_until_it_is_revoked(db):
    token = issue_token(db, "board", by=OPERATOR)
    known = api_token(db, token, "1.2.3.4")
    assert known["actor"] == Actor("token:board", Role.API_CLIENT, address="1.2.3.4", scopes=frozenset(Scope))
    revoke_token(db, "Board", by=OPERATOR)
    assert api_token(db, token, None) is None
    with pytest.raises(NotFound):
        revoke_token(db, "board", by=OPERATOR)


@pytest.mark.parametrize("token", ["", "board", "x" * 43])
def test_an_unknown_token_is_nobody(db, token):
    issue_token(db, "board", by=OPERATOR)
    assert api_token(db, token, None) is None


def test_a_label_names_one_token_in_force(db):
    issue_token(db, "board", by=OPERATOR)
    with refused("label_taken"):
        issue_token(db, "BOARD", by=OPERATOR)
    revoke_token(db, "board", by=OPERATOR)
    issue_token(db, "board", by=OPERATOR)


@pytest.mark.parametrize(
    ("label", "code"), [(" ", "not_a_name"), ("x" * 101, "not_a_name"), (f"for {FNR}", "identity_number")]
)
def test_a_label_is_a_name(db, label, code):
    with refused(code):
        issue_token(db, label, by=OPERATOR)


def test_only_the_operator_makes_tokens(db):
    with pytest.raises(NotAllowed):
        issue_token(db, "board", by=ADMIN)


def test_secrets_are_stored_hashed(db, kari):
    link, token = invite_staff(db, kari, 72, by=ADMIN), issue_token(db, "board", by=OPERATOR)
    use_link(db, link, PASSWORD)
    cookie = sign_in(db, KARI[0], PASSWORD, None)
    dump = "\n".join(db.conn.iterdump())
    assert not any(secret in dump for secret in (link, token, cookie, PASSWORD))
    assert all(hash_of(secret) in dump for secret in (link, token, cookie))
    assert staff.by_id(db, kari)["password_hash"].startswith("scrypt:")


def test_a_password_fits_only_itself():
    stored = hash_password(PASSWORD)
    assert password_fits(stored, PASSWORD)
    assert not password_fits(stored, PASSWORD.upper())
    assert not password_fits(None, PASSWORD)


EMAIL = "kari.nordmann@example.org"


@pytest.mark.parametrize(("typed", "stored"), [(EMAIL, EMAIL), (f"  {EMAIL} ", EMAIL), ("", None), (None, None)])
def test_an_account_may_have_an_address_for_reminders(db, typed, stored):
    staff_id = add_staff(db, *KARI, by=ADMIN, email=typed)
    assert staff.by_id(db, staff_id)["email"] == stored
    set_email(db, staff_id, "other@example.org", by=ADMIN)
    set_email(db, staff_id, typed, by=ADMIN)
    assert staff.by_id(db, staff_id)["email"] == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("kari", "not_an_email"),
        ("kari@", "not_an_email"),
        ("kari@oslo", "not_an_email"),
        ("kåre@example.org", "not_an_email"),
        ("kari@example.org, per@example.org", "not_an_email"),
        ("kari@example.org\nBcc: per@example.org", "not_an_email"),
        ("Kari <kari@example.org>", "not_an_email"),
        (f"{'x' * 60}@{'y' * 63}.{'y' * 63}.{'y' * 63}.no", "not_an_email"),
        (f"{FNR}@example.org", "identity_number"),
    ],
)
def test_an_address_that_is_none_is_refused(db, kari, typed, code):
    with refused(code):
        set_email(db, kari, typed, by=ADMIN)
    with refused(code):
        add_staff(db, "per", "Per", Role.CASEWORKER, ALNA, by=ADMIN, email=typed)
    assert staff.by_id(db, kari)["email"] is None
    assert staff.by_username(db, "per") is None


def test_the_address_itself_is_not_logged(db, kari):
    set_email(db, kari, EMAIL, by=ADMIN)
    assert EMAIL not in str(db.execute("SELECT * FROM audit").fetchall())


@pytest.mark.parametrize("actor", [AMINA, CARL, VELFERD])
def test_only_those_who_keep_the_accounts_set_an_address(db, kari, actor):
    with pytest.raises(NotAllowed):
        set_email(db, kari, EMAIL, by=actor)


def test_a_closed_account_gets_no_address(db, kari):
    close_staff(db, kari, by=ADMIN)
    for staff_id in (kari, 999):
        with pytest.raises(NotFound):
            set_email(db, staff_id, EMAIL, by=ADMIN)


def test_the_administrator_sets_changes_and_removes_an_address(house):
    admin = sign_in_page(house, "admin")
    form = {"username": "kari", "name": "Kari", "role": "caseworker", "district": str(ALNA), "email": EMAIL}
    assert EMAIL in admin.post("/accounts/new", data=form).text
    answer = admin.post("/accounts/1/email", data={"email": "amina@example"})
    assert answer.status_code == 400 and "kari@example.org" in answer.text and 'value="amina@example"' in answer.text
    assert admin.post("/accounts/1/email", data={"email": "amina@example.org"}).status_code == 302
    assert 'value="amina@example.org"' in admin.get("/accounts/1/email").text
    assert "amina@example.org" in admin.get("/accounts").text
    admin.post("/accounts/1/email", data={"email": ""})
    assert "amina@example.org" not in admin.get("/accounts").text
