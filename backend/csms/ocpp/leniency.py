"""The named rules under which a deviating message is repaired instead of refused.

Each is on or off by default, per charger model and per charger; with none the codec is strict. A
rule runs only when strict reading refuses, and both the raw and the repaired value are kept.
"""

from collections.abc import Mapping
from typing import Final

from csms.ocpp.leniency_kinds import LeniencyRule, Repair
from csms.ocpp.leniency_rules import LENIENCY_RULES

__all__ = [
    "EVERY_RULE",
    "LENIENCY_RULES",
    "LENIENT",
    "MEANINGS",
    "REPAIRS_MAX",
    "RULES_BY_NAME",
    "STRICT",
    "LeniencyRule",
    "Repair",
    "UnknownRuleError",
    "effective_rules",
    "rules_without",
]

RULES_BY_NAME: Final = {rule.name: rule for rule in LENIENCY_RULES}
EVERY_RULE: Final = frozenset(RULES_BY_NAME)
LENIENT: Final = frozenset(rule.name for rule in LENIENCY_RULES if rule.is_default)
STRICT: Final[frozenset[str]] = frozenset()
MEANINGS: Final = frozenset(rule.name for rule in LENIENCY_RULES if rule.scope == "meaning")

# Enough for days of stored readings that each need one; beyond it a payload is not understood.
REPAIRS_MAX: Final = 20_000


class UnknownRuleError(ValueError):
    """No leniency rule has this name."""


def rules_without(*names: str) -> frozenset[str]:
    """All rules that are on by default but the named ones. Raises `UnknownRuleError`."""
    unknown = [name for name in names if name not in RULES_BY_NAME]
    if unknown:
        raise UnknownRuleError(f"no leniency rule is named {', '.join(unknown)}")
    return LENIENT.difference(names)


def effective_rules(
    *, is_strict: bool, off: frozenset[str], of_model: Mapping[str, bool]
) -> frozenset[str]:
    """The rules that a charger gets: its own word before its model's, its model's before ours."""
    if is_strict:
        return STRICT
    if not of_model:
        return LENIENT - off if off else LENIENT
    chosen = LENIENT.union(name for name, is_on in of_model.items() if is_on)
    return chosen.difference(name for name, is_on in of_model.items() if not is_on) - off
