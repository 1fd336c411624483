"""Wire types, our checker and the OCA's schemas agree on mutated payloads of every message.

jsonschema judges independently. Where we part from the published files, the amendments table
says so with the section that wins.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from jsonschema import validators

from csms.ocpp import codec
from csms.ocpp.catalog import ActionSpec, Kind, actions_of, published_schema_of, validate_payload
from csms.ocpp.errors import (
    FormationError,
    OccurrenceError,
    PropertyConstraintError,
    TypeConstraintError,
    WireError,
)
from csms.ocpp.leniency import LENIENT, STRICT
from csms.ocpp.v16.amendments import AMENDMENTS
from csms.ocpp.v16.schemas import load_schema
from csms.ocpp.v16.types import INT32_MAX, INT64_MAX, WireType

pytestmark = pytest.mark.unit

MESSAGES: list[tuple[ActionSpec, Kind]] = [
    (spec, kind) for spec in actions_of("1.6") for kind in ("request", "response")
]
IDS = [f"{spec.name}.{kind}" for spec, kind in MESSAGES]

# What we refuse beyond any schema: a raw sampled value that is no number (7.43), and NUL in a
# text (no store takes it).
REFUSED_BEYOND_SCHEMA = re.compile(r"(sampledValue\[\d+\]\.value)$")


@dataclass(frozen=True)
class Mutation:
    label: str
    path: str
    payload: Any


def mutations(schema: Mapping[str, Any], example: dict[str, Any]) -> Iterator[Mutation]:
    yield Mutation("same", "", example)
    for payload in ([], "text", 7, True, None, [example]):
        yield Mutation("not an object", "", payload)
    for steps, node in places(schema, example, ()):
        path = path_of(steps)
        for label, value in replacements(node, get(example, steps)):
            yield Mutation(label, path, put(example, steps, value))
        if isinstance(steps[-1], str):
            yield Mutation("dropped", path, drop(example, steps))
    for steps in [(), *(s for s, node in places(schema, example, ()) if "properties" in node)]:
        yield Mutation("added", path_of(steps), put(example, (*steps, "vendorExtra"), 1))


def places(
    schema: Mapping[str, Any], value: Any, steps: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    for name, member in schema.get("properties", {}).items():
        if name in value:
            yield (*steps, name), member
            yield from places_inside(member, value[name], (*steps, name))


def places_inside(
    schema: Mapping[str, Any], value: Any, steps: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    if schema.get("type") == "object":
        yield from places(schema, value, steps)
    elif schema.get("type") == "array":
        for index, item in enumerate(value):
            yield (*steps, index), schema["items"]
            yield from places_inside(schema["items"], item, (*steps, index))


def replacements(node: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    yield "null", None
    others: tuple[Any, ...] = ("x", 7, 7.5, True, {}, [])
    for other in others:
        yield f"type {type(other).__name__}", other
    yield "text one", "1"
    yield from other_texts(node)
    if node.get("type") == "array":
        yield "empty list", []
        yield "longer list", [*value, *value]
        yield "null item", [*value, None]
    if node.get("type") in {"integer", "number"}:
        bounds = (0, -1, INT32_MAX, INT32_MAX + 1, -INT32_MAX - 1, -INT32_MAX - 2)
        for number in (*bounds, INT64_MAX, INT64_MAX + 1, 8.1, 0.3, 16.0, 8.15, 1e30):
            yield f"number {number}", number


def other_texts(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for allowed in node.get("enum", ()):
        yield "enum", allowed
        yield "enum case", allowed.swapcase()
    if "enum" in node:
        for word in ("Nonsense", "", "Celsius", "Hertz"):
            yield f"enum {word}", word
    if "maxLength" in node:
        yield "longest", "é" * node["maxLength"]
        yield "too long", "x" * (node["maxLength"] + 1)
        yield "empty text", ""
    for text in TEXTS_OF_FORMAT.get(node.get("format"), ()):
        yield f"format {text}", text


TEXTS_OF_FORMAT: dict[str | None, tuple[str, ...]] = {
    "date-time": ("2024-05-01", "2024-05-01T12:00:00", "2024-05-01t12:00:00.5+02:00", ""),
    "uri": ("files/x", "ftp://h/a b", "ftp:x", ""),
}


def path_of(steps: tuple[Any, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def get(value: Any, steps: tuple[Any, ...]) -> Any:
    for step in steps:
        value = value[step]
    return value


def put(value: Any, steps: tuple[Any, ...], new: Any) -> Any:
    changed = copy.deepcopy(value)
    get(changed, steps[:-1])[steps[-1]] = new
    return changed


def drop(value: Any, steps: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(value)
    del get(changed, steps[:-1])[steps[-1]]
    return changed


def multiple_of(_: Any, step: float, instance: Any, __: Any) -> Iterator[Any]:
    is_number = isinstance(instance, int | float) and not isinstance(instance, bool)
    if is_number and Fraction(str(instance)) % Fraction(str(step)):
        yield jsonschema.ValidationError("not a multiple")


FORMATS = jsonschema.FormatChecker(formats=())
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
FORMATS.checks("date-time")(
    lambda text: not isinstance(text, str) or bool(RFC_3339.fullmatch(text))
)
FORMATS.checks("uri")(
    lambda text: not isinstance(text, str) or bool(re.fullmatch(r"\w+:\S+", text))
)
# Draft 4 as EJ 3.6 says, also for the security files that name draft 6: 1.0 is no integer.
JUDGE: Any = validators.extend(jsonschema.Draft4Validator, {"multipleOf": multiple_of})


def judged(schema: Mapping[str, Any], payload: Any) -> bool:
    return bool(JUDGE(schema, format_checker=FORMATS).is_valid(payload))


def read_strictly(spec: ActionSpec, kind: Kind, payload: Any) -> WireType:
    tables = {"request": codec._REQUESTS, "response": codec._RESPONSES}
    message, repairs = codec._decode(tables[kind][spec.name], json.dumps(payload).encode(), STRICT)
    assert repairs == ()
    return message


def all_mutations(spec: ActionSpec, kind: Kind) -> Iterator[Mutation]:
    yield from mutations(load_schema(spec.name, kind, "wire"), getattr(spec.example, kind))


@pytest.mark.parametrize(("spec", "kind"), MESSAGES, ids=IDS)
def test_strict_reading_accepts_what_the_schema_accepts(spec: ActionSpec, kind: Kind) -> None:
    schema = load_schema(spec.name, kind, "wire")
    for mutation in all_mutations(spec, kind):
        expected = judged(schema, mutation.payload)
        if REFUSED_BEYOND_SCHEMA.search(mutation.path) and mutation.payload is not None:
            expected = expected and mutation.label in {"text one"}
        if mutation.payload is None:
            # Null is the other notation of no payload where no member is required [J 4.2.1].
            expected = not schema.get("required")
        try:
            message = read_strictly(spec, kind, mutation.payload)
        except WireError:
            assert not expected, mutation
        else:
            assert expected, mutation
            assert isinstance(message, WireType)


@pytest.mark.parametrize(("spec", "kind"), MESSAGES, ids=IDS)
def test_the_raw_check_agrees_with_the_published_schema_but_for_its_known_bugs(
    spec: ActionSpec, kind: Kind
) -> None:
    published = published_schema_of("1.6", spec.name, kind)
    fixes = {a.path for a in AMENDMENTS if (a.action, a.kind, a.nature) == (spec.name, kind, "fix")}
    for mutation in all_mutations(spec, kind):
        accepted = validate_payload(spec.name, kind, mutation.payload) == []
        if re.sub(r"\[\d+\]", "[]", mutation.path) not in fixes:
            assert accepted == judged(published, mutation.payload), mutation
        elif judged(published, mutation.payload):
            assert accepted, mutation


@pytest.mark.parametrize("amendment", AMENDMENTS, ids=lambda a: f"{a.action}.{a.path}")
def test_an_amendment_changes_a_verdict_and_names_its_section(amendment: Any) -> None:
    spec = next(spec for spec in actions_of("1.6") if spec.name == amendment.action)
    published = published_schema_of("1.6", amendment.action, amendment.kind)
    amended = load_schema(amendment.action, amendment.kind, "wire")
    changed = {
        re.sub(r"\[\d+\]", "[]", mutation.path)
        for mutation in all_mutations(spec, amendment.kind)
        if judged(published, mutation.payload) != judged(amended, mutation.payload)
    }
    assert amendment.path in changed
    assert re.fullmatch(r"(WP|E|EJ)? ?\d+\.\d+", amendment.section)
    assert amendment.reason


@pytest.mark.parametrize(("spec", "kind"), MESSAGES, ids=IDS)
def test_a_refusal_has_the_class_that_the_mutation_earns(spec: ActionSpec, kind: Kind) -> None:
    schema = load_schema(spec.name, kind, "wire")
    for mutation in all_mutations(spec, kind):
        error = refusal_of(spec, kind, mutation.payload)
        if error is not None:
            assert type(error) is earned(schema, mutation), (mutation, error)
            assert error.path.startswith(mutation.path), mutation


def refusal_of(spec: ActionSpec, kind: Kind, payload: Any) -> WireError | None:
    try:
        read_strictly(spec, kind, payload)
    except WireError as error:
        return error
    return None


def earned(schema: Mapping[str, Any], mutation: Mutation) -> type[WireError]:
    """The class by the keywords that jsonschema complains about, gravest first."""
    if not isinstance(mutation.payload, dict):
        return FormationError
    keywords = {
        error.validator
        for error in JUDGE(schema, format_checker=FORMATS).iter_errors(mutation.payload)
    }
    if "additionalProperties" in keywords:
        return FormationError
    if keywords & {"required", "minItems", "maxItems"}:
        return OccurrenceError
    return TypeConstraintError if "type" in keywords else PropertyConstraintError


@pytest.mark.parametrize(("spec", "kind"), MESSAGES, ids=IDS)
def test_what_is_read_is_written_back_as_it_was(spec: ActionSpec, kind: Kind) -> None:
    encode = codec.encode_request if kind == "request" else codec.encode_response
    example = getattr(spec.example, kind)
    message = read_strictly(spec, kind, example)
    expected = json.dumps(example, separators=(",", ":"), ensure_ascii=False).encode()
    assert encode(message) == expected
    assert codec.encode_trusted(message) == expected
    backwards = dict(reversed(example.items()))
    assert codec.encode_payload(spec.name, kind, backwards) == expected


@pytest.mark.parametrize(("spec", "kind"), MESSAGES, ids=IDS)
def test_lenient_reading_never_fails_in_another_way(spec: ActionSpec, kind: Kind) -> None:
    tables = {"request": codec._REQUESTS, "response": codec._RESPONSES}
    for mutation in all_mutations(spec, kind):
        data = json.dumps(mutation.payload).encode()
        try:
            message, repairs = codec._decode(tables[kind][spec.name], data, LENIENT)
        except (FormationError, OccurrenceError, TypeConstraintError, PropertyConstraintError):
            continue
        assert isinstance(message, WireType)
        assert all(repair.rule in LENIENT for repair in repairs)
