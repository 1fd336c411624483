"""backend/requirements.txt: the locked packages for those who install with pip alone."""

import subprocess
from pathlib import Path

from devtools.environment import SetupError, child_environment, uv_settings, venv_bin

TARGET = "backend/requirements.txt"
_HEADER = "# What uv.lock names, for pip. Written by: python3 run.py requirements\n"
_EXPORT = (
    "export",
    "--frozen",
    "--no-cache",
    "--no-dev",
    "--no-emit-project",
    "--no-header",
    "--no-annotate",
    "--format=requirements.txt",
)


def exported(root: Path) -> str:
    """Return the text that uv.lock gives. Raises SetupError when uv cannot tell."""
    environment = child_environment(root) | uv_settings(root)
    result = subprocess.run(
        [str(venv_bin(root) / "uv"), *_EXPORT],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise SetupError(f"uv export failed: {result.stderr.strip()}", "mend uv.lock: uv lock")
    return _HEADER + result.stdout


def check(root: Path) -> None:
    """Raise SetupError when the file is not what uv.lock gives."""
    target = root / TARGET
    if not target.exists() or target.read_text() != exported(root):
        raise SetupError(f"{TARGET} is not what uv.lock gives", "python3 run.py requirements")


def write(root: Path) -> None:
    """Write the file anew from uv.lock."""
    (root / TARGET).write_text(exported(root))
