"""The Remote Trigger profile and its security extension (OCPP 1.6 §5.17, whitepaper A02)."""

from collections.abc import Awaitable, Callable
from functools import partial

from csms_simulator.life import LivingUnit
from csms_simulator.ocpp16 import Payload, call
from csms_simulator.unit import Answer

PLAIN = frozenset(
    {
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "MeterValues",
        "StatusNotification",
    }
)
EXTENDED = PLAIN - {"DiagnosticsStatusNotification"} | {
    "LogStatusNotification",
    "SignChargePointCertificate",
}


async def trigger_message(charger: LivingUnit, request: Payload) -> Answer:
    """Send a message that the server asks for, after the answer (OCPP 1.6 §5.17)."""
    return _answer(charger, request, PLAIN)


async def extended_trigger_message(charger: LivingUnit, request: Payload) -> Answer:
    """The same with the messages of the security extension (whitepaper A02)."""
    return _answer(charger, request, EXTENDED)


def _answer(charger: LivingUnit, request: Payload, offered: frozenset[str]) -> Answer:
    wanted, connector_id = request["requestedMessage"], request.get("connectorId")
    if wanted not in offered:
        return Answer({"status": "NotImplemented"})
    if connector_id is not None and connector_id not in charger.connectors:
        return Answer({"status": "Rejected"})
    return Answer({"status": "Accepted"}, _sender(charger, wanted, connector_id))


def _sender(
    charger: LivingUnit, wanted: str, connector_id: int | None
) -> Callable[[], Awaitable[object]]:
    numbers = list(charger.connectors) if connector_id is None else [connector_id]

    async def statuses() -> None:
        for number in numbers:
            await charger.status(number)

    async def readings() -> None:
        for number in numbers:
            connector = charger.connectors[number]
            if number > 0 or connector_id == 0:
                samples = charger.reading(connector).sampled_values(
                    charger.configuration.items("MeterValuesSampledData"), "Trigger"
                )
                await charger.meter(number, samples=samples)

    log_status, request_id = charger.log_status
    senders: dict[str, Callable[[], Awaitable[object]]] = {
        "BootNotification": charger.boot,
        "Heartbeat": charger.heartbeat,
        "StatusNotification": statuses,
        "MeterValues": readings,
        "DiagnosticsStatusNotification": partial(
            charger.request, call.DiagnosticsStatusNotification(status=charger.diagnostics_status)
        ),
        "FirmwareStatusNotification": partial(
            charger.request, call.FirmwareStatusNotification(status=charger.firmware_status)
        ),
        "LogStatusNotification": partial(
            charger.request, call.LogStatusNotification(status=log_status, request_id=request_id)
        ),
        "SignChargePointCertificate": partial(sign_certificate, charger),
    }
    return senders[wanted]


async def sign_certificate(charger: LivingUnit) -> Payload:
    """Make a new key pair and send its CSR (whitepaper A02.FR.02)."""
    csr = charger.certificates.signing_request(
        charger.configuration.text("CpoName"), charger.serial_number
    )
    return await charger.request(call.SignCertificate(csr=csr))
