"""The set-up: .venv at the root of the repository, exactly as uv.lock says."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

UV_VERSION = "0.13.9"
USUAL_PLACES = (
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/opt/homebrew/bin",
    "/snap/bin",
)

_FINGERPRINTED = ("uv.lock", "pyproject.toml", "benchmarks/pyproject.toml")
_STAMP = "set-up.stamp"
_CERTIFICATE_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class SetupError(Exception):
    """The set-up cannot go on: what is missing, and the remedy in words to act on."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem}\n  -> {remedy}")


def say(text: str) -> None:
    """Tell the person at the terminal, before the next program writes there."""
    print(text, flush=True)


def venv_bin(root: Path) -> Path:
    """Return the folder of the programs that the set-up installs."""
    return root / ".venv" / "bin"


def child_environment(root: Path, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment for programs we start: `given`, completed where it is cut down.

    .venv comes first on PATH, the usual places last; HOME is the account's when it is not set;
    nothing of another Python environment leaks in.
    """
    environment = dict(given)
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT"):
        environment.pop(name, None)
    path = [part for part in environment.get("PATH", "").split(os.pathsep) if part]
    environment["PATH"] = os.pathsep.join(
        dict.fromkeys([str(venv_bin(root)), *path, *USUAL_PLACES])
    )
    if not environment.get("HOME"):
        environment["HOME"] = _account_home()
    return environment


def set_up(root: Path) -> None:
    """Bring .venv up to date with uv.lock; does nothing when it already is.

    Raises SetupError.
    """
    with _one_at_a_time(root):
        stamp = root / ".venv" / _STAMP
        wanted = fingerprint(root)
        if is_current(root):
            return
        stamp.unlink(missing_ok=True)
        _ensure_venv(root)
        _ensure_uv(root)
        _sync(root)
        stamp.write_text(wanted)
        say("set-up: done; the command `csms` is in .venv/bin")


def is_current(root: Path) -> bool:
    """Whether .venv was set up from these very files by this Python, and still works."""
    try:
        stamp = (root / ".venv" / _STAMP).read_text()
    except OSError:
        return False
    return stamp == fingerprint(root) and _runs(venv_bin(root) / "python", "-c", "import csms")


def fingerprint(root: Path) -> str:
    """Return a digest of everything that decides what .venv holds."""
    digest = hashlib.sha256()
    for name in _FINGERPRINTED:
        digest.update((root / name).read_bytes())
    for fact in (UV_VERSION, platform.python_version(), _real_python(), str(root)):
        digest.update(f"\0{fact}".encode())
    return digest.hexdigest()


def missing_for_venv() -> list[str]:
    """Return the standard modules that a virtual environment needs and this Python lacks."""
    return [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]


def _ensure_venv(root: Path) -> None:
    venv, python = root / ".venv", venv_bin(root) / "python"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    same_version = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if _runs(python, "-c", same_version) and _runs(python, "-m", "pip", "--version"):
        return
    missing = missing_for_venv()
    if missing:
        raise SetupError(
            f"this Python ({sys.executable}) cannot make virtual environments: "
            f"it lacks {' and '.join(missing)}",
            f"on Debian or Ubuntu: apt install python3-venv (or python{version}-venv)",
        )
    say(f"set-up: creating .venv with Python {platform.python_version()}")
    result = _run(root, _real_python(), "-m", "venv", "--clear", str(venv))
    if result != 0:
        raise SetupError(
            f"python -m venv ended with {result}; its words are above",
            f"see that {root} is writable and its disk not full",
        )


def _ensure_uv(root: Path) -> None:
    uv = venv_bin(root) / "uv"
    if UV_VERSION in _output(uv, "--version"):
        return
    say(f"set-up: installing uv {UV_VERSION} into .venv")
    python = str(venv_bin(root) / "python")
    options = ("--disable-pip-version-check", "--no-input", "--quiet")
    result = _run(root, python, "-m", "pip", "install", *options, f"uv=={UV_VERSION}")
    if result != 0:
        raise SetupError(
            f"pip could not install uv {UV_VERSION}; its words are above", _NETWORK_REMEDY
        )


def _sync(root: Path) -> None:
    say("set-up: installing what uv.lock names (the first time downloads about 200 MB)")
    uv = str(venv_bin(root) / "uv")
    # At a terminal uv shows its progress; elsewhere a hundred lines would hide everything else.
    quiet = () if sys.stderr.isatty() else ("--quiet",)
    result = _run(root, uv, "sync", "--frozen", *quiet, extra=uv_settings(root))
    if result != 0:
        raise SetupError(f"uv sync ended with {result}; its words are above", _NETWORK_REMEDY)
    if not (venv_bin(root) / "csms").exists():
        raise SetupError(
            "uv sync left no command csms in .venv/bin",
            "remove .venv and try again: python3 run.py clean, then python3 run.py setup",
        )


_NETWORK_REMEDY = (
    "when it is the network: the package index must be reachable; behind a proxy set HTTPS_PROXY, "
    "with an authority of your own SSL_CERT_FILE. Then run the same command again"
)


def uv_settings(root: Path) -> dict[str, str]:
    """Return the settings with which uv works on .venv and on nothing else."""
    settings = {
        "UV_PROJECT_ENVIRONMENT": str(root / ".venv"),
        "UV_PYTHON": str(venv_bin(root) / "python"),
        "UV_PYTHON_DOWNLOADS": "never",
    }
    has_store = sys.platform == "darwin" or any(
        Path(store).exists()
        for store in (ssl.get_default_verify_paths().cafile or "", *_CERTIFICATE_STORES)
        if store
    )
    if has_store and "UV_SYSTEM_CERTS" not in os.environ:
        settings["UV_SYSTEM_CERTS"] = "1"
    home = Path(os.environ.get("HOME") or _account_home())
    if "UV_CACHE_DIR" not in os.environ and not os.access(home, os.W_OK):
        settings["UV_CACHE_DIR"] = str(root / ".venv" / "uv-cache")
    return settings


def remove(root: Path) -> None:
    """Remove what the set-up and the checks made; data directories are not touched."""
    names = (".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache")
    for name in (*names, ".hypothesis", "htmlcov"):
        if (root / name).exists():
            say(f"removing {name}")
            shutil.rmtree(root / name)


def _account_home() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return tempfile.gettempdir()


def _real_python() -> str:
    # Not a link that may go away, and not a virtual environment that happens to be active.
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _run(root: Path, *command: str, extra: Mapping[str, str] | None = None) -> int:
    environment = child_environment(root) | dict(extra or {})
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode


def _runs(program: Path, *arguments: str) -> bool:
    try:
        command = [str(program), *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _output(program: Path, *arguments: str) -> str:
    try:
        command = [str(program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("set-up: waiting for another set-up of this checkout")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
