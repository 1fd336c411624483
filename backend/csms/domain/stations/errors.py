"""What can go wrong with the registry of stations and chargers."""

from csms.kernel.errors import ConflictError, InvalidError, NotFoundError


class StationNotFoundError(NotFoundError):
    """No such station in this organization."""


class StationInUseError(ConflictError):
    """Chargers or history hang on the station: archive it instead."""


class StationArchivedError(ConflictError):
    """The station is archived; nothing can be put there."""


class ChargerNotFoundError(NotFoundError):
    """No such charger in this organization."""


class ChargerInUseError(ConflictError):
    """History hangs on the charger: archive it instead."""


class ChargePointIdTakenError(ConflictError):
    """Another charger connects under this id."""


class BadChargePointIdError(InvalidError):
    """The id cannot stand in a charger's URL and user name."""


class BadChargerKeyError(InvalidError):
    """The key is not one that a charger can hold (Security whitepaper A00.FR.205)."""


class SecurityProfileNotServedError(InvalidError):
    """This installation does not serve the security profile."""


class OpenChargersRefusedError(InvalidError):
    """Security profile 0 is not allowed by this installation's settings."""


class BadConnectorsError(InvalidError):
    """The list of connectors contradicts itself."""
