"""The API described: as OpenAPI for programs, as a page for people. Open to everybody, since it holds no data."""

from typing import Any

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response as AnyResponse

from fitservice.db import get_db
from fitservice.reports.staff import district_choices
from fitservice.web.answers import compressed, json_answer, tagged
from fitservice.web.openapi import document
from fitservice.web.queries import refuse_unknown_parameters

bp = Blueprint("api_docs", __name__, url_prefix="/api/v1")
bp.after_request(compressed)


@bp.get("/openapi.json", provide_automatic_options=False)
def openapi() -> AnyResponse:
    """The OpenAPI document."""
    refuse_unknown_parameters()
    return tagged(json_answer(_document()))


@bp.get("/docs", provide_automatic_options=False)
def docs() -> str:
    """The same document as a page without scripts."""
    refuse_unknown_parameters()
    return render_template("api/docs.html", document=_document())


def _document() -> dict[str, Any]:
    codes = [row["code"] for row in district_choices(get_db())]
    return document(codes, current_app.config["API_REQUESTS_A_MINUTE"])
