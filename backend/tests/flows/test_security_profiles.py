"""Two chargers built on public libraries charge under every security profile, and openssl looks in."""

import asyncio
import json
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ocpp.routing import on
from ocpp.v16 import call, call_result

from tests.flows.product import Network, Product, free_port
from tests.flows.public_charger import PublicCharger
from tests.flows.test_npm_charger import NODE_BIN, SESSION_TIMEOUT_S
from tests.flows.test_npm_charger import installed as installed  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.integration

OPERATOR = "Example Operator"
SUITES = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "AES128-GCM-SHA256",
    "AES256-GCM-SHA384",
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    environment = {
        "CSMS_OCPP_TLS_PORT": str(free_port()),
        "CSMS_OPERATOR_NAME": OPERATOR,
        "CSMS_CA_AUTO_SIGN": "true",
    }
    running = Product(tmp_path_factory.mktemp("tls"), environment=environment).start()
    yield running
    running.ensure_ended()


class CertifiedCharger(PublicCharger):
    """Takes the certificate that it asked for."""

    chain: asyncio.Queue[str]

    @on("CertificateSigned")
    async def on_certificate_signed(self, certificate_chain: str) -> call_result.CertificateSigned:
        await self.chain.put(certificate_chain)
        return call_result.CertificateSigned(status="Accepted")


async def certified(product: Product, network: Network, folder: Path, profile: int) -> Any:
    """Register a charger, let it get a certificate under profile 2, then set its profile."""
    charger, password = await asyncio.to_thread(
        lambda: network.add_charger(security_profile=2, serial_number="SN-7")
    )
    name = charger["charge_point_id"]
    base = charger["ocpp_url"].rpartition("/")[0]
    context = ssl.create_default_context(cafile=product.roots_file)
    unit = await CertifiedCharger.connect(base, name, password, tls=context)
    assert isinstance(unit, CertifiedCharger)
    unit.chain = asyncio.Queue()
    key = ec.generate_private_key(ec.SECP256R1())
    names = [(NameOID.ORGANIZATION_NAME, OPERATOR), (NameOID.COMMON_NAME, "SN-7")]
    csr = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(kind, said) for kind, said in names]))
        .sign(key, hashes.SHA256())
    )
    pem = csr.public_bytes(serialization.Encoding.PEM).decode()
    answer = await unit.call(call.SignCertificate(csr=pem), suppress=False)
    assert answer.status == "Accepted"
    chain = await asyncio.wait_for(unit.chain.get(), SESSION_TIMEOUT_S)
    await unit.close()
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_text(chain)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    path = f"/api/admin/chargers/{charger['id']}"
    await asyncio.to_thread(network.rest.put, path, {"security_profile": profile})
    return charger, certificate, private


async def terms(product: Product, network: Network, folder: Path, profile: int) -> dict[str, Any]:
    """Return how a charger of that profile connects: base address, id, password, files."""
    if profile == 3:
        charger, certificate, private = await certified(product, network, folder, 3)
        return {
            "charger": charger,
            "password": "",
            "certificate": str(certificate),
            "key": str(private),
        }
    charger, password = await asyncio.to_thread(
        lambda: network.add_charger(security_profile=profile)
    )
    return {"charger": charger, "password": password, "certificate": None, "key": None}


@pytest.mark.parametrize("profile", [0, 1, 2, 3])
async def test_a_python_charger_charges_under_every_profile(
    product: Product, network: Network, tmp_path: Path, profile: int
) -> None:
    how = await terms(product, network, tmp_path, profile)
    context = None
    if profile >= 2:
        context = ssl.create_default_context(cafile=product.roots_file)
        if how["certificate"]:
            context.load_cert_chain(how["certificate"], how["key"])
    base = how["charger"]["ocpp_url"].rpartition("/")[0]
    assert base.startswith("wss:" if profile >= 2 else "ws:")
    unit = await PublicCharger.connect(
        base, how["charger"]["charge_point_id"], how["password"], tls=context
    )
    await unit.boot()
    transaction_id, status = await unit.begin(1, network.id_tag, 1000)
    await unit.read_meter(1, transaction_id, 1500)
    await unit.end(transaction_id, 2000)
    await unit.close()
    assert status == "Accepted"
    bill = await asyncio.to_thread(network.wait_until_billed, transaction_id)
    assert bill["energy_wh"] == 1000
    shown = await asyncio.to_thread(network.rest.get, f"/api/admin/chargers/{how['charger']['id']}")
    assert shown["connections"][0]["security_profile"] == profile


@pytest.mark.parametrize("profile", [0, 1, 2, 3])
async def test_an_npm_charger_charges_under_every_profile(
    installed: Path, product: Product, network: Network, tmp_path: Path, profile: int
) -> None:
    how = await terms(product, network, tmp_path, profile)
    order = {
        "url": how["charger"]["ocpp_url"].rpartition("/")[0],
        "id": how["charger"]["charge_point_id"],
        "password": how["password"] or None,
        "idTag": network.id_tag,
        "meterStart": 250,
        "startedAt": "2026-03-01T12:00:00Z",
        "readings": [1250],
        "meterStop": 2250,
        "awaitRemoteStop": False,
        "ca": str(product.roots_file) if profile >= 2 else None,
        "certificate": how["certificate"],
        "key": how["key"],
    }
    node = await asyncio.create_subprocess_exec(
        str(NODE_BIN / "node"),
        "charger.mjs",
        json.dumps(order),
        cwd=installed,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(node.communicate(), SESSION_TIMEOUT_S)
    assert node.returncode == 0, errors.decode()
    answers = json.loads(output.splitlines()[-1])
    assert answers["boot"]["status"] == "Accepted"
    assert answers["start"]["transactionId"] > 0


@pytest.mark.parametrize("suite", SUITES)
def test_openssl_shakes_hands_with_each_suite_of_the_whitepaper(
    product: Product, suite: str
) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not on this machine")
    done = subprocess.run(
        [
            openssl, "s_client", "-connect", f"127.0.0.1:{product.tls_port}", "-tls1_2",
            "-cipher", suite, "-CAfile", str(product.roots_file), "-verify_return_error",
            "-verify_hostname", "localhost",
        ],
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    said = done.stdout.decode()
    assert f"Cipher is {suite}" in said, done.stderr.decode()
    assert "Verification: OK" in said
    assert "Compression: NONE" in said


def test_a_new_charger_of_profile_2_or_3_gets_a_wss_address_and_only_2_a_key(
    product: Product, network: Network
) -> None:
    second, password = network.add_charger(security_profile=2)
    third, none = network.add_charger(security_profile=3, serial_number="SN-9")
    assert second["ocpp_url"].startswith(f"wss://127.0.0.1:{product.tls_port}/ocpp/")
    assert third["ocpp_url"].startswith("wss://")
    assert len(password) == 20
    assert none == ""


def test_the_authority_is_shown_and_its_lists_are_public(
    product: Product, network: Network
) -> None:
    shown = network.rest.get("/api/admin/certificate-authority")
    assert shown["security_profiles"] == [0, 1, 2, 3]
    assert {one["key_type"] for one in shown["server_certificates"]} == {"ECDSA", "RSA"}
    assert network.rest.post("/api/admin/certificate-authority/reload")["fault"] is None
    for kind in ("ecdsa", "rsa"):
        der = httpx.get(f"{product.url}/api/pki/{kind}.crl", timeout=30).content
        root = httpx.get(f"{product.url}/api/pki/{kind}.pem", timeout=30).content
        key: Any = x509.load_pem_x509_certificate(root).public_key()
        assert x509.load_der_x509_crl(der).is_signature_valid(key)
