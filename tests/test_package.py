"""A wheel built from this checkout carries everything, and works when installed elsewhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TRY = """
import fitservice
from fitservice import create_app
from fitservice.db import migrate
app = create_app(instance_path={instance!r})
assert {target!r} in fitservice.__file__, fitservice.__file__
migrate(app.config["DATABASE"])
client = app.test_client()
assert "Logg inn" in client.get("/sign-in").text
assert client.get("/static/fitservice.css").status_code == 200
assert client.get("/api/v1/docs").status_code == 200
assert client.get("/bootstrap/static/css/bootstrap.min.css").status_code == 200
print("works")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git tracks or would track."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        target = folder / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            target.write_bytes((ROOT / name).read_bytes())
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), "./source"]
    subprocess.run([sys.executable, "-m", "pip", *build], cwd=folder, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_kind_of_file(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder, kind in (
        *(("templates", "html"), ("migrations", "sql"), ("static", "*"), ("instruments", "toml")),
        ("translations", "toml"),
    ):
        here = ROOT / folder if (ROOT / folder).is_dir() else ROOT / "fitservice" / folder
        files = [path for path in here.rglob(f"*.{kind}") if path.suffix != ".py" and path.is_file()]
        assert files
        for path in files:
            assert f"fitservice/{folder}/{path.relative_to(here)}" in names
    assert "fitservice/translations/nb/LC_MESSAGES/messages.mo" in names
    assert not [name for name in names if name.startswith(("tests/", "instance/"))]


def test_the_wheel_works_when_installed_elsewhere(wheel: Path, tmp_path: Path) -> None:
    target, instance = str(tmp_path / "installed"), str(tmp_path / "instance")
    install = ["install", "--quiet", "--no-deps", "--target", target, str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, capture_output=True)
    result = subprocess.run(
        [sys.executable, "-c", TRY.format(instance=instance, target=target)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": target},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.strip() == "works", result.stderr
