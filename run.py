#!/usr/bin/env python3
"""Sets up, runs and tests the project on a machine that has Python 3.11 or newer and git.

    python3 run.py               set up what is missing, then serve with a small live demo network
    python3 run.py test          every check and test that guards a commit
    python3 run.py test-all      and the long ones
    python3 run.py bench         the benchmarks beside their baseline
    python3 run.py setup         only the set-up: .venv with the command csms
    python3 run.py fmt | lint    format the code | the checks without the tests
    python3 run.py requirements  write backend/requirements.txt from uv.lock (--check: compare)
    python3 run.py web [SCRIPT]  build the web app, or run one of its npm scripts
    python3 run.py package       build the wheel with the web app inside, into dist/
    python3 run.py screenshots   take the pictures of docs/screenshots.md (needs Chromium)
    python3 run.py clean         remove .venv and caches; data directories stay

Arguments after `run` and `bench` are passed on: python3 run.py run --port 9000
"""

# Until the version is known, only what Python 3.7 can read: an old one gets a sentence instead of
# a syntax error.
from __future__ import annotations

import os
import sys

PYTHON_MIN = (3, 11)


def python_problem(version: tuple[int, ...]) -> str | None:
    """Return what to tell the owner of a Python that is too old, None when it will do."""
    if version[:2] >= PYTHON_MIN:
        return None
    needed, found = ".".join(map(str, PYTHON_MIN)), ".".join(map(str, version[:2]))
    return (
        f"Python {needed} or newer is needed; {sys.executable} is {found}.\n"
        "  -> Debian 12, Ubuntu 24.04 and newer have it as python3; with a newer one installed "
        "beside it: python3.12 run.py"
    )


def main(arguments: list[str]) -> int:
    """Check the version, then hand over to the modules that may use the language in full."""
    problem = python_problem(tuple(sys.version_info[:3]))
    if problem is not None:
        sys.stderr.write(problem + "\n")
        return 1
    from devtools.verbs import main as run_verb  # noqa: PLC0415 - only a new Python can read it

    return run_verb(os.path.dirname(os.path.realpath(__file__)), __doc__ or "", arguments)  # noqa: PTH120


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
