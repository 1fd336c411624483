"""What `csms chargers import` does: a whole file is checked first, then stored in batches."""

import asyncio
import contextlib
import csv
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from csms.adapters.sql.charger_import import (
    ImportedCharger,
    store_chargers,
    taken_charge_point_ids,
)
from csms.bootstrap.import_rows import ImportedRow, read_rows
from csms.bootstrap.maintenance import Maintenance
from csms.bootstrap.maintenance_chargers import planned_connectors, station_choice
from csms.domain.stations.credentials import generate_key
from csms.domain.stations.errors import OpenChargersRefusedError
from csms.domain.stations.handshakes import StoredCredential
from csms.domain.stations.registry_chargers import ChargerPlan
from csms.kernel.errors import ConflictError, CsmsError, InvalidError
from csms.kernel.ids import StationId

BATCH_ROWS = 500
KEYS_HASHED_AT_ONCE = 4
"""Passwords that people chose are hashed slowly on purpose, each in 19 MiB."""
SHOWN_IDS = 5

Progress = Callable[[int, int], None]
"""Told after each commit: chargers stored so far, of how many."""


class ImportRefusedError(InvalidError):
    """The file cannot be imported as it is; nothing was stored."""


class ChargersThereAlreadyError(ConflictError):
    """Some charge point ids of the file are registered; nothing was stored."""


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """A file and how to take it. `are_passwords_random`: a machine made them, so they are stored
    like keys of our own, quickly; otherwise like passwords that people chose, slowly.
    """

    path: Path
    keys_path: Path
    skips_existing: bool = False
    are_passwords_random: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import stored. `keys_path` is None when no key was made."""

    stored: int
    skipped: int
    keys: int
    keys_path: Path | None


async def import_chargers(desk: Maintenance, order: ImportOrder, told: Progress) -> ImportReport:
    """Register every charger of a CSV file, 500 to a transaction, under one audit entry.

    Generated keys are in the key file before their chargers are committed. Raises
    ImportRefusedError, ChargersThereAlreadyError, or what the file's rows break.
    """
    rows = read_rows(order.path)
    planned = await _planned(desk, rows, order.path)
    taken = await _taken(desk, rows)
    if taken and not order.skips_existing:
        shown = ", ".join(sorted(taken)[:SHOWN_IDS])
        raise ChargersThereAlreadyError(
            f"{len(taken)} of {len(rows)} charge point ids are registered already ({shown}"
            f"{', ...' if len(taken) > SHOWN_IDS else ''}); --skip-existing leaves them as they are"
        )
    fresh = [(row, plan) for row, plan in planned if row.charge_point_id not in taken]
    keyless = sum(row.needs_generated_key for row, _ in fresh)
    said: dict[str, object] = {
        "file": order.path.name,
        "sha256": hashlib.sha256(order.path.read_bytes()).hexdigest(),
        "chargers": len(fresh),
        "skipped": len(taken),
        "generated_keys": keyless,
    }
    with _key_file(order.keys_path if keyless else None) as keys_file:
        for start in range(0, len(fresh), BATCH_ROWS):
            batch = fresh[start : start + BATCH_ROWS]
            audit = (order.path.name, said) if start == 0 else None
            stored = await _with_keys(desk, batch, keys_file, order)
            await store_chargers(desk.database, desk.actor, stored, audit)
            told(start + len(batch), len(fresh))
    return ImportReport(len(fresh), len(taken), keyless, order.keys_path if keyless else None)


async def _planned(
    desk: Maintenance, rows: Sequence[ImportedRow], path: Path
) -> list[tuple[ImportedRow, ChargerPlan]]:
    choice = await station_choice(desk)
    found: dict[str, StationId] = {}
    planned = []
    served = desk.settings.served_profiles(desk.settings.public_url)
    for row in rows:
        if row.security_profile not in served:
            raise ImportRefusedError(
                f"{path.name} line {row.line}: security profile {row.security_profile} needs TLS, "
                "which chargers are not served here"
            )
        if row.security_profile == 0 and not desk.settings.may_open_chargers:
            raise OpenChargersRefusedError(
                f"{path.name} line {row.line}: security profile 0 lets anybody speak for the "
                "charger and is not allowed here"
            )
        if row.station not in found:
            try:
                found[row.station] = choice.find(row.station)
            except CsmsError as error:
                raise ImportRefusedError(f"{path.name} line {row.line}: {error.detail}") from error
        plan = ChargerPlan(
            station_id=found[row.station],
            name=row.name,
            security_profile=row.security_profile,
            connectors=planned_connectors(row.connectors, row.power_kw, row.connector_type),
        )
        planned.append((row, plan))
    return planned


async def _taken(desk: Maintenance, rows: Sequence[ImportedRow]) -> set[str]:
    return await taken_charge_point_ids(desk.database, [row.charge_point_id for row in rows])


async def _with_keys(
    desk: Maintenance,
    batch: Sequence[tuple[ImportedRow, ChargerPlan]],
    keys_file: IO[str] | None,
    order: ImportOrder,
) -> list[ImportedCharger]:
    slots = asyncio.Semaphore(KEYS_HASHED_AT_ONCE)
    made = {row.charge_point_id: generate_key() for row, _ in batch if row.needs_generated_key}
    if keys_file is not None and made:
        csv.writer(keys_file).writerows(made.items())
        keys_file.flush()
        await asyncio.to_thread(os.fsync, keys_file.fileno())

    async def credential(row: ImportedRow) -> StoredCredential | None:
        if row.charge_point_id in made:
            return await desk.charger_keys.generated(made[row.charge_point_id])
        if row.password is None:
            return None
        if order.are_passwords_random:
            return await desk.charger_keys.generated(row.password)
        async with slots:
            return await desk.charger_keys.chosen(row.password)

    credentials = await asyncio.gather(*(credential(row) for row, _ in batch))
    return [
        (row.charge_point_id, plan, key)
        for (row, plan), key in zip(batch, credentials, strict=True)
    ]


@contextlib.contextmanager
def _key_file(path: Path | None) -> Iterator[IO[str] | None]:
    """Open a new file that only its owner can read; never one that is there already."""
    if path is None:
        yield None
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ImportRefusedError(
            f"{path} exists already and may hold keys; move it or choose another --keys-file"
        ) from error
    except OSError as error:
        raise ImportRefusedError(f"cannot write {path}: {error.strerror}") from error
    with os.fdopen(descriptor, "w", newline="", encoding="utf-8") as file:
        yield file
