"""A real provider of sign-in on loopback (oidc-provider-mock), which a test can also make lie."""

import base64
import json
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

with warnings.catch_warnings():
    # it uses what Authlib will drop
    warnings.simplefilter("ignore")
    import oidc_provider_mock

Claims = dict[str, Any]


@dataclass
class Provider:
    """Where it answers, and what it says otherwise than the real one: forge changes the claims of the ID token."""

    address: str = ""
    forge: Callable[[Claims], Claims] | None = None
    tamper: Callable[[str], str] | None = None
    tokens: list[dict[str, Any]] = field(default_factory=list)
    token_requests: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "forged", "use": "sig"}))

    def knows(self, subject: str, **claims: object) -> None:
        """Somebody has an account there."""
        requests.put(f"{self.address}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def consent(self, url: str, subject: str) -> str:
        """Somebody signs in there, sent to this address; where the browser is sent back to."""
        answer = requests.post(url, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


def _lying(app: Any, provider: Provider) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path, body = environ["PATH_INFO"], environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        if path not in ("/oauth2/token", "/jwks"):
            return app(environ, start_response)
        parts, status, _headers = run_wsgi_app(app, environ, buffered=True)
        said = json.loads(b"".join(parts))
        if path == "/jwks":
            if provider.forge:
                said["keys"] = [provider.key.as_dict(private=False)]
        else:
            provider.token_requests.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
            if "id_token" in said:
                said = _forged(said, provider)
                provider.tokens.append(said)
        return Response(json.dumps(said), status, mimetype="application/json")(environ, start_response)

    return answer


def _forged(said: dict[str, Any], provider: Provider) -> dict[str, Any]:
    if provider.forge:
        known = provider.forge(_json_of(said["id_token"].split(".")[1]))
        said["id_token"] = jwt.encode({"alg": "RS256", "kid": "forged"}, known, provider.key)
    if provider.tamper:
        said["id_token"] = provider.tamper(said["id_token"])
    return said


def _json_of(part: str) -> Claims:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@contextmanager
def provider(age: timedelta = timedelta(hours=1)) -> Iterator[Provider]:
    """The provider, answering; its ID tokens are good for so long."""
    known = Provider()
    app = oidc_provider_mock.app(access_token_max_age=age)
    server = make_server("127.0.0.1", 0, _lying(app, known), threaded=True)
    known.address = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def parameters(url: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def sent_there(client: FlaskClient, path: str = "/sign-in/city") -> str:
    """The address of the provider to which somebody's browser is sent."""
    answer = client.get(path)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def came_back(client: FlaskClient, back: str) -> Any:
    """The answer to the browser that comes back."""
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")
