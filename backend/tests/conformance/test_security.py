"""Security: the whitepaper's extension, and the profiles that are built."""

import asyncio
import secrets
import socket
import ssl
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from csms_simulator.certificates import hash_data
from csms_simulator.errors import ConnectRefusedError
from tests.conformance.authority import Authority
from tests.conformance.cases import case
from tests.conformance.stage import OPERATOR, PATIENCE_S, Stage, Unit
from tests.conformance.test_maintenance import LOCATION, job_of, said

pytestmark = pytest.mark.integration
SECURITY = "Security"
CENTRAL, MANUFACTURER = "CentralSystemRootCertificate", "ManufacturerRootCertificate"


async def event_of(stage: Stage, unit: Unit, kind: str) -> dict[str, Any]:
    """Return the charger's security event of that type once it is listed."""
    page = await stage.until(
        "/api/admin/security-events",
        lambda found: [one["type"] for one in found["data"]] == [kind],
        charger_id=unit.id,
    )
    event: dict[str, Any] = page["data"][0]
    return event


@case("TC_073", "Change the Basic password", block=SECURITY)
async def test_change_password(stage: Stage) -> None:
    unit = await stage.booted()
    key = secrets.token_hex(20)
    before = unit.charger.received_count
    asked = await unit.ask("change-configuration", {"key": "AuthorizationKey", "value": key})
    told = await unit.told("ChangeConfiguration", after=before)
    stage.step(
        "WP A01.FR.02", "the key goes out", told == {"key": "AuthorizationKey", "value": key}
    )
    stage.step("WP A01.FR.03", "the charger Accepts it", asked["status"] == "Accepted")
    await unit.charger.wait_online()
    answer = await unit.charger.heartbeat()
    stage.step("WP A01", "it comes back with the new key", "currentTime" in answer)
    operation = await stage.get(f"/api/admin/operations/{asked['operation_id']}")
    logged = await stage.get(f"/api/logs/{unit.name}")
    stage.step("WP A01", "the key is nowhere on record", key not in f"{operation}{logged}")
    old = await stage.unit(password=unit.password)
    old.charger.charge_point_id = unit.charger.charge_point_id
    with pytest.raises(ConnectRefusedError) as refused:
        await old.charger.connect()
    stage.step("WP A01.FR.03", "the old key is refused (401)", refused.value.status_code == 401)


async def _renewed(stage: Stage, unit: Unit) -> dict[str, Any]:
    """Let the charger ask for a signature, approve it, and return the certificate it took."""
    before = unit.charger.received_count
    links = len((await unit.shown())["connections"])
    body = {"requested_message": "SignChargePointCertificate"}
    asked = await unit.ask("extended-trigger-message", body)
    stage.step("WP A02.FR.02", "ExtendedTriggerMessage is Accepted", asked["status"] == "Accepted")
    waiting = {"charger_id": unit.id, "state": "WAITING"}
    page = await stage.until(
        "/api/admin/certificate-requests", lambda found: found["data"], **waiting
    )
    stage.step("WP A02.FR.11", "the request is Accepted", page["data"][0]["status"] == "Accepted")
    request_id = page["data"][0]["id"]
    issued = await stage.post(f"/api/admin/certificate-requests/{request_id}/approve")
    told = await unit.told("CertificateSigned", after=before)
    chain = x509.load_pem_x509_certificates(told["certificateChain"].encode())
    csr = x509.load_pem_x509_csr(page["data"][0]["csr"].encode())
    stage.step("WP 5.1", "the chain is for that request", chain[0].public_key() == csr.public_key())
    chain[0].verify_directly_issued_by(chain[1])
    stage.step("WP A02.FR.06", "the chain is valid: the root signed it")
    await stage.until(
        "/api/admin/certificate-requests",
        lambda found: [one for one in found["data"] if one["id"] == request_id],
        charger_id=unit.id,
        state="INSTALLED",
    )
    stage.step("WP A02.FR.06", "the charger's Accepted is on record")
    await unit.until_shown(lambda one: one["is_connected"] and len(one["connections"]) > links)
    found: dict[str, Any] = issued
    return found


async def _proven_with_certificate(stage: Stage, unit: Unit, issued: dict[str, Any]) -> None:
    await stage.until(
        f"/api/admin/chargers/{unit.id}/certificates",
        lambda found: found["client_certificate"] == issued["fingerprint"],
    )


@case("TC_074", "Renew the charger's certificate", block=SECURITY)
async def test_renew_certificate(stage: Stage) -> None:
    unit = await stage.booted(profile=2, configuration={"CpoName": OPERATOR})
    first = await _renewed(stage, unit)
    await stage.put(f"/api/admin/chargers/{unit.id}", {"security_profile": 3})
    await _proven_with_certificate(stage, unit, first)
    stage.step("WP A02.FR.08", "the charger comes back with its certificate")
    second = await _renewed(stage, unit)
    await _proven_with_certificate(stage, unit, second)
    stage.step("WP A02.FR.09", "and with the renewed one", second["id"] != first["id"])


async def _install(stage: Stage, use: str) -> None:
    unit, root = await stage.booted(), Authority()
    body = {"certificate_type": use, "certificate": root.root_pem}
    asked = await unit.ask("install-certificate", body)
    stage.step("WP M05", "InstallCertificate is Accepted", asked["status"] == "Accepted")
    asked = await unit.ask("get-installed-certificate-ids", {"certificate_type": use})
    wanted = [hash_data(root.root, "SHA256")]
    listed = asked["response"]["certificateHashData"]
    stage.step("WP M03", "GetInstalledCertificateIds lists it", listed == wanted)
    known = await stage.until(
        f"/api/admin/chargers/{unit.id}/certificates", lambda one: one["installed"]
    )
    stage.step("WP M03", "and it is known", known["installed"][0]["certificate_type"] == use)


@case("TC_075_1", "Install a manufacturer's root", block=SECURITY)
async def test_install_manufacturer_root(stage: Stage) -> None:
    await _install(stage, MANUFACTURER)


@case("TC_075_2", "Install a Central System's root", block=SECURITY)
async def test_install_central_root(stage: Stage) -> None:
    await _install(stage, CENTRAL)


@case("TC_076", "Remove a root by its hashes", block=SECURITY)
async def test_delete_certificate(stage: Stage) -> None:
    unit = await stage.booted()
    for algorithm in ("SHA256", "SHA384", "SHA512"):
        root = Authority(algorithm)
        body = {"certificate_type": CENTRAL, "certificate": root.root_pem}
        await unit.ask("install-certificate", body)
        hashes = hash_data(root.root, algorithm)
        named = {
            "hash_algorithm": hashes["hashAlgorithm"],
            "issuer_name_hash": hashes["issuerNameHash"],
            "issuer_key_hash": hashes["issuerKeyHash"],
            "serial_number": hashes["serialNumber"],
        }
        asked = await unit.ask("delete-certificate", {"certificate_hash_data": named})
        stage.step("WP M04", f"removed by {algorithm}", asked["status"] == "Accepted")
    asked = await unit.ask("get-installed-certificate-ids", {"certificate_type": CENTRAL})
    stage.step("WP M03", "none is left", asked["status"] == "NotFound")


@case("TC_077", "A signed certificate is rejected", block=SECURITY)
async def test_invalid_charge_point_certificate(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await unit.ask("certificate-signed", {"certificate_chain": Authority().root_pem})
    stage.step("WP A02.FR.07", "Rejected is passed on", asked["status"] == "Rejected")
    event = await event_of(stage, unit, "InvalidChargePointCertificate")
    stage.step("WP A04", "the security event is listed", event["charger_id"] == unit.id)


@case("TC_078", "A root certificate is rejected", block=SECURITY)
async def test_invalid_central_system_certificate(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"certificate_type": CENTRAL, "certificate": "-----BEGIN CERTIFICATE-----\nno\n"}
    asked = await unit.ask("install-certificate", body)
    stage.step("WP M05", "Rejected is passed on", asked["status"] == "Rejected")
    event = await event_of(stage, unit, "InvalidCentralSystemCertificate")
    stage.step("WP A04", "the security event is listed", event["charger_id"] == unit.id)


@case("TC_079", "The security log", block=SECURITY)
async def test_security_log(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"log_type": "SecurityLog", "location": "https://files.example.org/logs"}
    asked = await unit.ask("get-log", body)
    stage.step("WP N01", "GetLog is Accepted", asked["status"] == "Accepted")
    told = await unit.told("GetLog")
    stage.step("WP 5.9", "under a request id of ours", told["requestId"] > 0)
    job = await job_of(stage, unit, "DONE")
    stage.step("WP N01", "every status is on record", said(job) == ["Uploading", "Uploaded"])
    stage.step("WP 5.13", "under that id", job["request_id"] == told["requestId"])


async def _update(stage: Stage, unit: Unit) -> dict[str, Any]:
    body = {
        "location": LOCATION,
        "signing_certificate": Authority("Manufacturer").root_pem,
        "signature": "c2lnbmF0dXJl",
    }
    return await unit.ask("signed-update-firmware", body)


@case("TC_080", "Signed firmware installed", block=SECURITY)
async def test_signed_firmware(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await _update(stage, unit)
    stage.step("WP L01", "SignedUpdateFirmware is Accepted", asked["status"] == "Accepted")
    await unit.sent("SignedFirmwareStatusNotification", lambda one: one["status"] == "Installed")
    page = await stage.until(
        "/api/admin/maintenance-jobs",
        lambda found: found["data"][0]["charger_status"] == "Installed",
        charger_id=unit.id,
    )
    job = await stage.get(f"/api/admin/maintenance-jobs/{page['data'][0]['id']}")
    steps = [
        "Downloading",
        "Downloaded",
        "SignatureVerified",
        "Installing",
        "InstallRebooting",
        "Installed",
    ]
    stage.step("WP 5.19", "every status is on record", said(job) == steps)
    stage.step("4.2", "the boot with the new version proves it", job["version_after"] == "2.0.0")


@case("TC_081", "Signed firmware with an invalid signature", block=SECURITY)
async def test_invalid_signature(stage: Stage) -> None:
    unit = await stage.booted()
    unit.charger.habits.firmware_outcome = "InvalidSignature"
    await _update(stage, unit)
    job = await job_of(stage, unit, "FAILED")
    steps = ["Downloading", "Downloaded", "InvalidSignature"]
    stage.step("WP L01", "every status is on record", said(job) == steps)
    event = await event_of(stage, unit, "InvalidFirmwareSignature")
    stage.step("WP A04", "the security event is listed", event["charger_id"] == unit.id)


@case("TC_083", "Raise the security profile", block=SECURITY)
async def test_raise_profile(stage: Stage) -> None:
    unit = await stage.booted()
    lower = unit.charger.url
    asked = await unit.ask("change-configuration", {"key": "SecurityProfile", "value": "2"})
    stage.step(
        "WP A05.FR.05",
        "SecurityProfile 2 is taken",
        asked["status"] in {"Accepted", "RebootRequired"},
    )
    shown = await unit.shown()
    stage.step("WP A05", "both profiles are admitted", shown["pending_security_profile"] == 2)
    stage.step("WP A05", "the open socket stays", shown["is_connected"])
    unit.charger.url, unit.charger.tls = stage.tls_url, stage.client_context()
    asked = await unit.ask("reset", {"type": "Soft"})
    stage.step("5.14", "Reset is Accepted", asked["status"] == "Accepted")
    shown = await unit.until_shown(lambda one: one["is_connected"] and one["security_profile"] == 2)
    stage.step("WP A05.FR.07", "it comes back over TLS", shown["connections"][0]["tls"] is not None)
    old = await stage.unit(password=unit.password)
    old.charger.charge_point_id, old.charger.url = unit.charger.charge_point_id, lower
    with pytest.raises(ConnectRefusedError) as refused:
        await old.charger.connect()
    stage.step("WP A05.FR.09", "the lower profile is refused", refused.value.status_code == 403)
    changed = await stage.put(f"/api/admin/chargers/{unit.id}", {"security_profile": 1})
    stage.step("WP A00.FR.005", "an operator alone lowers it", changed["security_profile"] == 1)


@case("TC_085", "Basic authentication", block=SECURITY)
async def test_basic(stage: Stage) -> None:
    unit = await stage.booted()
    stage.step("WP A00.FR.202", "the charger's own key is admitted", unit.charger.is_online)
    for words, password in (("a wrong key", "x" * 20), ("no key", None)):
        stranger = await stage.unit(password=password)
        with pytest.raises(ConnectRefusedError) as refused:
            await stranger.charger.connect()
        stage.step("WP A00.FR.203", f"{words} is refused (401)", refused.value.status_code == 401)


SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": ec.EllipticCurvePublicKey,
    "ECDHE-ECDSA-AES256-GCM-SHA384": ec.EllipticCurvePublicKey,
    "AES128-GCM-SHA256": rsa.RSAPublicKey,
    "AES256-GCM-SHA384": rsa.RSAPublicKey,
}


def _shaken(stage: Stage, context: ssl.SSLContext) -> "_Shaken":
    """Shake hands with the TLS port and return what came of it."""
    address = ("127.0.0.1", stage.product.tls_port)
    with (
        socket.create_connection(address, timeout=PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        return _Shaken(tls)


class _Shaken:
    """What a TLS handshake came to."""

    def __init__(self, tls: ssl.SSLSocket) -> None:
        der = tls.getpeercert(binary_form=True)
        assert der is not None
        self.certificate = x509.load_der_x509_certificate(der)
        self.version, self.compression = tls.version(), tls.compression()
        self.suite = (tls.cipher() or ("",))[0]


@case("TC_086", "TLS: versions, suites, server certificate", block=SECURITY)
async def test_tls(stage: Stage) -> None:
    for suite, kind in SUITES.items():
        context = stage.client_context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(suite)
        shaken = await asyncio.to_thread(_shaken, stage, context)
        stage.step("WP A00.FR.317", f"{suite} is served", shaken.suite == suite)
        is_kind = isinstance(shaken.certificate.public_key(), kind)
        stage.step("WP A00.FR.317", "with the certificate of its kind", is_kind)
        stage.step("WP A00.FR.320", "without compression", shaken.compression is None)
    owners = shaken.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    stage.step("WP A00.FR.509", "O is the operator", [one.value for one in owners] == [OPERATOR])
    newest = await asyncio.to_thread(_shaken, stage, stage.client_context())
    stage.step("WP A00.FR.312", "TLS 1.3 is served", newest.version == "TLSv1.3")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        await asyncio.to_thread(_shaken, stage, old)
    stage.step("WP A00.FR.314", "TLS 1.1 is refused")
    await stage.until(
        "/api/admin/security-events", lambda found: found["data"], type="InvalidTLSVersion"
    )
    stage.step("WP A00.FR.323", "and that is a security event")
    unit = await stage.booted(profile=2)
    stage.step("WP A00.FR.301", "profile 2 comes in with its key", unit.charger.is_online)


@case("TC_087", "TLS: client certificate", block=SECURITY)
async def test_client_certificate(stage: Stage) -> None:
    unit = await stage.booted(profile=2, configuration={"CpoName": OPERATOR})
    issued = await _renewed(stage, unit)
    await stage.put(f"/api/admin/chargers/{unit.id}", {"security_profile": 3})
    await _proven_with_certificate(stage, unit, issued)
    stage.step("WP A00.FR.401", "it proves itself with its certificate")
    with pytest.raises(ConnectRefusedError) as refused:
        await (await _twin(stage, unit, stage.client_context())).charger.connect()
    stage.step("WP A00.FR.407", "without one it is refused", refused.value.status_code == 401)
    body = {"reason": "the charger was removed"}
    await stage.post(f"/api/admin/certificates/{issued['id']}/revoke", body)
    with pytest.raises(ConnectRefusedError) as refused:
        await (await _twin(stage, unit, stage.client_context(unit))).charger.connect()
    stage.step("WP A00.FR.704", "a revoked one is refused", refused.value.status_code == 401)
    page = await stage.until(
        "/api/admin/security-events",
        lambda found: len(found["data"]) >= 2,
        charger_id=unit.id,
        type="InvalidChargePointCertificate",
    )
    told = {one["source"] for one in page["data"]}
    stage.step("WP A00.FR.408", "each refusal is a security event", told == {"SERVER"})


async def _twin(stage: Stage, unit: Unit, tls: ssl.SSLContext) -> Unit:
    """Return another unit that claims to be this one."""
    twin = await stage.unit(profile=2)
    twin.charger.charge_point_id, twin.charger.password = unit.charger.charge_point_id, b"x" * 20
    twin.charger.tls = tls
    return twin


@case("TC_088", "Subprotocol", block=SECURITY)
async def test_subprotocol(stage: Stage) -> None:
    unit = await stage.unit(subprotocols=("ocpp9.9",))
    with pytest.raises(ConnectRefusedError):
        await unit.charger.connect()
    stage.step("J 3.2", "an unknown one alone is refused")
    unit = await stage.booted(subprotocols=("ocpp9.9", "ocpp1.6"))
    shown = await unit.shown()
    stage.step("J 3.2", "beside it ocpp1.6 is chosen", shown["protocol"] == "ocpp1.6")
