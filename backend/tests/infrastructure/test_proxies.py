"""One port behind nginx and Caddy, and one TCP connection that carries an API call, then OCPP."""

import asyncio
import base64
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.flows.product import Network, Product, free_port
from tests.flows.public_charger import PublicCharger

pytestmark = pytest.mark.infrastructure

PROXY_START_TIMEOUT_S = 20
POLL_S = 0.05

NGINX = """
daemon off;
pid {home}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  map $http_upgrade $connection_header {{ default upgrade; '' ''; }}
  upstream product {{ server 127.0.0.1:{product_port}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://product;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_header;
      proxy_read_timeout 300s;
    }}
  }}
}}
"""

CADDY = """
{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  reverse_proxy 127.0.0.1:{product_port}
}}
"""


def program(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return found


def wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PROXY_START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_S)
    raise AssertionError(f"the proxy does not listen:\n{log.read_text()}")


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy_port(
    request: pytest.FixtureRequest, product: Product, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    home = tmp_path_factory.mktemp(request.param)
    binary = program(request.param)
    port = free_port()
    template = {"nginx": NGINX, "caddy": CADDY}[request.param]
    config = home / "proxy.conf"
    config.write_text(template.format(home=home, port=port, product_port=product.port))
    command = {
        "nginx": [binary, "-e", "stderr", "-p", str(home), "-c", str(config)],
        "caddy": [binary, "run", "--config", str(config), "--adapter", "caddyfile"],
    }[request.param]
    log = home / "proxy.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={"HOME": str(home), "PATH": os.defpath}
        )
    try:
        wait_until_listening(process, port, log)
        yield port
    finally:
        process.terminate()
        process.wait(20)


async def test_api_and_charger_share_pooled_connections_of_a_proxy(
    proxy_port: int, network: Network
) -> None:
    charger, password = network.add_charger()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{proxy_port}") as client:
        for _ in range(8):
            assert (await client.get("/healthz")).status_code == 200
        unit = await PublicCharger.connect(
            f"ws://127.0.0.1:{proxy_port}/ocpp", charger["charge_point_id"], password
        )
        await unit.boot()
        for _ in range(8):
            assert (await client.get("/healthz")).status_code == 200
        transaction_id, status = await unit.begin(1, network.id_tag, 0)
        await unit.end(transaction_id, 10)
        await unit.close()

    assert status == "Accepted"


async def test_a_proxy_passes_on_why_a_charger_is_refused(
    proxy_port: int, network: Network
) -> None:
    charger, _ = network.add_charger()
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
        "Sec-WebSocket-Protocol": "ocpp1.6",
    }
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{proxy_port}") as client:
        unknown = await client.get("/ocpp/NOBODY", headers=upgrade)
        nameless = await client.get(f"/ocpp/{charger['charge_point_id']}", headers=upgrade)

    assert unknown.status_code == 404
    assert nameless.status_code == 401
    assert nameless.headers["www-authenticate"].startswith("Basic")


async def test_an_upgrade_may_follow_an_api_call_on_the_same_connection(
    product: Product, network: Network
) -> None:
    charger, password = network.add_charger()
    basic = base64.b64encode(f"{charger['charge_point_id']}:{password}".encode()).decode()
    reader, writer = await asyncio.open_connection("127.0.0.1", product.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    assert head.startswith(b"HTTP/1.1 200")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    await reader.readexactly(length)

    writer.write(
        f"GET /ocpp/{charger['charge_point_id']} HTTP/1.1\r\nHost: localhost\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(secrets.token_bytes(16)).decode()}\r\n"
        f"Sec-WebSocket-Protocol: ocpp1.6\r\nAuthorization: Basic {basic}\r\n\r\n".encode()
    )
    switched = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    writer.close()
    await writer.wait_closed()

    assert switched.startswith(b"HTTP/1.1 101")
    assert b"ocpp1.6" in switched
