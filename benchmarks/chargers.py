"""The chargers of a benchmark: their ids, passwords and id tags, as a csv both sides read."""

import csv
import secrets
import string
from pathlib import Path

import msgspec

# AuthorizationKey is 16 to 20 bytes (OCPP-J 1.6 §6.2.2).
PASSWORD_LENGTH = 20
_ALPHABET = string.ascii_letters + string.digits


class ChargerAccount(msgspec.Struct, frozen=True):
    """One charger as the server knows it."""

    charge_point_id: str
    password: str
    id_tag: str


def make_accounts(count: int) -> list[ChargerAccount]:
    """Return `count` chargers with fresh random passwords."""
    return [
        ChargerAccount(
            charge_point_id=f"BENCH{number:06d}",
            password="".join(secrets.choice(_ALPHABET) for _ in range(PASSWORD_LENGTH)),
            id_tag=f"BENCHTAG{number:06d}",
        )
        for number in range(count)
    ]


def write_accounts(path: Path, accounts: list[ChargerAccount]) -> None:
    """Write the csv, readable by its owner only."""
    path.touch(mode=0o600)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(ChargerAccount.__struct_fields__)
        writer.writerows(msgspec.structs.astuple(account) for account in accounts)


def read_accounts(path: Path) -> list[ChargerAccount]:
    """Read the csv that `write_accounts` wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        return [msgspec.convert(row, ChargerAccount) for row in csv.DictReader(file)]
