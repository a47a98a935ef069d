"""The OpenAPI document of the API, put together from small pieces, in the reader's language."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from flask_babel import gettext as _

from fitservice.model import MEASURES, Scope
from fitservice.reports.documents import GAP_FORMATS, MIMETYPES
from fitservice.rules.disclosure.editions import CITY
from fitservice.settings import LANGUAGES
from fitservice.web.openapi_schemas import schemas
from fitservice.web.problems import PROBLEMS
from fitservice.web.queries import LONGEST_QUERY, MOST_PARAMETERS, MOST_PERIODS

Piece = dict[str, Any]

BASE = "/api/v1"
_ANY_TIME = (414, 500, 503)
_WITH_TOKEN = (401, 429)
_HEADERS = {401: "WWW-Authenticate", 403: "WWW-Authenticate", 405: "Allow", 429: "Retry-After"}


def document(districts: Sequence[str], requests_a_minute: int) -> Piece:
    """The whole document; districts are the codes that there are."""
    return {
        "openapi": "3.1.0",
        "info": {"title": _("fitservice: the agency's API"), "version": version("fitservice"), "description": _about()},
        "servers": [{"url": BASE}],
        "security": [{"token": []}],
        "paths": _paths(districts),
        "components": {
            "schemas": schemas(),
            "responses": {_problem_name(status): _problem(status) for status in PROBLEMS}
            | {_problem_name(414): _too_long()},
            "securitySchemes": {"token": _token(requests_a_minute)},
        },
    }


def _about() -> str:
    return " ".join(
        (
            _("Figures and gaps of the districts' services, never a person. It is read only: GET and HEAD."),
            _("Errors come as problem+json, in Norwegian or English."),
            _("Whoever sends “Accept-Encoding: gzip” gets compressed answers."),
            _(
                "A query has at most %(most)s parameters and %(length)s characters.",
                most=MOST_PARAMETERS,
                length=LONGEST_QUERY,
            ),
        )
    )


def _token(requests_a_minute: int) -> Piece:
    text = _(
        "A token that the operator issues, good for some time and for certain scopes. It may be used %(most)s times a "
        "minute.",
        most=requests_a_minute,
    )
    return {"type": "http", "scheme": "bearer", "description": text}


def _paths(districts: Sequence[str]) -> Piece:
    return {
        "/districts": _get("districts", _("The districts"), _("Code and name."), "Districts", tagged=True),
        "/periods": _get(
            "periods",
            _("The periods"),
            _("Every half-year and year from the city's first session to now. It is closed when its last day is over."),
            "Periods",
        ),
        "/measures": _get(
            "measures",
            _("The figures there are"),
            _("Code, unit, name and definition of each, in Norwegian and English."),
            "Measures",
            tagged=True,
        ),
        "/releases": _get(
            "releases",
            _("The releases"),
            _("What has been published, newest first. A release is frozen: it never changes."),
            "Releases",
            scope=Scope.FIGURES,
            tagged=True,
        ),
        "/aggregates": _aggregates(districts),
        "/gaps": _gaps(),
        "/openapi.json": _get("openapi", _("This description"), _("As OpenAPI."), None, tagged=True, is_open=True),
        "/docs": _docs(),
    }


def _gaps() -> Piece:
    path = _get(
        "gaps",
        _("The gaps"),
        _(
            "What each district's periods hold, how they were signed off and what is missing, as of today. One period "
            "is an object, several are a list; in CSV there is a row a gap."
        ),
        "Gaps",
        parameters=[_period(), _format("json", GAP_FORMATS, _("JSON, or one row a gap as CSV."))],
        scope=Scope.GAPS,
    )
    path["get"]["responses"]["200"]["content"][MIMETYPES["csv"]] = {"schema": {"type": "string"}}
    return path


def _aggregates(districts: Sequence[str]) -> Piece:
    path = _get(
        "aggregates",
        _("The figures"),
        _(
            "Published figures by district and period, from the newest release that holds the period or from the one "
            "named. A hidden one has the status “:”, and in XLSX “:” in its place."
        ),
        "Dataset",
        parameters=[
            _period(required=False),
            _release(),
            _codes("district", [*districts, CITY], _("A district's code; may be repeated. Without it, all districts.")),
            _codes("measure", MEASURES, _("A figure's code; may be repeated. Without it, all figures.")),
            _format(
                "json-stat2",
                list(MIMETYPES),
                _("JSON-stat 2.0, one row a figure as CSV, or a workbook with notes and definitions."),
            ),
        ],
        scope=Scope.FIGURES,
        tagged=True,
    )
    content = path["get"]["responses"]["200"]["content"]
    content[MIMETYPES["csv"]] = {"schema": {"type": "string"}}
    content[MIMETYPES["xlsx"]] = {}
    return path


def _docs() -> Piece:
    path = _get("docs", _("This description as a page"), _("For people."), None, is_open=True)
    path["get"]["responses"]["200"]["content"] = {"text/html": {"schema": {"type": "string"}}}
    return path


def _get(
    name: str,
    summary: str,
    description: str,
    schema: str | None,
    *,
    parameters: Sequence[Piece] = (),
    scope: Scope | None = None,
    tagged: bool = False,
    is_open: bool = False,
) -> Piece:
    """One address: what it answers with, and every way in which it can fail."""
    shape: Piece = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    failures = (400, *(() if is_open else _WITH_TOKEN), *((403,) if scope else ()), *_ANY_TIME)
    answer: Piece = {"description": description, "content": {"application/json": {"schema": shape}}}
    if tagged:
        answer["headers"] = {"ETag": {"schema": {"type": "string"}}}
    operation: Piece = {
        "operationId": name,
        "summary": summary,
        "description": description,
        "parameters": [*parameters, _language()],
        "responses": {
            "200": answer,
            **({"304": {"description": _("Still the same as under the tag in If-None-Match.")}} if tagged else {}),
            **{str(status): {"$ref": f"#/components/responses/{_problem_name(status)}"} for status in sorted(failures)},
        },
    }
    if is_open:
        operation["security"] = []
    elif scope:
        operation["security"] = [{"token": [scope.value]}]
    return {"get": operation}


def _release() -> Piece:
    schema = {
        "type": "array",
        "items": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{1,4}$"},
        "maxItems": MOST_PERIODS,
    }
    text = _("A release by its name, such as 2022-1; may be repeated. Without periods, all that it holds.")
    return {"name": "release", "in": "query", "description": text, "schema": schema}


def _period(*, required: bool = True) -> Piece:
    text = _("A half-year or a year, such as 2022H1 or 2022; may be repeated up to %(most)s times.", most=MOST_PERIODS)
    return {
        "name": "period",
        "in": "query",
        "required": required,
        "description": text,
        "schema": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[0-9]{4}([Hh][12])?$"},
            "minItems": 1,
            "maxItems": MOST_PERIODS,
        },
    }


def _codes(name: str, codes: Sequence[str], text: str) -> Piece:
    schema = {"type": "array", "items": {"type": "string", "enum": list(codes)}, "maxItems": len(codes)}
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _format(default: str, known: Sequence[str], description: str) -> Piece:
    return {
        "name": "format",
        "in": "query",
        "description": description,
        "schema": {"type": "string", "enum": list(known), "default": default},
    }


def _language() -> Piece:
    text = _(
        "The language of texts and errors, Norwegian without it. A CSV has semicolons and decimal commas with nb, else "
        "commas and decimal points."
    )
    schema = {"type": "string", "enum": list(LANGUAGES)}
    return {"name": "lang", "in": "query", "description": text, "schema": schema}


def _problem_name(status: int) -> str:
    return f"Problem{status}"


def _problem(status: int) -> Piece:
    title, detail = PROBLEMS[status]
    piece: Piece = {
        "description": f"{title}. {detail}",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _HEADERS:
        piece["headers"] = {_HEADERS[status]: {"schema": {"type": "string"}}}
    return piece


def _too_long() -> Piece:
    """What gunicorn answers by itself, before the service sees the request."""
    text = _("The address has more than 8,000 characters. The server says so itself, not as problem+json.")
    return {"description": text, "content": {"text/html": {"schema": {"type": "string"}}}}
