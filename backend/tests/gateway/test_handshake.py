"""Who gets in, and what everybody else is told before the upgrade (RULES, Connecting)."""

import asyncio
import base64
import json
from datetime import timedelta

import pytest

from csms.domain.stations.credentials import (
    authorization_key_of,
    chosen_key_hash,
    generate_key,
    generated_key_hash,
    new_salt,
)
from csms.domain.stations.handshakes import StoredCredential
from tests.gateway.fakes import ORGANIZATION
from tests.gateway.node import SERVER_KEY, Node, running_node

pytestmark = pytest.mark.integration

WS_KEY = base64.b64encode(b"0123456789abcdef").decode()


def generated(key: str | bytes, credential_id: int = 1) -> StoredCredential:
    raw = key.encode() if isinstance(key, str) else key
    salt = new_salt()
    return StoredCredential(
        credential_id, "generated", generated_key_hash(raw, salt, SERVER_KEY), salt
    )


def basic(user: str, key: str | bytes) -> str:
    raw = key.encode() if isinstance(key, str) else key
    return "Basic " + base64.b64encode(user.encode() + b":" + raw).decode()


class Answer:
    """The head and body of an HTTP answer."""

    def __init__(self, raw: bytes) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        line, *headers = head.decode("latin-1").split("\r\n")
        self.status = int(line.split(" ")[1])
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (header.partition(":") for header in headers)
        }
        self.body = body

    @property
    def problem(self) -> dict[str, object]:
        assert self.headers["content-type"] == "application/problem+json"
        return json.loads(self.body)


def upgrade(target: str, **headers: str) -> bytes:
    fields = {
        "Host": "test",
        "Upgrade": "websocket",
        "Connection": "keep-alive, Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": WS_KEY,
        "Sec-WebSocket-Protocol": "ocpp1.6",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"GET {target} HTTP/1.1", *(f"{n}: {v}" for n, v in fields.items() if v)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


async def knock(node: Node, target: str = "/ocpp/CP001", **headers: str) -> Answer:
    """Send one upgrade; read to the end when it is refused, else only the head."""
    reader, writer = await node.raw()
    try:
        writer.write(upgrade(target, **headers))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        body = b"" if b" 101 " in head[:20] else await asyncio.wait_for(reader.read(), 10)
        return Answer(head + body)
    finally:
        writer.close()


async def test_open_charger_is_upgraded_with_its_subprotocol(node: Node) -> None:
    answer = await knock(node)
    assert answer.status == 101
    assert answer.headers["sec-websocket-protocol"] == "ocpp1.6"
    assert answer.headers["sec-websocket-accept"]
    await node.gateway.settle()
    attempt = node.admissions.attempts[-1]
    assert (attempt.outcome, attempt.http_status) == ("accepted", 101)
    assert attempt.subprotocols == ("ocpp1.6",)


async def test_unknown_charger_gets_404_and_is_recorded(node: Node) -> None:
    answer = await knock(node, "/ocpp/NOBODY")
    assert answer.status == 404
    assert answer.problem["code"] == "unknown_charger"
    await node.gateway.settle()
    attempt = node.admissions.attempts[-1]
    assert (attempt.charge_point_id, attempt.outcome) == ("NOBODY", "unknown_charger")
    assert attempt.remote_address == "127.0.0.1"
    assert attempt.reason


@pytest.mark.parametrize("target", ["/", "/ws", "/ocpp", "/ocpp/", "/ocpp/CP001/more", "/api/x"])
async def test_upgrade_elsewhere_gets_404(node: Node, target: str) -> None:
    assert (await knock(node, target)).status == 404


@pytest.mark.parametrize(
    "target",
    ["//ocpp//CP001", "/ocpp/CP001/", "/ocpp/CP001//", "/ocpp/%43P001", "/ocpp/CP001?token=1"],
)
async def test_odd_spellings_of_the_path_lead_to_the_charger(node: Node, target: str) -> None:
    assert (await knock(node, target)).status == 101


async def test_percent_encoded_id_with_any_character() -> None:
    async with running_node() as node:
        node.admissions.add("Säule 1/a:b")
        assert (await knock(node, "/ocpp/S%C3%A4ule%201%2Fa:b")).status == 101
        assert (await knock(node, "/ocpp/%ff%fe")).status == 404


async def test_path_prefix_of_a_proxy_is_tolerated() -> None:
    async with running_node(path_prefix="/charging/v1") as node:
        node.admissions.add("CP001")
        assert (await knock(node, "/charging/v1/ocpp/CP001")).status == 101
        assert (await knock(node, "/ocpp/CP001")).status == 101
        assert (await knock(node, "/other/ocpp/CP001")).status == 404


async def test_missing_credentials_get_401_with_the_scheme(node: Node) -> None:
    node.admissions.add("CP100", security_profile=1, credentials=(generated("k" * 20),))
    answer = await knock(node, "/ocpp/CP100")
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    await node.gateway.settle()
    assert node.admissions.attempts[-1].outcome == "missing_credentials"


@pytest.mark.parametrize(
    "authorization",
    [
        basic("CP100", "wrong key wrong key!"),
        basic("CP1000", "k" * 20),
        basic("CP10", "0:" + "k" * 20),
        "Basic %%%",
        "Bearer abc",
        "Basic",
    ],
)
async def test_bad_credentials_get_401(node: Node, authorization: str) -> None:
    node.admissions.add("CP100", security_profile=1, credentials=(generated("k" * 20),))
    assert (await knock(node, "/ocpp/CP100", Authorization=authorization)).status == 401
    await node.gateway.settle()
    assert node.admissions.attempts[-1].outcome == "bad_credentials"


async def test_generated_key_opens(node: Node) -> None:
    key = generate_key()
    node.admissions.add("CP100", security_profile=1, credentials=(generated(key),))
    answer = await knock(node, "/ocpp/CP100", Authorization=basic("CP100", key))
    assert answer.status == 101


async def test_either_key_opens_during_a_rotation(node: Node) -> None:
    old, new = generate_key(), generate_key()
    node.admissions.add(
        "CP100", security_profile=1, credentials=(generated(old), generated(new, 2))
    )
    for key in (old, new):
        answer = await knock(node, "/ocpp/CP100", Authorization=basic("CP100", key))
        assert answer.status == 101


async def test_id_and_binary_key_may_hold_colons(node: Node) -> None:
    key = b"\x00\xff:\x80binary:key\r\n12"
    node.admissions.add("a:b", security_profile=1, credentials=(generated(key),))
    answer = await knock(node, "/ocpp/a:b", Authorization=basic("a:b", key))
    assert answer.status == 101


async def test_hex_text_of_the_key_opens_unless_the_rule_is_off(node: Node) -> None:
    key = generate_key()
    credentials = (generated(key),)
    node.admissions.add("LENIENT", security_profile=1, credentials=credentials)
    node.admissions.add(
        "OFF",
        security_profile=1,
        credentials=credentials,
        leniency_off=frozenset({"hex-authorization-key"}),
    )
    node.admissions.add("STRICT", security_profile=1, credentials=credentials, is_strict=True)
    hex_text = authorization_key_of(key).upper()
    statuses = [
        (await knock(node, f"/ocpp/{name}", Authorization=basic(name, hex_text))).status
        for name in ("LENIENT", "OFF", "STRICT")
    ]
    assert statuses == [101, 401, 401]


async def test_chosen_key_opens_twice(node: Node) -> None:
    key = "operator's own choice"
    credential = StoredCredential(7, "chosen", chosen_key_hash(key.encode()))
    node.admissions.add("CP100", security_profile=1, credentials=(credential,))
    for _ in range(2):
        answer = await knock(node, "/ocpp/CP100", Authorization=basic("CP100", key))
        assert answer.status == 101
    wrong = await knock(node, "/ocpp/CP100", Authorization=basic("CP100", "another choice"))
    assert wrong.status == 401


@pytest.mark.parametrize("profile", [2, 3])
async def test_security_profiles_that_need_tls_are_refused_in_the_clear(
    node: Node, profile: int
) -> None:
    node.admissions.add("CP100", security_profile=profile)
    answer = await knock(node, "/ocpp/CP100")
    assert answer.status == 403
    assert str(profile) in str(answer.problem["detail"])


async def test_archived_charger_delivers_its_queue_for_a_time(node: Node) -> None:
    now = node.clock.now()
    node.admissions.add("RECENT", archived_at=now - timedelta(days=6))
    node.admissions.add("GONE", archived_at=now - timedelta(days=8))
    assert (await knock(node, "/ocpp/RECENT")).status == 101
    assert (await knock(node, "/ocpp/GONE")).status == 404
    await node.gateway.settle()
    assert node.admissions.attempts[-1].outcome == "archived"


async def test_storage_unavailable_gets_503_with_retry_after(node: Node) -> None:
    node.journal.is_available = False
    answer = await knock(node)
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    node.journal.is_available = True
    node.admissions.is_available = False
    assert (await knock(node)).status == 503
    node.admissions.is_available = True
    assert (await knock(node)).status == 101
    await node.gateway.settle()
    assert [a.http_status for a in node.admissions.attempts] == [503, 503, 101]


async def test_failed_handshakes_are_limited_per_address_and_lock_no_charger() -> None:
    async with running_node(failed_handshakes_max=3) as node:
        key = generate_key()
        node.admissions.add("CP100", security_profile=1, credentials=(generated(key),))
        wrong = basic("CP100", "x" * 20)
        statuses = [
            (await knock(node, "/ocpp/CP100", Authorization=wrong)).status for _ in range(5)
        ]
        assert statuses == [401, 401, 401, 429, 429]
        limited = await knock(node, "/ocpp/NOBODY")
        assert limited.status == 429
        assert int(limited.headers["retry-after"]) > 0
        right = await knock(node, "/ocpp/CP100", Authorization=basic("CP100", key))
        assert right.status == 101


async def test_a_flood_of_failures_leaves_a_bounded_record() -> None:
    async with running_node(failed_handshakes_max=2) as node:
        for _ in range(8):
            await knock(node, "/ocpp/NOBODY")
        await node.gateway.settle()
        outcomes = [a.outcome for a in node.admissions.attempts]
        assert outcomes == ["unknown_charger", "unknown_charger", "too_many_failures"]


async def test_forwarded_address_counts_only_from_a_trusted_proxy() -> None:
    forwarded = {"X_Forwarded_For": "203.0.113.9, 127.0.0.1"}
    async with running_node(trusted_proxies=frozenset({"127.0.0.1"})) as node:
        await knock(node, "/ocpp/NOBODY", **forwarded)
        await node.gateway.settle()
        assert node.admissions.attempts[-1].remote_address == "203.0.113.9"
    async with running_node() as node:
        await knock(node, "/ocpp/NOBODY", **forwarded)
        await node.gateway.settle()
        assert node.admissions.attempts[-1].remote_address == "127.0.0.1"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_WebSocket_Version": "12"}, 426),
        ({"Sec_WebSocket_Version": ""}, 426),
        ({"Sec_WebSocket_Key": "short"}, 400),
        ({"Sec_WebSocket_Key": ""}, 400),
    ],
)
async def test_malformed_upgrades_are_refused(
    node: Node, headers: dict[str, str], status: int
) -> None:
    assert (await knock(node, **headers)).status == status


@pytest.mark.parametrize("http", ["httptools", "h11"])
async def test_kept_alive_request_and_upgrade_share_a_connection(http: str) -> None:
    async with running_node(http=http) as node:
        node.admissions.add("CP001")
        reader, writer = await node.raw()
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: keep-alive\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head
        assert await reader.readexactly(2) == b"ok"
        writer.write(upgrade("/ocpp/CP001"))
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(masked_text(b'[2,"1","Heartbeat",{}]'))
        assert b"currentTime" in await asyncio.wait_for(reader.read(4096), 10)
        writer.close()


async def test_frames_sent_before_the_answer_are_handled(node: Node) -> None:
    node.admissions.look_up_gate = asyncio.Event()
    reader, writer = await node.raw()
    writer.write(upgrade("/ocpp/CP001"))
    await node.until(lambda: any(t.get_name() == "handshake" for t in asyncio.all_tasks()))
    writer.write(masked_text(b'[2,"1","Heartbeat",{}]'))
    await writer.drain()
    node.admissions.look_up_gate.set()
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    assert b'[3,"1"' in await asyncio.wait_for(reader.read(4096), 10)
    writer.close()


async def test_client_that_leaves_during_the_look_up_is_not_admitted(node: Node) -> None:
    node.admissions.look_up_gate = asyncio.Event()
    _, writer = await node.raw()
    writer.write(upgrade("/ocpp/CP001"))
    await writer.drain()
    await node.until(lambda: any(t.get_name() == "handshake" for t in asyncio.all_tasks()))
    writer.close()
    await writer.wait_closed()
    await node.until(lambda: not node.server.server_state.connections)
    node.admissions.look_up_gate.set()
    await node.until(lambda: not any(t.get_name() == "handshake" for t in asyncio.all_tasks()))
    await node.gateway.settle()
    assert node.admissions.starts == []
    assert node.admissions.attempts[-1].outcome == "abandoned"


async def test_no_subprotocol_is_upgraded_without_the_header_then_closed_1002(node: Node) -> None:
    for options in ({"subprotocols": None}, {"subprotocols": ["ocpp2.0.1", "chat"]}):
        async with node.charger(**options) as charger:
            assert charger.link.subprotocol is None
            code, reason = await charger.closed()
        assert code == 1002
        assert "ocpp1.6" in reason
    await node.gateway.settle()
    assert node.admissions.attempts[-1].outcome == "wrong_subprotocol"
    assert node.admissions.starts == []


async def test_wrong_subprotocol_does_not_evict_the_charger(node: Node) -> None:
    async with node.charger() as charger:
        async with node.charger(subprotocols=None) as stranger:
            await stranger.closed()
        assert (await charger.call("Heartbeat", {}))[0] == 3


async def test_subprotocol_is_assumed_where_the_charger_is_set_so(node: Node) -> None:
    node.admissions.add("OLD", assumes_subprotocol=True)
    async with node.charger("OLD", subprotocols=None) as charger:
        assert charger.link.subprotocol is None
        assert (await charger.call("Heartbeat", {}))[0] == 3
    async with node.charger("OLD", subprotocols=["ocpp2.0.1"]) as charger:
        assert (await charger.closed())[0] == 1002


async def test_one_of_several_subprotocols_is_chosen(node: Node) -> None:
    async with node.charger(subprotocols=["ocpp2.0.1", "ocpp1.6", "ocpp1.5"]) as charger:
        assert charger.link.subprotocol == "ocpp1.6"
    answer = await knock(node, Sec_WebSocket_Protocol="ocpp1.5, ocpp1.6")
    assert answer.headers["sec-websocket-protocol"] == "ocpp1.6"


async def test_credentials_never_reach_the_record(node: Node) -> None:
    node.admissions.add("CP100", security_profile=1, credentials=(generated("k" * 20),))
    authorization = basic("CP100", "a secret that is wrong")
    await knock(node, "/ocpp/CP100", Authorization=authorization)
    await node.gateway.settle()
    record = repr(node.admissions.attempts)
    assert "secret" not in record
    assert authorization.split()[1] not in record


def masked_text(payload: bytes) -> bytes:
    """One text frame of a client with a mask of zeros."""
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


async def test_every_attempt_of_a_known_charger_is_announced_once_it_is_kept() -> None:
    async with running_node() as node:
        node.admissions.add(
            "CP001", security_profile=1, credentials=(generated("a key of sixteen+"),)
        )
        async with node.live.subscribe(ORGANIZATION) as events:
            await knock(node, authorization=basic("CP001", "another key, wrong"))
            await knock(node, "/ocpp/STRANGER")
            await knock(node, authorization=basic("CP001", "a key of sixteen+"))
            told = []
            while len(told) < 2:
                event = (await asyncio.wait_for(anext(events), 10)).event
                if event.kind == "charger.handshake":
                    told.append(json.loads(event.data))
    assert [one["outcome"] for one in told] == ["bad_credentials", "accepted"]
    assert told[0]["reason"] == "the key is not the charger's"
    assert told[0]["subprotocols"] == ["ocpp1.6"]
