"""What a person must be allowed for each command: one literal table."""

from collections.abc import Mapping
from typing import Final

from csms.domain.identity.actor import Actor
from csms.domain.identity.permissions import Permission
from csms.domain.operations.commands import (
    CancelReservation,
    ChangeAvailability,
    ClearCache,
    Command,
    ExtendedTriggerMessage,
    GetCompositeSchedule,
    GetConfiguration,
    GetDiagnostics,
    GetInstalledCertificateIds,
    GetLocalListVersion,
    GetLog,
    RemoteStart,
    RemoteStop,
    ReserveNow,
    Reset,
    TriggerMessage,
    UnlockConnector,
)
from csms.kernel.ids import StationId

_OPERATE: Final[tuple[Permission, ...]] = ("chargers.operate",)
_CONFIGURE: Final[tuple[Permission, ...]] = ("chargers.configure",)
_DRIVE: Final[tuple[Permission, ...]] = ("chargers.operate", "own")

PERMISSIONS_FOR: Final[Mapping[type, tuple[Permission, ...]]] = {
    RemoteStart: _DRIVE,
    RemoteStop: _DRIVE,
    Reset: _OPERATE,
    ChangeAvailability: _OPERATE,
    UnlockConnector: _OPERATE,
    GetConfiguration: _OPERATE,
    ClearCache: _OPERATE,
    TriggerMessage: _OPERATE,
    ExtendedTriggerMessage: _OPERATE,
    GetDiagnostics: _OPERATE,
    GetLog: _OPERATE,
    GetLocalListVersion: _OPERATE,
    GetCompositeSchedule: _OPERATE,
    GetInstalledCertificateIds: _OPERATE,
    ReserveNow: _OPERATE,
    CancelReservation: _OPERATE,
}
"""Any one of them suffices. A driver starts and stops for oneself, which the routes see to; what is
not named here changes how a charger works and needs `chargers.configure`."""


def require_for(actor: Actor, command: Command, station_id: StationId | None = None) -> None:
    """Raise PermissionMissingError unless the actor may send the command there."""
    wanted = PERMISSIONS_FOR.get(type(command), _CONFIGURE)
    if not any(actor.may(permission, station_id) for permission in wanted):
        actor.require(wanted[0], station_id)
