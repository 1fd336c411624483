"""Keeping what a charger remembers of id tags in step with what is on record, where switched on.

A charger may let a tag charge from its authorization cache or its local list without asking
(OCPP 1.6 §3.5). A step empties the cache (§5.4) and changes the list (§5.15).
"""

from typing import Final, Protocol

from csms.domain.identity.actor import Actor
from csms.domain.local_lists.service import LocalLists
from csms.domain.operations.commands import ClearCache, Command
from csms.domain.operations.errors import NotSettledError
from csms.domain.operations.service import (
    CALL_TIMEOUT_S,
    OperationResult,
    OperationService,
    is_out_of_reach,
)
from csms.kernel.ids import ChargerId

_CANNOT: Final = frozenset({"NotImplemented", "NotSupported"})


class StepStore(Protocol):
    """Knows how far the id tags have moved on, and how far each charger was brought."""

    async def due(self, charger_id: ChargerId) -> int | None:
        """Return the revision that the charger lags behind; None: in step, or switched off."""
        ...

    async def stepped(self, charger_id: ChargerId, revision: int) -> None:
        """Note that the charger has been brought to this revision."""
        ...


class AuthorizationsInStep:
    """Brings one charger in step, as operations that everybody can see."""

    def __init__(
        self, operations: OperationService, local_lists: LocalLists, store: StepStore
    ) -> None:
        self._operations = operations
        self._local_lists = local_lists
        self._store = store

    async def bring(self, actor: Actor, charger_id: ChargerId) -> bool:
        """Clear the cache and change the list; False when the charger is out of reach.

        It is asked again when it comes back. Raises NotSettledError when it is there and does not
        settle it: the job tries again.
        """
        revision = await self._store.due(charger_id)
        if revision is None:
            return True
        cleared = await self._operations.request(actor, charger_id, ClearCache(), CALL_TIMEOUT_S)
        if is_out_of_reach(cleared):
            return False
        _require_settled(cleared, ClearCache())
        listed = await self._local_lists.bring_in_step(actor, charger_id)
        if listed is not None:
            if is_out_of_reach(listed):
                return False
            _require_settled(listed, None)
        await self._store.stepped(charger_id, revision)
        return True


def _require_settled(result: OperationResult, command: Command | None) -> None:
    """A refusal settles it too: what a charger cannot do is not asked again until something changes."""
    if result.status == "ANSWERED" or result.error_code in _CANNOT:
        return
    name = "SendLocalList" if command is None else type(command).__name__
    detail = result.error_detail or result.error_code or result.status
    raise NotSettledError(f"{name} was not settled: {detail}")
