"""The mark of a conformance case: its number and name on the test function, for the table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

TestT = TypeVar("TestT", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Case:
    """A case by the number that the Open Charge Alliance gives it."""

    number: str
    name: str
    block: str


def case(number: str, name: str, *, block: str) -> Callable[[TestT], TestT]:
    """Mark a test as the case of that number."""

    def mark(test: TestT) -> TestT:
        test.conformance_case = Case(number, name, block)  # type: ignore[attr-defined]
        return test

    return mark


def case_of(test: object) -> Case | None:
    """Return the case that a test function shows, or None."""
    found = getattr(test, "conformance_case", None)
    return found if isinstance(found, Case) else None
