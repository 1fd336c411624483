"""The product as outside programs meet it: a process with a port, and its REST API."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

ADMIN_EMAIL = "operator@example.org"
START_TIMEOUT_S = 150
STOP_TIMEOUT_S = 30
POLL_S = 0.05


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """One `csms serve` with a data directory of its own, started with an empty environment.

    `program` is the command to start, by default the one of this very environment.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        environment: Mapping[str, str] | None = None,
        program: Path | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.home = home
        self.program = program or Path(sys.executable).with_name("csms")
        self.port = port or free_port()
        self.admin_password = secrets.token_urlsafe(18)
        self.environment = dict(environment or {})
        self.arguments = arguments
        self.log_path = home / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ocpp_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ocpp"

    @property
    def tls_port(self) -> int:
        """The port for OCPP over TLS; the product was started with one."""
        return int(self.environment["CSMS_OCPP_TLS_PORT"])

    @property
    def roots_file(self) -> Path:
        """The roots of the product's own authority, as it leaves them for chargers."""
        return self.data_dir / "tls" / "roots.pem"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the product was not started"
        return self._process

    @property
    def data_dir(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def start(self) -> Self:
        """Start it and return when it serves requests."""
        environment = {
            "CSMS_ADMIN_EMAIL": ADMIN_EMAIL,
            "CSMS_ADMIN_PASSWORD": self.admin_password,
            **self.environment,
        }
        command = [
            str(self.program),
            "serve",
            "--port",
            str(self.port),
            "--data-dir",
            str(self.data_dir),
            *self.arguments,
        ]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, cwd=self.home
            )
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Return when `/readyz` says yes. Fails with the log when the process ends first."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(
                    f"csms serve ended with {self.process.returncode}:\n{self.log}"
                )
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(POLL_S)
        raise AssertionError(f"csms serve was not ready in {START_TIMEOUT_S} s:\n{self.log}")

    def stop(self) -> int:
        """Ask it to end (SIGTERM) and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise AssertionError(f"csms serve did not stop:\n{self.log}") from error

    def kill(self) -> None:
        """End it without any warning (SIGKILL)."""
        self.process.kill()
        self.process.wait(STOP_TIMEOUT_S)

    def postgres_pid(self) -> int:
        """Return the process id of the embedded PostgreSQL's first process."""
        pid_files = list(self.data_dir.rglob("postmaster.pid"))
        assert len(pid_files) == 1, pid_files
        return int(pid_files[0].read_text().splitlines()[0])

    def kill_postgres(self) -> None:
        """End the embedded PostgreSQL without any warning (SIGKILL)."""
        os.kill(self.postgres_pid(), signal.SIGKILL)

    def ensure_ended(self) -> None:
        """Leave nothing running."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.stop()
            except AssertionError:
                self.kill()

    def operator(self) -> "Rest":
        """Return the REST API, signed in as the first administrator."""
        return Rest.sign_in(self.url, ADMIN_EMAIL, self.admin_password)


class Rest:
    """The REST API for one signed-in person. Every call fails loudly unless told what to expect."""

    def __init__(self, url: str, token: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Nothing stays open between calls: nobody has to close this, and the server may restart.
        self.client = httpx.Client(
            base_url=url,
            headers=headers,
            timeout=30,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    @classmethod
    def sign_in(cls, url: str, email: str, password: str) -> Self:
        answer = httpx.post(
            f"{url}/auth/token", data={"username": email, "password": password}, timeout=30
        )
        assert answer.status_code == 200, answer.text
        return cls(url, answer.json()["access_token"])

    def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        answer = self.client.get(path, params=query)
        assert answer.status_code == expect, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, body: Any = None, expect: int | tuple[int, ...] = (200, 201)) -> Any:
        answer = self.client.post(path, json=body if body is not None else {})
        expected = (expect,) if isinstance(expect, int) else expect
        assert answer.status_code in expected, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def put(self, path: str, body: Any, expect: int = 200) -> Any:
        answer = self.client.put(path, json=body)
        assert answer.status_code == expect, f"PUT {path}: {answer.status_code} {answer.text}"
        return answer.json()


class Network:
    """A station with a price, a driver with money and a card, and chargers as needed."""

    def __init__(self, rest: Rest, *, price_per_kwh: str = "0.45", top_up: str = "50.00") -> None:
        self.rest = rest
        self.station = rest.post(
            "/api/admin/stations",
            {
                "name": "Harbour",
                "latitude": 53.5413,
                "longitude": 9.9841,
                "address": "Am Sandtorkai 1, Hamburg",
            },
            expect=201,
        )
        self.tariff = rest.post(
            "/api/admin/tariffs",
            {
                "name": "Standard",
                "currency": "EUR",
                "price_per_kwh": price_per_kwh,
                "is_default": True,
            },
            expect=201,
        )
        self.driver_password = secrets.token_urlsafe(18)
        self.driver = rest.post(
            "/users",
            {
                "email": f"driver-{secrets.token_hex(4)}@example.org",
                "full_name": "Dana Driver",
                "role": "USER",
                "password": self.driver_password,
            },
            expect=201,
        )
        if top_up != "0.00":
            rest.post(
                f"/users/{self.driver['id']}/wallet/top-ups",
                {"amount": {"amount": top_up, "currency": "EUR"}, "note": "cash at the counter"},
            )
        self.id_tag = f"CARD{secrets.token_hex(4).upper()}"
        rest.post(
            "/api/admin/id-tags",
            {"id_tag": self.id_tag, "user_id": self.driver["id"]},
            expect=201,
        )

    def add_charger(self, *, connectors: int = 1, **fields: Any) -> tuple[dict[str, Any], str]:
        """Register a charger; return it with its Basic password."""
        made = self.rest.post(
            "/api/admin/chargers",
            {
                "station_id": self.station["id"],
                "name": "Quay",
                "connectors": [
                    {"connector_id": n, "connector_type": "TYPE2", "max_power_kw": 22}
                    for n in range(1, connectors + 1)
                ],
                **fields,
            },
            expect=201,
        )
        return made["charger"], made.get("password") or ""

    def balance(self) -> str:
        """Return the driver's balance as a decimal string."""
        user = self.rest.get(f"/users/{self.driver['id']}")
        return str(user["wallet"]["balance"]["amount"])

    def wait_until_billed(self, transaction_id: int) -> dict[str, Any]:
        """Return the transaction once its bill is settled."""
        deadline = time.monotonic() + START_TIMEOUT_S
        found: dict[str, Any] = {}
        while time.monotonic() < deadline:
            found = self.rest.get(f"/api/admin/transactions/{transaction_id}")
            if found["billing_status"] not in {"PENDING", None}:
                return found
            time.sleep(POLL_S)
        raise AssertionError(f"transaction was not billed: {found}")
