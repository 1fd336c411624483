"""README and docs/conformance.md come from the same run of the cases."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]


def test_the_summary_in_the_readme_counts_the_table_of_cases() -> None:
    table = (ROOT / "docs" / "conformance.md").read_text()
    summary = (ROOT / "README.md").read_text()
    counted = {}
    for part in table.split("\n## ")[1:]:
        title, _, rows = part.partition("\n")
        outcomes = re.findall(r"^\| TC_\S+ \|.*\| (shown|not shown|FAILED) \|", rows, re.MULTILINE)
        if outcomes:
            counted[title] = (len(outcomes), outcomes.count("shown"))
    told = {
        title: (int(cases), int(shown))
        for title, cases, shown in re.findall(
            r"^\| ([A-Z][A-Za-z ]+) \| (\d+) \| (\d+) \|$", summary, re.MULTILINE
        )
    }
    assert told == counted
    assert all(shown <= cases for cases, shown in told.values())
