"""The city's own sign-in, against a real provider on loopback: who comes in, and who does not."""

import base64
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import ADMIN, AMINA, PASSWORD, identity_number
from flask import Flask
from flask.testing import FlaskClient
from providing import Provider, came_back, parameters, provider, sent_there
from sqlite_utils import Database
from web import sign_in as client_of

from fitservice import create_app
from fitservice.actions.keeping_accounts import set_break_glass
from fitservice.actions.staffing import close_staff
from fitservice.city_roles import parse_mapping
from fitservice.model import Invalid, NotAllowed, Role
from fitservice.rules.city_sign_in import name_of, place_of, username_of, values_of
from fitservice.settings import SettingsError
from fitservice.store import staff

# what the provider of the tests uses of Authlib
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MADE_UP = "city-abcdef012345"
ROLES = {
    "alna-leads": ["team_lead", "030112"],
    "bjerke-staff": ["caseworker", "030109"],
    "city": ["agency_analyst"],
}
SETTINGS = {
    "OIDC_CLIENT_ID": "fitservice",
    "OIDC_CLIENT_SECRET": "a-secret-of-ours",
    "OIDC_ROLES": ROLES,
    "OIDC_NAME": "Oslo kommune",
}


@pytest.fixture(scope="module")
def real() -> Iterator[Provider]:
    """A provider that knows Kari, who leads Alna."""
    with provider() as known:
        yield known


@pytest.fixture
def city(real: Provider) -> Provider:
    """The same, honest again."""
    real.forge, real.tamper = None, None
    real.tokens.clear()
    real.token_requests.clear()
    real.knows("kari-1", name="Kari Nordmann", preferred_username="kari@oslo.example", roles=["alna-leads", "other"])
    return real


@pytest.fixture
def joined(city: Provider, house: Flask) -> Flask:
    """The house with that provider."""
    return with_city(house, city)


def with_city(house: Flask, city: Provider, **settings: object) -> Flask:
    """The same house with a provider and other settings."""
    given = {"TESTING": True, "WTF_CSRF_ENABLED": False, "OIDC_ISSUER": city.address, **SETTINGS, **settings}
    return create_app(given, house.instance_path)


def comes(app: Flask, city: Provider, subject: str = "kari-1", path: str = "/sign-in/city") -> tuple[FlaskClient, Any]:
    """Somebody's browser after the whole way, and its last answer."""
    client = app.test_client()
    return client, came_back(client, city.consent(sent_there(client, path), subject))


def refused(db: Database) -> list[str | None]:
    """Why those who were refused were refused."""
    rows = db.execute("SELECT detail FROM audit WHERE act = 'sign_in_refused' ORDER BY id").fetchall()
    return [json.loads(detail)["why"] if detail else None for (detail,) in rows]


def test_whoever_has_one_role_there_has_it_here(joined: Flask, city: Provider, house_db: Database) -> None:
    client, answer = comes(joined, city)
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/district").status_code == 200
    account = staff.by_username(house_db, "kari@oslo.example")
    assert (account["name"], account["role"], account["district"]) == ("Kari Nordmann", "team_lead", "Alna")
    assert account["password_hash"] is None
    assert house_db.execute("SELECT method FROM sign_ins").fetchall() == [("oidc",)]
    comes(joined, city)
    assert house_db.execute("SELECT COUNT(*) FROM staff").fetchone() == (6,)


def test_the_page_offers_it_as_a_link(joined: Flask) -> None:
    page = joined.test_client().get("/sign-in?lang=en&next=/district").text
    assert "Sign in with Oslo kommune" in page and 'href="/sign-in/city?next=/district"' in page


def test_state_nonce_and_pkce_are_new_each_time_and_asked_for(joined: Flask, city: Provider) -> None:
    asked = [parameters(sent_there(joined.test_client())) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name] and len(asked[0][name]) >= 20, name
    assert asked[0]["code_challenge_method"] == "S256" and asked[0]["response_type"] == "code"
    assert asked[0]["redirect_uri"] == "http://localhost/sign-in/city/back"


def test_the_verifier_that_is_sent_fits_the_challenge(joined: Flask, city: Provider) -> None:
    client = joined.test_client()
    there = sent_there(client)
    came_back(client, city.consent(there, "kari-1"))
    digest = hashlib.sha256(city.token_requests[-1]["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == parameters(there)["code_challenge"]


def test_an_attempt_that_is_begun_often_does_not_fill_the_cookie(joined: Flask) -> None:
    client = joined.test_client()
    for _ in range(20):
        sent_there(client)
    with client.session_transaction() as kept:
        assert len([key for key in kept if key.startswith("_state_")]) == 1


def test_another_state_or_none_is_refused(joined: Flask, city: Provider, house_db: Database) -> None:
    client, stranger = joined.test_client(), joined.test_client()
    back = city.consent(sent_there(client), "kari-1")
    # what somebody began in another browser does not sign this one in
    sent_there(stranger)
    for who, path in ((stranger, back), (client, back.replace("state=", "state=x")), (joined.test_client(), back)):
        assert came_back(who, path).status_code == 400
        assert who.get("/district").status_code == 302
    assert refused(house_db) == ["MismatchingStateError"] * 3 and city.token_requests == []


def test_a_code_is_worth_nothing_the_second_time(joined: Flask, city: Provider, house_db: Database) -> None:
    client = joined.test_client()
    back = city.consent(sent_there(client), "kari-1")
    assert came_back(client, back).status_code == 302
    assert came_back(client, back).status_code == 400
    # nor in a new attempt with its own state
    other = joined.test_client()
    code, state = parameters(back)["code"], parameters(sent_there(other))["state"]
    answer = other.get(f"/sign-in/city/back?code={code}&state={state}")
    assert answer.status_code == 400 and other.get("/district").status_code == 302


LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another nonce": lambda claims: claims | {"nonce": "x" * 20},
    "no nonce": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "another audience": lambda claims: claims | {"aud": ["another"]},
    "another audience, for us": lambda claims: claims | {"aud": ["another"], "azp": "fitservice"},
    "no audience": lambda claims: {name: value for name, value in claims.items() if name != "aud"},
    "another issuer": lambda claims: claims | {"iss": "https://evil.example"},
    "no issuer": lambda claims: {name: value for name, value in claims.items() if name != "iss"},
    "expired": lambda claims: claims | {"exp": int(time.time()) - 120},
    "no expiry": lambda claims: {name: value for name, value in claims.items() if name != "exp"},
    "nobody": lambda claims: claims | {"sub": ""},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_is_not_for_us_now_is_refused(
    joined: Flask, city: Provider, house_db: Database, lie: str
) -> None:
    city.forge = LIES[lie]
    client, answer = comes(joined, city)
    assert answer.status_code == 400 and "Traceback" not in answer.text
    assert client.get("/district").status_code == 302
    assert staff.by_username(house_db, "kari@oslo.example") is None and len(refused(house_db)) == 1


def test_what_is_forged_would_come_in_if_it_told_the_truth(joined: Flask, city: Provider) -> None:
    city.forge = lambda claims: claims
    assert comes(joined, city)[1].status_code == 302


def swapped(token: str, **claims: object) -> str:
    """A token with other claims and the old signature."""
    header, body, signature = token.split(".")
    known = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | claims
    return ".".join((header, base64.urlsafe_b64encode(json.dumps(known).encode()).decode().rstrip("="), signature))


def unsigned(token: str) -> str:
    """A token that says it needs no signature."""
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{header}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "tamper",
    [lambda token: swapped(token, roles=["city"]), unsigned, lambda token: token[:-8] + "AAAAAAAA", lambda _: "x"],
    ids=["claims", "none", "signature", "nonsense"],
)
def test_a_token_that_was_changed_is_refused(joined: Flask, city: Provider, house_db: Database, tamper: Any) -> None:
    city.tamper = tamper
    client, answer = comes(joined, city)
    assert answer.status_code == 400 and client.get("/city").status_code == 302
    assert staff.by_username(house_db, "kari@oslo.example") is None


def test_whoever_says_no_there_is_not_signed_in(joined: Flask) -> None:
    client = joined.test_client()
    state = parameters(sent_there(client))["state"]
    answer = client.get(f"/sign-in/city/back?error=access_denied&error_description=<b>no</b>&state={state}")
    assert answer.status_code == 400 and "<b>no" not in answer.text


def test_a_provider_that_is_down_is_said_plainly(house: Flask, city: Provider) -> None:
    app = with_city(house, city, OIDC_ISSUER="http://localhost:1")
    for path in ("/sign-in/city", "/sign-in/city/back?code=x&state=y"):
        answer = app.test_client().get(f"{path}{'&' if '?' in path else '?'}lang=en")
        assert answer.status_code == 502
        assert "does not answer" in answer.text and "localhost" not in answer.text and "Traceback" not in answer.text
    assert client_of(app, "amina").get("/service-users").status_code == 200


@pytest.mark.parametrize(
    ("roles", "why"),
    [
        ([], "no_role_given"),
        (["unknown"], "no_role_given"),
        (["alna-leads", "city"], "several_roles_given"),
        (["alna-leads", "bjerke-staff"], "several_roles_given"),
        ({"alna-leads": 1}, "no_role_given"),
        (None, "no_role_given"),
    ],
)
def test_whoever_has_no_role_or_several_gets_no_account(
    joined: Flask, city: Provider, house_db: Database, roles: object, why: str
) -> None:
    city.knows("kari-1", name="Kari", preferred_username="kari@oslo.example", roles=roles)
    client, answer = comes(joined, city)
    assert answer.status_code == 403 and client.get("/district").status_code == 302
    assert refused(house_db) == [why] and staff.by_username(house_db, "kari@oslo.example") is None


def test_another_role_there_is_another_role_here_and_signs_out_elsewhere(
    joined: Flask, city: Provider, house_db: Database
) -> None:
    elsewhere, _ = comes(joined, city)
    again, _ = comes(joined, city)
    assert elsewhere.get("/district").status_code == 200
    city.knows("kari-1", name="Kari Nordmann", preferred_username="kari@oslo.example", roles="bjerke-staff")
    here, _ = comes(joined, city)
    assert (elsewhere.get("/").status_code, elsewhere.get("/district").status_code) == (302, 302)
    assert again.get("/service-users").status_code == 302
    assert here.get("/service-users").status_code == 200 and here.get("/district").status_code == 403
    detail = house_db.execute("SELECT detail FROM audit WHERE act = 'change_role'").fetchone()[0]
    assert json.loads(detail)["to"] == ["caseworker", 9]


def test_a_role_that_is_taken_away_there_lets_nobody_in(joined: Flask, city: Provider) -> None:
    comes(joined, city)
    city.knows("kari-1", name="Kari Nordmann", roles=[])
    assert comes(joined, city)[1].status_code == 403


def test_a_closed_account_stays_out(joined: Flask, city: Provider, house_db: Database) -> None:
    client, _ = comes(joined, city)
    close_staff(house_db, staff.by_username(house_db, "kari@oslo.example")["id"], by=ADMIN)
    assert client.get("/district").status_code == 302
    client, answer = comes(joined, city)
    assert answer.status_code == 403 and client.get("/district").status_code == 302
    assert refused(house_db) == ["closed_account"]


def test_a_username_there_never_takes_over_an_account_here(joined: Flask, city: Provider, house_db: Database) -> None:
    city.knows("mallory", name="Mallory", preferred_username="admin", roles=["bjerke-staff"])
    client, _ = comes(joined, city, "mallory")
    assert client.get("/accounts").status_code == 403 and client.get("/service-users").status_code == 200
    made = house_db.execute("SELECT username, role FROM staff WHERE name = 'Mallory'").fetchone()
    assert made[0].startswith("city-") and made[1] == "caseworker"
    assert house_db.execute("SELECT oidc_subject FROM staff WHERE username = 'admin'").fetchone() == (None,)


@pytest.mark.parametrize(
    ("target", "expected"), [("/district", "/district"), ("https://evil.example", "/"), ("//e", "/")]
)
def test_after_the_way_there_one_stays_inside(joined: Flask, city: Provider, target: str, expected: str) -> None:
    client = joined.test_client()
    there = str(client.get("/sign-in/city", query_string={"next": target}).location)
    back = city.consent(there, "kari-1")
    assert came_back(client, f"{back}&next=https://evil.example").location == expected


def test_no_token_code_or_secret_is_kept_or_logged(
    joined: Flask, city: Provider, house_db: Database, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = joined.test_client()
    there = sent_there(client)
    back = city.consent(there, "kari-1")
    caplog.clear()
    assert came_back(client, back).status_code == 302
    said = city.tokens[-1]
    secrets = [said["access_token"], said["id_token"], said["id_token"].split(".")[1], SETTINGS["OIDC_CLIENT_SECRET"]]
    secrets += [city.token_requests[-1]["code_verifier"], parameters(back)["code"]]
    # the provider of the test runs in the same process and may say what it likes
    ours = [record.getMessage() for record in caplog.records if record.name.split(".")[0] != "oidc_provider_mock"]
    ours = [text for text in ours if "POST /oauth2" not in text and "GET /" not in text]
    with client.session_transaction() as kept:
        left = str(dict(kept))
    where = "\n".join(ours) + "\n".join(house_db.conn.iterdump()) + left
    assert [secret for secret in secrets if secret in where] == []


def test_talkative_libraries_are_silenced(joined: Flask) -> None:
    for name in ("authlib", "authlib.integrations.base_client.sync_app", "urllib3.connectionpool", "requests"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO), name


def test_whoever_comes_from_there_chooses_a_pin_before_handing_over(joined: Flask, city: Provider) -> None:
    client, _ = comes(joined, city)
    assert client.get("/service-users/1/hand-over").location == "/pin?next=/service-users/1/hand-over"
    assert "current" not in client.get("/pin").text
    assert client.post("/pin", data={"pin": "2580", "again": "2580"}).status_code == 302
    assert client.get("/service-users/1/hand-over").status_code == 200
    # somebody who has a password still needs it
    amina = client_of(joined, "amina")
    assert amina.post("/pin", data={"pin": "2580", "again": "2580"}).status_code == 400


def test_only_emergency_accounts_may_sign_in_by_password_where_that_is_set(
    house: Flask, house_db: Database, city: Provider
) -> None:
    app = with_city(house, city, PASSWORDS="break_glass")
    form = {"username": "admin", "password": PASSWORD}
    pages = [app.test_client().post("/sign-in?lang=en", data=form)]
    pages.append(app.test_client().post("/sign-in?lang=en", data=form | {"password": "wrong"}))
    assert [page.status_code for page in pages] == [400, 400]
    with pytest.raises(NotAllowed):
        set_break_glass(house_db, ADMIN.staff_id, True, "fordi jeg vil", by=AMINA)
    with pytest.raises(Invalid):
        set_break_glass(house_db, ADMIN.staff_id, True, "", by=ADMIN)
    set_break_glass(house_db, ADMIN.staff_id, True, "når Entra er nede", by=ADMIN)
    assert app.test_client().post("/sign-in", data=form).status_code == 302
    assert app.test_client().post("/sign-in", data=form | {"username": "amina"}).status_code == 400
    assert comes(app, city)[1].status_code == 302
    row = house_db.execute("SELECT subject_id, detail FROM audit WHERE act = 'set_break_glass'").fetchone()
    assert row == (ADMIN.staff_id, '{"on": true, "reason": "når Entra er nede"}')


def test_the_second_step_of_ours_is_not_asked_of_who_comes_from_there(house: Flask, city: Provider) -> None:
    app = with_city(house, city, TOTP_ROLES=["team_lead"])
    client, _ = comes(app, city)
    assert client.get("/district").status_code == 200
    assert client_of(app, "carl").get("/district").location == "/second-step"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"OIDC_ISSUER": "http://login.example.org"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "login"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "http://localhost.evil.example"}, "OIDC_ISSUER"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_SECRET": 12345}, "OIDC_CLIENT_SECRET"),
        ({"OIDC_CLAIM": ""}, "OIDC_CLAIM"),
        ({"OIDC_ROLES": {}}, "OIDC_ROLES"),
        ({"OIDC_ROLES": ["city"]}, "dictionary"),
        ({"OIDC_ROLES": {"a": ["boss"]}}, "role"),
        ({"OIDC_ROLES": {"a": ["team_lead"]}}, "district's code"),
        ({"OIDC_ROLES": {"a": ["team_lead", "030116"]}}, "district's code"),
        ({"OIDC_ROLES": {"a": ["administrator", "030112"]}}, "has no district"),
        ({"OIDC_ROLES": {"a": []}}, "role"),
        ({"OIDC_ROLES": {7: ["administrator"]}}, "must be text"),
        ({"PASSWORDS": "none"}, "PASSWORDS"),
        ({"OIDC_ISSUER": "", "PASSWORDS": "break_glass"}, "PASSWORDS"),
    ],
)
def test_settings_that_cannot_be_stop_the_start(tmp_path: Path, changed: dict[str, object], word: str) -> None:
    given = {"TESTING": True, "OIDC_ISSUER": "https://login.example.org", **SETTINGS, **changed}
    with pytest.raises(SettingsError, match=word) as error:
        create_app(given, tmp_path)
    assert "a-secret-of-ours" not in str(error.value)


def test_the_mapping_reads_texts_and_lists() -> None:
    mapping = parse_mapping(ROLES | {"admins": "administrator"})
    assert mapping["alna-leads"] == (Role.TEAM_LEAD, "030112") and mapping["admins"] == (Role.ADMINISTRATOR, None)
    assert place_of(values_of(["alna-leads", "x", 7]), mapping) == (Role.TEAM_LEAD, "030112")
    assert values_of("city") == {"city"} and values_of(None) == set() and values_of({"city": 1}) == set()


@pytest.mark.parametrize(
    ("claims", "username", "name"),
    [
        ({"preferred_username": "kari", "name": "Kari  Nordmann"}, "kari", "Kari Nordmann"),
        ({"preferred_username": "kåre", "email": "k@oslo.example"}, "k@oslo.example", "k@oslo.example"),
        (
            {"preferred_username": identity_number(), "name": identity_number()},
            "city-abcdef012345",
            "city-abcdef012345",
        ),
        ({"preferred_username": ["kari"], "name": {"x": 1}}, MADE_UP, MADE_UP),
        ({"preferred_username": "x" * 61, "name": "x" * 200}, MADE_UP, "x" * 100),
        ({"preferred_username": "kari", "name": "K\x00"}, "kari", "kari"),
    ],
)
def test_what_it_calls_somebody_is_taken_where_it_can_be(claims: dict[str, Any], username: str, name: str) -> None:
    assert username_of(claims, "abcdef0123456789") == username
    assert name_of(claims, username) == name


def test_a_token_that_the_provider_lets_run_out_is_refused(house: Flask) -> None:
    with provider(timedelta(seconds=-120)) as stale:
        stale.knows("kari-1", roles=["alna-leads"])
        assert comes(with_city(house, stale), stale)[1].status_code == 400
