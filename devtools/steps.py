"""The checks that guard a commit: a literal table, run in order, with a summary at the end."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from devtools.environment import say

WORKERS_MAX = 4

# One file's tests share one worker, and with it their servers and databases.
_PARALLEL = ("-n", str(min(os.cpu_count() or 1, WORKERS_MAX)), "--dist", "loadfile")
_BROWSER_TESTS = "backend/tests/e2e"
# What ships and what builds it; the virtual chargers apart, since they have tests of that name too.
_PYTHON_SOURCES = ("run.py", "devtools", "backend/csms", "benchmarks")


@dataclass(frozen=True)
class Step:
    """A check: what it is called, its command (from .venv/bin), and its limit in seconds."""

    title: str
    command: tuple[str, ...]
    timeout_s: float = 900.0


LINT_STEPS = (
    Step("ruff check", ("ruff", "check", ".")),
    Step("ruff format", ("ruff", "format", "--check", ".")),
    Step("types", ("mypy", *_PYTHON_SOURCES)),
    Step("types of the virtual chargers", ("mypy", "simulator")),
    Step("import rules", ("lint-imports",)),
    Step("requirements.txt is uv.lock's", ("python", "run.py", "requirements", "--check")),
)
WEB_STEPS = (
    Step("web app: lock file", ("python", "run.py", "web", "lock:check")),
    Step("web app: client is the API's", ("python", "run.py", "web", "generate:check")),
    Step("web app: lint", ("python", "run.py", "web", "lint")),
    Step("web app: types", ("python", "run.py", "web", "typecheck")),
    Step("web app: unit tests", ("python", "run.py", "web", "test")),
    Step("web app: build", ("python", "run.py", "web", "build")),
)
TEST_STEPS = (
    *LINT_STEPS,
    *WEB_STEPS,
    # Coverage counts what runs in pytest's own processes, not the servers that tests start.
    Step(
        "tests",
        (
            *("pytest", "-m", "not long", *_PARALLEL, "--cov", "--cov-report=term"),
            f"--ignore={_BROWSER_TESTS}",
        ),
        timeout_s=3600.0,
    ),
    # In a process of its own: Playwright keeps an event loop running on the main thread.
    Step("browser tests", ("pytest", "-m", "not long", _BROWSER_TESTS), timeout_s=1800.0),
)
TEST_ALL_STEPS = (
    *TEST_STEPS,
    Step("long tests", ("pytest", "-m", "long"), timeout_s=4 * 3600.0),
)
FORMAT_STEPS = (
    Step("ruff check --fix", ("ruff", "check", "--fix", ".")),
    Step("ruff format", ("ruff", "format", ".")),
)


class Outcome(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Result:
    """A step's outcome, how long it took in seconds, and what to say about it."""

    title: str
    outcome: Outcome
    seconds: float
    remark: str = ""


def run_steps(root: Path, steps: Sequence[Step], environment: Mapping[str, str]) -> list[Result]:
    """Run every step, whatever the others did; their output goes to the terminal as it comes."""
    results = []
    for step in steps:
        say(f"\n=== {step.title}: {' '.join(step.command)}")
        result = _run_step(root, step, environment)
        say(
            f"--- {step.title}: {result.outcome} in {result.seconds:.1f} s {result.remark}".rstrip()
        )
        results.append(result)
    return results


def summary(results: Sequence[Result], skipped: Mapping[str, str]) -> str:
    """Return the closing table: every step, and what was not tested for want of a program."""
    rows = [
        (item.title, str(item.outcome), f"{item.seconds:.1f} s", item.remark) for item in results
    ]
    rows += [
        (name.lower(), "skipped", "", f"tests that need {why}") for name, why in skipped.items()
    ]
    width = max(len(row[0]) for row in rows)
    lines = [
        f"{title:{width}}  {state:7}  {took:>9}  {remark}" for title, state, took, remark in rows
    ]
    return "\n".join(["", "Summary", *(line.rstrip() for line in lines)])


def has_failed(results: Sequence[Result]) -> bool:
    """Whether any step failed."""
    return any(item.outcome is Outcome.FAILED for item in results)


def _run_step(root: Path, step: Step, environment: Mapping[str, str]) -> Result:
    started = time.monotonic()
    command = (str(root / ".venv" / "bin" / step.command[0]), *step.command[1:])
    try:
        exit_code = subprocess.run(
            command, cwd=root, env=environment, timeout=step.timeout_s, check=False
        ).returncode
        remark = "" if exit_code == 0 else f"exit code {exit_code}"
    except subprocess.TimeoutExpired:
        exit_code, remark = -1, f"ended after its limit of {step.timeout_s:g} s"
    except OSError as error:
        exit_code, remark = -1, f"{command[0]}: {error.strerror}"
    outcome = Outcome.PASSED if exit_code == 0 else Outcome.FAILED
    return Result(step.title, outcome, time.monotonic() - started, remark)
