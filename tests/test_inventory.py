"""docs/INVENTORY.md is what the code is; and what must not be in the code is not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import PASSWORD
from sqlite_utils import Database

from fitservice import credentials, identity_provider, mail
from fitservice.commands import patience
from fitservice.rules import answers, lock_out, notes, passwords
from fitservice.settings import DEFAULTS
from fitservice.web import headers, queries

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "fitservice"
INVENTORY = (ROOT / "docs" / "INVENTORY.md").read_text(encoding="utf-8")
MODULES = {path.relative_to(HOUSE).as_posix(): ast.parse(path.read_text("utf-8")) for path in HOUSE.rglob("*.py")}

CRYPTOGRAPHY = {"hashlib", "hmac", "secrets", "ssl", "cryptography", "pyrage", "pyotp", "authlib", "itsdangerous"}
CALLING = {"socket", "smtplib", "requests", "authlib", "urllib.request", "http.client", "ftplib", "asyncio", "httpx"}
RUNNING = {"subprocess", "pickle", "marshal", "shelve", "xml", "lxml", "yaml", "multiprocessing", "ctypes", "code"}
CALLED = {"eval", "exec", "compile", "__import__", "render_template_string", "Markup", "system", "popen", "breakpoint"}
"""What runs, unpacks or believes a text. re.compile is looked at apart."""


def imported(tree: ast.Module) -> set[str]:
    """Every module that is imported, with the packages that it lies in."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {".".join(name.split(".")[: end + 1]) for name in names for end in range(name.count(".") + 1)}


def using(modules: set[str]) -> set[str]:
    """The files of ours that import one of these."""
    return {name for name, tree in MODULES.items() if imported(tree) & modules}


def section(title: str) -> str:
    """One part of the inventory."""
    return INVENTORY.split(f"\n## {title}")[1].split("\n## ")[0]


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in the house: file, name of what is called, the call."""
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                yield name, called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""), node


def test_every_module_with_cryptography_is_listed() -> None:
    listed = set(re.findall(r"`([a-z_/]+\.py)`", section("Keys")))
    assert using(CRYPTOGRAPHY) == listed - {"config.py"}


def test_every_module_that_calls_out_or_listens_is_listed() -> None:
    listed = set(re.findall(r"`([a-z_/]+\.py)`", section("Connections")))
    assert using(CALLING) | {"commands/server.py"} == listed


def test_every_table_has_its_level(db: Database) -> None:
    listed = re.findall(r"`([a-z_]+)`", "".join(re.findall(r"(?m)^\| \d, .*$", section("Data"))))
    assert set(db.table_names()) - {"_sqlite_migrations", "sqlite_sequence"} == set(listed) - {"keys"}
    assert len(listed) == len(set(listed))


def test_nothing_runs_unpacks_or_believes_a_text() -> None:
    assert using(RUNNING) == set()
    wrong = [(file, name, node.lineno) for file, name, node in calls() if name in CALLED and not _is_regular(node)]
    assert wrong == []


def _is_regular(node: ast.Call) -> bool:
    called = node.func
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re"


def test_no_pattern_is_made_of_what_was_typed() -> None:
    """Each regular expression is a text of ours; two hold a piece that is a constant too."""
    patterns = [(file, node.args[0]) for file, name, node in calls() if _is_regular(node) and name != "escape"]
    assert len(patterns) > 20
    odd = {file for file, pattern in patterns if not isinstance(pattern, ast.Constant)}
    assert odd <= {"rules/identity.py"}, odd


def test_chance_that_can_be_guessed_is_for_the_demo_and_for_sums_alone() -> None:
    assert using({"random", "numpy.random"}) == {"rules/demo_city.py", "rules/disclosure/widening.py"}


def test_a_field_is_read_from_where_it_belongs() -> None:
    """request.values would take a form's field from the address, too."""
    values = [
        (file, node.lineno)
        for file, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "values"
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
    ]
    assert values == []


def test_nothing_is_logged_but_where_the_inventory_says() -> None:
    handlers = {
        (file, node.attr)
        for file, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.endswith("Handler")
    }
    assert {file for file, _ in handlers} == {"logs.py"}


def test_scripts_write_text_keep_nothing_and_call_nobody() -> None:
    written = "\n".join(path.read_text("utf-8") for path in (HOUSE / "static").glob("*.js"))
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|[lL]ocalStorage|"
    forbidden += r"sessionStorage|indexedDB|document\.cookie|fetch\(|XMLHttpRequest|WebSocket|import\(|paste|__proto__"
    assert len(written) > 1000 and re.findall(forbidden, written) == []


def test_templates_are_files_that_escape() -> None:
    written = [(path.name, path.read_text("utf-8")) for path in (ROOT / "templates").rglob("*.html")]
    assert [name for name, text in written if re.search(r"\|\s*safe\b|autoescape\s+false", text)] == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Keys", "scrypt N=2¹⁵ r=8 p=3"),
        ("Connections", f"{identity_provider.PATIENCE[0]} s to connect, {identity_provider.PATIENCE[1]} s for each"),
        ("Connections", f"left alone for {identity_provider.LEFT_ALONE} s"),
        ("Connections", f"{mail.PATIENCE} s for each answer"),
        ("Logs", f"`AUDIT_YEARS` ({DEFAULTS['AUDIT_YEARS']})"),
        ("Ways in", f"from {passwords.SHORTEST} characters"),
        (
            "Ways in",
            f"after {DEFAULTS['IDLE_MINUTES']} minutes without use and after {DEFAULTS['SIGN_IN_HOURS']} hours",
        ),
        ("Ways in", f"{', '.join(word for word in passwords.OWN_WORDS)}."),
        ("What is checked", f"1 to {answers.REFERENCE_LENGTH} signs"),
        ("What is checked", f"{notes.REASON_LENGTH} characters"),
        ("What is checked", f"{queries.LONGEST_QUERY:,} characters, {queries.MOST_PARAMETERS} parameters"),
        ("What is checked", f"{int(str(DEFAULTS['MAX_CONTENT_LENGTH'])) // 1024} KiB, {headers.MOST_FIELDS} fields"),
        (
            "What is checked",
            f"{lock_out.TRIES} in 15 minutes or {lock_out.A_DAY} in a day of an account, "
            f"{lock_out.TRIES_OF_ADDRESS} in 15 minutes of an address",
        ),
        ("What is checked", f"{DEFAULTS['API_REQUESTS_A_MINUTE']} requests a minute"),
        ("What is checked", f"{patience.SECONDS} s to come in whole"),
    ],
)
def test_the_numbers_are_those_of_the_code(place: str, said: str) -> None:
    assert said in " ".join(section(place).split())


def test_the_words_that_are_named_are_refused() -> None:
    for word in passwords.OWN_WORDS:
        with pytest.raises(credentials.Invalid):
            passwords.parse_password(f"{word}{word}2026"[:20].ljust(12, "1"))
    assert passwords.parse_password(PASSWORD) == PASSWORD
