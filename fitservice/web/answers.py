"""How the API's answers travel: as JSON, under a tag that saves the second transfer, compressed for whoever asks."""

import gzip
import json
from hashlib import sha256
from importlib.metadata import version

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

_COMPRESSED = ("application/json", "text/csv")
_SMALLEST = 500
"""Bytes; what fits one packet gains nothing."""


def json_answer(data: object) -> Response:
    """Data as JSON, in UTF-8."""
    return Response(json.dumps(data, ensure_ascii=False), mimetype="application/json")


def tagged(response: Response) -> AnyResponse:
    """The answer for its reader to keep and to ask for again: 304 without a body if it is still the same.

    The tag is weak, because the same answer may travel compressed or not.
    """
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag(weak=True)
    return response.make_conditional(request)


def named(response: Response, *known: object) -> Response:
    """The answer under a tag made of what it follows from, so that the same is known before it is worked out."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(_tag(known), weak=True)
    return response


def unchanged_answer(*known: object) -> Response | None:
    """304 for whoever has the answer that follows from this already, else None."""
    if not request.if_none_match.contains_weak(_tag(known)):
        return None
    return named(Response(status=304), *known)


def _tag(known: tuple[object, ...]) -> str:
    return sha256(repr((version("fitservice"), known)).encode()).hexdigest()[:32]


def compressed(response: Response) -> Response:
    """The answer with gzip, if its reader takes that and it is a text worth it."""
    response.vary.add("Accept-Encoding")
    if response.mimetype in _COMPRESSED and request.accept_encodings.quality("gzip") > 0:
        body = response.get_data()
        if len(body) >= _SMALLEST:
            response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
            response.content_encoding = "gzip"
    return response
