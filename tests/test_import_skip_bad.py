"""--skip-bad: the good rows are stored, the bad ones lie beside the file with their reasons and can be mended."""

import csv
import io

import pytest
from factories import identity_number, make_service_user

HEADER = "bydel;brukerreferanse;dato;livskvalitet"
MIXED = f"{HEADER}\nAlna;A-1;2022-03-01;4\nAlna;A-1;2022-03-02;9\nBærum;A-1;2022-03-03;8,5\nAlna;A-1;2022-03-04;7\n"


@pytest.fixture(autouse=True)
def alna(db) -> int:
    """A-1 of Alna, enrolled since January 2022."""
    return make_service_user(db)


@pytest.fixture
def skip_bad(cli, tmp_path):
    """Imports the sessions of a file of tmp_path with --skip-bad; writes it first if text is given."""

    def run(name: str, text: str | None = None, *options: str):
        file = tmp_path / name
        if text is not None:
            file.write_text(text, encoding="utf-8")
        return cli.invoke(args=["import", "sessions", str(file), "--skip-bad", *options])

    return run


def days(db) -> list[str]:
    """The days with a session."""
    return [day for (day,) in db.execute("SELECT held_on FROM sessions ORDER BY held_on")]


def cells(path, delimiter: str = ";") -> list[list[str]]:
    """The cells of a file of rejected rows."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=delimiter))


def test_the_good_rows_are_stored_and_the_bad_ones_lie_beside_the_file(skip_bad, db, tmp_path):
    result = skip_bad("march.csv", MIXED)
    assert result.exit_code == 0
    assert "2 new, 0 ended, 0 there already, 2 bad" in result.output
    assert str(tmp_path / "march.rejected.csv") in result.stderr
    assert days(db) == ["2022-03-01", "2022-03-04"]
    header, *rows = cells(tmp_path / "march.rejected.csv")
    assert header == [*HEADER.split(";"), "rejected_line", "rejected_reason"]
    assert [row[:5] for row in rows] == [
        ["Alna", "A-1", "2022-03-02", "9", "3"],
        ["Bærum", "A-1", "2022-03-03", "8,5", "4"],
    ]
    assert "livskvalitet: " in rows[0][5]
    assert "bydel: " in rows[1][5]
    assert "livskvalitet: " in rows[1][5]


def mend(path) -> None:
    """What somebody does with the rejected rows, in the file as it is."""
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(";9;", ";6;").replace("Bærum", "Alna").replace("8,5", "5"), encoding="utf-8")


def test_the_mended_file_can_be_imported_as_it_is(skip_bad, db, tmp_path):
    skip_bad("march.csv", MIXED)
    mend(tmp_path / "march.rejected.csv")
    assert "2 new, 0 ended, 0 there already, 0 bad" in skip_bad("march.rejected.csv").output
    assert days(db) == ["2022-03-01", "2022-03-02", "2022-03-03", "2022-03-04"]


def test_also_after_a_second_rejection(skip_bad, db, tmp_path):
    skip_bad("march.csv", MIXED)
    first = (tmp_path / "march.rejected.csv").read_bytes()
    skip_bad("march.rejected.csv")
    second = tmp_path / "march.rejected-2.csv"
    assert sorted(path.name for path in tmp_path.glob("march*")) == ["march.csv", second.name, "march.rejected.csv"]
    assert (tmp_path / "march.rejected.csv").read_bytes() == first
    assert cells(second)[0] == cells(tmp_path / "march.rejected.csv")[0]
    mend(second)
    assert "2 new" in skip_bad(second.name).output
    assert len(days(db)) == 4


def test_after_mending_the_whole_file_the_good_rows_are_there_already(skip_bad, db, tmp_path):
    skip_bad("march.csv", MIXED)
    (tmp_path / "march.csv").write_text(MIXED.replace(";9", ";6").replace("Bærum", "Alna").replace("8,5", "5"))
    assert "2 new, 0 ended, 2 there already, 0 bad" in skip_bad("march.csv").output


def test_rows_that_contradict_the_record_are_rejected_too(skip_bad, db, tmp_path):
    skip_bad("march.csv", MIXED)
    result = skip_bad("april.csv", f"{HEADER}\nAlna;A-1;2022-03-01;5\nAlna;B-9;2022-04-01;5\nAlna;A-1;2022-04-01;5\n")
    assert "1 new, 0 ended, 0 there already, 2 bad" in result.output
    assert [row[4] for row in cells(tmp_path / "april.rejected.csv")[1:]] == ["2", "3"]


def test_the_separator_and_the_quoted_cells_of_the_file_are_kept(skip_bad, tmp_path):
    skip_bad("march.csv", 'district,reference,held_on,recorded_by,life_satisfaction\nAlna,A-1,2022-03-01,"a,\nb",9\n')
    rows = cells(tmp_path / "march.rejected.csv", ",")
    assert rows[1][:6] == ["Alna", "A-1", "2022-03-01", "a,\nb", "9", "2"]


def test_no_cell_of_a_bad_row_is_lost_but_an_identity_number(skip_bad, tmp_path):
    fnr = identity_number()
    skip_bad("march.csv", f"{HEADER}\nAlna;A-1;2022-03-01;4;5;call {fnr}\nAlna;A-1\n")
    rows = cells(tmp_path / "march.rejected.csv")
    assert rows[1][:5] == ["Alna", "A-1", "2022-03-01", "4", "2"]
    assert rows[1][6:] == ["5", "call ***********"]
    assert rows[2][:5] == ["Alna", "A-1", "", "", "3"]


def test_without_bad_rows_nothing_lies_beside_the_file(skip_bad, tmp_path):
    skip_bad("march.csv", f"{HEADER}\nAlna;A-1;2022-03-01;4\n")
    assert not (tmp_path / "march.rejected.csv").exists()


def test_a_dry_run_stores_nothing_and_writes_nothing(skip_bad, db, tmp_path):
    result = skip_bad("march.csv", MIXED, "--dry-run")
    assert result.exit_code == 0
    assert "2 new, 0 ended, 0 there already, 2 bad" in result.output
    assert days(db) == []
    assert not (tmp_path / "march.rejected.csv").exists()


def test_rejected_rows_that_cannot_be_written_are_said_plainly(skip_bad, tmp_path):
    name = "m" * 250  # no name is left for the file beside it
    result = skip_bad(f"{name}.csv", MIXED)
    assert result.exit_code == 1
    assert "line 3, column livskvalitet" in result.stderr
    assert f"{name}.rejected.csv cannot be used" in result.stderr


def test_rejected_rows_that_somebody_is_mending_are_left_alone(skip_bad, tmp_path):
    (tmp_path / "march.rejected.csv").write_text("half mended")
    skip_bad("march.csv", MIXED)
    assert (tmp_path / "march.rejected.csv").read_text() == "half mended"
    assert (tmp_path / "march.rejected-2.csv").exists()


def test_nor_are_those_that_were_rejected_twice(skip_bad, tmp_path):
    skip_bad("march.csv", MIXED)
    (tmp_path / "march.rejected-2.csv").write_text("half mended")
    skip_bad("march.rejected.csv")
    assert (tmp_path / "march.rejected-2.csv").read_text() == "half mended"
    assert cells(tmp_path / "march.rejected-3.csv")[0] == cells(tmp_path / "march.rejected.csv")[0]


def test_service_users_are_skipped_alike(cli, db, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("bydel;brukerreferanse;oppfølging_fra\nAlna;A-2;2022-01-01\nAlna;A-3;2199-01-01\n")
    result = cli.invoke(args=["import", "service-users", str(file), "--skip-bad"])
    assert "1 new, 0 ended, 0 there already, 1 bad" in result.output
    assert [row[1] for row in cells(tmp_path / "people.rejected.csv")] == ["brukerreferanse", "A-3"]
