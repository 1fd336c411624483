"""The named rules under which a deviating payload is repaired instead of refused.

Every rule is on by default and can be off per charger; with none the codec is strict. A rule
runs only when strict reading refuses, and both the raw and the repaired value are kept.
"""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class LeniencyRule:
    """A deviation that chargers show, what we do about it, why, and where the documents speak."""

    name: str
    deviation: str
    repair: str
    reason: str
    section: str


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair: the rule, the member's path, its value as sent and as used.

    `repaired` is None where the member or item was set aside.
    """

    rule: str
    path: str
    raw: Any
    repaired: Any


LENIENCY_RULES: Final[tuple[LeniencyRule, ...]] = (
    LeniencyRule(
        "invalid-utf8",
        "bytes that are not UTF-8 inside a text",
        "each becomes the replacement character",
        "Firmware copies vendor texts and card data in its own code page.",
        "J 4.1.2",
    ),
    LeniencyRule(
        "lone-surrogate",
        "half of a surrogate pair in an escape, as in `\\ud83d`",
        "becomes the replacement character",
        "Texts are cut in the middle of a character; no database stores the half.",
        "J 4.1.2",
    ),
    LeniencyRule(
        "nul-character",
        "an escaped NUL inside a text",
        "becomes the replacement character",
        "Fixed C buffers are sent whole; PostgreSQL stores no NUL in a text.",
        "J 4.1.2",
    ),
    LeniencyRule(
        "non-finite-number",
        "NaN or Infinity, which JSON does not have",
        "is read as null",
        "A sensor without a reading is printed by the C library.",
        "J 4.1.2",
    ),
    LeniencyRule(
        "duplicate-member",
        "the same member twice in one object",
        "the last one counts",
        "Every common JSON reader does it that way, and so does our fast one.",
        "J 4.2.1",
    ),
    LeniencyRule(
        "null-payload",
        "null in place of the payload",
        "is read as an empty object",
        "The text allows null where a message has no members; some send it elsewhere.",
        "J 4.2.1",
    ),
    LeniencyRule(
        "member-case",
        "a member that differs from the specification in upper and lower case alone",
        "is read under the specified name",
        "`idtag` and `ConnectorId` leave no doubt about what is meant.",
        "J 4.2.1",
    ),
    LeniencyRule(
        "unknown-member",
        "a member that the message does not have",
        "is set aside",
        "Vendors add their own; the known members are still right.",
        "EJ 3.1",
    ),
    LeniencyRule(
        "null-member",
        "null for an optional member or for an item of a list",
        "is read as absent",
        "Many serializers print unset members as null.",
        "J 4.2.1",
    ),
    LeniencyRule(
        "empty-text",
        "an empty text for an optional number, time or enumeration",
        "is read as absent",
        "An unset text buffer is printed as it stands.",
        "6",
    ),
    LeniencyRule(
        "empty-array",
        "an empty list where at least one item is required",
        "is taken as it is, or as absent where optional",
        "Nothing was measured; the message is still received and answered.",
        "6.31",
    ),
    LeniencyRule(
        "single-for-array",
        "one object where a list is required",
        "becomes a list of one",
        "Software ported from the SOAP edition collapses lists of one.",
        "7.33",
    ),
    LeniencyRule(
        "number-for-integer",
        "a number with a fraction where an integer is required",
        "is rounded to the nearest integer, halves to even",
        "Registers are kept as floats; less than one Wh is lost.",
        "6.45",
    ),
    LeniencyRule(
        "text-for-integer",
        "an integer or number written as text",
        "is read as the number it spells",
        "Values are passed through untyped configuration stores.",
        "6.45",
    ),
    LeniencyRule(
        "text-for-number",
        "a number written as text",
        "is read as the number it spells",
        "As for integers.",
        "7.14",
    ),
    LeniencyRule(
        "text-for-boolean",
        "`true` or `false` as text, or 0 or 1",
        "is read as the boolean",
        "Firmware without a boolean type.",
        "7.29",
    ),
    LeniencyRule(
        "scalar-for-text",
        "a number or boolean where a text is required",
        "is read as its JSON text",
        "Sampled values and configuration values are texts that look like numbers.",
        "7.43",
    ),
    LeniencyRule(
        "structure-for-text",
        "an object or list as the data of a DataTransfer",
        "is read as its JSON text",
        "The data is a text without a format, and JSON is what most vendors put there.",
        "6.15",
    ),
    LeniencyRule(
        "overlong-text",
        "a text longer than allowed",
        "is cut to the allowed length",
        "The head of a serial number or an info text still tells what it is about.",
        "7.15",
    ),
    LeniencyRule(
        "enum-case",
        "an enumeration value that differs in case or surrounding space alone",
        "is read as the specified value",
        "`accepted` and `available ` leave no doubt about what is meant.",
        "7",
    ),
    LeniencyRule(
        "enum-alias",
        "a value of another edition or a common other spelling",
        "is read as the value it stands for, from a fixed table",
        "Statuses of OCPP 1.5 and 2.0.1 and unit signs such as `%` have one meaning here.",
        "7",
    ),
    LeniencyRule(
        "unknown-enum",
        "an enumeration value that nobody specified",
        "is read as the value that stands for all others, from a fixed table",
        "The message matters more than the word: an error is OtherError, a reason is Other.",
        "7.6, 7.7, 7.35, 7.36",
    ),
    LeniencyRule(
        "sample-set-aside",
        "a sampled value or reading that stays unreadable: unknown measurand, unit, phase or "
        "location, no number",
        "is left out and kept raw",
        "A reading under a guessed name or unit would be worse than none; the others stay.",
        "7.43",
    ),
    LeniencyRule(
        "decimal-comma",
        "a decimal comma in a sampled value",
        "becomes a point",
        "The display language of the charger leaks into its messages.",
        "7.43",
    ),
    LeniencyRule(
        "missing-zone",
        "a time without a zone",
        "is read as UTC",
        "UTC is what the text recommends, and what such clocks nearly always hold.",
        "3.14",
    ),
    LeniencyRule(
        "timestamp-format",
        "a time in a form close to ISO 8601: a space for the T, slashes, `+0200`, no seconds",
        "is rewritten in the specified form",
        "The time is clear although its spelling is not.",
        "3.15",
    ),
    LeniencyRule(
        "epoch-timestamp",
        "seconds or milliseconds since 1970 in place of a time",
        "is read as that time in UTC",
        "The unit follows from the size for every date between 1973 and 5138.",
        "3.15",
    ),
    LeniencyRule(
        "unreadable-timestamp",
        "a required time that cannot be read at all",
        "is read as 1970-01-01T00:00:00Z, which counts as an unset clock",
        "The time of receipt is known; a session must not be lost for its clock.",
        "4.8, 4.10",
    ),
    LeniencyRule(
        "missing-member",
        "a required member that is missing or null and has a safe stand-in",
        "gets its stand-in from a fixed table",
        "A Stop without its transaction id can still be matched: -1 means not known.",
        "E 3.54",
    ),
    LeniencyRule(
        "unreadable-transaction-id",
        "a transaction id that is no 32-bit integer",
        "is read as -1, not known",
        "The session is found by connector, id tag and register instead.",
        "E 3.18, E 3.54",
    ),
    LeniencyRule(
        "connector-zero",
        "a StartTransaction on connector 0",
        "is read as connector 1",
        "Chargers with one outlet number it 0; with more outlets it would mean nothing.",
        "6.45",
    ),
    LeniencyRule(
        "excess-decimals",
        "a limit with more than one decimal place",
        "is rounded to one",
        "A computed schedule is printed with the precision of its float.",
        "7.14",
    ),
    LeniencyRule(
        "unusable-optional",
        "an optional member of a request that no other rule can repair",
        "is set aside",
        "What is required was understood, and so is the message.",
        "4.7, 4.8, 4.10",
    ),
)

RULES_BY_NAME: Final = {rule.name: rule for rule in LENIENCY_RULES}
LENIENT: Final = frozenset(RULES_BY_NAME)
STRICT: Final[frozenset[str]] = frozenset()

# Enough for days of stored readings that each need one; beyond it a payload is not understood.
REPAIRS_MAX: Final = 20_000


class UnknownRuleError(ValueError):
    """No leniency rule has this name."""


def rules_without(*names: str) -> frozenset[str]:
    """All rules but the named ones. Raises `UnknownRuleError`."""
    unknown = [name for name in names if name not in RULES_BY_NAME]
    if unknown:
        raise UnknownRuleError(f"no leniency rule is named {', '.join(unknown)}")
    return LENIENT.difference(names)
