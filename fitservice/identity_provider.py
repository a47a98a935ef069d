"""The city's own sign-in (OpenID Connect), asked through Authlib: state, nonce and PKCE, kept in the browser's session.

Nothing that it sends is kept or logged but who somebody is there. Authlib and requests are read in when somebody first
signs in there: they take a ninth of a second, which no command has to wait for.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app, session
from werkzeug.wrappers import Response

from fitservice.addresses import is_protected

NAME = "city"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key that only the provider has: never "none", never our own secret."""
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
"""What it must say of itself, each on TLS."""
LEEWAY = 60
"""Seconds that the clocks may differ."""
PATIENCE = (3, 5)
"""Seconds to wait until it takes a connection, and then for each thing that it says."""
LEFT_ALONE = 15
"""Seconds for which this process does not ask it again once it gave no answer: whoever waits for it holds a worker."""
TALKATIVE = ("authlib", "requests", "urllib3", "requests_oauthlib")


class ProviderDown(Exception):
    """It does not answer, or not as such a service does."""


class ProviderRefused(Exception):
    """What came back does not prove who somebody is; says in one word why, never what."""


def init_app(_app: Flask) -> None:
    """Nothing is asked until somebody signs in; without OIDC_ISSUER nothing is ever asked."""
    for name in TALKATIVE:
        # on DEBUG they write codes, verifiers and addresses with tokens
        logging.getLogger(name).setLevel(logging.WARNING)


def is_used() -> bool:
    """Whether one can sign in there."""
    return bool(current_app.config["OIDC_ISSUER"])


def send_there(callback: str) -> Response:
    """The way to the city's sign-in, which leads back to the callback; ProviderDown if it cannot be asked."""
    for key in [key for key in session if key.startswith(f"_state_{NAME}_")]:
        # only the latest attempt counts: a cookie holds 4 KB
        del session[key]
    try:
        with _asking() as client:
            answer: Response = client.authorize_redirect(callback)
    except (ValueError, KeyError, RuntimeError) as error:
        raise ProviderDown from error
    return answer


def who_came_back() -> dict[str, Any]:
    """The claims of a proven ID token: iss, sub and whatever else the provider says of this person.

    Checked: state, PKCE, signature, issuer, audience, expiry, nonce. ProviderRefused or ProviderDown otherwise.
    """
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    issuer, client_id = current_app.config["OIDC_ISSUER"], current_app.config["OIDC_CLIENT_ID"]
    try:
        with _asking() as client:
            token = client.authorize_access_token(
                claims_options={
                    "iss": {"essential": True, "value": issuer},
                    "aud": {"essential": True, "value": client_id},
                    "exp": {"essential": True},
                },
                leeway=LEEWAY,
            )
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ProviderRefused(type(error).__name__) from None
    claims: dict[str, Any] | None = token.get("userinfo")
    if not claims or not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise ProviderRefused("nobody")
    return claims


@contextmanager
def _asking() -> Iterator[Any]:
    """Authlib's client of the provider, which has said what it can; ProviderDown if it does not answer.

    Whoever does not answer is left alone for a while. An answer that is a fault is an answer: nobody who makes it
    stumble keeps the others out.
    """
    import requests

    city = current_app.extensions.setdefault("city_sign_in", {"down_until": 0.0})
    if time.monotonic() < city["down_until"]:
        raise ProviderDown
    try:
        client = _client()
        _check(client.load_server_metadata(), client)
        yield client
    except (requests.ConnectionError, requests.Timeout) as error:
        city["down_until"] = time.monotonic() + LEFT_ALONE
        _say(error)
        raise ProviderDown from error
    except requests.RequestException as error:
        _say(error)
        raise ProviderDown from error


def _say(error: Exception) -> None:
    """A line of the log, for whoever runs the service: which kind of error, never what was asked."""
    said = {"error": type(error).__name__}
    current_app.logger.error("the city's sign-in does not answer", extra={"said": said})


def _check(metadata: dict[str, Any], client: Any) -> None:
    """Refuse what another provider says of itself, or over what anybody could listen to; keep our algorithms alone."""
    addresses = [metadata.get(name) for name in ADDRESSES]
    fits = metadata.get("issuer") == current_app.config["OIDC_ISSUER"]
    if not fits or not all(isinstance(one, str) and is_protected(one) for one in addresses):
        client.server_metadata.clear()  # asked anew next time
        current_app.logger.error("the city's sign-in describes itself as another issuer, or without TLS")
        raise ProviderDown
    said = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in said if name in ALGORITHMS]


def _client() -> Any:
    """One for each application, made at the first sign-in; no redirect leads it elsewhere."""
    from authlib.integrations.flask_client import OAuth
    from authlib.integrations.requests_client import OAuth2Session

    def straight(**given: Any) -> Any:
        asked = OAuth2Session(**given)
        asked.max_redirects = 0
        return asked

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if "client" not in app.extensions["city_sign_in"]:
        client = OAuth(app).register(
            NAME,
            client_id=app.config["OIDC_CLIENT_ID"],
            client_secret=app.config["OIDC_CLIENT_SECRET"],
            server_metadata_url=f"{app.config['OIDC_ISSUER'].rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )
        client.client_cls = straight
        app.extensions["city_sign_in"]["client"] = client
    return app.extensions["city_sign_in"]["client"]
