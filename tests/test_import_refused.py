"""Files that cannot be taken as they are: each bad row is named, nothing is stored, nobody's number is echoed."""

import io
import re
import zipfile
from datetime import date

import pytest
from factories import identity_number, make_service_user, make_session

FNR = identity_number()
FNR_FORMS = [FNR, f"{FNR[:6]} {FNR[6:]}", f"{FNR[:2]}.{FNR[2:4]}.{FNR[4:6]}-{FNR[6:]}", f"A-{FNR}"]
OUTCOME = "utbytte_personlig;utbytte_nære;utbytte_sosialt;utbytte_samlet"
HEADER = f"bydel;brukerreferanse;dato;registrert_av;livskvalitet;{OUTCOME};ikke_spurt;livskvalitet_1_10\n"
GOOD = "Alna;A-1;2022-03-01;cw1;4;;;;;;\n"


@pytest.fixture(autouse=True)
def alna(db) -> int:
    """A-1 of Alna, enrolled since January 2022, with a session on 1 February."""
    service_user_id = make_service_user(db)
    make_session(db, service_user_id, date(2022, 2, 1))
    return service_user_id


@pytest.fixture
def bring_in(cli, tmp_path):
    """Imports a file and returns what was said, the exit code and the file's folder."""

    def run(content: str | bytes, *options: str, kind: str = "sessions"):
        file = tmp_path / "file.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        result = cli.invoke(args=["import", kind, str(file), *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def named(result) -> list[tuple[int, str]]:
    """Line and column of each complaint."""
    return [(int(line), column) for line, column in re.findall(r"line (\d+), column ([^:]+): \w", result.stderr)]


def row(**cells: str) -> str:
    """A good row, with these cells otherwise."""
    names = HEADER.strip().split(";")
    return ";".join((dict(zip(names, GOOD.strip().split(";"), strict=True)) | cells).values()) + "\n"


BAD = {
    "score too high": ("livskvalitet", "8", "1 to 7"),
    "score too low": ("livskvalitet", "0", "1 to 7"),
    "score not whole": ("livskvalitet", "4,5", "whole number"),
    "score in words": ("livskvalitet", "four", "whole number"),
    "own scale too high": ("livskvalitet_1_10", "11", "1 to 10"),
    "unknown district": ("bydel", "Bærum", "15 districts"),
    "no district": ("bydel", "", "Fill this in"),
    "no reference": ("brukerreferanse", " ", "Fill this in"),
    "unknown reference": ("brukerreferanse", "A-2", "reference"),
    "long reference": ("brukerreferanse", "x" * 41, "40 characters"),
    "future date": ("dato", "2199-01-01", "future"),
    "no date": ("dato", "2022.02.28", "date"),
    "no such day": ("dato", "31.02.2022", "no such day"),
    "blank date": ("dato", "", "Fill this in"),
    "before the enrolment": ("dato", "2021-12-31", "not enrolled"),
    "another session that day": ("dato", "2022-02-01", "Another session"),
    "reason beside a score": ("ikke_spurt", "declined", "both"),
    "unknown reason": ("ikke_spurt", "no idea", "declined"),
    "long recorder": ("registrert_av", "x" * 61, "60 characters"),
}


@pytest.mark.parametrize(("column", "cell", "fragment"), BAD.values(), ids=BAD)
def test_a_bad_row_is_named_with_line_and_column_and_nothing_is_stored(bring_in, db, column, cell, fragment):
    before = list(db.conn.iterdump())
    changed = {"livskvalitet": "5"} | {column: cell}
    result = bring_in(HEADER + GOOD + row(**changed))
    assert result.exit_code == 1
    assert named(result) == [(3, column)]
    assert fragment in result.stderr
    assert list(db.conn.iterdump()) == before


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (("10,1", "5", "5", "5"), ["utbytte_personlig"]),
        (("5", "-1", "5", "5"), ["utbytte_nære"]),
        (("5", "5", "5", ""), ["utbytte_samlet"]),
        (("", "", "5", ""), ["utbytte_personlig", "utbytte_nære", "utbytte_samlet"]),
        (("11", "x", "5", "5"), ["utbytte_personlig", "utbytte_nære"]),
    ],
)
def test_each_bad_or_missing_item_is_named(bring_in, cells, columns):
    result = bring_in(HEADER + row(**dict(zip(OUTCOME.split(";"), cells, strict=True))))
    assert result.exit_code == 1
    assert named(result) == [(2, column) for column in columns]


def test_the_same_day_twice_in_a_file_is_named(bring_in):
    assert named(bring_in(HEADER + GOOD + GOOD)) == [(3, "dato")]


def test_all_bad_rows_are_named_in_the_order_of_the_file(bring_in):
    result = bring_in(HEADER + row(dato="2021-01-01") + GOOD + row(livskvalitet="9") + row(brukerreferanse="A-9"))
    assert named(result) == [(2, "dato"), (4, "livskvalitet"), (5, "brukerreferanse")]
    assert "3 bad" in result.stderr


def test_lines_are_those_of_the_file_also_after_blank_ones_and_quoted_line_ends(bring_in):
    quoted = row(registrert_av='"cw\n\n1"')
    result = bring_in(f"sep=;\r\n{HEADER}\r\n{quoted}\r\n;;\r\n{row(livskvalitet='9')}")
    assert named(result) == [(9, "livskvalitet")]


@pytest.mark.parametrize(("cells", "shown"), [("Alna;A-1", 2), (GOOD.strip() + ";extra", 2)])
def test_a_row_with_too_few_or_too_many_cells_is_named(bring_in, cells, shown):
    result = bring_in(f"{HEADER}{cells}\n")
    assert result.exit_code == 1
    assert f"line {shown}: The row does not have 11 cells" in result.stderr


@pytest.mark.parametrize("fnr", FNR_FORMS)
@pytest.mark.parametrize("column", HEADER.strip().split(";"))
def test_an_identity_number_in_any_cell_is_refused_and_not_echoed(bring_in, db, tmp_path, column, fnr):
    result = bring_in(HEADER + GOOD + row(**{column: fnr}), "--skip-bad")
    assert (3, column) in named(result)
    rejected = (tmp_path / "file.rejected.csv").read_text(encoding="utf-8-sig")
    digits = re.sub("[^0-9]", "", result.output + result.stderr + rejected + "\n".join(db.conn.iterdump()))
    assert FNR not in digits
    assert FNR[6:] not in rejected
    assert "*" * 11 in rejected


@pytest.mark.parametrize("column", ["brukerreferanse", "fødselsår", "oppfølging_fra"])
def test_nor_is_it_taken_for_a_service_user(bring_in, db, column):
    cells = {"bydel": "Alna", "brukerreferanse": "A-2", "fødselsår": "1980", "oppfølging_fra": "2022-01-01"}
    content = ";".join(cells) + "\n" + ";".join((cells | {column: FNR}).values()) + "\n"
    result = bring_in(content, kind="service-users")
    assert (result.exit_code, named(result)) == (1, [(2, column)])
    assert FNR not in result.output


def test_a_file_without_headers_does_not_echo_its_first_person(bring_in):
    result = bring_in(f"Alna;{FNR};2022-03-01;4\n")
    assert result.exit_code == 1
    assert FNR not in result.output + result.stderr


HEADERS = {
    "unknown column": (HEADER.replace("dato", "dato;humør"), "humør", "not known"),
    "missing column": (HEADER.replace("dato;", ""), "held_on (dato)", "missing"),
    "column twice": (HEADER.replace("dato", "dato;held_on"), "held_on", "twice"),
    "other kind of file": ("bydel;brukerreferanse;dato;oppfølging_fra\n", "oppfølging_fra", "not known"),
}


@pytest.mark.parametrize(("header", "column", "fragment"), HEADERS.values(), ids=HEADERS)
def test_a_header_that_is_not_understood_is_refused(bring_in, header, column, fragment):
    result = bring_in(header + GOOD)
    assert result.exit_code == 1
    assert (1, column) in named(result)
    assert fragment in result.stderr


def workbook() -> bytes:
    """What Excel saves."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


FILES = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\r\n", "empty"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "empty"),
    "only separators": (b";;;\n;;;\n", "empty"),
    "xlsx": (workbook(), "workbook"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "workbook"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not text"),
    "random bytes": (bytes(range(128, 256)) * 3, "not text"),
    "utf-16 without a mark": (HEADER.encode("utf-16-le"), "not text"),
    "half a letter": (b"\xff\xfe" + HEADER.encode("utf-16-le")[:-1], "not text"),
    "one endless cell": ((HEADER + '"' + "x" * 200_000).encode(), "cannot be read"),
}


@pytest.mark.parametrize(("content", "fragment"), FILES.values(), ids=FILES)
@pytest.mark.parametrize("options", [(), ("--skip-bad",)], ids=["all", "skip-bad"])
def test_a_file_that_is_no_table_is_refused_with_a_clear_word(bring_in, content, fragment, options):
    result = bring_in(content, *options)
    assert result.exit_code == 1
    assert fragment in result.stderr


def test_a_file_that_is_not_there_is_refused(cli, tmp_path):
    result = cli.invoke(args=["import", "sessions", str(tmp_path / "none.csv")])
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_a_header_alone_adds_nothing(bring_in):
    result = bring_in(HEADER)
    assert (result.exit_code, "0 new" in result.output) == (0, True)
