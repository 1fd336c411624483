"""The verbs of run.py: a literal table from word to function."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from devtools import environment, package, prerequisites, requirements, steps, web
from devtools.environment import SetupError, child_environment, say, venv_bin

Verb = Callable[[Path, Sequence[str]], int]


def main(root: str, usage: str, arguments: Sequence[str]) -> int:
    """Run the verb that the arguments name and return the exit code."""
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if verb in {"-h", "--help", "help"}:
        say(usage.strip())
        return 0
    if verb not in VERBS:
        sys.stderr.write(f"unknown verb {verb!r}\n\n{usage.strip()}\n")
        return 2
    takes_arguments, function = VERBS[verb]
    if rest and not takes_arguments:
        sys.stderr.write(f"{verb} takes no arguments: {' '.join(rest)}\n")
        return 2
    try:
        return function(Path(root), rest)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def run(root: Path, rest: Sequence[str]) -> int:
    """Set up, build the web app, then become the server with the demo network."""
    environment.set_up(root)
    if web.has_web_app(root):
        try:
            web.build(root)
        except SetupError as error:
            say(f"{error}\nthe product starts without its web app; API and chargers work")
    csms = str(venv_bin(root) / "csms")
    say("starting: csms serve --demo")
    os.chdir(root)
    os.execve(csms, [csms, "serve", "--demo", *rest], child_environment(root))  # noqa: S606 - no shell wanted


def setup(root: Path, _: Sequence[str]) -> int:
    """Set up only."""
    environment.set_up(root)
    say("set-up: .venv is up to date")
    return 0


def run_tests(root: Path, _: Sequence[str]) -> int:
    """Run what guards a commit."""
    return _check(root, steps.TEST_STEPS, has_tests=True)


def run_all_tests(root: Path, _: Sequence[str]) -> int:
    """Run what guards a commit and the long tests."""
    return _check(root, steps.TEST_ALL_STEPS, has_tests=True)


def lint(root: Path, _: Sequence[str]) -> int:
    """Run the checks that are no tests."""
    return _check(root, steps.LINT_STEPS, has_tests=False)


def fmt(root: Path, _: Sequence[str]) -> int:
    """Mend what can be mended by machine."""
    return _check(root, steps.FORMAT_STEPS, has_tests=False)


def bench(root: Path, rest: Sequence[str]) -> int:
    """Run the benchmarks."""
    environment.set_up(root)
    command = [str(venv_bin(root) / "python"), "-m", "benchmarks", *rest]
    return subprocess.run(command, cwd=root, env=child_environment(root), check=False).returncode


def export(root: Path, rest: Sequence[str]) -> int:
    """Write or check backend/requirements.txt."""
    environment.set_up(root)
    if list(rest) == ["--check"]:
        requirements.check(root)
        return 0
    requirements.write(root)
    return 0


def web_app(root: Path, rest: Sequence[str]) -> int:
    """Build the web app, or run one of its scripts: `web build`, `web lint`, `web test`..."""
    environment.set_up(root)
    if not web.has_web_app(root):
        raise SetupError("this checkout has no frontend/", "clone the whole repository")
    if list(rest) in ([], ["build"]):
        web.build(root)
        return 0
    web.install(root)
    return web.npm(root, ["run", "--silent", *rest])


def make_package(root: Path, _: Sequence[str]) -> int:
    """Build the wheel into dist/, web app included."""
    environment.set_up(root)
    web.build(root)
    package.tell(package.build_wheel(root, root / "dist"))
    return 0


def screenshots(root: Path, _: Sequence[str]) -> int:
    """Take the pictures of docs/screenshots.md."""
    environment.set_up(root)
    web.build(root)
    command = [str(venv_bin(root) / "python"), "-m", "devtools.screenshots"]
    return subprocess.run(command, cwd=root, env=child_environment(root), check=False).returncode


def clean(root: Path, _: Sequence[str]) -> int:
    """Remove what can be made again."""
    environment.remove(root)
    web.remove(root)
    return 0


VERBS: dict[str, tuple[bool, Verb]] = {
    "run": (True, run),
    "setup": (False, setup),
    "test": (False, run_tests),
    "test-all": (False, run_all_tests),
    "lint": (False, lint),
    "fmt": (False, fmt),
    "bench": (True, bench),
    "requirements": (True, export),
    "web": (True, web_app),
    "package": (False, make_package),
    "screenshots": (False, screenshots),
    "clean": (False, clean),
}


def _check(root: Path, table: Sequence[steps.Step], *, has_tests: bool) -> int:
    environment.set_up(root)
    variables = child_environment(root)
    missing: dict[str, str] = {}
    if has_tests:
        found = prerequisites.provide(root, variables)
        variables |= found.as_environment()
        missing = dict(found.missing)
    results = steps.run_steps(root, table, variables)
    say(steps.summary(results, missing))
    return 1 if steps.has_failed(results) else 0
