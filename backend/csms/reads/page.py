"""Pages of lists: what was asked for, the conditions it makes, and the answer's frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from csms.kernel.errors import InvalidError

MAX_LIMIT: Final = 100
DEFAULT_LIMIT: Final = 25
MAX_PAGE: Final = 1_000_000

ItemT = TypeVar("ItemT")


class UnknownSortError(InvalidError):
    """The list cannot be sorted by that field."""


class Page(msgspec.Struct, Generic[ItemT], frozen=True):
    """One page; `total` counts the whole filter."""

    data: list[ItemT]
    total: int
    page: int
    limit: int


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list, searched for and sorted how (`-field` descends)."""

    page: int = 1
    limit: int = DEFAULT_LIMIT
    search: str | None = None
    sort: str | None = None

    @property
    def offset(self) -> int:
        """How many rows stand before the page."""
        return (self.page - 1) * self.limit

    def order_by(self, allowed: Mapping[str, str], *, default: str, key: str) -> str:
        """Return the ORDER BY clause; `key` makes it total. Raises UnknownSortError."""
        asked = self.sort or default
        name, descends = asked.removeprefix("-"), asked.startswith("-")
        if name not in allowed:
            raise UnknownSortError(
                f"cannot sort by {name!r}; possible: {', '.join(sorted(allowed))}", field="sort"
            )
        direction = "DESC NULLS LAST" if descends else "ASC NULLS LAST"
        return f"ORDER BY {allowed[name]} {direction}, {key} {'DESC' if descends else 'ASC'}"


class Conditions:
    """Conditions with their values, in the order of their placeholders."""

    def __init__(self, *values: object) -> None:
        self.values: list[object] = list(values)
        self._parts: list[str] = []

    def add(self, condition: str, *values: object) -> None:
        """Add a condition in which each `?` stands for one of `values`."""
        for value in values:
            self.values.append(value)
            condition = condition.replace("?", f"${len(self.values)}", 1)
        self._parts.append(condition)

    def add_if(self, condition: str, value: object | None) -> None:
        """Add a condition on `value`, unless that is None."""
        if value is not None:
            self.add(condition, value)

    def add_search(self, search: str | None, *columns: str) -> None:
        """Match `search` anywhere in one of the columns, without case."""
        if search and search.strip():
            self.values.append(like_pattern(search.strip()))
            place = f"${len(self.values)}"
            self._parts.append("(" + " OR ".join(f"{c} ILIKE {place}" for c in columns) + ")")

    def place(self, value: object) -> str:
        """Take up a value and return its placeholder."""
        self.values.append(value)
        return f"${len(self.values)}"

    @property
    def where(self) -> str:
        """The WHERE clause."""
        return "WHERE " + " AND ".join(self._parts) if self._parts else ""


def like_pattern(text: str) -> str:
    """Return the LIKE pattern that finds `text` literally, anywhere."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def joined(*clauses: str) -> str:
    """Return the clauses of a statement as one text; values are never among them."""
    return "\n".join(clause for clause in clauses if clause)
