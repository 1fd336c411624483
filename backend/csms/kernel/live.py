"""The LiveEvents port: what just happened, for whoever watches now. Nothing here is durable."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from csms.kernel.ids import ChargerId, OrganizationId, TransactionId, UserId


class LiveEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change worth showing at once. `kind` reads `feature.change`, `data` is JSON for a person.

    `user_id` is the driver whom it concerns; without one only operators see it.
    """

    organization_id: OrganizationId
    kind: str
    at: datetime
    charger_id: ChargerId | None = None
    connector: int | None = None
    transaction_id: TransactionId | None = None
    user_id: UserId | None = None
    data: str = "{}"


class NumberedEvent(msgspec.Struct, frozen=True):
    """An event with its place in the stream; `has_gap`: some before it were dropped for the reader."""

    sequence: int
    event: LiveEvent
    has_gap: bool = False


class LiveEvents(Protocol):
    """Bounded fan-out: a slow reader loses the oldest events, never holds up a writer."""

    def is_watched(self, organization_id: OrganizationId) -> bool:
        """Whether somebody reads an organization's events, or has just done so and may resume."""
        ...

    def publish(self, event: LiveEvent) -> None:
        """Hand an event to every present reader and to the short memory for those who resume."""
        ...

    def pass_over(self, organization_id: OrganizationId) -> None:
        """Something happened while nobody watched: no event of it; who resumes learns of the gap."""
        ...

    def subscribe(
        self, organization_id: OrganizationId, *, after: int | None = None
    ) -> AbstractAsyncContextManager[AsyncIterator[NumberedEvent]]:
        """Read an organization's events from now, or from `after` as far as memory reaches."""
        ...
