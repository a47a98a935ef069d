"""python -m tests.auditing: is anything that is installed known to be vulnerable? Asked through pip-audit, strictly.

Exit code 0 if nothing is known, or if nobody could be asked, which is said so that it cannot be overlooked; 1 if
something is known or could not be looked up. PIP_AUDIT_VULNERABILITY_SERVICE and PIP_AUDIT_OSV_URL say who is asked.
"""

import json
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory

OURS = "fitservice"
"""Not in any index: it is what all this is about."""
FIRST = "flask"
"""Whoever knows anything knows this."""
SILENT = ("ConnectionError", "Timeout", "ServiceError", "JSONDecodeError", "Tip: your network may be blocking")
"""What pip-audit ends with where nobody answers, or not as such a service does."""
A_TRY, ALL = 60, 600
"""Seconds at most: for one package, and for all."""


def main() -> int:
    """Ask about one package first, then about all; the exit code."""
    lines = sorted({f"{one.name}=={one.version}" for one in distributions() if one.name.lower() != OURS})
    with TemporaryDirectory() as folder:
        where = Path(folder)
        (where / "all.txt").write_text("\n".join(lines))
        (where / "first.txt").write_text(next(line for line in lines if line.lower().startswith(f"{FIRST}==")))
        if why := _nobody_there(where):
            print(_LOUD.format(why=why), file=sys.stderr)
            return 0
        return _audit(where, "all.txt", "--strict", timeout=ALL).returncode


_LOUD = """
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
!!  NOT AUDITED: no list of known vulnerabilities could be reached from here.
!!  Whether what is installed is vulnerable is NOT KNOWN. Run it where the list is.
!!  ({why})
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
"""


def _nobody_there(where: Path) -> str:
    """Why nobody can be asked, '' if somebody can; whatever else is wrong is left to the audit itself to say."""
    try:
        tried = _audit(where, "first.txt", "--format", "json", timeout=A_TRY)
    except subprocess.TimeoutExpired:
        return f"no answer in {A_TRY} s"
    if tried.stdout.strip():
        (known,) = json.loads(tried.stdout)["dependencies"]
        return str(known.get("skip_reason", ""))
    last = tried.stderr.strip().splitlines()[-1:]
    return last[0][:200] if any(word in tried.stderr for word in SILENT) else ""


def _audit(where: Path, name: str, *options: str, timeout: int) -> subprocess.CompletedProcess[str]:
    """pip-audit on a list of what is installed; of all, it speaks for itself."""
    asked = [sys.executable, "-m", "pip_audit", "-r", str(where / name), "--no-deps", "--disable-pip", *options]
    asked += ["--progress-spinner", "off", "--timeout", "10", "--cache-dir", str(where / "cache")]
    is_try = name == "first.txt"
    return subprocess.run(asked, capture_output=is_try, text=True, check=False, timeout=timeout)


if __name__ == "__main__":
    sys.exit(main())
