"""Campaigns as operators make and steer them, and as the worker carries them on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NewType, Protocol

import msgspec

from csms.domain.identity.actor import Actor
from csms.domain.maintenance.campaigns import Advance, Campaign, Member, advance
from csms.domain.operations.commands import SignedUpdateFirmware, UpdateFirmware
from csms.domain.operations.ports import WireNumbers
from csms.domain.operations.service import OperationService
from csms.kernel.clock import Clock
from csms.kernel.errors import ConflictError, CsmsError, InvalidError, NotFoundError
from csms.kernel.ids import ChargerId, OperationId, OrganizationId

CampaignId = NewType("CampaignId", int)
ADVANCE_CAMPAIGN: Final = "advance_campaign"
CHARGERS_MAX: Final = 5_000
"""How many chargers one campaign may have."""
Steering = Literal["pause", "resume", "cancel", "retry"]


class AdvanceCampaignJob(msgspec.Struct, frozen=True):
    """The payload of a job that carries a campaign one step on."""

    campaign_id: CampaignId


class CampaignNotFoundError(NotFoundError):
    """No such campaign in this organization."""


class CampaignEndedError(ConflictError):
    """The campaign has ended; it can be looked at, not steered."""


class NoChargersError(InvalidError):
    """The selection fits no charger, or too many."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which chargers: by id, or all that fit every given word."""

    charger_ids: tuple[int, ...] = ()
    station_id: int | None = None
    vendor: str | None = None
    model: str | None = None
    firmware_version: str | None = None


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign as it is asked for. `wave_sizes`: the rest is one more wave."""

    name: str
    version: str
    location: str
    selection: Selection
    wave_sizes: tuple[int, ...]
    parallel_max: int
    attempts_max: int
    boot_timeout_s: int
    failures_max: int | None
    retrieve_at: datetime | None = None
    signing_certificate: str | None = None
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class RunningCampaign:
    """A campaign under its lock, with what is sent to its chargers."""

    organization_id: OrganizationId
    name: str
    location: str
    retrieve_at: datetime | None
    signing_certificate: str | None
    signature: str | None
    plan: Campaign


Decide = Callable[[Campaign, Sequence[Member]], Advance]


class CampaignStore(Protocol):
    """Keeps campaigns. Each change of an operator is one transaction with one audit entry."""

    async def add(self, actor: Actor, new: NewCampaign) -> CampaignId:
        """Store a campaign with its chargers and queue its first step. Raises NoChargersError."""
        ...

    async def steer(self, actor: Actor, campaign_id: CampaignId, how: Steering) -> None:
        """Pause, resume, cancel or retry. Raises CampaignNotFoundError, CampaignEndedError."""
        ...

    async def step(
        self, campaign_id: CampaignId, decide: Decide, now: datetime
    ) -> tuple[RunningCampaign, tuple[ChargerId, ...]] | None:
        """Lock, decide, store; return whom to ask now. None where it does not run or is locked."""
        ...

    async def asked(
        self,
        campaign_id: CampaignId,
        charger_id: ChargerId,
        operation_id: OperationId | None,
        problem: str | None,
    ) -> None:
        """Note under which operation the charger was asked, or why it could not be."""
        ...


class FirmwareCampaigns:
    """Makes, steers and carries on campaigns."""

    def __init__(
        self, store: CampaignStore, operations: OperationService, numbers: WireNumbers, clock: Clock
    ) -> None:
        self._store = store
        self._operations = operations
        self._numbers = numbers
        self._clock = clock

    async def create(self, actor: Actor, new: NewCampaign) -> CampaignId:
        """Begin a campaign. Raises NoChargersError, PermissionMissingError."""
        actor.require_everywhere("chargers.configure")
        return await self._store.add(actor, new)

    async def steer(self, actor: Actor, campaign_id: CampaignId, how: Steering) -> None:
        """Pause, resume, cancel, or let the failed ones try again.

        What is under way goes on: there is no way to take an update back (OCPP 1.6 §5.19). Raises
        CampaignNotFoundError, CampaignEndedError, PermissionMissingError.
        """
        actor.require_everywhere("chargers.configure")
        await self._store.steer(actor, campaign_id, how)

    async def carry_on(self, campaign_id: CampaignId) -> None:
        """Take what happened into account and ask whoever is next; safe to repeat."""
        now = self._clock.now()
        found = await self._store.step(
            campaign_id, lambda plan, members: advance(plan, members, now), now
        )
        if found is None:
            return
        campaign, chargers = found
        for charger_id in chargers:
            await self._ask(campaign_id, campaign, charger_id)

    async def _ask(
        self, campaign_id: CampaignId, campaign: RunningCampaign, charger_id: ChargerId
    ) -> None:
        server = Actor(None, "ADMIN", campaign.organization_id, f"campaign {campaign_id}")
        command = await self._command(campaign)
        try:
            result = await self._operations.request(server, charger_id, command, 0)
        except CsmsError as error:
            await self._store.asked(campaign_id, charger_id, None, error.detail)
            return
        number = OperationId(result.operation_id)
        await self._store.asked(campaign_id, charger_id, number, None)

    async def _command(self, campaign: RunningCampaign) -> UpdateFirmware | SignedUpdateFirmware:
        retrieve_at = campaign.retrieve_at or self._clock.now()
        if campaign.signing_certificate is None or campaign.signature is None:
            return UpdateFirmware(campaign.location, retrieve_at)
        return SignedUpdateFirmware(
            request_id=await self._numbers.next(),
            location=campaign.location,
            retrieve_at=retrieve_at,
            signing_certificate=campaign.signing_certificate,
            signature=campaign.signature,
        )


def plan_of(
    version: str,
    *,
    wave: int,
    parallel_max: int,
    attempts_max: int,
    boot_timeout_s: int,
    failures_max: int | None,
) -> Campaign:
    """Return the plan of a stored campaign."""
    return Campaign(
        version, wave, parallel_max, attempts_max, timedelta(seconds=boot_timeout_s), failures_max
    )


def waves_of(chargers: Sequence[int], sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Return (charger, wave), waves from 1 in the order given; the rest is the last wave."""
    found, at = [], 0
    for number, size in enumerate([*sizes, len(chargers)], start=1):
        found += [(charger, number) for charger in chargers[at : at + size]]
        at += size
    return found
