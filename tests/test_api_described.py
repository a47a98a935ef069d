"""The API as it is described: whatever is asked of the real server, every answer keeps to the OpenAPI document."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from factories import OPERATOR
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, load_all_checks
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance
from serving import served

from fitservice.actions.tokens import issue_token
from fitservice.db import connect
from fitservice.web.openapi import document

EXAMPLES = int(os.environ.get("FITSERVICE_EXAMPLES", "400"))
"""All together; CI asks for 2,000."""
RELEASED = ("2022H1", "2022H2", "2022")
PERIODS = (*RELEASED, "2023H1")
# of all examples: sensible ones about what there is, sensible ones, nonsense
SHARES = {
    "/aggregates": (0.12, 0.06, 0.12),
    "/gaps": (0.1, 0.05, 0.1),
    "/districts": (0.0, 0.03, 0.06),
    "/periods": (0.0, 0.03, 0.06),
    "/measures": (0.0, 0.03, 0.06),
    "/releases": (0.0, 0.02, 0.04),
    "/docs": (0.0, 0.0, 0.12),
}


class Asked(NamedTuple):
    """The served API's description, and the headers that open it."""

    schema: BaseSchema
    headers: dict[str, str]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, released_database: bytes) -> Iterator[Asked]:
    """The real server with two releases of 2022; nobody has to wait for a minute to pass."""
    load_all_checks()
    instance = tmp_path_factory.mktemp("described") / "instance"
    instance.mkdir()
    (instance / "fitservice.db").write_bytes(released_database)
    (instance / "config.py").write_text("API_REQUESTS_A_MINUTE = 1_000_000\n")
    db = connect(instance / "fitservice.db")
    token = issue_token(db, "described", by=OPERATOR)
    db.close()
    with served(instance, "--no-demo") as service:
        refused = {"negative_data_rejection": {"expected-statuses": [400, 401, 414]}}
        config = schemathesis.Config.from_dict({"checks": refused})
        schema = schemathesis.openapi.from_url(f"{service.address}/api/v1/openapi.json?lang=en", config=config)
        yield Asked(schema, {"Authorization": f"Bearer {token}"})


def ask(asked: Asked, cases: st.SearchStrategy[Case], examples: int, excluded: list[CheckFunction]) -> int:
    """Ask so often and compare each answer with the description, by all of schemathesis' checks but these.

    How often it was answered with 200.
    """
    answered = 0

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=cases)
    def run(case: Case) -> None:
        nonlocal answered
        response = case.call(headers=asked.headers)
        # what is wrong with a question can be lost on the way: an empty list is no parameter in an address
        harmless = parse_qs(urlsplit(response.request.url).query, keep_blank_values=True).keys() <= {"lang"}
        left_out = [*excluded, negative_data_rejection] if harmless and response.status_code == 200 else excluded
        case.validate_response(response, headers=asked.headers, excluded_checks=left_out)
        answered += response.status_code == 200

    run()
    return answered


@st.composite
def of_known_periods(draw: st.DrawFn, cases: st.SearchStrategy[Case]) -> Case:
    """The same question about periods that there are, and of figures also by release, with or without periods."""
    case = draw(cases)
    about = {"period": draw(st.lists(st.sampled_from(PERIODS), min_size=1, max_size=3))}
    if case.operation.path == "/aggregates":
        periods = st.lists(st.sampled_from(RELEASED), min_size=1, max_size=3)
        whole, any_release = st.just(["2022-2"]), st.sampled_from([["2022-1"], ["2022-2"], ["2022-1", "2022-2"]])
        about = draw(
            st.one_of(
                st.fixed_dictionaries({"period": periods}),
                st.fixed_dictionaries({"release": any_release}),
                st.fixed_dictionaries({"period": periods, "release": whole}),
            )
        )
    others = {name: value for name, value in case.query.items() if name not in ("period", "release")}
    case.query = others | about
    return case


@pytest.mark.parametrize("path", SHARES)
def test_no_answer_leaves_the_description(asked: Asked, path: str) -> None:
    operation = asked.schema[path]["GET"]
    answerable, sensible, nonsense = (round(EXAMPLES * share) for share in SHARES[path])
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if answerable:
        # without the check that asks each a second time without its token
        assert ask(asked, of_known_periods(good), answerable, [ignored_auth]) == answerable
    if sensible:
        # most years of the pattern are none in which anything was recorded
        ask(asked, good, sensible, [positive_data_acceptance])
    ask(asked, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), nonsense, [ignored_auth])


def test_all_examples_are_spent_and_every_path_gets_some(asked: Asked) -> None:
    assert round(sum(map(sum, SHARES.values())), 6) == 1
    assert {operation.ok().path for operation in asked.schema.get_all_operations()} == set(SHARES)


def described(house: Flask) -> dict[str, dict[str, object]]:
    """The document as it is served, in English."""
    return house.test_client().get("/api/v1/openapi.json?lang=en").json


def test_every_route_is_described_and_nothing_else(house: Flask) -> None:
    routes = {str(rule) for rule in house.url_map.iter_rules() if str(rule).startswith("/api/")}
    assert routes == {f"/api/v1{path}" for path in described(house)["paths"]}


def test_every_reference_leads_somewhere(house: Flask) -> None:
    data = described(house)
    for reference in set(re.findall(r'"#/([^"]+)"', house.test_client().get("/api/v1/openapi.json").text)):
        found = data
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_the_scopes_of_the_description_are_those_of_the_service(house: Flask) -> None:
    paths = described(house)["paths"]
    assert paths["/aggregates"]["get"]["security"] == [{"token": ["figures"]}]
    assert paths["/releases"]["get"]["security"] == [{"token": ["figures"]}]
    assert paths["/gaps"]["get"]["security"] == [{"token": ["gaps"]}]
    assert paths["/docs"]["get"]["security"] == paths["/openapi.json"]["get"]["security"] == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_says_all_of_it_without_scripts_or_other_hosts(house: Flask, language: str) -> None:
    page = house.test_client().get(f"/api/v1/docs?lang={language}").text
    assert f'<html lang="{language}">' in page and "<script" not in page
    assert {address for address in re.findall(r'(?:src|href)="([^"]+)"', page) if "//" in address} == set()
    with house.test_request_context(f"/?lang={language}"):
        data = document(["030112"], 60)
    for path, operations in data["paths"].items():
        assert f"/api/v1{path}</code>" in page
        for parameter in operations["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page
    for field in ("first_day", "definition", "last_recorded", "status", "as_of", "made_at"):
        assert f"<code>{field}</code>" in page
    for name in data["components"]["responses"]:
        assert f'id="problem-{name.removeprefix("Problem")}"' in page


def test_the_description_is_open_to_everybody(house: Flask) -> None:
    for path in ("openapi.json", "docs"):
        assert house.test_client().get(f"/api/v1/{path}").status_code == 200
        assert house.test_client().get(f"/api/v1/{path}?period=2022").status_code == 400
