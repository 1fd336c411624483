"""Certificates, as the security extension manages them (whitepaper A02, M03, M04, M05)."""

from functools import partial

from csms_simulator.commands.maintenance import security_event
from csms_simulator.life import LivingUnit
from csms_simulator.ocpp16 import Payload
from csms_simulator.unit import Answer


async def certificate_signed(charger: LivingUnit, request: Payload) -> Answer:
    """Take the chain for our latest CSR, or reject it with a security event (A02.FR.06-07)."""
    chain = request["certificateChain"]
    size_max = charger.configuration.number("CertificateSignedMaxChainSize")
    if len(chain) <= size_max and charger.certificates.accept_signed(chain, charger.clock.now()):
        return Answer({"status": "Accepted"}, charger.relink)
    event = partial(security_event, charger, "InvalidChargePointCertificate")
    return Answer({"status": "Rejected"}, event)


async def install_certificate(charger: LivingUnit, request: Payload) -> Answer:
    """Store a root certificate, or reject it with a security event (M05)."""
    status = charger.certificates.install(
        request["certificateType"], request["certificate"], charger.clock.now()
    )
    if status != "Rejected":
        return Answer({"status": status})
    event = partial(security_event, charger, "InvalidCentralSystemCertificate")
    return Answer({"status": status}, event)


async def delete_certificate(charger: LivingUnit, request: Payload) -> Answer:
    """Remove the root with this hash data (M04)."""
    return Answer({"status": charger.certificates.delete(request["certificateHashData"])})


async def get_installed_certificate_ids(charger: LivingUnit, request: Payload) -> Answer:
    """List the roots of one use (M03)."""
    found = charger.certificates.hash_data(request["certificateType"])
    if not found:
        return Answer({"status": "NotFound"})
    return Answer({"status": "Accepted", "certificateHashData": found})
