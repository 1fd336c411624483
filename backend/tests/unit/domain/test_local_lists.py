"""Local lists: what a change has to say, in which parts, and when the whole has to follow."""

import pytest

from csms.domain.local_lists.service import UpdateType, changes, in_parts, must_be_full
from csms.domain.operations.commands import ListedTag

pytestmark = pytest.mark.unit
A, B, C = (ListedTag(name, "Accepted") for name in ("A", "B", "C"))


def test_a_change_names_what_is_new_what_differs_and_what_is_gone() -> None:
    held = {"a": A, "b": B}
    blocked = ListedTag("B", "Blocked")
    assert changes(held, (blocked, C)) == (blocked, C, ListedTag("A"))


def test_nothing_changed_says_nothing() -> None:
    assert changes({"a": A}, (A,)) == ()


def test_parts_hold_every_entry_once_in_order() -> None:
    assert in_parts((A, B, C), 2) == [(A, B), (C,)]
    assert in_parts((), 2) == [()]


@pytest.mark.parametrize(
    ("update_type", "status", "follows"),
    [
        ("Differential", "Failed", True),
        ("Differential", "VersionMismatch", True),
        ("Differential", "NotSupported", False),
        ("Differential", "Accepted", False),
        ("Full", "Failed", False),
    ],
)
def test_a_full_list_follows_a_change_that_was_not_understood(
    update_type: UpdateType, status: str, follows: bool
) -> None:
    assert must_be_full(update_type, status) is follows
