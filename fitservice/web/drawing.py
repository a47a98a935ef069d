"""A chart as an answer: a file that its reader may keep, asks for again, and gets again only if it changed."""

from collections.abc import Callable, Hashable
from hashlib import sha256

from flask import Response, request

from fitservice import charts


def chart_response(draw: Callable[..., str], *arguments: Hashable) -> Response:
    """What draw makes of the arguments, as SVG; 304 without drawing to whoever has it already.

    Comes after the check of who may see it: the browser keeps the chart but asks each time.
    """
    etag = _etag(draw, arguments)
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(draw(*arguments), mimetype="image/svg+xml")
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _etag(draw: Callable[..., str], arguments: tuple[Hashable, ...]) -> str:
    return sha256(repr((charts.VERSION, draw.__name__, arguments)).encode()).hexdigest()
