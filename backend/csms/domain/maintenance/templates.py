"""Configuration templates: what chargers should hold, compared with what they told, and applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NewType, Protocol

import msgspec

from csms.domain.identity.actor import Actor
from csms.domain.operations.commands import (
    ChangeConfiguration,
    GetConfiguration,
    SetChargingProfile,
)
from csms.domain.operations.service import CALL_TIMEOUT_S, OperationResult, OperationService
from csms.kernel.errors import NotFoundError, UnavailableError
from csms.kernel.ids import ChargerId, ConnectorNumber

TemplateId = NewType("TemplateId", int)
APPLY_TEMPLATE: Final = "apply_template"
PUSH_PROFILES: Final = "push_default_profiles"
KeyState = Literal["same", "differs", "waits_for_reboot", "read_only", "unknown"]


class TemplateNotFoundError(NotFoundError):
    """No such configuration template in this organization."""


class NotAppliedError(UnavailableError):
    """The charger could not be asked; it is tried again."""


class ApplyTemplateJob(msgspec.Struct, frozen=True):
    """The payload of a job that brings one charger to a template."""

    template_id: TemplateId
    charger_id: ChargerId
    asked_by: str


class PushProfilesJob(msgspec.Struct, frozen=True):
    """The payload of a job that sends a charger the default profiles that it lacks."""

    charger_id: ChargerId


@dataclass(frozen=True, slots=True)
class TemplateDetails:
    """What an operator says of a template; without vendor or model it is for all."""

    name: str
    values: Mapping[str, str]
    vendor: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class MirroredKey:
    """A configuration key as the charger last told it."""

    key: str
    value: str | None
    is_readonly: bool
    pending_value: str | None


@dataclass(frozen=True, slots=True)
class ComparedKey:
    """One key of a template beside the charger's. `has` is None where it told nothing."""

    key: str
    wanted: str
    has: str | None
    state: KeyState


class TemplateStore(Protocol):
    """Keeps templates. Each change is one transaction with one audit entry."""

    async def add(self, actor: Actor, details: TemplateDetails) -> TemplateId:
        """Store a template. Raises ConflictError where the name is taken."""
        ...

    async def change(self, actor: Actor, template_id: TemplateId, details: TemplateDetails) -> None:
        """Replace a template. Raises TemplateNotFoundError."""
        ...

    async def remove(self, actor: Actor, template_id: TemplateId) -> None:
        """Keep it no longer. Raises TemplateNotFoundError, ConflictError where it is in use."""
        ...

    async def wanted(self, actor: Actor, template_id: TemplateId) -> Mapping[str, str]:
        """Return its values. Raises TemplateNotFoundError."""
        ...

    async def mirror(self, actor: Actor, charger_id: ChargerId) -> Sequence[MirroredKey]:
        """Return what the charger told of its configuration. Raises NotFoundError."""
        ...

    async def queue_apply(
        self, actor: Actor, template_id: TemplateId, charger_ids: Sequence[int]
    ) -> int:
        """Queue the application, audited; return for how many. Raises NotFoundError."""
        ...

    async def lacking_profiles(
        self, charger_id: ChargerId
    ) -> tuple[Actor, Sequence[Mapping[str, object]]]:
        """Return the default profiles that the charger has not taken, as on the wire."""
        ...


class Pushes(Protocol):
    """Knows what a charger is sent by itself."""

    async def switch(
        self,
        actor: Actor,
        charger_id: ChargerId,
        *,
        template_id: TemplateId | None,
        has_default_profiles: bool,
    ) -> None:
        """Say so, audited. Raises NotFoundError, PermissionMissingError."""
        ...


class ConfigurationTemplates:
    """Compares chargers with templates, and brings them there through operations."""

    def __init__(self, store: TemplateStore, operations: OperationService) -> None:
        self.store = store
        self._operations = operations

    async def compare(
        self, actor: Actor, template_id: TemplateId, charger_id: ChargerId
    ) -> list[ComparedKey]:
        """Return every key of the template beside the charger's. Raises NotFoundError."""
        wanted = await self.store.wanted(actor, template_id)
        return compared(wanted, await self.store.mirror(actor, charger_id))

    async def apply(self, actor: Actor, template_id: TemplateId, charger_id: ChargerId) -> None:
        """Change what differs, one operation per key; a refusal of the charger settles a key.

        A charger that told nothing yet is asked first. Raises NotAppliedError when it is away.
        """
        if not await self.store.mirror(actor, charger_id):
            _require_answer(
                await self._operations.request(
                    actor, charger_id, GetConfiguration(), CALL_TIMEOUT_S
                )
            )
        for one in await self.compare(actor, template_id, charger_id):
            if one.state not in {"differs", "unknown"}:
                continue
            command = ChangeConfiguration(one.key, one.wanted)
            result = await self._operations.request(actor, charger_id, command, CALL_TIMEOUT_S)
            _require_answer(result)

    async def push_profiles(self, charger_id: ChargerId) -> None:
        """Send the default profiles that the charger lacks. Raises NotAppliedError."""
        actor, profiles = await self.store.lacking_profiles(charger_id)
        for profile in profiles:
            command = SetChargingProfile(ConnectorNumber(0), dict(profile))
            _require_answer(
                await self._operations.request(actor, charger_id, command, CALL_TIMEOUT_S)
            )


def compared(wanted: Mapping[str, str], mirror: Sequence[MirroredKey]) -> list[ComparedKey]:
    """Compare; names of keys are equal in any case, as CiStrings are (OCPP 1.6 §7.29)."""
    told = {one.key.lower(): one for one in mirror}
    found = []
    for key, value in sorted(wanted.items()):
        known = told.get(key.lower())
        has = None if known is None else known.value
        found.append(
            ComparedKey(key if known is None else known.key, value, has, _state(value, known))
        )
    return found


def _state(wanted: str, known: MirroredKey | None) -> KeyState:
    if known is None:
        return "unknown"
    if known.value is not None and _is_equal(wanted, known.value):
        return "same"
    if known.pending_value is not None and _is_equal(wanted, known.pending_value):
        return "waits_for_reboot"
    return "read_only" if known.is_readonly else "differs"


def _is_equal(wanted: str, has: str) -> bool:
    """Booleans in any case, lists with any spaces (OCPP 1.6 §9); everything else as it stands."""
    if {wanted.strip().lower(), has.strip().lower()} <= {"true", "false"}:
        return wanted.strip().lower() == has.strip().lower()
    return _items(wanted) == _items(has)


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",")]


def _require_answer(result: OperationResult) -> None:
    if result.status != "ANSWERED" and result.error_code in {
        "not_connected", "connection_lost", "held_pending", None,
    }:  # fmt: skip
        raise NotAppliedError(f"the charger was not reached: {result.error_code or result.status}")
