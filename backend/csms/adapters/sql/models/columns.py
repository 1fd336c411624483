"""The column types that recur: organization, energy, money, moments."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now


def owner() -> Any:
    """The organization that owns the row; every owned row has one."""
    return reference("Organization")


def reference(
    model: str,
    *,
    null: bool = False,
    is_indexed: bool = True,
    is_part: bool = False,
    is_let_go: bool = False,
) -> Any:
    """A foreign key that keeps its target from being deleted, or as a part goes with it.

    `is_let_go`: when the target is deleted, the row stays and forgets it.

    `is_indexed` is False where a longer index begins with the column.
    """
    options: dict[str, Any] = {
        "related_name": False,
        "on_delete": fields.OnDelete.RESTRICT,
        "db_index": is_indexed,
    }
    if is_part:
        options["on_delete"] = fields.OnDelete.CASCADE
    if is_let_go:
        options["on_delete"] = fields.OnDelete.SET_NULL
    if null:
        return fields.ForeignKeyField(f"csms.{model}", null=True, **options)
    return fields.ForeignKeyField(f"csms.{model}", **options)


def energy_wh() -> Any:
    """Energy in Wh with three decimals, or NULL."""
    return fields.DecimalField(max_digits=16, decimal_places=3, null=True)


def money(**options: Any) -> Any:
    """An amount with four decimals; its currency stands in a column beside it."""
    return fields.DecimalField(max_digits=18, decimal_places=4, **options)


def currency(**options: Any) -> Any:
    """An ISO 4217 code."""
    return fields.CharField(max_length=3, **options)


def moment() -> Any:
    """A moment that may be unknown."""
    return fields.DatetimeField(null=True)


def created() -> Any:
    """The moment of insertion, set by the database."""
    return fields.DatetimeField(db_default=Now())
