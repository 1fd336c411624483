"""The command line: refusals in plain words, exit codes, statistics, signals."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from csms_simulator.cli import build_parser, main, run_options
from csms_simulator.scenarios.table import SCENARIOS
from tests.stub_central_system import StubCentralSystem

pytestmark = pytest.mark.integration


async def run(*arguments: str, url: str) -> tuple[int, str, str]:
    """Run the real command in a process of its own."""
    process = await start(*arguments, url=url)
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def start(*arguments: str, url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "csms_simulator",
        "--url",
        url,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_an_unreachable_server_is_named_and_exits_with_three(
    unused_tcp_port_factory: Any,
) -> None:
    url = f"ws://127.0.0.1:{unused_tcp_port_factory()}/ocpp"
    code, _, err = await run("--quiet", url=url)
    assert code == 3
    assert f"{url} is unreachable" in err


async def test_an_unknown_id_and_a_wrong_password_are_told_apart(
    central: StubCentralSystem,
) -> None:
    central.unknown_ids = {"CP001"}
    central.passwords = {"CP002": "right"}
    code, out, err = await run("--chargers", "2", "--password", "wrong", "--json", url=central.url)
    assert code == 4
    assert json.loads(out)["failures"] == {
        "the server does not know this charge point id (404)": 1,
        "the server refused the credentials (401)": 1,
    }
    assert "1 charger(s): the server refused the credentials (401)" in err


async def test_a_server_that_chooses_no_subprotocol_is_refused_with_its_reason() -> None:
    system = StubCentralSystem()
    system.subprotocols = None
    async with system.running() as central:
        code, _, err = await run("--quiet", url=central.url)
    assert code == 4
    assert "subprotocol" in err


async def test_statistics_agree_with_what_the_server_saw(
    central: StubCentralSystem, tmp_path: Path
) -> None:
    rows = tmp_path / "chargers.csv"
    rows.write_text("id,password,site\nA,alpha,x\nB,beta,y\nC,gamma,z\n")
    central.passwords = {"A": "alpha", "B": "beta", "C": "gamma"}
    arguments = [
        "--json",
        "--quiet",
        "--speed",
        "600",
        "--clock",
        "fast",
        "--power-kw",
        "11",
        "--credentials",
    ]
    code, out, err = await run(*arguments, str(rows), url=central.url)
    figures = json.loads(out)
    assert (code, err) == (0, "")
    assert figures["chargers_completed"] == 3
    assert figures["messages_sent"] == figures["answers"] == len(central.actions())
    for action, count in figures["messages_sent_by_action"].items():
        assert count == len(central.calls(action))
    starts = {s["idTag"]: s for s in central.calls("StartTransaction")}
    assert set(starts) == {"DEMO0001"}
    energy_wh = sum(s["meterStop"] for s in central.calls("StopTransaction")) - sum(
        s["meterStart"] for s in central.calls("StartTransaction")
    )
    assert figures["energy_wh"] == energy_wh > 0
    assert figures["sessions_started"] == figures["sessions_stopped"] == 3
    assert 0 < figures["latency_p50_ms"] <= figures["latency_p99_ms"]
    assert figures["errors"] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_a_fleet_cleanly_with_statistics(
    central: StubCentralSystem, number: signal.Signals
) -> None:
    arguments = ("--scenario", "idle", "--chargers", "3", "--json", "--quiet")
    process = await start(*arguments, url=central.url)
    await central.until(lambda: central.actions().count("BootNotification") == 3, timeout_s=20)
    process.send_signal(number)
    out, err = await process.communicate()
    assert process.returncode == 0
    assert err == b""
    assert json.loads(out)["chargers_ended"] == 3


async def test_it_waits_for_a_server_that_comes_up_late(unused_tcp_port_factory: Any) -> None:
    port = unused_tcp_port_factory()
    url = f"ws://127.0.0.1:{port}/ocpp"
    process = await start("--wait-server-s", "20", "--speed", "600", "--frames", url=url)
    assert process.stderr is not None
    system = StubCentralSystem()
    async with system.running(port):
        _, err = await process.communicate()
        assert process.returncode == 0
    assert b"CP001 > [2," in err


async def test_the_duration_ends_an_endless_scenario(central: StubCentralSystem) -> None:
    arguments = ("--scenario", "idle", "--duration-s", "0.2", "--json", "--quiet")
    code, out, _ = await run(*arguments, url=central.url)
    assert code == 0
    assert json.loads(out)["chargers_ended"] == 1


def test_the_list_names_every_scenario_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scenario", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(SCENARIOS)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--scenario", "nonsense"], "no scenario 'nonsense'"),
        (["--id", "A", "--chargers", "2"], "--id is for one charger"),
        (["--credentials", "/nonexistent.csv"], "No such file"),
        (["--tls-key", "key.pem"], "--tls-key needs --tls-cert"),
    ],
)
def test_contradictions_are_usage_errors(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert complaint in capsys.readouterr().err


def test_numbered_ids_have_the_prefix_and_enough_digits() -> None:
    options = run_options(build_parser().parse_args(["--chargers", "2", "--first", "999"]))
    assert [c.charge_point_id for c in options.chargers] == ["CP0999", "CP1000"]
