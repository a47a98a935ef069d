"""Every command asks the table of permissions, and every action and report does so itself, whoever calls it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from factories import OPERATOR
from flask import Flask
from flask.testing import FlaskCliRunner
from pyrage.x25519 import Identity
from sqlite_utils import Database
from test_house import MODULES

from fitservice.access import PERMISSIONS
from fitservice.actions.tokens import issue_token
from fitservice.commands import COMMANDS
from fitservice.model import NotAllowed, Role

FILES = {
    "service-users": "district,reference,enrolled_from\nAlna,AL-9,2022-01-01\n",
    "sessions": "district,reference,held_on,life_satisfaction\nAlna,AL-1,2022-04-01,4\n",
}
ARGUMENTS = {
    "demo": (),
    "add-staff": ("kari", "--name", "Kari", "--role", "administrator"),
    "staff review": (),
    "issue-token": ("other",),
    "revoke-token": ("board",),
    "tokens": (),
    "import service-users": ("service-users.csv",),
    "import sessions": ("sessions.csv",),
    "fit-expected-course": (),
    "gaps": ("--period", "2022"),
    "aggregates": ("--period", "2022H1", "--format", "csv"),
    "aggregates --internal": ("--period", "2022H1", "--format", "csv"),
    "register": (),
    "set-obligation": ("--from", "2030H1", "--reason", "a trial"),
    "set-dates": ("2030H1", "--deadline", "2030-08-15", "--reason", "a trial"),
    "set-threshold": ("coverage", "70", "--from", "2030H1", "--reason", "a trial"),
    "release": ("--period", "2022"),
    "releases": (),
    "attack": ("2022-1",),
    "report": ("--period", "2022H1", "--output", "report.pdf"),
    "remind": (),
    "recount": (),
    "recount --check": (),
    "audit verify": (),
    "audit head": (),
    "audit trim": (),
    "audit trim --remove": (),
    "keys add": (),
    "keys reseal": (),
    "back-test": (),
    "backup": (),
    "restore": ("sessions.csv", "--to", "elsewhere", "--key", "identity"),
}
WITHOUT_ACT = {
    # brings the database up to date, and tells nothing of what it holds
    "migrate",
    "serve",
    # looks at files, keys and settings, also of a database that nobody can read any more
    "doctor",
}


def every(commands: tuple[click.Command, ...], before: str = "") -> Iterator[str]:
    """The names of all commands, those inside a group with the group's."""
    for one in commands:
        if isinstance(one, click.Group):
            yield from every(tuple(one.commands.values()), f"{before}{one.name} ")
        else:
            yield f"{before}{one.name}"


def test_every_command_is_tried_here() -> None:
    assert {name.partition(" --")[0] for name in ARGUMENTS} | WITHOUT_ACT == set(every(COMMANDS))


@pytest.fixture
def without_permission(published: Flask, published_db: Database, monkeypatch: pytest.MonkeyPatch) -> FlaskCliRunner:
    """Commands run by somebody who may do nothing."""
    folder = Path(published.instance_path)
    monkeypatch.chdir(folder)
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    issue_token(published_db, "board", by=OPERATOR)
    (folder / "elsewhere").mkdir()
    (folder / "identity").write_text(str(Identity.generate()))
    (folder / "identity").chmod(0o600)
    for act, roles in PERMISSIONS.items():
        monkeypatch.setitem(PERMISSIONS, act, roles - {Role.OPERATOR})
    return published.test_cli_runner()


def test_no_command_does_or_tells_anything_without_permission(
    published: Flask, published_db: Database, without_permission: FlaskCliRunner
) -> None:
    wrong, before = {}, list(published_db.conn.iterdump())
    files = set(Path(published.instance_path).rglob("*"))
    for name, arguments in ARGUMENTS.items():
        result = without_permission.invoke(args=[*name.split(), *arguments])
        if not isinstance(result.exception, NotAllowed) or "AL-1" in result.output:
            wrong[name] = result.output or repr(result.exception)
    assert wrong == {}
    assert list(published_db.conn.iterdump()) == before
    # a backup's empty folder and its keys are made ready before anything is asked
    made = {path.name for path in set(Path(published.instance_path).rglob("*")) - files}
    assert made <= {"backups", "backup_key", "backup_recipient"}


ASKS = {"fitservice.access.check", "fitservice.acting.acting", "fitservice.acting.telling"}
ASKS_NOTHING = {
    # the way in: a right password, link, token or claim is the permission, and who has none is kept
    *("actions.signing_in.sign_in", "actions.signing_in.start_sign_in", "actions.signing_in.who"),
    *("actions.signing_in.asks_for_codes", "actions.signing_in.log_refusal", "actions.signing_in.log_stranger"),
    "actions.signing_in.is_password_enough",
    *("actions.staffing.first_link", "actions.staffing.use_link", "reports.staff.link_account"),
    *("actions.tokens.api_token", "actions.tokens.count_request"),
    *("actions.coming_from_the_city.account_from_city", "actions.coming_from_the_city.refuse_from_city"),
    # one's own account, by the id of whoever is signed in
    *("actions.signing_in.own_sign_ins", "actions.signing_in.sign_out", "actions.signing_in.end_own_sign_in"),
    *("actions.signing_in.sign_out_everywhere", "actions.staffing.change_password", "actions.staffing.set_pin"),
    *("actions.staffing.has_pin", "actions.second_step.begin_second_step", "actions.second_step.confirm_second_step"),
    *("actions.second_step.own_second_step", "actions.second_step.pending_secret"),
    *("actions.second_step.renew_recovery_codes", "actions.second_step.turn_off_second_step"),
    # parts of an act, for the action or the report that has asked
    *("actions.recording.enrolment_on", "actions.recording.refuse_withdrawn", "actions.recording.revise"),
    *("reports.gaps.statuses_of", "reports.releases.newest_figures"),
    # of the database as a whole, or what everybody may know
    *("actions.counting.is_ready", "actions.counting.refuse_later_version"),
    *("reports.health.is_demo", "reports.health.is_ready_to_serve"),
    *("reports.staff.demo_sign_ins", "reports.staff.holds_demo", "reports.staff.untouched"),
    *("reports.staff.without_file", "reports.staff.district_choices", "reports.inbox.district_names"),
}


def functions() -> dict[str, tuple[ast.FunctionDef, set[str]]]:
    """Every function of actions and reports by its full name, and the full names of what it calls."""
    found = {}
    for module, tree in MODULES.items():
        if module.split(".")[0] not in ("actions", "reports"):
            continue
        here = f"fitservice.{module}"
        names = {node.name: f"{here}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                called = [ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)]
                found[names[node.name]] = node, {names.get(name, name) for name in called}
    return found


def test_every_action_and_report_asks_itself_whoever_calls_it() -> None:
    every, asking = functions(), set(ASKS)
    while more := {name for name, (_, called) in every.items() if called & asking} - asking:
        asking |= more
    silent = {
        name.removeprefix("fitservice.")
        for name, (node, _) in every.items()
        if name not in asking
        and not node.name.startswith("_")
        and "db" in [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
    }
    assert silent == ASKS_NOTHING
