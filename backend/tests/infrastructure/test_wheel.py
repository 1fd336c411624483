"""The wheel in an empty environment: one file serves the whole product, without Node or checkout."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from devtools import package
from devtools.environment import child_environment, uv_settings, venv_bin
from tests.flows.product import Network, Product

pytestmark = pytest.mark.infrastructure

ROOT = Path(__file__).parents[3]
INSTALL_TIMEOUT_S = 300
SCENARIO_TIMEOUT_S = 120


def _uv(*arguments: str) -> None:
    environment = child_environment(ROOT) | uv_settings(ROOT)
    subprocess.run(
        [str(venv_bin(ROOT) / "uv"), *arguments],
        env=environment,
        check=True,
        timeout=INSTALL_TIMEOUT_S,
        capture_output=True,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / "frontend" / "out" / "index.html").is_file():
        pytest.skip("the web app is not built: python3 run.py web build")
    return package.build_wheel(ROOT, tmp_path_factory.mktemp("wheel") / "dist")


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that holds the wheel and what it needs, as the lock names it."""
    folder = tmp_path_factory.mktemp("installed")
    locked = (ROOT / "backend" / "requirements.txt").read_text()
    versions = re.findall(r"^([A-Za-z0-9][^\\\n]*)", locked, re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(versions))
    _uv("venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
    target = folder / "venv" / "bin"
    _uv("pip", "install", "--quiet", "--python", str(target / "python"),
        "--constraint", str(constraints), str(wheel))  # fmt: skip
    return target


@pytest.fixture(scope="module")
def installed(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = Product(
        tmp_path_factory.mktemp("home"), program=programs / "csms", environment={"PATH": ""}
    )
    try:
        yield product.start()
    finally:
        product.ensure_ended()


def test_the_wheel_carries_code_web_app_and_virtual_chargers_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"csms", "csms_simulator"}
    assert "csms/web/index.html" in names
    assert not [name for name in names if "test" in name.lower() and name.endswith(".py")]


def test_the_installed_product_serves_its_web_app(installed: Product) -> None:
    page = httpx.get(installed.url, headers={"Accept": "text/html"}, follow_redirects=True)
    assert page.status_code == 200
    scripts = re.findall(r'src="(/_next/[^"]+\.js)"', page.text)
    assert scripts
    assert httpx.get(f"{installed.url}{scripts[0]}").status_code == 200


def test_the_installed_virtual_charger_charges_at_the_installed_product(
    installed: Product, programs: Path
) -> None:
    network = Network(installed.operator())
    charger, password = network.add_charger()
    command = [str(programs / "csms"), "simulate", "--url", installed.ocpp_url, "--scenario",
               "full-session", "--id", charger["charge_point_id"], "--password", password,
               "--id-tag", network.id_tag, "--speed", "60"]  # fmt: skip
    done = subprocess.run(
        command, env={}, capture_output=True, text=True, check=False, timeout=SCENARIO_TIMEOUT_S
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sessions = installed.operator().get("/api/admin/transactions")["data"]
    assert [session["status"] for session in sessions] == ["ENDED"]
