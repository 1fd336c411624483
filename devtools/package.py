"""The wheel: one file that carries the product, its web app and the virtual chargers."""

import shutil
import subprocess
import zipfile
from pathlib import Path

from devtools.environment import SetupError, child_environment, say, uv_settings, venv_bin

BUILD_TIMEOUT_S = 300
_MUST_HOLD = ("csms/web/index.html", "csms/cli/main.py", "csms_simulator/cli.py")


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of this checkout into `folder`; the web app must be built. Raises SetupError."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [str(venv_bin(root) / "uv"), "build", "--wheel", "--quiet", "--out-dir", str(folder)]
    environment = child_environment(root) | uv_settings(root)
    result = subprocess.run(
        command, cwd=root, env=environment, check=False, timeout=BUILD_TIMEOUT_S
    )
    wheels = sorted(folder.glob("csms-*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        raise SetupError(
            "the wheel could not be built; uv's words are above",
            "the package index must be reachable for the build's own needs (hatchling)",
        )
    _check(wheels[0])
    return wheels[0]


def tell(wheel: Path) -> None:
    """Say what was built and how it is used."""
    size = wheel.stat().st_size / 1_000_000
    say(f"{wheel} ({size:.1f} MB)\n  -> pip install {wheel.name} && csms serve")


def _check(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    missing = [name for name in _MUST_HOLD if name not in names]
    if missing:
        raise SetupError(f"the wheel lacks {', '.join(missing)}", "build the web app first")
