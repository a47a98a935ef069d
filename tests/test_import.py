"""Files as districts really have them, through the command line: what is understood and what is stored."""

from datetime import date

import pytest
from factories import AMINA, make_service_user, make_session

from fitservice.actions.recording import answers_of
from fitservice.model import Answers
from fitservice.store import enrolments, sessions

ENGLISH = (
    "district,reference,held_on,recorded_by,life_satisfaction,outcome_personal,outcome_close,outcome_social,"
    "outcome_overall,alliance_heard,alliance_topics,alliance_approach,alliance_overall,not_asked\n"
    "030112,A-1,2022-03-01,cw1,4,7.5,10,0,3.1,9,9.5,8,10.0,\n"
)
NORWEGIAN = (
    "bydel;brukerreferanse;dato;registrert_av;livskvalitet;utbytte_personlig;utbytte_nære;utbytte_sosialt;"
    "utbytte_samlet;samtale_hørt;samtale_tema;samtale_måte;samtale_samlet;ikke_spurt\n"
    "Alna;A-1;01.03.2022;cw1;4;7,5;10;0;3,1;9;9,5;8;10,0;\n"
)
FULL = Answers(
    life_satisfaction=4,
    outcome_personal=75,
    outcome_close=100,
    outcome_social=0,
    outcome_overall=31,
    alliance_heard=90,
    alliance_topics=95,
    alliance_approach=80,
    alliance_overall=100,
)


@pytest.fixture
def bring_in(cli, tmp_path):
    """Imports a file: bring_in('sessions', text or bytes, options …)."""

    def run(kind: str, content: str | bytes, *options: str, exit_code: int = 0):
        file = tmp_path / f"{kind}.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        result = cli.invoke(args=["import", kind, str(file), *options])
        assert result.exit_code == exit_code, result.output
        return result

    return run


@pytest.fixture
def alna(db) -> int:
    """A-1 of Alna, enrolled since January 2022."""
    return make_service_user(db)


def held(db, service_user_id: int) -> list[tuple[str, Answers]]:
    """Day and answers of every session."""
    return [(row["held_on"], answers_of(row)) for row in sessions.of_service_user(db, service_user_id)]


ENCODED = {
    "utf-8": NORWEGIAN.encode(),
    "utf-8 with a mark": NORWEGIAN.encode("utf-8-sig"),
    "utf-16 with a mark": NORWEGIAN.encode("utf-16"),
    "utf-16 the other way round": b"\xfe\xff" + NORWEGIAN.encode("utf-16-be"),
    "windows-1252": NORWEGIAN.encode("cp1252"),
    "windows line ends": NORWEGIAN.replace("\n", "\r\n").encode("cp1252"),
    "no last line end": NORWEGIAN.rstrip().encode(),
    "tabs": NORWEGIAN.replace(";", "\t").encode(),
    "Excel's sep line": ("sep=;\r\n" + NORWEGIAN).encode("cp1252"),
    "a sep line with tabs": ("sep=\t\n" + NORWEGIAN.replace(";", "\t")).encode(),
    "blank lines": ("\n\n" + NORWEGIAN.replace("\n", "\n\n;;;\n   \n")).encode(),
    "a separator at the end of every line": NORWEGIAN.replace("\n", ";;\r\n").encode("cp1252"),
    "blanks around cells": NORWEGIAN.replace(";", " ; ").encode(),
    "capitals": (NORWEGIAN.split("\n")[0].upper() + "\n" + NORWEGIAN.split("\n")[1]).encode(),
    "quoted cells": '"' + NORWEGIAN.rstrip().replace(";", '";"').replace("\n", '"\n"') + '"',
    "decomposed letters": NORWEGIAN.replace("å", "a\u030a").encode(),
    "commas": ENGLISH.encode(),
    "commas after a blank line": ("\r\n" + ENGLISH).encode(),
    "commas with decimal comma": ENGLISH.replace("7.5", '"7,5"').replace("9.5", '"9,5"').encode(),
    "semicolons with decimal point": ENGLISH.replace(",", ";").encode(),
}


@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED)
def test_a_session_file_is_understood(bring_in, db, alna, content):
    bring_in("sessions", content)
    assert held(db, alna) == [("2022-03-01", FULL)]


@pytest.mark.parametrize(
    "district",
    ["030112", "30112", "Alna", "ALNA", "alna", "Bydel Alna", "bydel  alna"],
)
def test_a_district_is_understood_as_code_or_name(bring_in, db, alna, district):
    bring_in("sessions", f"bydel;brukerreferanse;dato;livskvalitet\n{district};A-1;2022-03-01;4\n")
    assert len(held(db, alna)) == 1


@pytest.mark.parametrize("name", ["Søndre Nordstrand", "St. Hanshaugen", "Gru\u0308nerløkka"])
def test_long_names_are_districts_too(bring_in, db, name):
    bring_in("service-users", f"bydel;brukerreferanse;oppfølging_fra\n{name};A-1;2022-01-01\n")
    assert db.execute("SELECT COUNT(*) FROM service_users").fetchone() == (1,)


@pytest.mark.parametrize(
    "content",
    [
        "district,reference,birth_year,enrolled_from,enrolled_to\n030112,A-1,1980,2022-01-01,2022-05-01\n",
        "bydel;brukerreferanse;fødselsår;oppfølging_fra;oppfølging_til\nAlna;A-1;1980;01.01.2022;01.05.2022\n",
    ],
)
def test_a_service_user_file_is_understood(bring_in, db, content):
    bring_in("service-users", content)
    assert db.execute("SELECT district_id, reference, birth_year FROM service_users").fetchall() == [(12, "A-1", 1980)]
    ((service_user_id,),) = db.execute("SELECT id FROM service_users").fetchall()
    (row,) = enrolments.of_service_user(db, service_user_id)
    assert (row["enrolled_from"], row["enrolled_to"]) == ("2022-01-01", "2022-05-01")


def test_reasons_and_blank_rows_of_answers_are_kept_apart(bring_in, db, alna):
    bring_in(
        "sessions",
        "bydel;brukerreferanse;dato;livskvalitet;ikke_spurt\n"
        "Alna;A-1;2022-03-01;;avslo\nAlna;A-1;2022-03-02;;not_able\nAlna;A-1;2022-03-03;;\n",
    )
    assert [answers.missing_reason for _, answers in held(db, alna)] == ["declined", "not_able", None]


def test_the_operator_stands_for_sessions_without_a_recorder(bring_in, db, alna, monkeypatch):
    monkeypatch.setenv("LOGNAME", "driftsvakt")
    bring_in("sessions", "bydel;brukerreferanse;dato;livskvalitet\nAlna;A-1;2022-03-01;4\n")
    assert sessions.of_service_user(db, alna)[0]["recorded_by"] == "driftsvakt"


def test_the_same_file_twice_adds_nothing(bring_in, db):
    people = "bydel;brukerreferanse;oppfølging_fra\nAlna;A-1;2022-01-01\nBjerke;A-1;2022-01-01\n"
    for kind, content, rows in (("service-users", people, 2), ("sessions", NORWEGIAN, 1)):
        first = bring_in(kind, content)
        tables = [db.execute(f"SELECT * FROM {t}").fetchall() for t in ("service_users", "enrolments", "sessions")]
        again = bring_in(kind, content)
        assert f"{rows} new" in first.output
        assert f"0 new, 0 ended, {rows} there already, 0 bad" in again.output
        assert tables == [
            db.execute(f"SELECT * FROM {t}").fetchall() for t in ("service_users", "enrolments", "sessions")
        ]


def test_a_file_goes_on_where_an_earlier_one_stopped(bring_in, db, alna):
    make_session(db, alna, date(2022, 2, 1))
    bring_in("sessions", NORWEGIAN)
    longer = bring_in("sessions", NORWEGIAN + "Alna;A-1;02.03.2022;cw1;5;;;;;;;;;\n")
    assert "1 new, 0 ended, 1 there already" in longer.output
    assert [day for day, _ in held(db, alna)] == ["2022-02-01", "2022-03-01", "2022-03-02"]


def test_a_file_ends_an_open_enrolment_and_keeps_what_it_was(bring_in, db, alna):
    result = bring_in("service-users", "bydel;brukerreferanse;oppfølging_fra;oppfølging_til\nAlna;A-1;2022-01-01;")
    assert "0 new, 0 ended, 1 there already" in result.output
    result = bring_in(
        "service-users", "bydel;brukerreferanse;oppfølging_fra;oppfølging_til\nAlna;A-1;2022-01-01;2022-05-01"
    )
    assert "0 new, 1 ended" in result.output
    assert enrolments.of_service_user(db, alna)[0]["enrolled_to"] == "2022-05-01"
    (before,) = enrolments.earlier_revisions(db, alna)
    assert (before["enrolled_to"], before["recorded_by"]) == (None, AMINA.name)


def test_a_dry_run_stores_nothing_and_says_what_it_would(bring_in, db, alna):
    before = [line for line in db.conn.iterdump() if 'INTO "audit"' not in line]
    result = bring_in("sessions", NORWEGIAN, "--dry-run")
    assert "1 new" in result.output
    assert "nothing stored" in result.output.lower()
    assert [line for line in db.conn.iterdump() if 'INTO "audit"' not in line] == before


def test_an_import_is_logged_without_what_was_in_it(bring_in, db, alna):
    bring_in("sessions", NORWEGIAN)
    ((role, detail),) = db.execute("SELECT role, detail FROM audit WHERE act = 'import'").fetchall()
    assert role == "operator"
    assert '"added": 1' in detail
    assert "sha256" in detail
    assert "A-1" not in detail


def test_whoever_brings_in_older_years_is_told_how_they_come_to_be_owed(cli, db, tmp_path):
    make_service_user(db, "O-1", enrolled_from=date(2019, 1, 1))
    file = tmp_path / "old.csv"
    for day, said in (("2022-03-01", False), ("2019-03-01", True)):
        file.write_text(f"bydel;brukerreferanse;dato;livskvalitet\nAlna;O-1;{day};5\n")
        result = cli.invoke(args=["import", "sessions", str(file)])
        assert result.exit_code == 0 and ("set-obligation --from 2019H1" in result.stderr) is said


def test_another_scale_is_kept_as_it_is_and_never_counted(bring_in, cli, db, alna):
    bring_in("sessions", "bydel;brukerreferanse;dato;livskvalitet_1_10\nAlna;A-1;2022-03-01;10\n")
    assert held(db, alna) == [("2022-03-01", Answers(life_satisfaction_1_10=10))]
    figures = cli.invoke(args=["aggregates", "--period", "2022H1", "--internal", "--format", "csv"]).stdout
    assert "030112,2022H1,measured_users,0" in figures
    assert "030112,2022H1,sessions_with_life_satisfaction,0" in figures
    gaps = cli.invoke(args=["gaps", "--period", "2022H1", "--format", "csv"]).stdout
    assert [line.split(",")[1] for line in gaps.splitlines() if ",other_scale,,2022-03-01," in line] == ["Alna"]
