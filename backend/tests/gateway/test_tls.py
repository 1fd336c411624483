"""The TLS port: versions, suites, certificates of both sides (whitepaper A00.FR.301-424)."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from csms.domain.security.client_certificates import IssuedStatus, fingerprint_of
from csms.gateway.tls_context import server_context
from csms.kernel.ids import ChargerId
from tests.gateway import certificates
from tests.gateway.certificates import Files
from tests.gateway.test_handshake import basic, generated
from tests.gateway.tls_node import TlsNode, running_tls_node

pytestmark = pytest.mark.integration

KEY = "a key of twenty char"


@pytest.fixture
async def tls(tmp_path: Path) -> AsyncIterator[TlsNode]:
    async with running_tls_node(tmp_path) as node:
        yield node


def with_key(charge_point_id: str, key: str = KEY) -> dict[str, str]:
    return {"Authorization": basic(charge_point_id, key)}


def dial(port: int, context: ssl.SSLContext) -> None:
    """Shake hands on a blocking socket, whose alerts are sure to be sent."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost"),
    ):
        pass


async def refused(tls: TlsNode, name: str, client: Files | None = None, **options: Any) -> Any:
    """Return the problem document of a refused upgrade, and its attempt as recorded."""
    with pytest.raises(InvalidStatus) as caught:
        async with tls.charger(name, client, **options):
            pass
    await tls.node.gateway.settle()
    return caught.value.response.status_code, tls.node.admissions.attempts[-1]


async def test_profile_2_charger_talks_over_tls_with_its_key(tls: TlsNode) -> None:
    tls.node.admissions.add("CP200", security_profile=2, credentials=(generated(KEY),))
    async with tls.charger("CP200", additional_headers=with_key("CP200")) as charger:
        answer = await charger.call("Heartbeat", {})
        big = await charger.call("DataTransfer", {"vendorId": "x", "data": "y" * 200_000})
    assert "currentTime" in answer[2]
    assert big[2] == {"status": "UnknownVendorId"}
    start = tls.node.admissions.starts[-1]
    assert (start.security_profile, start.client_certificate) == (2, None)
    assert start.tls is not None
    assert start.tls.startswith("TLSv1.3 ")


async def test_profile_2_charger_with_a_wrong_key_is_refused(tls: TlsNode) -> None:
    tls.node.admissions.add("CP200", security_profile=2, credentials=(generated(KEY),))
    status, attempt = await refused(tls, "CP200", additional_headers=with_key("CP200", "x" * 20))
    assert (status, attempt.outcome) == (401, "bad_credentials")
    assert attempt.security_event == "FailedToAuthenticateAtCentralSystem"


async def test_profile_3_charger_proves_itself_with_its_certificate(tls: TlsNode) -> None:
    charger_id = tls.node.admissions.add("CP300", security_profile=3, serial_number="SN-300")
    mine = tls.issue("SN-300", charger_id)
    async with tls.charger("CP300", mine) as charger:
        assert "currentTime" in (await charger.call("Heartbeat", {}))[2]
    start = tls.node.admissions.starts[-1]
    assert start.security_profile == 3
    assert start.client_certificate == fingerprint_of(mine.certificate)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_rsa_certificates_prove_a_charger_in_both_versions(
    tls: TlsNode, version: ssl.TLSVersion
) -> None:
    charger_id = tls.node.admissions.add("CP300", security_profile=3, serial_number="SN-300")
    mine = tls.issue("SN-300", charger_id, signed_by=tls.rsa, key_type="RSA")
    context = certificates.client_context(tls.roots, mine, version=version)
    async with tls.charger("CP300", ssl=context) as charger:
        assert "currentTime" in (await charger.call("Heartbeat", {}))[2]


async def test_a_key_does_not_replace_the_certificate_of_profile_3(tls: TlsNode) -> None:
    tls.node.admissions.add(
        "CP300", security_profile=3, serial_number="SN-300", credentials=(generated(KEY),)
    )
    status, attempt = await refused(tls, "CP300", additional_headers=with_key("CP300"))
    assert (status, attempt.outcome) == (401, "missing_certificate")
    assert attempt.security_event == "InvalidChargePointCertificate"


@pytest.mark.parametrize(("registered", "profile"), [(0, 0), (1, 1)])
async def test_a_lower_profile_is_refused_on_the_tls_port(
    tls: TlsNode, registered: int, profile: int
) -> None:
    tls.node.admissions.add("CP100", security_profile=registered, credentials=(generated(KEY),))
    status, attempt = await refused(tls, "CP100", additional_headers=with_key("CP100"))
    assert (status, attempt.outcome) == (403, "profile_refused")
    assert f"profile is {profile}" in attempt.reason


@pytest.mark.parametrize("profile", [2, 3])
async def test_profiles_2_and_3_are_refused_in_the_clear(tls: TlsNode, profile: int) -> None:
    tls.node.admissions.add(
        "CP300", security_profile=profile, serial_number="SN", credentials=(generated(KEY),)
    )
    with pytest.raises(InvalidStatus) as caught:
        async with tls.node.charger("CP300", additional_headers=with_key("CP300")):
            pass
    await tls.node.gateway.settle()
    attempt = tls.node.admissions.attempts[-1]
    assert caught.value.response.status_code == 403
    assert (attempt.outcome, attempt.security_event) == (
        "profile_refused",
        "FailedToAuthenticateAtCentralSystem",
    )


async def test_why_a_certificate_is_refused(tls: TlsNode) -> None:
    charger_id = tls.node.admissions.add("CP300", security_profile=3, serial_number="SN-300")
    tls.node.admissions.add("NEW", security_profile=3)
    past = datetime.now(UTC) - timedelta(days=400)
    expired = tls.issue("SN-300", charger_id, now=past, life=timedelta(days=30))
    early = tls.issue("SN-300", charger_id, now=datetime.now(UTC) + timedelta(days=3))
    other_serial = tls.issue("SN-301", charger_id)
    other_operator = tls.issue("SN-300", charger_id, operator="Somebody Else")
    of_another = tls.issue("SN-300", ChargerId(charger_id + 1))
    unrecorded = certificates.charger_files(tls.folder, tls.ecdsa, "SN-300")
    revoked = tls.issue("SN-300", charger_id)
    tls.issued.statuses[fingerprint_of(revoked.certificate)] = IssuedStatus(
        charger_id, is_revoked=True
    )
    listed = tls.issue("SN-300", charger_id)
    issuer = listed.certificate.issuer.public_bytes()
    tls.trust = replace(tls.trust, revoked={issuer: frozenset({listed.certificate.serial_number})})
    wrong = {
        "expired": expired,
        "not valid before": early,
        "SN-301": other_serial,
        "Somebody Else": other_operator,
        "another charger": of_another,
        "no record": unrecorded,
        "is revoked": revoked,
    }
    for words, client in wrong.items():
        status, attempt = await refused(tls, "CP300", client)
        assert status == 401, words
        assert words in attempt.reason
        assert attempt.security_event == "InvalidChargePointCertificate"
    assert (await refused(tls, "CP300", revoked))[1].outcome == "revoked_certificate"
    assert (await refused(tls, "CP300", listed))[1].outcome == "revoked_certificate"
    assert "no registered serial" in (await refused(tls, "NEW", other_serial))[1].reason


async def test_a_certificate_of_an_unknown_authority_fails_in_tls_and_is_recorded(
    tls: TlsNode,
) -> None:
    tls.node.admissions.add("CP300", security_profile=3, serial_number="SN-300")
    stranger = certificates.charger_files(tls.folder, certificates.authority(), "SN-300")
    with pytest.raises((OSError, EOFError, InvalidStatus, Exception)) as caught:
        async with tls.charger("CP300", stranger):
            pass
    assert not isinstance(caught.value, AssertionError)
    attempt = await recorded_failure(tls)
    assert "client certificate was refused" in attempt.reason
    assert attempt.security_event == "InvalidChargePointCertificate"


async def recorded_failure(tls: TlsNode) -> Any:
    await tls.node.until(lambda: tls.node.admissions.attempts)
    attempt = tls.node.admissions.attempts[-1]
    assert (attempt.outcome, attempt.charge_point_id) == ("tls_failed", "")
    assert attempt.remote_address == "127.0.0.1"
    return attempt


async def test_old_versions_and_other_suites_are_refused_with_their_reason(tls: TlsNode) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(ssl.SSLError):
        await asyncio.to_thread(dial, tls.port, old)
    attempt = await recorded_failure(tls)
    assert attempt.security_event == "InvalidTLSVersion"
    tls.node.admissions.attempts.clear()

    weak = certificates.client_context(
        tls.roots, suites="ECDHE-RSA-AES128-SHA", version=ssl.TLSVersion.TLSv1_2
    )
    with pytest.raises(ssl.SSLError):
        await asyncio.to_thread(dial, tls.port, weak)
    assert (await recorded_failure(tls)).security_event == "InvalidTLSCipherSuite"


async def test_plain_words_on_the_tls_port_are_recorded_and_end_nothing(tls: TlsNode) -> None:
    tls.node.admissions.add("CP200", security_profile=2, credentials=(generated(KEY),))
    reader, writer = await asyncio.open_connection("127.0.0.1", tls.port)
    writer.write(b"GET /ocpp/CP200 HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.read()
    writer.close()
    assert "did not speak TLS" in (await recorded_failure(tls)).reason
    async with tls.charger("CP200", additional_headers=with_key("CP200")) as charger:
        assert "currentTime" in (await charger.call("Heartbeat", {}))[2]


async def test_who_only_looks_at_the_port_is_no_attempt(tls: TlsNode) -> None:
    for _ in range(3):
        _, writer = await asyncio.open_connection("127.0.0.1", tls.port)
        writer.close()
        await writer.wait_closed()
    tls.node.admissions.add("CP200", security_profile=2, credentials=(generated(KEY),))
    async with tls.charger("CP200", additional_headers=with_key("CP200")) as charger:
        await charger.call("Heartbeat", {})
    await tls.node.gateway.settle()
    assert [one.outcome for one in tls.node.admissions.attempts] == ["accepted"]


async def test_new_certificates_serve_new_connections_and_drop_no_socket(tls: TlsNode) -> None:
    tls.node.admissions.add("CP200", security_profile=2, credentials=(generated(KEY),))
    async with tls.charger("CP200", additional_headers=with_key("CP200")) as charger:
        await charger.call("Heartbeat", {})
        other = certificates.authority()
        folder = tls.folder / "new"
        folder.mkdir()
        tls.context = server_context(
            [certificates.server_files(folder, other, "ECDSA").identity], ""
        )
        assert "currentTime" in (await charger.call("Heartbeat", {}))[2]
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.to_thread(dial, tls.port, certificates.client_context(tls.roots))
        async with connect(
            tls.url("CP200"),
            ssl=certificates.client_context((other,)),
            subprotocols=["ocpp1.6"],  # type: ignore[list-item]
            additional_headers=with_key("CP200"),
        ):
            pass
    await tls.node.until(
        lambda: any("refused our server" in a.reason for a in tls.node.admissions.attempts)
    )


async def test_an_upgrade_admits_both_profiles_and_the_higher_ends_the_lower(tls: TlsNode) -> None:
    tls.node.admissions.add(
        "CP100",
        security_profile=1,
        pending_security_profile=2,
        credentials=(generated(KEY),),
    )
    async with tls.node.charger("CP100", additional_headers=with_key("CP100")) as charger:
        await charger.call("Heartbeat", {})
    assert tls.node.admissions.starts[-1].security_profile == 1
    assert not tls.node.admissions.starts[-1].ends_lower_profile
    async with tls.charger("CP100", additional_headers=with_key("CP100")) as charger:
        await charger.call("Heartbeat", {})
    assert tls.node.admissions.starts[-1].security_profile == 2
    assert tls.node.admissions.starts[-1].ends_lower_profile


async def test_from_2_to_3_a_charger_without_certificate_still_comes_in_with_its_key(
    tls: TlsNode,
) -> None:
    charger_id = tls.node.admissions.add(
        "CP200",
        security_profile=2,
        pending_security_profile=3,
        serial_number="SN-200",
        credentials=(generated(KEY),),
    )
    async with tls.charger("CP200", additional_headers=with_key("CP200")):
        assert tls.node.admissions.starts[-1].security_profile == 2
    async with tls.charger("CP200", tls.issue("SN-200", charger_id)):
        assert tls.node.admissions.starts[-1].security_profile == 3
        assert tls.node.admissions.starts[-1].ends_lower_profile


async def test_an_address_that_failed_too_often_gets_no_tls_handshake(tmp_path: Path) -> None:
    async with running_tls_node(tmp_path, failed_handshakes_max=2) as tls:
        for _ in range(6):
            reader, writer = await asyncio.open_connection("127.0.0.1", tls.port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            await reader.read()
            writer.close()
        await tls.node.gateway.settle()
        assert 1 <= len(tls.node.admissions.attempts) <= 3
