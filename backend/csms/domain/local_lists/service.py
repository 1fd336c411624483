"""Sending local lists: what to send, in which parts, and what follows a refusal (§5.15, §6.41)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from csms.domain.identity.actor import Actor
from csms.domain.operations.commands import ListedTag, SendLocalList
from csms.domain.operations.ports import WireNumbers
from csms.domain.operations.service import CALL_TIMEOUT_S, OperationResult, OperationService
from csms.kernel.errors import UnavailableError
from csms.kernel.ids import ChargerId, OrganizationId, fold_id_tag

UpdateType = Literal["Full", "Differential"]
PART_MAX: Final = 1000
"""How many entries one message may hold where the charger has not told its own limit."""
_MISUNDERSTOOD: Final = frozenset({"Failed", "VersionMismatch"})


class ListNotTakenError(UnavailableError):
    """The charger did not take a full list; it is sent again later."""


class ListNotDeliveredError(UnavailableError):
    """The charger could not be asked; the full list is sent later."""


@dataclass(frozen=True, slots=True)
class HeldList:
    """What a charger holds as far as we know: entries by folded tag, of `version`.

    `version` is None where nothing was ever accepted, or the charger tells another version.
    `part_max` is its SendLocalListMaxLength. `is_possible` is False where it said, of a list or of
    its features, that it holds none.
    """

    version: int | None
    entries: Mapping[str, ListedTag]
    part_max: int | None = None
    is_possible: bool = True


class LocalListStore(Protocol):
    """Knows what chargers hold, and what they should."""

    async def held(self, charger_id: ChargerId) -> HeldList:
        """Return what the charger holds."""
        ...

    async def registered(self, organization_id: OrganizationId) -> Sequence[ListedTag]:
        """Return the organization's id tags as entries of a list."""
        ...


class LocalLists:
    """Brings chargers' local lists up to date."""

    def __init__(
        self, operations: OperationService, store: LocalListStore, numbers: WireNumbers
    ) -> None:
        self._operations = operations
        self._store = store
        self._numbers = numbers

    async def send(
        self,
        actor: Actor,
        charger_id: ChargerId,
        *,
        update_type: UpdateType | None,
        version: int | None,
        entries: Sequence[ListedTag] | None,
        wait_s: float,
    ) -> OperationResult:
        """Send a list and return the outcome of its last part, or of the first that is not taken.

        Without `entries` they come from the registered tags; then a differential update holds what
        has changed only. A list in several parts waits for the answer to each. Raises what
        OperationService.request does.
        """
        held = await self._store.held(charger_id)
        if update_type is None:
            is_known = entries is None and held.version is not None
            update_type = "Differential" if is_known else "Full"
        if entries is None:
            wanted = await self._store.registered(actor.organization_id)
            entries = wanted if update_type == "Full" else changes(held.entries, wanted)
        parts = in_parts(entries, held.part_max or PART_MAX)
        result: OperationResult | None = None
        for number, part in enumerate(parts):
            part_version = await self._numbers.next() if version is None else version + number
            command = SendLocalList(
                part_version, update_type if number == 0 else "Differential", part
            )
            patience_s = wait_s if len(parts) == 1 else max(wait_s, CALL_TIMEOUT_S)
            result = await self._operations.request(actor, charger_id, command, patience_s)
            if len(parts) > 1 and not is_taken(result):
                break
        assert result is not None  # noqa: S101 - there is always a part
        return result

    async def bring_in_step(self, actor: Actor, charger_id: ChargerId) -> OperationResult | None:
        """Send what the charger's list lacks of the registered tags; None when that is nothing.

        The one way to have a list follow the id tags, whoever wants it. A differential list that
        is not taken is followed by a full one (a job of its own). Raises ListNotTakenError when a
        full one is not taken, and what OperationService.request does.
        """
        held = await self._store.held(charger_id)
        if not held.is_possible:
            return None
        is_known = held.version is not None
        if is_known and not changes(
            held.entries, await self._store.registered(actor.organization_id)
        ):
            return None
        result = await self.send(
            actor,
            charger_id,
            update_type=None,
            version=None,
            entries=None,
            wait_s=CALL_TIMEOUT_S,
        )
        if not is_known and result.status == "ANSWERED" and not is_settled(result):
            raise ListNotTakenError(f"the full list was answered {result.response}")
        return result

    async def send_full(self, actor: Actor, charger_id: ChargerId) -> OperationResult:
        """Send the full list after a differential one was not taken.

        Raises ListNotDeliveredError when the charger could not be asked.
        """
        result = await self.send(
            actor,
            charger_id,
            update_type="Full",
            version=None,
            entries=None,
            wait_s=CALL_TIMEOUT_S,
        )
        if result.status != "ANSWERED":
            raise ListNotDeliveredError(f"the full list was not answered: {result.error_code}")
        return result


def must_be_full(update_type: UpdateType, status: str) -> bool:
    """Whether a full list has to follow this answer (OCPP 1.6 §5.15)."""
    return update_type == "Differential" and status in _MISUNDERSTOOD


def is_taken(result: OperationResult) -> bool:
    """Whether the charger took the part."""
    return result.status == "ANSWERED" and '"Accepted"' in (result.response or "")


def is_settled(result: OperationResult) -> bool:
    """Whether the charger took the part, or said that it holds no lists at all (§7.47)."""
    return is_taken(result) or '"NotSupported"' in (result.response or "")


def changes(held: Mapping[str, ListedTag], wanted: Sequence[ListedTag]) -> tuple[ListedTag, ...]:
    """Return what a differential update has to say: new and changed tags, and those to remove."""
    by_tag = {fold_id_tag(one.id_tag): one for one in wanted}
    changed = [one for tag, one in by_tag.items() if held.get(tag) != one]
    gone = [ListedTag(one.id_tag) for tag, one in held.items() if tag not in by_tag]
    return (*changed, *gone)


def in_parts(entries: Sequence[ListedTag], part_max: int) -> list[tuple[ListedTag, ...]]:
    """Return the entries in parts of at most `part_max`; an empty list is one empty part."""
    parts = [tuple(entries[at : at + part_max]) for at in range(0, len(entries), part_max)]
    return parts or [()]
