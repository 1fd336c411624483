"""The import rules of the house hold, and each of them really breaks when it is broken."""

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter import configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
KINDS = {
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
}
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in SETTINGS["contracts"]}

BROKEN_BY = [
    ("Rooms import in one direction", "csms.kernel.units", "csms.domain.tariffs.terms"),
    ("Rooms import in one direction", "csms.domain.tariffs.terms", "csms.ocpp.frames"),
    ("Rooms import in one direction", "csms.ocpp.frames", "csms.gateway.registry"),
    ("Rooms import in one direction", "csms.gateway.registry", "csms.api.app"),
    ("Rooms import in one direction", "csms.api.app", "csms.gateway.registry"),
    ("Rooms import in one direction", "csms.worker.runner", "csms.bootstrap.settings"),
    ("Rooms import in one direction", "csms.bootstrap.settings", "csms.cli.main"),
    (
        "Features of the domain import in one direction",
        "csms.domain.tariffs.terms",
        "csms.domain.ledger.transfer",
    ),
    (
        "Features of the domain import in one direction",
        "csms.domain.transactions.session",
        "csms.domain.operations.commands",
    ),
    (
        "Features of the domain import in one direction",
        "csms.domain.operations.commands",
        "csms.domain.billing.ports",
    ),
    ("Only bootstrap picks an adapter", "csms.gateway.registry", "csms.adapters.memory"),
    ("Only bootstrap picks an adapter", "csms.api.app", "csms.adapters.sql"),
    ("Only bootstrap picks an adapter", "csms.worker.runner", "csms.adapters.sql"),
    ("Adapters do not know each other", "csms.adapters.memory", "csms.adapters.sql"),
    ("Reads serve the api alone", "csms.gateway.registry", "csms.reads"),
    (
        "Of the languages of chargers the api reads only the catalog and the schemas",
        "csms.api.app",
        "csms.ocpp.frames",
    ),
    ("The worker speaks no OCPP", "csms.worker.runner", "csms.ocpp.catalog"),
    ("Domain and kernel do no I/O", "csms.domain.tariffs.terms", "asyncpg"),
    ("Domain and kernel do no I/O", "csms.kernel.units", "fastapi"),
    (
        "Virtual chargers share no code with the product",
        "csms_simulator.charger",
        "csms.ocpp.frames",
    ),
    (
        "Virtual chargers share no code with the product",
        "csms.cli.main",
        "csms_simulator.charger",
    ),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    configuration.configure()
    return grimp.build_graph(
        *SETTINGS["root_packages"], include_external_packages=True, cache_dir=None
    )


def is_kept(contract: dict[str, Any], graph: grimp.ImportGraph) -> bool:
    # import-linter's own reader turns the booleans of TOML into words, too.
    options = {
        key: str(value) if isinstance(value, bool) else value
        for key, value in contract.items()
        if key not in {"name", "type"}
    }
    session = {k: v for k, v in SETTINGS.items() if k != "contracts"}
    rule = KINDS[contract["type"]](contract["name"], session, options)
    return bool(rule.check(graph, verbose=False).kept)


@pytest.mark.parametrize("name", CONTRACTS)
def test_rule_holds(name: str, graph: grimp.ImportGraph) -> None:
    assert is_kept(CONTRACTS[name], deepcopy(graph))


@pytest.mark.parametrize(("name", "importer", "imported"), BROKEN_BY)
def test_rule_breaks_when_it_is_broken(
    name: str, importer: str, imported: str, graph: grimp.ImportGraph
) -> None:
    broken = deepcopy(graph)
    if imported not in broken.modules:
        broken.add_module(imported, is_squashed="." not in imported)
    assert importer in broken.modules
    broken.add_import(importer=importer, imported=imported)

    assert not is_kept(CONTRACTS[name], broken)


def test_every_rule_is_shown_to_break() -> None:
    assert {name for name, _, _ in BROKEN_BY} == set(CONTRACTS)
