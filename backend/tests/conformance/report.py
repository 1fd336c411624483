"""Writes the table of cases from what a run has shown."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.cases import Case
from tests.conformance.stage import Step

WRITE_SWITCH = "CSMS_WRITE_CONFORMANCE"
_ROOT = Path(__file__).parents[3]
DOCUMENT = _ROOT / "docs" / "conformance.md"
README = _ROOT / "README.md"
MARKS = ("<!-- conformance: written by its run -->", "<!-- end of conformance -->")
BLOCKS = (
    "Core",
    "Local Auth List Management",
    "Reservation",
    "Remote Trigger",
    "Smart Charging",
    "Firmware Management",
    "Security",
)
WORDS = {"passed": "shown", "skipped": "not shown", "failed": "FAILED"}

HEAD = """\
# Conformance of OCPP 1.6, case by case

Written by `CSMS_WRITE_CONFORMANCE=1 pytest backend/tests/conformance`; not edited by hand. Each
case is one test: a virtual charger on the public `ocpp` library over a real socket, and the public
REST API, with one `csms serve` as a process of its own. The numbers are those of the Open Charge
Alliance's test cases. Plain sections are OCPP 1.6 edition 2, E its errata, J OCPP-J 1.6, WP the
security whitepaper, edition 2. It is a test suite of ours and no certification.
"""


@dataclass
class Shown:
    """One case with its outcome, its steps, and why it was not shown."""

    case: Case
    outcome: str
    steps: list[Step] = field(default_factory=list)
    reason: str = ""


def is_wanted() -> bool:
    """Whether this run is to write the document."""
    return bool(os.environ.get(WRITE_SWITCH))


def write(shown: list[Shown]) -> None:
    """Write the document, and the summary of it in the README."""
    DOCUMENT.write_text(table_of(shown))
    before, found, rest = README.read_text().partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not found or not end:
        raise ValueError(f"README.md has no place for the summary: {MARKS}")
    README.write_text(f"{before}{MARKS[0]}\n{summary_of(shown)}{MARKS[1]}{after}")


def summary_of(shown: list[Shown]) -> str:
    """Return one row per block: how many cases it has, and how many of them were shown."""
    lines = ["| OCPP 1.6 | cases | shown |", "|---|---|---|"]
    for block in BLOCKS:
        cases = [one for one in shown if one.case.block == block]
        passed = sum(one.outcome == "passed" for one in cases)
        lines.append(f"| {block} | {len(cases)} | {passed} |")
    passed = sum(one.outcome == "passed" for one in shown)
    lines.append(f"| **all** | **{len(shown)}** | **{passed}** |")
    return "\n".join(lines) + "\n"


def table_of(shown: list[Shown]) -> str:
    """Return the whole document."""
    count = {word: sum(one.outcome == word for one in shown) for word in WORDS}
    lines = [HEAD, f"{len(shown)} cases: " + ", ".join(f"{count[w]} {WORDS[w]}" for w in WORDS)]
    shown = sorted(shown, key=lambda one: one.case.number)
    for block in BLOCKS:
        lines += ["", f"## {block}", "", "| case | what | | sections |", "|---|---|---|---|"]
        lines += [_line(one) for one in shown if one.case.block == block]
    reasons = [one for one in shown if one.reason]
    if reasons:
        lines += ["", "## Not shown, and why", ""]
        lines += [f"- {one.case.number}: {one.reason}" for one in reasons]
    return "\n".join(lines) + "\n"


def _line(one: Shown) -> str:
    sections = ", ".join(dict.fromkeys(step.section for step in one.steps))
    return f"| {one.case.number} | {one.case.name} | {WORDS[one.outcome]} | {sections} |"
