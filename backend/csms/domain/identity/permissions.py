"""Who may do what: one literal table of permissions and the operator roles that hold them.

An administrator (role ADMIN) holds every permission, a driver (role USER) holds `own`. What lies
between is granted: a role, for the whole organization or for one station.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from csms.kernel.ids import StationId

OperatorRole = Literal["viewer", "operator", "manager", "finance"]
Permission = Literal[
    "own",
    "stations.read",
    "stations.write",
    "chargers.read",
    "chargers.write",
    "chargers.operate",
    "chargers.configure",
    "sessions.read",
    "sessions.close",
    "messages.read",
    "id_tags.read",
    "id_tags.write",
    "tariffs.read",
    "tariffs.write",
    "billing.read",
    "billing.write",
    "desk.read",
    "desk.write",
    "people.read",
    "people.write",
    "wallets.write",
    "audit.read",
    "access.manage",
    "webhooks.manage",
    "settings.read",
    "settings.write",
    "administration",
]

ROLES_WITH: Final[Mapping[Permission, frozenset[OperatorRole]]] = {
    "own": frozenset({"viewer", "operator", "manager", "finance"}),
    "stations.read": frozenset({"viewer", "operator", "manager", "finance"}),
    "stations.write": frozenset({"manager"}),
    "chargers.read": frozenset({"viewer", "operator", "manager", "finance"}),
    "chargers.write": frozenset({"manager"}),
    "chargers.operate": frozenset({"operator", "manager"}),
    "chargers.configure": frozenset({"manager"}),
    "sessions.read": frozenset({"viewer", "operator", "manager", "finance"}),
    "sessions.close": frozenset({"manager", "finance"}),
    "messages.read": frozenset({"viewer", "operator", "manager"}),
    "id_tags.read": frozenset({"operator", "manager", "finance"}),
    "id_tags.write": frozenset({"manager"}),
    "tariffs.read": frozenset({"viewer", "operator", "manager", "finance"}),
    "tariffs.write": frozenset({"finance"}),
    "billing.read": frozenset({"manager", "finance"}),
    "billing.write": frozenset({"finance"}),
    "desk.read": frozenset({"viewer", "operator", "manager", "finance"}),
    "desk.write": frozenset({"manager", "finance"}),
    "people.read": frozenset({"manager", "finance"}),
    "people.write": frozenset({"manager"}),
    "wallets.write": frozenset({"finance"}),
    "audit.read": frozenset({"manager", "finance"}),
    "access.manage": frozenset(),
    "webhooks.manage": frozenset({"manager"}),
    "settings.read": frozenset({"viewer", "operator", "manager", "finance"}),
    "settings.write": frozenset({"manager"}),
    "administration": frozenset(),
}
"""`administration` is what no role is granted: whatever the table of endpoints does not name."""

PER_STATION: Final[frozenset[Permission]] = frozenset(
    {
        "own",
        "stations.read",
        "stations.write",
        "chargers.read",
        "chargers.write",
        "chargers.operate",
        "chargers.configure",
        "sessions.read",
        "sessions.close",
        "messages.read",
        "desk.read",
        "desk.write",
        "billing.read",
        "billing.write",
    }
)
"""What a grant for one station can give. People, tags, prices and money are the organization's."""

ALL_PERMISSIONS: Final[tuple[Permission, ...]] = get_args(Permission)
OPERATOR_ROLES: Final[tuple[OperatorRole, ...]] = get_args(OperatorRole)
GRANTABLE_TO_KEYS: Final[frozenset[Permission]] = frozenset(ALL_PERMISSIONS) - {
    "own",
    "access.manage",
    "administration",
}
"""A key makes no further keys, appoints nobody, and does not touch its owner's own account."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds; `station_id` None: for the whole organization."""

    role: OperatorRole
    station_id: StationId | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a permission holds: `stations` None is everywhere in the organization."""

    stations: frozenset[StationId] | None = None

    def covers(self, station_id: StationId) -> bool:
        """Whether the station lies within."""
        return self.stations is None or station_id in self.stations


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """What an API key is narrowed to; it never gives more than its owner holds."""

    permissions: frozenset[Permission]
    stations: frozenset[StationId] | None = None


EVERYWHERE: Final = Reach()


def reach_of_grants(grants: tuple[Grant, ...], permission: Permission) -> Reach | None:
    """Return where the grants give the permission, None when nowhere."""
    held = [grant for grant in grants if grant.role in ROLES_WITH[permission]]
    if any(grant.station_id is None for grant in held):
        return EVERYWHERE
    if permission not in PER_STATION:
        return None
    stations = frozenset(grant.station_id for grant in held if grant.station_id is not None)
    return Reach(stations) if stations else None


def narrowed(reach: Reach, stations: frozenset[StationId] | None) -> Reach:
    """Return what of the reach lies within `stations`; None leaves it as it is."""
    if stations is None:
        return reach
    return Reach(stations if reach.stations is None else reach.stations & stations)
