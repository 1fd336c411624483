"""Reading the JSON of a payload that the fast reader refused, and naming what was odd about it."""

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from csms.ocpp.errors import FormationError
from csms.ocpp.leniency import REPAIRS_MAX, Repair

_INT_DIGITS_MAX: Final = 4000
_RAW_SHOWN_MAX: Final = 500
_REPLACEMENT: Final = "\ufffd"


def read_tolerantly(data: bytes, rules: frozenset[str]) -> tuple[Any, list[Repair]]:
    """The value, numbers with a fraction as `Decimal`, and the repairs that reading it needed.

    Raises `FormationError` for what is no JSON, or odd in a way whose rule is off.
    """
    reader = _Reader(rules)
    text = reader.decode(data)
    try:
        value = json.loads(
            text,
            parse_int=_integer,
            parse_float=reader.number,
            parse_constant=reader.constant,
            object_pairs_hook=reader.members,
        )
        if "\\u" in text:
            value = reader.clean(value, "")
    except RecursionError as error:
        raise FormationError("the payload is nested too deeply") from error
    except ValueError as error:
        raise FormationError("the payload is not JSON") from error
    return value, reader.repairs


def without_decimals(value: Any) -> Any:
    """The same value with plain JSON numbers."""
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {name: without_decimals(member) for name, member in value.items()}
        case list():
            return [without_decimals(item) for item in value]
        case _:
            return value


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _INT_DIGITS_MAX else Decimal(text)


class _Reader:
    def __init__(self, rules: frozenset[str]) -> None:
        self.rules = rules
        self.repairs: list[Repair] = []

    def need(self, rule: str, path: str, raw: Any, repaired: Any) -> None:
        if rule not in self.rules:
            raise FormationError(f"{rule}: {str(raw)[:50]!r}", path)
        if len(self.repairs) >= REPAIRS_MAX:
            raise FormationError(f"more than {REPAIRS_MAX} repairs would be needed", path)
        self.repairs.append(Repair(rule, path, raw, repaired))

    def decode(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            shown = data.decode("utf-8", "backslashreplace")[:_RAW_SHOWN_MAX]
            text = data.decode("utf-8", "replace")
            self.need("invalid-utf8", "", shown, text[:_RAW_SHOWN_MAX])
            return text

    def number(self, text: str) -> Decimal | None:
        try:
            return Decimal(text)
        except InvalidOperation:
            self.need("non-finite-number", "", text[:_RAW_SHOWN_MAX], None)
            return None

    def constant(self, name: str) -> None:
        self.need("non-finite-number", "", name, None)

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            seen: dict[str, Any] = {}
            for name, value in pairs:
                if name in seen:
                    self.need("duplicate-member", name[:200], seen[name], value)
                seen[name] = value
        return members

    def clean(self, value: Any, path: str) -> Any:
        """The value without lone surrogates, and without NUL where that rule is on."""
        match value:
            case str():
                return self.clean_text(value, path)
            case dict():
                prefix = f"{path}." if path else ""
                return {
                    self.clean_text(name, prefix): self.clean(member, prefix + name)
                    for name, member in value.items()
                }
            case list():
                return [self.clean(item, f"{path}[{index}]") for index, item in enumerate(value)]
            case _:
                return value

    def clean_text(self, text: str, path: str) -> str:
        where = self._replaced("lone-surrogate", text, path, _without_surrogates)
        if "nul-character" in self.rules:
            where = self._replaced("nul-character", where, path, _without_nul)
        return where

    def _replaced(self, rule: str, text: str, path: str, change: Callable[[str], str]) -> str:
        changed = change(text)
        if changed != text:
            shown = text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")
            self.need(rule, path[:200], shown[:_RAW_SHOWN_MAX], changed[:_RAW_SHOWN_MAX])
        return changed


def _without_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return "".join(_REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in text)


def _without_nul(text: str) -> str:
    return text.replace("\x00", _REPLACEMENT)
