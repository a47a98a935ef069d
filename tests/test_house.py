"""The house stands as it is described: imports point down, SQL lives in store, files are small, all is said."""

import ast
import re
from pathlib import Path

import pytest

from fitservice import complaints

HOUSE = Path(__file__).parent.parent / "fitservice"
FILES = {path.relative_to(HOUSE.parent).as_posix(): path for path in sorted(HOUSE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}

LAYERS = [
    {"fitservice"},
    {"web", "commands"},
    {"reports.half_year"},
    {"reports.documents", "reports.downloads", "reports.pictures", "reports.sheet"},
    {"actions", "reports"},
    {"forms", "reporting_forms", "session_forms", "staff_forms", "look_up_forms", "right_forms", "review_forms"}
    | {"installed"},
    {"fields"},
    {"wording", "complaints", "languages", "spoken"},
    {"acting", "cases", "trying", "examining", "reach", "holders"},
    {"store", "formats", "charts"},
    {"db", "access", "credentials", "mail", "identity_provider", "copying"},
    {"rules"},
    {"instruments"},
    {"keys", "backup_keys"},
    {"settings", "resources", "clock", "logs", "turns", "metrics"},
    {"city_roles"},
    {"model", "reporting", "addresses", "private"},
]
LEVEL = {name: level for level, names in enumerate(reversed(LAYERS)) for name in names}

# Which modules of a package its other modules may import; in commands and web only the package itself puts
# them together, and in rules what is below is found by the test on cycles.
SHARED = {
    "store": {
        "store.rows",
        "store.audit",
        "store.counters",
        "store.sessions",
        "store.enrolments",
        "store.names",
        "store.sealing",
        "store.participations",
        "store.sight",
    },
    "commands": {"commands.console", "commands.server", "commands.backups", "commands.patience"},
    # the demo city does what its people would do
    "actions": {
        "actions.recording",
        "actions.reminding",
        "actions.signing_off",
        "actions.counting",
        "actions.giving_access",
        "actions.blocking",
    },
    "reports": {
        "reports.figures",
        "reports.releases",
        "reports.cases",
        "reports.documents",
        "reports.gaps",
        "reports.published_gaps",
        "reports.pictures",
        "reports.participation",
    },
    "formats": {"formats.paper", "formats.tagging"},
    "instruments": {"instruments.instrument", "instruments.clinical"},
}
# commands makes the application when it is the one that was started
LOOP = ("commands", "fitservice")


def module_of(name: str) -> str:
    """'store.rows' for fitservice/store/rows.py, 'store' for its __init__, 'fitservice' for the package's own."""
    parts = name.removesuffix(".py").removesuffix("/__init__").split("/")[1:]
    return ".".join(parts) or "fitservice"


MODULES = {module_of(name): tree for name, tree in TREES.items()}


def imports_of(module: str) -> set[str]:
    """The modules of the house that a module imports."""
    found = set()
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            if (node.module or "").split(".")[0] == "fitservice":
                base = node.module.removeprefix("fitservice").lstrip(".")
                names = [".".join(filter(None, (base, alias.name))) for alias in node.names]
                found |= {name if name in MODULES else base or "fitservice" for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name[11:] or "fitservice" for alias in node.names if alias.name.startswith("fitservice")}
    return found


def level(module: str) -> int:
    """How high a module stands."""
    return LEVEL[module] if module in LEVEL else LEVEL[module.split(".")[0]]


EDGES = sorted((module, other) for module in MODULES for other in imports_of(module) if (module, other) != LOOP)


def test_the_reader_of_imports_reads_them():
    assert ("acting", "store.audit") in EDGES
    assert ("commands", "commands.files") in EDGES
    assert ("fitservice", "settings") in EDGES


def test_every_module_has_its_place():
    assert {module for module in MODULES if module not in LEVEL and module.split(".")[0] not in LEVEL} == set()


def test_imports_point_down_and_never_sideways():
    sideways = [
        f"{module} → {other}"
        for module, other in EDGES
        if level(other) >= level(module) and module.split(".")[0] != other.split(".")[0]
    ]
    assert sideways == []


def test_inside_a_package_only_what_is_shared_is_imported():
    sideways = [
        f"{module} → {other}"
        for module, other in EDGES
        if (package := module.split(".")[0]) == other.split(".")[0]
        and module != package
        and level(other) >= level(module)
        and other not in SHARED.get(package, {other})
    ]
    assert sideways == []


def reachable(module: str) -> set[str]:
    """Every module that this one reaches inside its own package."""
    package, seen, waiting = module.split(".")[0], set(), [module]
    while waiting:
        for other in imports_of(waiting.pop()):
            if other.split(".")[0] == package and other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def test_no_module_imports_itself_the_long_way_round():
    assert [module for module in MODULES if module != "fitservice" and module in reachable(module)] == []


def test_the_web_never_reaches_the_store():
    assert [edge for edge in EDGES if edge[0].split(".")[0] == "web" and edge[1].split(".")[0] == "store"] == []


PURE = ("rules", "formats", "model", "reporting", "addresses", "access", "instruments")


@pytest.mark.parametrize("package", PURE)
def test_what_is_pure_knows_neither_flask_nor_a_database_nor_the_clock(package):
    foreign = {
        f"{module}: {name}"
        for module, tree in MODULES.items()
        if module.split(".")[0] == package
        for node in ast.walk(tree)
        for name in _names(node)
        if name.split(".")[0] in {"flask", "flask_babel", "sqlite3", "sqlite_utils", "os"}
        or name in {"today", "now", "utcnow"}
    }
    assert foreign == set()


def _names(node: ast.AST) -> list[str]:
    """What a node imports, or the attribute that it calls."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return [node.func.attr]
    return []


SQL = re.compile(r"\b(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)", re.DOTALL)


def _text(node: ast.AST) -> str:
    """The text of a string; a placeholder of an f-string is a word."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_sql_is_written_in_the_store_only():
    elsewhere = {module for module, tree in MODULES.items() for node in ast.walk(tree) if SQL.search(_text(node))}
    assert {module.split(".")[0] for module in elsewhere} == {"store"}


COUNTED = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+(sessions|enrolments)\b")


def _writes_uncounted(node: ast.AST, *, kept: bool = False) -> bool:
    """Whether a session or an enrolment is written outside 'with kept(…)'."""
    if isinstance(node, ast.With):
        kept = kept or any(ast.unparse(item.context_expr).startswith("kept(") for item in node.items)
    elif COUNTED.search(_text(node)):
        return not kept
    return any(_writes_uncounted(child, kept=kept) for child in ast.iter_child_nodes(node))


def test_whatever_writes_a_session_or_an_enrolment_keeps_the_counters():
    assert _writes_uncounted(ast.parse("db.execute('UPDATE sessions SET withdrawn = 1')"))
    assert [name for name, tree in TREES.items() if _writes_uncounted(tree)] == []


def test_names_and_references_are_sorted_in_norwegian():
    unsorted = re.compile(r"ORDER BY [^\n]*\b(name|username|reference)\b(?! COLLATE norwegian)")
    texts = [_text(node) for tree in TREES.values() for node in ast.walk(tree)]
    assert any("COLLATE norwegian" in text for text in texts)
    assert [text for text in texts if unsorted.search(text)] == []


def test_every_problem_has_its_words():
    raised = {
        call.args[0].value
        for tree in TREES.values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Problem" and isinstance(call.args[0], ast.Constant)
    }
    assert {"required", "until_has_passed"} <= raised
    assert raised - set(complaints._TEXTS) == set()


def test_no_file_is_long():
    long = {name: lines for name, path in FILES.items() if (lines := len(path.read_text().splitlines())) > 260}
    assert long == {}


def _defined(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Every function and class of a file, methods and inner functions too."""
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def _public(tree: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes that others see, and the methods of those classes."""
    own = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
    return own + [inner for node in own if isinstance(node, ast.ClassDef) for inner in _public(node)]


def test_everything_public_says_what_it_is():
    silent = [name for name, tree in TREES.items() if not ast.get_docstring(tree)]
    silent += [
        f"{name}: {node.name}" for name, tree in TREES.items() for node in _public(tree) if not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_function_says_what_it_takes_and_gives():
    untyped = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in TREES.items()
        for node in _defined(tree)
        if not isinstance(node, ast.ClassDef)
        and (
            node.returns is None
            or any(
                argument.annotation is None and argument.arg not in ("self", "cls")
                for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            )
        )
    ]
    assert untyped == []
