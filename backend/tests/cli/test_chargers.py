"""`csms chargers` registers chargers one by one and in bulk, and prints each key once."""

import csv
import stat
from pathlib import Path

import asyncpg
import pytest

from csms.adapters.sql.admissions import SqlAdmissions
from csms.bootstrap.maintenance import Maintenance
from csms.domain.stations.credentials import is_key_of
from tests.cli.conftest import Csms

pytestmark = pytest.mark.integration


@pytest.fixture
async def yard(owner: asyncpg.Connection) -> int:
    """A station called Yard."""
    return int(
        await owner.fetchval(
            "INSERT INTO station (organization_id, name, latitude, longitude) "
            "VALUES (1, 'Yard', 52.5, 13.4) RETURNING id"
        )
    )


async def opens(desk: Maintenance, charge_point_id: str, key: str) -> bool:
    """Whether the gateway would take the key."""
    admissions = SqlAdmissions(desk.database)
    try:
        known = await admissions.look_up(charge_point_id)
    finally:
        await admissions.close()
    assert known is not None
    return any(is_key_of(one, key.encode(), desk.server_key) for one in known.credentials)


async def test_added_charger_has_address_and_key(csms: Csms, desk: Maintenance, yard: int) -> None:
    said = csms(
        "chargers", "add", "CP 7", "--station", "yard", "--connectors", 2, "--profile", 1,
        PUBLIC_URL="https://csms.example.org",
    ).out  # fmt: skip
    lines = dict(line.split(": ", 1) for line in said.splitlines())
    assert lines["url"] == "wss://csms.example.org/ocpp/CP%207"
    assert await opens(desk, "CP 7", lines["key (shown this once)"])
    [listed] = csms("chargers", "list", "--json").json
    assert (listed["station_id"], len(listed["connectors"])) == (yard, 2)


async def test_new_key_ends_the_old_one_at_once(csms: Csms, desk: Maintenance, yard: int) -> None:
    first = csms("chargers", "add", "CP7", "--station", yard).out
    old = first.split("shown this once): ")[1].splitlines()[0]
    new = csms("chargers", "key", "CP7").out.split("shown this once): ")[1].splitlines()[0]
    assert await opens(desk, "CP7", new)
    assert not await opens(desk, "CP7", old)


async def test_list_tells_who_is_connected(
    csms: Csms, owner: asyncpg.Connection, yard: int
) -> None:
    for name in ("CP7", "CP8"):
        csms("chargers", "add", name, "--station", yard, "--profile", 0)
    await owner.execute(
        "INSERT INTO charger_epoch (charger_id, epoch, node, connected_at, protocol) "
        "SELECT id, 1, 'local', now(), 'ocpp1.6' FROM charger WHERE charge_point_id = 'CP8'"
    )

    def names(*options: str) -> list[str]:
        return [c["charge_point_id"] for c in csms("chargers", "list", "--json", *options).json]

    assert names() == ["CP7", "CP8"]
    assert names("--connected") == ["CP8"]
    assert names("--disconnected") == ["CP7"]
    assert names("--search", "p7") == ["CP7"]


def test_refusals_are_sentences(csms: Csms, yard: int) -> None:
    csms("chargers", "add", "CP7", "--station", yard, "--profile", 0)
    cases = [
        (("chargers", "add", "CP8", "--station", "Moon"), "no station 'Moon'; there are Yard"),
        (("chargers", "add", "CP7", "--station", "Yard"), "another charger connects as 'CP7'"),
        (("chargers", "add", "a/b", "--station", "Yard"), "without / \\ ? # %"),
        (("chargers", "key", "CP9"), "no charger connects as 'CP9'"),
        (("chargers", "key", "CP7"), "profile 0 and connects without a key"),
        (("chargers", "archive", "CP9"), "no charger connects as 'CP9'"),
        (("chargers", "import", "none.csv"), "cannot read none.csv"),
    ]
    for arguments, sentence in cases:
        assert sentence in csms(*arguments, expect=1).err, arguments


def test_archived_charger_leaves_the_list(csms: Csms, yard: int) -> None:
    csms("chargers", "add", "CP7", "--station", yard)
    csms("chargers", "archive", "CP7")
    assert csms("chargers", "list").out == "no chargers\n"
    assert "is archived" in csms("chargers", "key", "CP7", expect=1).err


async def test_import_stores_all_rows_under_one_audit_entry(
    csms: Csms, desk: Maintenance, owner: asyncpg.Connection, yard: int, tmp_path: Path
) -> None:
    chosen = "sixteen-bytes-16"
    rows = ["charge_point_id,station,password,connectors,power_kw"]
    rows += [f"BULK-{n},Yard,,2,11.5" for n in range(1200)] + [f"OWN-1,{yard},{chosen},1,150"]
    (tmp_path / "fleet.csv").write_text("\n".join(rows))
    said = csms("chargers", "import", "fleet.csv")
    assert "imported 1201 chargers" in said.out
    keys_path = tmp_path / "fleet.keys.csv"
    assert stat.S_IMODE(keys_path.stat().st_mode) == 0o600
    with keys_path.open(newline="") as file:
        keys = dict(csv.reader(file))
    assert set(keys) == {f"BULK-{n}" for n in range(1200)}
    assert await opens(desk, "BULK-777", keys["BULK-777"])
    assert await opens(desk, "OWN-1", chosen)
    assert await owner.fetchval("SELECT count(*) FROM connector WHERE max_power_kw = 11.5") == 2400
    entries = await owner.fetch("SELECT action, after->>'chargers' AS n FROM audit_entry")
    assert [tuple(row) for row in entries] == [("chargers.imported", "1201")]


async def test_import_leaves_registered_chargers_alone_when_told_to(
    csms: Csms, owner: asyncpg.Connection, yard: int, tmp_path: Path
) -> None:
    csms("chargers", "add", "CP7", "--station", yard, "--name", "Mine")
    (tmp_path / "f.csv").write_text("charge_point_id,station,name\nCP7,Yard,Theirs\nCP8,Yard,New\n")
    refused = csms("chargers", "import", "f.csv", expect=1)
    assert "1 of 2 charge point ids are registered already (CP7)" in refused.err
    assert not (tmp_path / "f.keys.csv").exists()
    csms("chargers", "import", "f.csv", "--skip-existing")
    rows = await owner.fetch("SELECT charge_point_id, name FROM charger ORDER BY 1")
    assert [tuple(row) for row in rows] == [("CP7", "Mine"), ("CP8", "New")]


async def test_import_never_overwrites_a_key_file(
    csms: Csms, owner: asyncpg.Connection, yard: int, tmp_path: Path
) -> None:
    (tmp_path / "f.csv").write_text("charge_point_id,station\nCP7,Yard\n")
    (tmp_path / "f.keys.csv").write_text("precious")
    assert "exists already and may hold keys" in csms("chargers", "import", "f.csv", expect=1).err
    assert (tmp_path / "f.keys.csv").read_text() == "precious"
    assert await owner.fetchval("SELECT count(*) FROM charger") == 0


async def test_one_bad_station_stores_nothing(
    csms: Csms, owner: asyncpg.Connection, yard: int, tmp_path: Path
) -> None:
    (tmp_path / "f.csv").write_text("charge_point_id,station\nCP7,Yard\nCP8,Moon\n")
    assert (
        "f.csv line 3: there is no station 'Moon'"
        in csms("chargers", "import", "f.csv", expect=1).err
    )
    assert await owner.fetchval("SELECT count(*) FROM charger") == 0
