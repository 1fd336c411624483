"""Programs that some tests need and that pip cannot bring: found, installed by apt, or named.

Tests read the answer from the environment: CSMS_TEST_<NAME> is the program's path, otherwise
CSMS_TEST_MISSING_<NAME> is the reason to skip with.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devtools.environment import say

_APT_TIMEOUT_S = 420.0
_APT_STAMP = "apt-tried.stamp"
_OS_RELEASE = Path("/etc/os-release")
_SERVICE_POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Prerequisite:
    """A program: its names, in order of preference, and the Debian package that has it.

    `needed_for` is a path in the repository without which nothing asks for the program.
    """

    name: str
    programs: tuple[str, ...]
    apt_package: str
    needed_for: str = "."


PREREQUISITES = (
    Prerequisite("REDIS", ("redis-server", "valkey-server"), "redis-server"),
    Prerequisite("NGINX", ("nginx",), "nginx-light"),
    Prerequisite("CADDY", ("caddy",), "caddy"),
    Prerequisite(
        "CHROMIUM",
        ("chromium", "chromium-browser", "google-chrome"),
        "chromium",
        needed_for="frontend/package.json",
    ),
)


@dataclass(frozen=True)
class Found:
    """Which programs exist (name to path) and why the others do not (name to reason)."""

    paths: Mapping[str, str]
    missing: Mapping[str, str]

    def as_environment(self) -> dict[str, str]:
        """Return the variables that tests read."""
        found = {f"CSMS_TEST_{name}": path for name, path in self.paths.items()}
        missing = {f"CSMS_TEST_MISSING_{name}": why for name, why in self.missing.items()}
        return found | missing


def provide(root: Path, environment: Mapping[str, str]) -> Found:
    """Find every program that this checkout's tests can use, installing what is allowed.

    apt-get runs only as root on Debian and its kin, once per set-up, for a bounded time.
    """
    wanted = [item for item in PREREQUISITES if (root / item.needed_for).exists()]
    search_path = environment["PATH"]
    lacking = [item for item in wanted if _which(item, search_path) is None]
    why_not = "not found"
    if lacking:
        why_not = _install(root, lacking, environment)
    paths, missing = {}, {}
    for item in wanted:
        path = _which(item, search_path)
        if path is None:
            missing[item.name] = f"{' or '.join(item.programs)}: {why_not}"
        else:
            paths[item.name] = path
    return Found(paths, missing)


def _which(item: Prerequisite, search_path: str) -> str | None:
    found = (shutil.which(program, path=search_path) for program in item.programs)
    return next((path for path in found if path), None)


def _install(root: Path, lacking: Sequence[Prerequisite], environment: Mapping[str, str]) -> str:
    """Try apt-get once and return the reason to give for what is missing afterwards."""
    packages = [item.apt_package for item in lacking]
    apt = shutil.which("apt-get", path=environment["PATH"])
    if apt is None or not _is_debian():
        return f"not found; install {' '.join(packages)}"
    if os.geteuid() != 0:
        return f"not found; as root: apt-get install {' '.join(packages)}"
    stamp = root / ".venv" / _APT_STAMP
    if stamp.exists() and stamp.read_text() == " ".join(packages):
        return f"apt-get could not install it earlier (remove {stamp.relative_to(root)} to retry)"
    say(f"tests: apt-get install {' '.join(packages)} (at most {_APT_TIMEOUT_S:g} s)")
    deadline = time.monotonic() + _APT_TIMEOUT_S
    quiet = dict(environment) | {"DEBIAN_FRONTEND": "noninteractive"}
    install = (apt, "install", "--yes", "--no-install-recommends", "-qq")
    with _no_service_starts():
        _bounded((apt, "update", "-qq"), quiet, deadline)
        for package in packages:
            _bounded((*install, package), quiet, deadline)
    left = [item.apt_package for item in lacking if _which(item, environment["PATH"]) is None]
    if left:
        stamp.write_text(" ".join(left))
    return "apt-get could not install it"


def _bounded(command: Sequence[str], environment: Mapping[str, str], deadline: float) -> None:
    """Run a command that may fail: whether the program is there afterwards is what counts."""
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        return
    try:
        result = subprocess.run(
            command, env=environment, timeout=left_s, capture_output=True, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        say(f"tests: gave up on {' '.join(command)}")
        return
    if result.returncode != 0:
        words = (result.stderr.strip() or result.stdout.strip()).splitlines()
        say(f"tests: {' '.join(command)} failed: {words[-1] if words else result.returncode}")


def _is_debian() -> bool:
    try:
        lines = _OS_RELEASE.read_text().splitlines()
    except OSError:
        return False
    ids = [line.partition("=")[2] for line in lines if line.startswith(("ID=", "ID_LIKE="))]
    return any(name in {"debian", "ubuntu"} for part in ids for name in part.strip('"').split())


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keep apt from starting the daemons it installs: tests start their own."""
    if _SERVICE_POLICY.exists():
        yield
        return
    _SERVICE_POLICY.write_text("#!/bin/sh\nexit 101\n")
    _SERVICE_POLICY.chmod(0o755)
    try:
        yield
    finally:
        _SERVICE_POLICY.unlink(missing_ok=True)
