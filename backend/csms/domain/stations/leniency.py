"""Leniency by charger model: which rules all chargers of a vendor and model get, and how often."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.errors import InvalidError, NotFoundError
from csms.kernel.ids import ChargerId, OrganizationId

MISSING_SUBPROTOCOL: Final = "missing-subprotocol"
"""The rule that is decided on before a charger is let in."""


class UnknownLeniencyRuleError(InvalidError):
    """No leniency rule has this name."""


class BadModelError(InvalidError):
    """A model is named by its vendor and its model, as chargers report them."""


class ModelLeniencyNotFoundError(NotFoundError):
    """Nothing is set for that model."""


class NamedRule(Protocol):
    """A rule as people read of it: the deviation, what we do about it, why, and the section."""

    @property
    def name(self) -> str:
        """The word in the log, the settings and the counts."""
        ...

    @property
    def deviation(self) -> str:
        """What chargers send."""
        ...

    @property
    def repair(self) -> str:
        """What we do."""
        ...

    @property
    def reason(self) -> str:
        """Why."""
        ...

    @property
    def section(self) -> str:
        """Where the documents speak of it."""
        ...

    @property
    def scope(self) -> str:
        """What it runs on: payload, frame, handshake, or the meaning of what is valid."""
        ...

    @property
    def is_default(self) -> bool:
        """Whether it is on where nobody says otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class RepairCount:
    """How often a rule was needed for a charger since the last count."""

    charger_id: ChargerId
    rule: str
    hits: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ModelLeniency:
    """What a model gets: rules by name, on or off; others are as by default."""

    vendor: str
    model: str
    rules: Mapping[str, bool]
    note: str | None = None


class ModelLeniencyStore(Protocol):
    """Keeps what is set per model. Each change is one database transaction with one audit entry."""

    async def put(self, actor: Actor, setting: ModelLeniency) -> int:
        """Store a model's rules, new or changed; return their id."""
        ...

    async def remove(self, actor: Actor, setting_id: int) -> ModelLeniency:
        """Forget a model's rules. Raises ModelLeniencyNotFoundError."""
        ...


ModelChanged = Callable[[OrganizationId, ModelLeniency], Awaitable[None]]


async def _nobody(_: OrganizationId, __: ModelLeniency) -> None:
    return


class LeniencyRegistry:
    """Changes to leniency by model, for operators.

    `known` names every rule. `changed` is told of a model whose rules are others from now on, so
    that its connected chargers get them at once.
    """

    def __init__(
        self,
        store: ModelLeniencyStore,
        known: frozenset[str],
        changed: ModelChanged = _nobody,
    ) -> None:
        self._store = store
        self._known = known
        self._changed = changed

    async def put(self, actor: Actor, setting: ModelLeniency) -> int:
        """Set a model's rules as a whole. Raises UnknownLeniencyRuleError, BadModelError."""
        actor.require("settings.write")
        if not (setting.vendor.strip() and setting.model.strip()):
            raise BadModelError("a model has a vendor and a name", field="model")
        unknown = sorted(set(setting.rules) - self._known)
        if unknown:
            raise UnknownLeniencyRuleError(
                f"no leniency rule is named {', '.join(unknown)}", field="rules"
            )
        setting_id = await self._store.put(actor, setting)
        await self._changed(actor.organization_id, setting)
        return setting_id

    async def remove(self, actor: Actor, setting_id: int) -> None:
        """Let a model have the defaults again. Raises ModelLeniencyNotFoundError."""
        actor.require("settings.write")
        gone = await self._store.remove(actor, setting_id)
        await self._changed(actor.organization_id, ModelLeniency(gone.vendor, gone.model, {}))
