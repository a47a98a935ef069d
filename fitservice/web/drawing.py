"""A chart as an answer: a file that its reader may keep, asks for again, and gets again only if it changed."""

from collections.abc import Callable, Hashable
from datetime import date
from hashlib import sha256

from flask import Response, request
from flask_babel import gettext as _

from fitservice import charts
from fitservice.installed import installed
from fitservice.instruments.instrument import Instrument
from fitservice.model import NotFound
from fitservice.reports.person import Person
from fitservice.spoken import short_day, spoken_number
from fitservice.wording import day, number

SVG = "image/svg+xml"


def course_picture(person: Person, enrolment_id: int, key: str) -> Response:
    """The course of one instrument in one enrolment, beside others'; NotFound if there is no score in it."""
    known, points = _points(person, enrolment_id, key)
    labels = (day(points[0][0]), day(points[-1][0]), number(points[-1][1], known.decimals))
    expected = person.expected(known, enrolment_id)
    others = tuple((each.most[0], *each.half, each.most[1]) for each in expected.ranges.values()) if expected else ()
    total = person.cut_off(known, points[-1][0])
    cut_off = None if total is None else (total, _("Cut-off %(total)s", total=number(total, known.decimals)))
    # a change of exactly the reliable change is no chance: the band ends half a step before it
    band = None if known.reliable_change is None else known.reliable_change - known.step / 2
    scale = known.total_low, known.total_high
    return chart_response(charts.course_chart, points, *scale, labels, band, others, cut_off)


def own_picture(person: Person, enrolment_id: int, key: str, language: str) -> Response:
    """The same for the service user's own eyes: the scores alone, in the language in which this person is asked."""
    known, points = _points(person, enrolment_id, key)
    days = (short_day(points[0][0], language), short_day(points[-1][0], language))
    labels = (*days, spoken_number(points[-1][1], known.decimals, language))
    return chart_response(charts.course_chart, points, known.total_low, known.total_high, labels)


def _points(person: Person, enrolment_id: int, key: str) -> tuple[Instrument, tuple[tuple[date, float], ...]]:
    if key not in installed():
        raise NotFound
    points = tuple((score.held_on, score.value) for score in person.scores(installed()[key], enrolment_id))
    if not points:
        raise NotFound
    return installed()[key], points


def chart_response(draw: Callable[..., str | bytes], *arguments: Hashable, mimetype: str = SVG) -> Response:
    """What draw makes of the arguments, of this type; 304 without drawing to whoever has it already.

    Comes after the check of who may see it: the browser keeps the chart but asks each time.
    """
    etag = _etag(draw, arguments)
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(draw(*arguments), mimetype=mimetype)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _etag(draw: Callable[..., str | bytes], arguments: tuple[Hashable, ...]) -> str:
    return sha256(repr((charts.VERSION, draw.__name__, arguments)).encode()).hexdigest()
