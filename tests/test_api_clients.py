"""The clients that people really have, against the real server: pandas by pyjstat, a validator, readers of workbooks.

Also how answers travel: compressed, kept under a tag, asked for with HEAD, and never for another page's scripts.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator

import pytest
import requests
from factories import OPERATOR
from jsonstat_validator import validate_jsonstat
from openpyxl import load_workbook
from pyjstat import pyjstat
from serving import served

from fitservice.actions.tokens import issue_token
from fitservice.db import connect
from fitservice.formats.tables import Sheet, xlsx_bytes
from fitservice.model import MEASURES

ALNA_H1, ALNA_H2 = ("030112", "2022H1"), ("030112", "2022H2")
PERIODS = "period=2022H1&period=2022H2&period=2022"
TAGGED = ("districts", "measures", "openapi.json", "releases")
RELEASED = ("aggregates?period=2022", "aggregates?release=2022-1&format=csv", "aggregates?period=2022&format=xlsx")


class Agency(requests.Session):
    """A program of the agency's: asks the served API with its token."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__()
        self.address = f"{address}/api/v1/"
        self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        """The answer to one request."""
        return self.request(method, self.address + path, headers=headers, timeout=20)


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory, released_database: bytes) -> Iterator[Agency]:
    """The real server, in which Alna's first half of 2022 is released with 56 measured."""
    instance = tmp_path_factory.mktemp("clients") / "instance"
    instance.mkdir()
    (instance / "fitservice.db").write_bytes(released_database)
    (instance / "config.py").write_text("API_REQUESTS_A_MINUTE = 10_000\n")
    db = connect(instance / "fitservice.db")
    token = issue_token(db, "clients", by=OPERATOR)
    db.close()
    with served(instance, "--no-demo") as service, Agency(service.address, token) as session:
        yield session


# pyjstat warns of a function of its own that it calls itself
@pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")
def test_pyjstat_reads_the_figures_into_a_frame(agency: Agency) -> None:
    dataset = pyjstat.Dataset.read(agency.ask(f"aggregates?{PERIODS}&lang=en").text)
    frame = dataset.write("dataframe", naming="id").set_index(["district", "period", "measure"])["value"]
    assert len(frame) == 16 * 3 * len(MEASURES)
    assert frame[*ALNA_H1, "measured_users"] == 56 and frame["city", "2022H1", "life_satisfaction_5"] == 12
    assert frame[*ALNA_H2, "life_satisfaction_mean"] == 4.5
    assert frame.isna()[*ALNA_H1, "life_satisfaction_4"] and frame.isna()["030102", "2022H1", "coverage"]
    labels = dataset.write("dataframe")
    assert set(labels["District"]) >= {"Alna", "Grünerløkka", "Oslo"} and "Coverage" in set(labels["Figure"])


@pytest.mark.parametrize("query", [PERIODS, f"{PERIODS}&district=030112&measure=coverage", "period=2022&lang=en"])
def test_a_validator_finds_nothing_wrong_with_the_json_stat(agency: Agency, query: str) -> None:
    data = agency.ask(f"aggregates?{query}").json()
    assert validate_jsonstat(data) is True
    size = data["size"]
    assert len(data["value"]) == size[0] * size[1] * size[2]
    assert all(data["value"][int(place)] is None for place in data["status"])
    assert data["updated"] and data["source"] and data["note"]


def test_the_unit_of_every_measure_is_said(agency: Agency) -> None:
    category = agency.ask("aggregates?period=2022&lang=en").json()["dimension"]["measure"]["category"]
    assert list(category["unit"]) == list(category["label"]) == category["index"] == list(MEASURES)
    assert category["unit"]["coverage"] == {"label": "share, 0–1", "decimals": 3}
    assert category["unit"]["active_users"] == {"label": "service users", "decimals": 0}
    assert category["unit"]["life_satisfaction_mean"]["decimals"] == 1


def rows(text: str, separator: str) -> dict[tuple[str, str, str], list[str]]:
    """Value and status by district, period and measure."""
    return {(row[0], row[1], row[2]): row[3:] for row in csv.reader(io.StringIO(text), delimiter=separator)}


def test_a_csv_is_written_for_programs_or_for_norwegian_excel(agency: Agency) -> None:
    answers = {query: agency.ask(f"aggregates?{PERIODS}&format=csv{query}") for query in ("", "&lang=en", "&lang=nb")}
    plain, english, norwegian = (answer.content for answer in answers.values())
    assert plain == english and plain.startswith(b"district,") and norwegian.startswith(b"\xef\xbb\xbfdistrict;")
    assert answers["&lang=nb"].headers["Content-Type"] == "text/csv; charset=utf-8"
    points, commas = rows(plain.decode(), ","), rows(norwegian.decode("utf-8-sig"), ";")
    assert list(points) == list(commas)
    for key, (value, status) in points.items():
        assert commas[key] == [value if key[2] == "measure" else value.replace(".", ","), status]
    assert points[*ALNA_H2, "life_satisfaction_mean"] == ["4.5", ""]
    assert points[*ALNA_H1, "life_satisfaction_4"] == ["", ":"]


def test_a_workbook_reads_back_as_numbers_with_notes_and_definitions(agency: Agency) -> None:
    answer = agency.ask(f"aggregates?{PERIODS}&format=xlsx&lang=en")
    book = load_workbook(io.BytesIO(answer.content))
    figures, notes, definitions = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    known = {row[:3]: row[3:] for row in figures[1:]}
    assert known[*ALNA_H1, "measured_users"] == (56, None)
    assert known[*ALNA_H2, "life_satisfaction_mean"] == (4.5, None)
    assert known[*ALNA_H1, "life_satisfaction_4"] == (":", ":")
    assert {type(row[3]) for row in figures[1:]} <= {int, float, str, type(None)}
    assert {row[3] for row in figures[1:] if isinstance(row[3], str)} == {":"}
    assert any("“:” is hidden" in str(row[1]) for row in notes)
    assert any("Release 2022-2 (Provisional), made" in str(row[1]) for row in notes)
    assert [row[0] for row in definitions[1:]] == list(MEASURES) and all(all(row) for row in definitions)


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "=", "{=1}"])
def test_no_text_becomes_a_formula(text: str) -> None:
    content = xlsx_bytes([Sheet("x", [[text, 1, -2.5]])])
    (cells,) = load_workbook(io.BytesIO(content)).active.iter_rows()
    assert [cell.data_type for cell in cells] == ["s", "n", "n"]
    assert cells[0].value == text and cells[2].value == -2.5
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("path", [*TAGGED, *RELEASED, "periods", "gaps?period=2022"])
def test_head_is_the_same_without_the_body(agency: Agency, path: str) -> None:
    whole, head = agency.ask(path), agency.ask(path, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    names = ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control")
    # a workbook says when it was written, and is a few bytes longer or shorter for it
    for name in [name for name in names if name != "Content-Length" or "xlsx" not in path]:
        assert head.headers.get(name) == whole.headers.get(name)


@pytest.mark.parametrize("path", ["measures", "aggregates?period=2022", "aggregates?period=2022&format=csv"])
def test_whoever_takes_gzip_gets_it(agency: Agency, path: str) -> None:
    packed = agency.request("GET", agency.address + path, stream=True, timeout=20)
    body = packed.raw.read(decode_content=False)
    plain = agency.ask(path, **{"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip" and int(packed.headers["Content-Length"]) == len(body)
    assert len(gzip.decompress(body)) == len(plain.content) > 3 * len(body)
    for answer in (packed, plain):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in agency.ask(path, **{"Accept-Encoding": "gzip;q=0"}).headers


def test_what_gains_nothing_is_not_compressed(agency: Agency) -> None:
    for path in ("periods?lang=x", "aggregates?period=2022&format=xlsx", "docs"):
        assert "Content-Encoding" not in agency.ask(path).headers


@pytest.mark.parametrize("path", [*TAGGED, *RELEASED])
def test_what_seldom_changes_is_not_sent_twice(agency: Agency, path: str) -> None:
    first = agency.ask(path)
    assert first.headers["Cache-Control"] == "private, no-cache" and first.headers["ETag"].startswith("W/")
    for encoding in ("gzip", "identity"):
        again = agency.ask(path, **{"If-None-Match": first.headers["ETag"], "Accept-Encoding": encoding})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert "Accept-Encoding" in again.headers["Vary"]
    assert agency.ask(path, **{"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["measures", "releases", RELEASED[0]])
def test_a_tag_opens_nothing_without_a_token(agency: Agency, path: str) -> None:
    tag = agency.ask(path).headers["ETag"]
    assert agency.ask(path, **{"If-None-Match": tag, "Authorization": ""}).status_code == 401


@pytest.mark.parametrize("path", ["periods", "gaps?period=2022"])
def test_what_changes_is_kept_by_nobody(agency: Agency, path: str) -> None:
    assert agency.ask(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_other_pages_scripts_get_nothing(agency: Agency, method: str) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    for path in ("measures", "openapi.json"):
        answer = agency.ask(path, method, **asked)
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_query_that_is_too_long_is_told_so_by_the_service(agency: Agency) -> None:
    answer = agency.ask("aggregates?" + "period=2022&" * 400)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert agency.ask("aggregates?" + "period=2022&" * 10_000).status_code == 414
