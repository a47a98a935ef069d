"""One-time codes: sealed secrets, each code taken once, recovery codes, roles that must have them."""

import re
from datetime import timedelta

import pytest
from factories import ADMIN, AMINA, CARL, PASSWORD, make_cast
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlite_utils import Database
from web import sign_in as client_of

from fitservice import create_app
from fitservice.actions import second_step
from fitservice.actions.keeping_accounts import reset_second_step
from fitservice.actions.signing_in import sign_in, who
from fitservice.actions.staffing import change_password
from fitservice.clock import moment
from fitservice.formats.qr import qr_code
from fitservice.keys import CannotOpen
from fitservice.model import Invalid, NotAllowed, NotFound
from fitservice.rules.one_time_codes import address_of, step_of
from fitservice.settings import SettingsError
from fitservice.store import second_steps

LIMITS = timedelta(minutes=30), timedelta(hours=10)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "kaffe-vulkan-sykkel"


@pytest.fixture
def cast(db: Database) -> Database:
    """A database with the cast, none of whom has a second step."""
    make_cast(db)
    return db


def code(secret: str, steps: int = 0) -> str:
    """What the app shows, so many half-minutes from now."""
    return TOTP(secret).at(moment() + timedelta(seconds=30 * steps))


def turned_on(db: Database) -> tuple[str, list[str]]:
    """Amina's secret and recovery codes; the codes of now can be used again."""
    second_step.begin_second_step(db, PASSWORD, "", by=AMINA)
    secret, _ = second_step.pending_secret(db, by=AMINA)
    codes = second_step.confirm_second_step(db, code(secret), by=AMINA)
    forget_steps(db)
    return secret, codes


def forget_steps(db: Database) -> None:
    """As if no code had been taken."""
    db.execute("UPDATE second_steps SET last_step = 0")


def enters(db: Database, code: str, password: str = PASSWORD) -> bool:
    """Whether amina signs in with it."""
    return sign_in(db, "amina", password, None, code=code) is not None


@pytest.mark.parametrize(
    ("typed", "offset", "after", "taken"),
    [
        ("{}", 0, None, 0),
        ("{}", -1, None, -1),
        ("{}", 1, None, 1),
        ("{}", -2, None, None),
        ("{}", 2, None, None),
        ("{}", 0, -1, 0),
        ("{}", 0, 0, None),
        ("{}", -1, 0, None),
        ("{}", 1, 0, 1),
        (" {} ", 0, None, 0),
        ("x{}", 0, None, None),
        ("", 0, None, None),
        ("٠٠٠٠٠٠", 0, None, None),
    ],
)
def test_a_code_of_now_is_taken_and_only_forwards(typed, offset, after, taken):
    now = moment()
    step = int(now.timestamp()) // 30
    found = step_of(
        SECRET,
        typed.format(TOTP(SECRET).at(now + timedelta(seconds=30 * offset))),
        now,
        None if after is None else step + after,
    )
    assert found == (None if taken is None else step + taken)


def test_the_password_alone_no_longer_signs_in(cast):
    secret, _ = turned_on(cast)
    assert not enters(cast, "") and not enters(cast, "000000")
    assert not enters(cast, code(secret), "wrong")
    forget_steps(cast)
    assert enters(cast, code(secret))
    assert sign_in(cast, "carl", PASSWORD, None)


def test_a_code_is_taken_once(cast):
    secret, _ = turned_on(cast)
    now, later = code(secret), code(secret, 1)
    assert enters(cast, now)
    assert not enters(cast, now)
    assert enters(cast, later)
    assert not enters(cast, now)


def test_the_code_that_turned_it_on_is_used_up(cast):
    second_step.begin_second_step(cast, PASSWORD, "", by=AMINA)
    secret, _ = second_step.pending_secret(cast, by=AMINA)
    first = code(secret)
    second_step.confirm_second_step(cast, first, by=AMINA)
    assert not enters(cast, first)


def test_ten_recovery_codes_work_once_each_however_they_are_typed(cast):
    _, codes = turned_on(cast)
    assert len(set(codes)) == 10
    assert enters(cast, codes[0])
    assert not enters(cast, codes[0])
    assert enters(cast, codes[1].lower().replace("-", " "))
    assert second_step.own_second_step(cast, by=AMINA) == (True, 8)


def test_another_persons_recovery_code_is_worth_nothing(cast):
    _, codes = turned_on(cast)
    second_step.begin_second_step(cast, PASSWORD, "", by=CARL)
    secret, _ = second_step.pending_secret(cast, by=CARL)
    second_step.confirm_second_step(cast, code(secret), by=CARL)
    assert sign_in(cast, "carl", PASSWORD, None, code=codes[0]) is None
    assert enters(cast, codes[0])


def test_wrong_codes_make_one_wait(cast):
    secret, _ = turned_on(cast)
    for _ in range(5):
        assert not enters(cast, "000000")
    assert not enters(cast, code(secret))


def test_wrong_first_codes_make_one_wait_too(cast):
    second_step.begin_second_step(cast, PASSWORD, "", by=AMINA)
    secret, _ = second_step.pending_secret(cast, by=AMINA)
    for _ in range(5):
        with pytest.raises(Invalid, match=r"^wrong_code$"):
            second_step.confirm_second_step(cast, "000000", by=AMINA)
    with pytest.raises(Invalid, match=r"^wrong_code$"):
        second_step.confirm_second_step(cast, code(secret), by=AMINA)
    assert not second_steps.is_on(cast, AMINA.staff_id)


def test_it_does_not_count_until_a_first_code_was_given(cast):
    second_step.begin_second_step(cast, PASSWORD, "", by=AMINA)
    assert enters(cast, "")
    cast.execute("UPDATE second_steps SET pending_at = '2020-01-01T12:00:00+00:00'")
    with pytest.raises(NotFound):
        second_step.pending_secret(cast, by=AMINA)
    with pytest.raises(NotFound):
        second_step.confirm_second_step(cast, "000000", by=AMINA)


def test_secrets_are_sealed_in_their_place_and_codes_hashed(cast):
    secret, codes = turned_on(cast)
    second_step.begin_second_step(cast, PASSWORD, codes[0], by=AMINA)
    waiting, _ = second_step.pending_secret(cast, by=AMINA)
    dump = "\n".join(cast.conn.iterdump())
    assert not any(text in dump for text in (secret, waiting, codes[1], codes[1].replace("-", "")))
    # a row copied to another person's place opens nothing
    cast.execute("UPDATE second_steps SET staff_id = 2")
    with pytest.raises(Exception, match="user-defined function raised exception") as raised:
        second_steps.secret_of(cast, 2)
    assert CannotOpen.__name__ not in str(raised.value)


@pytest.mark.parametrize(
    "act",
    [
        lambda db, code: second_step.begin_second_step(db, PASSWORD, code, by=AMINA),
        lambda db, code: second_step.renew_recovery_codes(db, PASSWORD, code, by=AMINA),
        lambda db, code: second_step.turn_off_second_step(db, PASSWORD, code, False, by=AMINA),
        lambda db, code: change_password(db, PASSWORD, NEW, code, by=AMINA),
    ],
    ids=["another app", "new codes", "off", "another password"],
)
def test_what_decides_who_signs_in_asks_for_password_and_code(cast, act):
    secret, _ = turned_on(cast)
    with pytest.raises(Invalid, match=r"^wrong_password_or_code$"):
        act(cast, "")
    assert second_steps.is_on(cast, AMINA.staff_id)
    act(cast, code(secret))


def test_the_app_in_use_counts_until_the_new_one_has_given_a_code(cast):
    secret, codes = turned_on(cast)
    second_step.begin_second_step(cast, PASSWORD, code(secret), by=AMINA)
    forget_steps(cast)
    assert enters(cast, code(secret))
    other, _ = second_step.pending_secret(cast, by=AMINA)
    second_step.confirm_second_step(cast, code(other), by=AMINA)
    forget_steps(cast)
    assert not enters(cast, code(secret)) and not enters(cast, codes[5])
    assert enters(cast, code(other))


def test_turned_off_nothing_of_it_is_left(cast):
    secret, _ = turned_on(cast)
    second_step.turn_off_second_step(cast, PASSWORD, code(secret), False, by=AMINA)
    assert enters(cast, "")
    assert cast.execute("SELECT (SELECT COUNT(*) FROM second_steps) + COUNT(*) FROM recovery_codes").fetchone() == (0,)


def test_an_administrator_takes_it_away_with_a_reason_and_never_the_own(cast):
    secret, _ = turned_on(cast)
    token = sign_in(cast, "amina", PASSWORD, None, code=code(secret))
    with pytest.raises(Invalid):
        reset_second_step(cast, AMINA.staff_id, "", by=ADMIN)
    with pytest.raises(NotAllowed):
        reset_second_step(cast, AMINA.staff_id, "mistet telefonen", by=CARL)
    with pytest.raises(Invalid, match=r"^own_second_step$"):
        reset_second_step(cast, ADMIN.staff_id, "mistet telefonen", by=ADMIN)
    assert not enters(cast, "")
    reset_second_step(cast, AMINA.staff_id, "mistet telefonen", by=ADMIN)
    assert who(cast, token, *LIMITS, None) is None
    assert enters(cast, "")
    row = cast.execute("SELECT actor, detail FROM audit WHERE act = 'reset_second_step'").fetchone()
    assert row == ("admin", '{"reason": "mistet telefonen"}')


def test_the_qr_code_is_one_picture_that_says_what_the_app_needs():
    address = address_of(SECRET, "amina")
    assert address == f"otpauth://totp/fitservice:amina?secret={SECRET}&issuer=fitservice"
    picture = qr_code(address)
    assert picture.startswith("<svg") and "script" not in picture and "style" not in picture


def start_on(house: Flask, **settings: object) -> Flask:
    """The same house with other settings."""
    return create_app({"TESTING": True, "WTF_CSRF_ENABLED": False, **settings}, house.instance_path)


def secret_on(page: str) -> str:
    """The secret that a page shows as text."""
    return re.search(r'<code class="link">([A-Z2-7 ]{30,})</code>', page)[1].replace(" ", "")


def turn_on(client: FlaskClient) -> tuple[str, list[str]]:
    """Turned on in the pages: the secret and the recovery codes that were shown."""
    assert client.post("/second-step", data={"current": PASSWORD}).location == "/second-step/app"
    page = client.get("/second-step/app").text
    secret = secret_on(page)
    assert 'src="data:image/svg+xml;base64,' in page and 'autocomplete="one-time-code"' in page
    told = client.post("/second-step/app", data={"code": code(secret)}).text
    return secret, re.findall(r"(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}", told)


def test_who_must_have_one_is_led_to_it_before_anything_else(house: Flask) -> None:
    app = start_on(house, TOTP_ROLES=["team_lead"])
    carl = client_of(app, "carl")
    for path in ("/", "/district", "/service-users/1", "/sign-ins", "/password", "/inbox", "/city"):
        assert carl.get(path).location == "/second-step", path
    assert carl.post("/district/rhythm", data={"months": "3"}).location == "/second-step"
    assert "Your role must have a second step" in carl.get("/second-step?lang=en").text
    _, codes = turn_on(carl)
    assert len(codes) == 10
    assert carl.get("/district").status_code == 200
    assert "/second-step/off" not in carl.get("/second-step").text
    answer = carl.post("/second-step/off?lang=en", data={"current": PASSWORD, "code": codes[0]})
    assert answer.status_code == 400 and "You can move it to another app" in answer.text
    assert client_of(app, "amina").get("/service-users").status_code == 200


def test_the_page_for_signing_in_asks_for_a_code_once_somebody_has_one(house: Flask, house_db: Database) -> None:
    amina = client_of(house, "amina")
    assert "one-time-code" not in house.test_client().get("/sign-in").text
    secret, _ = turn_on(amina)
    page = house.test_client().get("/sign-in?lang=en").text
    assert 'autocomplete="one-time-code"' in page and "Leave this blank" in page
    fresh = house.test_client()
    form = {"username": "amina", "password": PASSWORD}
    assert fresh.post("/sign-in", data=form).status_code == 400
    forget_steps(house_db)
    assert fresh.post("/sign-in", data=form | {"code": code(secret)}).status_code == 302
    assert client_of(house, "carl").get("/district").status_code == 200


def test_recovery_codes_are_shown_once(house: Flask) -> None:
    amina = client_of(house, "amina")
    _, codes = turn_on(amina)
    for path in ("/second-step", "/second-step/codes", "/sign-ins"):
        assert not any(code in amina.get(path).text for code in codes)
    assert amina.get("/second-step/app").status_code == 404


def test_the_administrator_takes_it_away_on_the_account_page(house: Flask) -> None:
    amina, admin = client_of(house, "amina"), client_of(house, "admin")
    assert "/accounts/1/second-step" not in admin.get("/accounts/1").text
    turn_on(amina)
    assert "/accounts/1/second-step" in admin.get("/accounts/1").text
    assert admin.post("/accounts/1/second-step", data={"reason": ""}).status_code == 400
    assert admin.post("/accounts/1/second-step", data={"reason": "mistet telefonen"}).status_code == 302
    assert amina.get("/service-users").status_code == 302


@pytest.mark.parametrize("roles", ["administrator", ["boss"], [1], None, ["operator"]])
def test_roles_that_are_none_stop_the_start(house: Flask, roles: object) -> None:
    with pytest.raises(SettingsError, match="TOTP_ROLES"):
        start_on(house, TOTP_ROLES=roles)
