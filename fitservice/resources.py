"""Where the folders that are data lie: inside the installed package, or beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def resource_folder(name: str) -> Path:
    """The folder of that name ('templates', 'migrations')."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name
