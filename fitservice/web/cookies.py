"""The cookie that holds a browser's session: signed by HMAC-SHA256."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Sessions(SecureCookieSessionInterface):
    """Flask's own, which would sign by HMAC-SHA1."""

    digest_method = staticmethod(hashlib.sha256)


def init_app(app: Flask) -> None:
    """Cookies of before are nobody's: everybody signs in once more."""
    app.session_interface = Sessions()
