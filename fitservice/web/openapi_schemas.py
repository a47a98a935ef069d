"""The shapes of the API's answers, as JSON Schema."""

from typing import Any

from fitservice.formats.jsonstat import HIDDEN
from fitservice.model import MEASURES, Role, Stage
from fitservice.reporting import Cause, Content, GapKind, Submission, Timing
from fitservice.rules.gap_count import SAYS_MORE_ABOUT
from fitservice.rules.measures import Unit

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date"}
_DAY_OR_NONE: Schema = {"type": ["string", "null"], "format": "date"}
_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_SHARE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_CODE: Schema = {"type": "string", "pattern": "^[0-9]{6}$"}
_PERIOD: Schema = {"type": "string", "pattern": "^[0-9]{4}(H[12])?$"}


def _closed(**properties: Schema) -> Schema:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _some(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def _list(of: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": of, **limits}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_BOTH = _closed(nb=_TEXT, en=_TEXT)
_NAMES: Schema = {"type": "object", "additionalProperties": _TEXT}


def schemas() -> dict[str, Schema]:
    """Every schema by its name."""
    return {
        "Districts": _closed(districts=_list(_closed(code=_CODE, name=_TEXT))),
        "Periods": _closed(
            periods=_list(_closed(code=_PERIOD, first_day=_DAY, last_day=_DAY, closed={"type": "boolean"}))
        ),
        "Measures": _closed(measures=_list(_measure())),
        "Releases": _closed(
            releases=_list(
                _closed(
                    name={"type": "string", "pattern": "^[0-9]{4}-[0-9]+$"},
                    stage=_some(*Stage),
                    made_at={"type": "string", "format": "date-time"},
                    small_count={"type": "integer", "minimum": 1},
                    periods=_list(_PERIOD, minItems=1),
                )
            )
        ),
        "Gaps": {"oneOf": [_ref("GapsOfPeriod"), _list(_ref("GapsOfPeriod"), minItems=2)]},
        "GapsOfPeriod": _closed(
            period=_PERIOD,
            as_of=_DAY,
            threshold={"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            districts=_list(_status()),
        ),
        "Dataset": _dataset(),
        "Dimension": _dimension(),
        "Problem": _closed(type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT),
    }


def _measure() -> Schema:
    return _closed(
        code=_some(*MEASURES),
        unit=_some(*Unit),
        decimals={"type": "integer", "minimum": 0},
        label=_BOTH,
        definition=_BOTH,
    )


def _status() -> Schema:
    return _closed(
        code=_CODE,
        name=_TEXT,
        content=_some(*Content),
        active_users=_COUNT,
        measured_users=_COUNT,
        coverage=_SHARE,
        timing={"enum": [*Timing, None]},
        submission={"enum": [*Submission, None]},
        deadline=_DAY_OR_NONE,
        signed_on=_DAY_OR_NONE,
        last_recorded=_DAY_OR_NONE,
        gaps=_list(_gap()),
    )


def _gap() -> Schema:
    return _closed(
        kind=_some(*GapKind),
        part_of={"enum": [*SAYS_MORE_ABOUT, None]},
        since=_DAY,
        owner=_some(Role.CASEWORKER, Role.TEAM_LEAD),
        text=_TEXT,
        cause={"enum": [*Cause, None]},
        expected_on=_DAY_OR_NONE,
    )


def _dataset() -> Schema:
    """JSON-stat 2.0 as it is written here: one flat array, rows of three dimensions."""
    dimensions = ("district", "period", "measure")
    return _closed(
        version={"const": "2.0"},
        **{"class": {"const": "dataset"}},
        label=_TEXT,
        source=_TEXT,
        updated={"type": "string", "format": "date-time"},
        note=_list(_TEXT),
        id={"const": list(dimensions)},
        size=_list({"type": "integer", "minimum": 1}, minItems=3, maxItems=3),
        role=_closed(**{role: _list(_some(*dimensions)) for role in ("geo", "time", "metric")}),
        dimension=_closed(**{name: _ref("Dimension") for name in dimensions}),
        value=_list({"type": ["number", "null"]}),
        status={
            "type": "object",
            "propertyNames": {"pattern": "^[0-9]+$"},
            "additionalProperties": {"const": HIDDEN},
        },
    )


def _dimension() -> Schema:
    unit: Schema = {
        "type": "object",
        "additionalProperties": _closed(label=_TEXT, decimals={"type": "integer", "minimum": 0}),
    }
    category: Schema = {
        "type": "object",
        "properties": {"index": _list(_TEXT), "label": _NAMES, "unit": unit},
        "required": ["index", "label"],
        "additionalProperties": False,
    }
    return _closed(label=_TEXT, category=category)
