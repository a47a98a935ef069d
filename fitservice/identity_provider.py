"""The city's own sign-in (OpenID Connect), asked through Authlib: state, nonce and PKCE, kept in the browser's session.

Nothing that it sends is kept or logged but who somebody is there.
"""

import logging
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

NAME = "city"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key that only the provider has: never "none", never our own secret."""
LEEWAY = 60
"""Seconds that the clocks may differ."""
TIMEOUT = 10
"""Seconds to wait for it."""
TALKATIVE = ("authlib", "requests", "urllib3", "requests_oauthlib")


class ProviderDown(Exception):
    """It does not answer, or not as such a service does."""


class ProviderRefused(Exception):
    """What came back does not prove who somebody is; says in one word why, never what."""


def init_app(app: Flask) -> None:
    """Nothing is asked until somebody signs in; without OIDC_ISSUER nothing is ever asked."""
    for name in TALKATIVE:
        # on DEBUG they write codes, verifiers and addresses with tokens
        logging.getLogger(name).setLevel(logging.WARNING)
    if not app.config["OIDC_ISSUER"]:
        return
    OAuth(app).register(
        NAME,
        client_id=app.config["OIDC_CLIENT_ID"],
        client_secret=app.config["OIDC_CLIENT_SECRET"],
        server_metadata_url=f"{app.config['OIDC_ISSUER'].rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": TIMEOUT},
    )


def is_used() -> bool:
    """Whether one can sign in there."""
    return bool(current_app.config["OIDC_ISSUER"])


def send_there(callback: str) -> Response:
    """The way to the city's sign-in, which leads back to the callback; ProviderDown if it cannot be asked."""
    for key in [key for key in session if key.startswith(f"_state_{NAME}_")]:
        # only the latest attempt counts: a cookie holds 4 KB
        del session[key]
    try:
        answer: Response = _client().authorize_redirect(callback)
    except (requests.RequestException, ValueError, KeyError, RuntimeError) as error:
        raise ProviderDown from error
    return answer


def who_came_back() -> dict[str, Any]:
    """The claims of a proven ID token: iss, sub and whatever else the provider says of this person.

    Checked: state, PKCE, signature, issuer, audience, expiry, nonce. ProviderRefused or ProviderDown otherwise.
    """
    issuer, client_id = current_app.config["OIDC_ISSUER"], current_app.config["OIDC_CLIENT_ID"]
    try:
        token = _client().authorize_access_token(
            claims_options={
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": client_id},
                "exp": {"essential": True},
            },
            leeway=LEEWAY,
        )
    except requests.RequestException as error:
        raise ProviderDown from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ProviderRefused(type(error).__name__) from None
    claims: dict[str, Any] | None = token.get("userinfo")
    if not claims or not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise ProviderRefused("nobody")
    return claims


def _client() -> Any:
    client = current_app.extensions["authlib.integrations.flask_client"].create_client(NAME)
    metadata = client.load_server_metadata()
    said = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in said if name in ALGORITHMS]
    return client
