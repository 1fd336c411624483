"""Applying the leniency rules to a payload that strict reading refused."""

from collections.abc import Mapping
from typing import Any

from csms.ocpp.leniency import Repair
from csms.ocpp.readings import faults_of_reading, faults_of_sample
from csms.ocpp.repair_values import ABSENT, Place, ValueRepairer
from csms.ocpp.schema import Schema, SchemaFault, faults_of
from csms.ocpp.v16.schemas import Kind, load_schema
from csms.ocpp.v16.stand_ins import MISSING_MEMBERS, READING_LISTS


def repair(
    action: str, payload: Any, enabled: frozenset[str], *, kind: Kind = "request"
) -> tuple[Any, list[Repair]]:
    """The payload as the enabled rules make it, and every repair with raw and repaired value.

    What no rule repairs stays as it was, for the check that follows. Raises
    `SchemaMissingError` for an unknown action, `FormationError` past `REPAIRS_MAX`.
    """
    repairer = _PayloadRepairer(action, kind, enabled)
    if payload is None:
        payload = repairer.apply("null-payload", Place(), None, {})
    repaired = repairer.node(load_schema(action, kind, "wire"), payload, Place())
    return repaired, repairer.repairs


class _PayloadRepairer(ValueRepairer):
    """Walks a payload along its schema."""

    def node(self, schema: Schema, value: Any, place: Place) -> Any:
        match schema.get("type"):
            case "object":
                is_object = isinstance(value, dict)
                return self.object(schema, value, place) if is_object else value
            case "array":
                return self.array(schema, value, place)
            case _:
                return self.scalar(schema, value, place)

    def object(self, schema: Schema, value: Mapping[str, Any], place: Place) -> dict[str, Any]:
        members: Schema = schema.get("properties", {})
        required = schema.get("required", ())
        repaired: dict[str, Any] = {}
        for name, raw in self.named(members, value, place).items():
            if name not in members:
                repaired[name] = raw
                continue
            member = self.member(members[name], raw, place.member(name), name in required)
            if member is not ABSENT:
                repaired[name] = member
        for name in required:
            stand_in = MISSING_MEMBERS.get((self.action, place.member(name).pattern), ABSENT)
            if name not in repaired and stand_in is not ABSENT and self.kind == "request":
                member = self.apply("missing-member", place.member(name), ABSENT, stand_in)
                if member is not ABSENT:
                    repaired[name] = member
        return repaired

    def named(self, members: Schema, value: Mapping[str, Any], place: Place) -> dict[str, Any]:
        """The members under their specified names, without those that nobody specified."""
        by_folded = {name.casefold(): name for name in members}
        named: dict[str, Any] = {}
        for name, raw in value.items():
            meant = by_folded.get(name.casefold())
            if name in members:
                named[name] = raw
            elif meant is not None and meant not in value and "member-case" in self.enabled:
                self.apply("member-case", place.member(meant), name, meant)
                named[meant] = raw
            elif self.apply("unknown-member", place.member(name), raw, ABSENT) is not ABSENT:
                named[name] = raw
        return named

    def member(self, schema: Schema, raw: Any, place: Place, is_required: bool) -> Any:  # noqa: FBT001
        rule = self.rule_for_nothing(schema, raw, place, is_required)
        if rule is not None:
            return self.apply(rule, place, raw, ABSENT)
        value = self.node(schema, raw, place)
        # A sample without its odd unit or phase would be another sample: it is set aside whole.
        may_go = not is_required and "sampledValue[]" not in place.pattern
        is_tried = may_go and self.kind == "request" and "unusable-optional" in self.enabled
        if is_tried and faults_of(schema, value):
            return self.apply("unusable-optional", place, raw, ABSENT)
        return value

    def rule_for_nothing(
        self,
        schema: Schema,
        raw: Any,
        place: Place,
        is_required: bool,  # noqa: FBT001
    ) -> str | None:
        """The rule that reads this value as absent, if there is one."""
        if raw is None:
            may_be_absent = not is_required or self.has_stand_in(place)
            return "null-member" if may_be_absent else None
        if is_required:
            return None
        if raw == "":
            is_free_text = schema.get("type") == "string" and not schema.keys() & {"enum", "format"}
            return None if is_free_text else "empty-text"
        return "empty-array" if raw == [] and schema.get("minItems") else None

    def array(self, schema: Schema, value: Any, place: Place) -> Any:
        if isinstance(value, dict) and schema["items"].get("type") == "object":
            value = self.apply("single-for-array", place, value, [value])
        if not isinstance(value, list):
            return value
        if not value and schema.get("minItems") and (self.action, place.pattern) in READING_LISTS:
            return self.apply("empty-array", place, value, [])
        items: list[Any] = []
        for index, raw in enumerate(value):
            item = self.item(schema["items"], raw, place.item(index))
            if item is not ABSENT:
                items.append(item)
        return items

    def item(self, schema: Schema, raw: Any, place: Place) -> Any:
        if raw is None:
            return self.apply("null-member", place, None, ABSENT)
        noted = len(self.repairs)
        value = self.node(schema, raw, place)
        if (self.action, place.pattern.removesuffix("[]")) not in READING_LISTS:
            return value
        is_sample = place.pattern.endswith("sampledValue[]")
        if is_sample and isinstance(value, dict):
            value = self.sampled(value, place)
        of_readings = faults_of_sample if is_sample else faults_of_reading
        faults = faults_of(schema, value) + of_readings(value, "")
        if not faults:
            return value
        is_empty = _is_empty_reading(value, faults)
        rule = "empty-array" if is_empty and not _has_samples(raw) else "sample-set-aside"
        if rule not in self.enabled:
            return value
        if not is_empty:
            # What was repaired inside goes with the whole, so one note is enough.
            del self.repairs[noted:]
        return self.apply(rule, place, raw, ABSENT)


def _has_samples(raw: Any) -> bool:
    """Whether a reading as sent had any samples."""
    return isinstance(raw, dict) and bool(raw.get("sampledValue"))


def _is_empty_reading(value: Any, faults: list[SchemaFault]) -> bool:
    return (
        isinstance(value, dict)
        and value.get("sampledValue") == []
        and all(fault.keyword == "minItems" for fault in faults)
    )
