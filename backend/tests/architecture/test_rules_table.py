"""docs/rules-and-tests.md names tests that exist."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "backend" / "tests"
TABLE = ROOT / "docs" / "rules-and-tests.md"
_NAMED = re.compile(r"`([\w/]+\.py)::([^`]+)`")
_ROW = re.compile(r"^\| (?!rule \||-)(.+) \|$", re.M)


def is_there(path: str, name: str) -> bool:
    """Whether the file has a test function of that name, or a story with that rule."""
    file = TESTS / path
    if not file.is_file():
        return False
    text = file.read_text()
    if name.startswith("test_"):
        return re.search(rf"^(async )?def {name}\(", text, re.M) is not None
    return f'        "{name}",\n' in text


def test_every_test_in_the_table_exists() -> None:
    named = _NAMED.findall(TABLE.read_text())
    assert len(named) > 80
    assert [one for one in named if not is_there(*one)] == []


def test_every_rule_has_a_test() -> None:
    rows = [row for row in _ROW.findall(TABLE.read_text()) if not row.startswith("---")]
    assert len(rows) > 40
    assert [row for row in rows if not _NAMED.search(row)] == []


def test_a_name_that_is_not_there_is_noticed() -> None:
    story = "no energy costs nothing"
    assert is_there("flows/sessions/test_money_stories.py", story)
    assert not is_there("flows/sessions/test_money_stories.py", story[:-1])
    assert not is_there("unit/domain/test_money.py", "test_what_a_session")
    assert not is_there("unit/nowhere.py", "test_what_a_session_costs")
