"""Leniency at the socket: noise, mended frames, models, counts."""

import json
from collections import Counter
from typing import Any

import pytest

from csms.domain.stations.leniency import ModelLeniency
from tests.gateway.fakes import ORGANIZATION
from tests.gateway.node import ChargerClient, Node, running_node

pytestmark = pytest.mark.integration

BOOT = {"chargePointVendor": "Acme", "chargePointModel": "Duo"}


async def exchange(client: ChargerClient, raw: str) -> Any:
    await client.link.send(raw)
    return await client.receive()


def counted(node: Node) -> dict[str, int]:
    hits: Counter[str] = Counter()
    for one in node.admissions.counted:
        hits[one.rule] += one.hits
    return dict(hits)


async def test_noise_is_a_sign_of_life_and_never_garbage() -> None:
    async with running_node(garbage_max=3) as node:
        node.admissions.add()
        async with node.charger() as client:
            for _ in range(10):
                await client.link.send("ping")
            answer = await client.call("Heartbeat", {})
            assert answer[0] == 3
        await node.gateway.settle()
        assert counted(node) == {"text-noise": 10}


async def test_noise_is_garbage_to_a_strict_charger() -> None:
    async with running_node(garbage_max=3) as node:
        node.admissions.add(is_strict=True)
        async with node.charger() as client:
            for _ in range(10):
                await client.link.send("ping")
            assert (await client.closed())[0] == 1008


async def test_a_numeric_id_is_answered_as_the_number_it_was() -> None:
    async with running_node() as node:
        node.admissions.add()
        async with node.charger() as client:
            answer = await exchange(client, '[2,4711,"Heartbeat",{}]')
            assert answer[:2] == [3, 4711]
            refused = await exchange(client, '[2,4712,"Nonsense",{}]')
            assert refused[:3] == [4, 4712, "NotImplemented"]
            # The next one counts for itself.
            assert (await exchange(client, '[2,"4713","Heartbeat",{}]'))[1] == "4713"


async def test_a_mended_call_is_logged_with_what_was_mended() -> None:
    async with running_node() as node:
        node.admissions.add()
        async with node.charger() as client:
            answer = await exchange(client, '["2","a","bootnotification.req",' + json.dumps(BOOT))
            assert answer[2]["status"] == "Accepted"
        await node.gateway.settle()
        repairs = [
            json.loads(entry.message.repairs)
            for entry in node.journal.entries
            if entry.message is not None and entry.message.repairs
        ]
        assert [one["rule"] for one in repairs[0]] == [
            "text-message-type",
            "unclosed-frame",
            "action-case",
        ]
        assert counted(node) == {"text-message-type": 1, "unclosed-frame": 1, "action-case": 1}


async def test_a_charger_that_boots_as_another_model_gets_that_models_rules() -> None:
    async with running_node() as node:
        charger_id = node.admissions.add()
        node.admissions.of_models["Acme", "Duo"] = {"action-case": False}
        async with node.charger() as client:
            assert (await client.call("heartbeat", {}))[0] == 3
            await client.call("BootNotification", BOOT)
            await node.gateway.settle()
            assert (await client.call("heartbeat", {}))[2] == "NotImplemented"
            # What an operator changes holds at once, without a reconnect.
            await node.gateway.model_rules.use(ORGANIZATION, ModelLeniency("ACME", "duo", {}))
            assert (await client.call("heartbeat", {}))[0] == 3
            assert node.gateway.registry.find(charger_id) is not None


async def test_counts_that_cannot_be_stored_harm_nobody() -> None:
    async with running_node(repairs_counted_every_s=0.01) as node:
        node.admissions.add()
        async with node.charger() as client:
            node.admissions.is_available = False
            assert (await client.call("heartbeat", {}))[0] == 3
            await node.gateway.settle()
            node.admissions.is_available = True
            assert (await client.call("heartbeat", {}))[0] == 3
            await node.gateway.settle()
        assert counted(node) == {"action-case": 1}
