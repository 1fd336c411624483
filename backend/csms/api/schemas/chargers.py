"""Bodies of charger requests."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from pydantic import Field, StringConstraints

from csms.api.schemas.body import Body, Changes, Label, Name
from csms.domain.stations.registry_chargers import ChargerPlan, ConnectorPlan
from csms.kernel.ids import ConnectorNumber, StationId
from csms.reads.charger import ChargerDetail

Key = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=100)]


class ConnectorBody(Changes):
    """One outlet; `max_power_kw` bounds what a session can have taken."""

    connector_id: Annotated[
        int, Field(ge=0, le=64, description="0, the charger itself, is passed over.", examples=[1])
    ]
    connector_type: Annotated[Label | None, Field(examples=["TYPE2"])] = None
    max_power_kw: Annotated[
        Decimal | None, Field(gt=0, le=10_000, decimal_places=3, examples=[22])
    ] = None


Vendor = Annotated[Label | None, Field(examples=["Example"])]
Model = Annotated[Label | None, Field(examples=["Duo 22"])]
Serial = Annotated[Label | None, Field(examples=["SN-0017"])]
StationRef = Annotated[int, Field(ge=1, le=2**63 - 1, examples=[17])]
Profile = Annotated[
    int,
    Field(
        ge=0,
        le=3,
        description="0 open, 1 Basic, 2 TLS and Basic, 3 client certificate. 2 and 3 need the TLS "
        "port or a TLS proxy of ours, 422 otherwise. Lowering it is possible here only.",
    ),
]
Password = Annotated[
    Key | None,
    Field(
        description="16 to 20 bytes. Without one a new charger gets a generated password, shown "
        "once; a given one replaces the present.",
        examples=["x2Wf9-tQ0b_Lr7Kd5Vz"],
    ),
]
Leniency = Annotated[list[Label], Field(description="Leniency rules that it does not get.")]
HeartbeatInterval = Annotated[int, Field(ge=10, le=86_400)]
PingInterval = Annotated[int, Field(ge=0, le=3_600, description="0: no pings.")]
FreeIdTag = Annotated[
    str | None,
    Field(min_length=1, max_length=20, description="Sessions of this tag are not billed."),
]
PushesAuthorizations = Annotated[
    bool,
    Field(
        description="When people, id tags or wallets change, its cache is cleared and its local "
        "list updated."
    ),
]
ResendsAvailability = Annotated[
    bool,
    Field(
        description="When it comes back and contradicts the availability that it agreed to, it is "
        "asked again. Chargers have to keep it across reboots by themselves."
    ),
]
Connectors = Annotated[list[ConnectorBody], Field(max_length=64)]
NULLABLE: Final = frozenset({"vendor", "model", "serial_number", "free_id_tag"})


class NewChargerBody(Body):
    """A charger to be registered."""

    station_id: StationRef
    name: Annotated[Name, Field(examples=["Quay 1"])]
    charge_point_id: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=48,
            description="The last part of the charger's URL; made up when it is left out.",
            examples=["CP001"],
        ),
    ] = None
    vendor: Vendor = None
    model: Model = None
    serial_number: Serial = None
    security_profile: Profile = 1
    password: Password = None
    is_strict: bool = False
    leniency_off: Annotated[Leniency, Field(default_factory=list, max_length=100)]
    is_disabled: Annotated[bool, Field(description="Its BootNotification is Rejected.")] = False
    heartbeat_interval_s: HeartbeatInterval = 300
    ping_interval_s: PingInterval = 25
    free_id_tag: FreeIdTag = None
    assumes_subprotocol: Annotated[
        bool, Field(description="A client that offers no subprotocol is taken as OCPP 1.6.")
    ] = False
    pushes_authorizations: PushesAuthorizations = False
    resends_availability: ResendsAvailability = False
    connectors: Annotated[Connectors, Field(default_factory=list)]

    def plan(self) -> ChargerPlan:
        """Return the domain's type."""
        return ChargerPlan(
            station_id=StationId(self.station_id),
            name=self.name,
            vendor=self.vendor,
            model=self.model,
            serial_number=self.serial_number,
            security_profile=self.security_profile,
            is_strict=self.is_strict,
            leniency_off=tuple(self.leniency_off),
            is_disabled=self.is_disabled,
            heartbeat_interval_s=self.heartbeat_interval_s,
            ping_interval_s=self.ping_interval_s,
            free_id_tag=self.free_id_tag,
            assumes_subprotocol=self.assumes_subprotocol,
            pushes_authorizations=self.pushes_authorizations,
            resends_availability=self.resends_availability,
            connectors=_plans(self.connectors),
        )


class ChargerChanges(Changes):
    """What is to change of a charger; what is left out stays. Its charge point id cannot change."""

    station_id: StationRef | None = None
    name: Annotated[Name | None, Field(examples=["Quay 1"])] = None
    vendor: Vendor = None
    model: Model = None
    serial_number: Serial = None
    security_profile: Profile | None = None
    password: Password = None
    is_strict: bool | None = None
    leniency_off: Leniency | None = None
    is_disabled: bool | None = None
    heartbeat_interval_s: HeartbeatInterval | None = None
    ping_interval_s: PingInterval | None = None
    free_id_tag: FreeIdTag = None
    assumes_subprotocol: bool | None = None
    pushes_authorizations: PushesAuthorizations | None = None
    resends_availability: ResendsAvailability | None = None
    connectors: Connectors | None = None

    def applied_to(self, plan: ChargerPlan) -> ChargerPlan:
        """Return the plan with these changes."""
        given = self.given(nullable=NULLABLE)
        given.pop("password", None)
        if self.connectors is not None:
            given["connectors"] = _plans(self.connectors)
        if self.leniency_off is not None:
            given["leniency_off"] = tuple(self.leniency_off)
        return replace(plan, **given)


def _plans(connectors: list[ConnectorBody]) -> tuple[ConnectorPlan, ...]:
    return tuple(
        ConnectorPlan(ConnectorNumber(c.connector_id), c.connector_type, c.max_power_kw)
        for c in connectors
        if c.connector_id > 0
    )


class MadeCharger(msgspec.Struct, frozen=True):
    """A new charger. `password` is shown this once, null where none was made."""

    charger: ChargerDetail
    ocpp_url: str
    password: str | None
