"""Releases: made of closed periods only, protected together, frozen for ever."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from factories import AMINA, CARL, OPERATOR, VELFERD, make_service_user, make_session
from flask.testing import FlaskCliRunner
from released import record_year, release
from sqlite_utils import Database

from fitservice.actions import releasing
from fitservice.actions.releasing import make_release
from fitservice.actions.signing_off import take_step
from fitservice.clock import set_to, today
from fitservice.db import connect, migrations, transaction
from fitservice.model import Figure, Invalid, NotAllowed, NotFound, Stage
from fitservice.reporting import Step
from fitservice.reports.figures import pull_internal_figures
from fitservice.reports.releases import (
    attack_release,
    chosen_releases,
    periods_of,
    pull_released,
    releasable,
    see_releases,
    what_changed,
)
from fitservice.rules.disclosure.editions import CITY, COUNTS
from fitservice.rules.disclosure.showing import counts_of
from fitservice.rules.periods import half, half_of, year
from fitservice.store import counters, releases
from fitservice.store.rows import value

YEAR = [half(2022, 1), half(2022, 2), year(2022)]


@pytest.fixture
def recorded(db: Database) -> Database:
    """A database with a small city's year."""
    record_year(db)
    return db


def test_a_release_holds_the_districts_and_the_city_in_both_halves_and_the_year(recorded: Database) -> None:
    name = release(recorded)
    table = pull_released(recorded, YEAR, by=VELFERD)
    assert name == "2022-1" and [row["name"] for row in table.releases] == ["2022-1"]
    assert [row["code"] for row in table.districts][-1] == "city" and len(table.districts) == 16
    assert table.figures["city", "2022"]["active_users"].value == 75
    internal = pull_internal_figures(recorded, YEAR, by=OPERATOR)
    for (code, period), figures in table.figures.items():
        if code != "city":
            plain = internal.figures[code, period]
            for measure in ("active_users", "life_satisfaction_4", "sessions"):
                assert figures[measure].hidden or figures[measure].value == plain[measure].value
                assert figures[measure].hidden or plain[measure].value not in (1, 2, 3, 4)


def test_a_release_freezes_no_count_that_no_figure_rests_on(recorded: Database) -> None:
    release(recorded)
    frozen, _ = releases.editions(recorded, 2022)
    assert frozen
    for parts in frozen.values():
        for counts in parts.values():
            assert set(counts) == {*counters.NAMES, "active_users"} - {"feedback_users"}


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (half_of(today()).code, "period_open" if today().month < 7 else "release_whole_year"),
        (str(today().year), "period_open"),
        ("2022H2", "release_whole_year"),
    ],
)
def test_only_a_closed_year_or_first_half_is_released(recorded: Database, code: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        release(recorded, code)
    assert refused.value.problems[0].code == problem
    assert see_releases(recorded, by=VELFERD) == []


def test_a_release_is_told_as_it_was_however_much_is_recorded_later(recorded: Database) -> None:
    release(recorded)
    before = pull_released(recorded, YEAR, by=VELFERD).figures
    record_more(recorded, 30)
    assert pull_released(recorded, YEAR, by=VELFERD).figures == before


def record_more(db: Database, count: int, held_on: date = date(2022, 3, 1)) -> None:
    for number in range(count):
        make_session(db, make_service_user(db, f"M-{number}"), held_on, life_satisfaction=1 + number % 7)


@pytest.mark.parametrize(("count", "stands"), [(1, True), (4, True), (5, False), (12, False)])
def test_two_releases_around_a_few_new_service_users_show_the_same(
    recorded: Database, count: int, stands: bool
) -> None:
    release(recorded)
    record_more(recorded, count)
    second = release(recorded, stage=Stage.CORRECTED)
    changed = what_changed(recorded, second, by=VELFERD)
    assert (changed == []) is stands
    assert {one.area for one in changed} <= {"030112", "city"}
    first, now = (pull_released(recorded, YEAR, [name], by=VELFERD) for name in ("2022-1", second))
    assert (first.figures == now.figures) is stands


def test_the_attack_finds_nothing_in_two_releases_of_a_year_and_its_first_half(recorded: Database) -> None:
    release(recorded, "2022H1")
    release(recorded)
    record_more(recorded, 9)
    name = release(recorded)
    under_way = attack_release(recorded, name, exact=False, by=OPERATOR)
    found = list(under_way.ranges)
    assert 0 < len(found) <= under_way.most and under_way.width == 5
    assert {one.cell[0] for one in found} == {1, 2, 3}
    assert [one for one in found if not one.is_wider_than(5)] == []


def test_the_newest_release_of_each_period_is_told_and_any_by_name(recorded: Database) -> None:
    release(recorded, "2022H1")
    release(recorded)
    named = [row["name"] for row in chosen_releases(recorded, YEAR, [], by=VELFERD)]
    assert named == ["2022-2"] * 3
    assert periods_of(recorded, ["2022-1"], by=VELFERD) == YEAR[:1]
    assert [row["name"] for row in chosen_releases(recorded, YEAR[:1], ["2022-1"], by=VELFERD)] == ["2022-1"]
    for names, problem in ((["2022-1"], "not_in_release"), (["2022-9"], "no_such_release"), (["x"], "not_a_release")):
        with pytest.raises(Invalid) as refused:
            chosen_releases(recorded, [year(2022)], names, by=VELFERD)
        assert refused.value.problems[0].code == problem
    with pytest.raises(Invalid) as refused:
        chosen_releases(recorded, [year(2021)], [], by=VELFERD)
    assert refused.value.problems[0].code == "not_released"


def test_nothing_comes_after_a_final_release_and_no_stage_goes_back(recorded: Database) -> None:
    release(recorded, stage=Stage.CORRECTED)
    with pytest.raises(Invalid, match="release_stage"):
        release(recorded, stage=Stage.PROVISIONAL)
    release(recorded, stage=Stage.FINAL)
    with pytest.raises(Invalid, match="release_final"):
        release(recorded, stage=Stage.FINAL)
    assert [row["stage"] for row in see_releases(recorded, by=VELFERD)] == ["final", "corrected"]


def test_a_half_year_does_not_follow_its_year_and_is_not_offered_then(recorded: Database) -> None:
    """Or a third release of the year would know of no earlier one for what stands."""
    release(recorded, "2022H1")
    offered = releasable(recorded, date(2023, 1, 1), by=VELFERD)
    assert {period.code: stages for period, stages in offered.items()} == {"2022": list(Stage), "2022H1": list(Stage)}
    release(recorded)
    with pytest.raises(Invalid, match="release_after_year"):
        release(recorded, "2022H1")
    assert [period.code for period in releasable(recorded, date(2023, 1, 1), by=VELFERD)] == ["2022"]
    release(recorded, stage=Stage.CORRECTED)
    (stages,) = releasable(recorded, date(2023, 1, 1), by=VELFERD).values()
    assert stages == [Stage.CORRECTED, Stage.FINAL]
    release(recorded, stage=Stage.FINAL)
    assert releasable(recorded, date(2023, 1, 1), by=VELFERD) == {}


@pytest.mark.parametrize("code", ["1990", "2021", "2021H1"])
def test_nothing_is_released_from_before_the_first_session(recorded: Database, code: str) -> None:
    with pytest.raises(Invalid, match="nothing_to_release"):
        release(recorded, code)


def test_what_can_be_released_begins_with_the_first_session_and_ends_with_what_is_over(recorded: Database) -> None:
    codes = [period.code for period in releasable(recorded, date(2023, 12, 31), by=VELFERD)]
    assert codes == ["2023H1", "2022", "2022H1"]
    assert releasable(recorded, date(2022, 6, 30), by=VELFERD) == {}


@pytest.mark.parametrize(
    "table", ["releases", "frozen_counts", "release_sources", "release_rows", "released_sign_offs"]
)
def test_no_row_of_a_release_is_ever_changed_or_removed(recorded: Database, table: str) -> None:
    release(recorded)
    column = {"releases": "made_by", "released_sign_offs": "state"}.get(table, "part")
    for sql in (
        f"UPDATE {table} SET {column} = 'x'",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=r"frozen|stays"), transaction(recorded):
            recorded.execute(sql)


@pytest.mark.parametrize("by", [AMINA, CARL])
def test_only_the_agency_releases_and_only_the_operator_attacks(recorded: Database, by) -> None:
    with pytest.raises(NotAllowed):
        make_release(recorded, year(2022), Stage.PROVISIONAL, 5, by=by)
    release(recorded)
    for stranger in (by, VELFERD):
        with pytest.raises(NotAllowed):
            attack_release(recorded, "2022-1", exact=False, by=stranger)
    with pytest.raises(NotAllowed):
        pull_released(recorded, YEAR, by=by)


def test_an_unknown_release_is_not_found(recorded: Database) -> None:
    for report in (
        lambda: what_changed(recorded, "2022-1", by=VELFERD),
        lambda: attack_release(recorded, "2022-1", exact=False, by=OPERATOR),
    ):
        with pytest.raises(NotFound):
            report()


def test_of_two_who_release_at_once_the_second_is_told(recorded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one is faster while this one is still being worked out."""
    path = recorded.conn.execute("PRAGMA database_list").fetchone()[2]
    protect = releasing.protect

    def overtaken(*args, **kwargs):
        monkeypatch.setattr(releasing, "protect", protect)
        other = connect(path)
        release(other)
        other.close()
        return protect(*args, **kwargs)

    monkeypatch.setattr(releasing, "protect", overtaken)
    with pytest.raises(Invalid, match="released_meanwhile"):
        release(recorded)
    assert [row["name"] for row in see_releases(recorded, by=VELFERD)] == ["2022-1"]
    assert value(recorded, "SELECT COUNT(*) FROM audit WHERE act = 'make_release'") == 1


def test_a_release_takes_no_sign_off_that_is_undone_meanwhile(
    recorded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The team lead is faster while the release is still being worked out."""
    protect, day = releasing.protect, date(2022, 7, 10)

    def overtaken(*args, **kwargs):
        take_step(recorded, half(2022, 1), Step.UNDONE, None, 1, by=CARL)
        return protect(*args, **kwargs)

    with set_to(day):
        take_step(recorded, half(2022, 1), Step.SIGNED, "As it is.", 0, by=CARL)
        monkeypatch.setattr(releasing, "protect", overtaken)
        with pytest.raises(Invalid, match="signed_while_released"):
            release(recorded, "2022H1")
    assert see_releases(recorded, by=VELFERD) == []


def test_the_command_line_releases_lists_attacks_and_tells(cli: FlaskCliRunner, recorded: Database) -> None:
    made = cli.invoke(args=["release", "--period", "2022", "--stage", "provisional"])
    assert made.exit_code == 0 and "Release 2022-1 is made." in made.output
    heading, line = cli.invoke(args=["releases"]).stdout.splitlines()
    assert heading.split() == ["Release", "Stage", "Periods", "Made", "By"]
    assert line.startswith("2022-1   Provisional  2022H1, 2022H2, 2022  ")
    attacked = cli.invoke(args=["attack", "2022-1"])
    assert attacked.exit_code == 0, attacked.output
    assert "; 0 can be narrowed down" in attacked.stdout
    told = cli.invoke(args=["aggregates", "--period", "2022", "--release", "2022-1", "--format", "csv"])
    assert told.exit_code == 0 and "city,2022,active_users,75," in told.stdout
    refused = cli.invoke(args=["release", "--period", str(today().year)])
    assert refused.exit_code == 1 and "is not over yet" in refused.output
    assert cli.invoke(args=["attack", "2022-7"]).exit_code == 1


def test_the_attack_fails_where_only_small_counts_were_hidden(cli: FlaskCliRunner, recorded: Database) -> None:
    """A release as a naive service would make it: put into the tables past our own protection."""
    release(recorded)
    frozen, (protected,) = releases.editions(recorded, 2022)
    counts = counts_of(protected, frozen)
    bare = {
        place: {**figures, **{name: Figure(known.get(name, 0)) for name in COUNTS}}
        for place, figures in protected.figures.items()
        for known in [counts[place]]
    }
    for figures in bare.values():
        small = [name for name in COUNTS if 1 <= (figures[name].value or 0) < 5]
        figures.update(dict.fromkeys(small, Figure(None, hidden=True)))
    with transaction(recorded):
        number = releases.add(recorded, 2021, 1, Stage.PROVISIONAL, 5, "naive")
        releases.freeze(recorded, number, {place: known for place, known in counts.items() if place[0] != CITY})
        releases.publish(recorded, number, dict.fromkeys(protected.sources, number), bare)
    attacked = cli.invoke(args=["attack", "2021-1"])
    assert attacked.exit_code == 1, attacked.output
    assert "life_satisfaction_" in attacked.stdout


def test_an_attack_that_cannot_be_carried_out_says_nothing_of_the_release(
    cli: FlaskCliRunner, recorded: Database
) -> None:
    """Means that nobody's answers have: no table agrees."""
    release(recorded)
    frozen, (protected,) = releases.editions(recorded, 2022)
    counts = counts_of(protected, frozen)
    wrong = {place: {**figures, "life_satisfaction_mean": Figure(1.0)} for place, figures in protected.figures.items()}
    with transaction(recorded):
        number = releases.add(recorded, 2021, 1, Stage.PROVISIONAL, 5, "wrong")
        releases.freeze(recorded, number, {place: known for place, known in counts.items() if place[0] != CITY})
        releases.publish(recorded, number, dict.fromkeys(protected.sources, number), wrong)
    attacked = cli.invoke(args=["attack", "2021-1"])
    assert attacked.exit_code == 2, attacked.output
    assert "could not be carried out" in attacked.output and "Traceback" not in attacked.output


def test_figures_released_before_they_shared_a_row_are_still_told(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    db = connect(path)
    migrations().apply(db, stop_before="0010_release_rows")
    db.execute("INSERT INTO releases VALUES (1, 2022, 1, 'final', 5, '2023-06-15T10:00:00+00:00', 'velferd')")
    kept = {"sessions": (61.0, 0), "coverage": (None, 1), "life_satisfaction_mean": (None, 0)}
    for measure, (number, hidden) in kept.items():
        db.execute("INSERT INTO release_figures VALUES (1, 'city', 'H1', ?, ?, ?)", (measure, number, hidden))
    migrations().apply(db)
    assert releases.figures_of(db, [1])[1]["city", "H1"] == {
        measure: Figure(number, bool(hidden)) for measure, (number, hidden) in kept.items()
    }
    db.close()
