"""What is asked of chargers beyond the core: our numbers, kept profiles, lists in parts."""

from typing import Any

import pytest

from csms.adapters.sql.engine import Database
from csms.domain.operations.commands import (
    Command,
    OperationOutcome,
    RawRequest,
    RemoteStart,
    ReserveNow,
    SendLocalList,
    SetChargingProfile,
)
from csms.ocpp.v16.commands import to_wire
from tests.api.caller import Caller
from tests.api.fakes import FakeChargers
from tests.api.network import Network

pytestmark = pytest.mark.integration
MOMENT = "2026-03-14T09:26:53Z"
PROFILE = {
    "stackLevel": 1,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}],
    },
}
HASHES = {
    "hash_algorithm": "SHA256",
    "issuer_name_hash": "ab",
    "issuer_key_hash": "cd",
    "serial_number": "1",
}
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "get-diagnostics": ("GetDiagnostics", {"location": "ftp://a/b", "start_time": MOMENT}),
    "update-firmware": ("UpdateFirmware", {"location": "ftp://a/b", "retrieve_date": MOMENT}),
    "get-local-list-version": ("GetLocalListVersion", {}),
    "send-local-list": (
        "SendLocalList",
        {"update_type": "Full", "list_version": 3, "local_authorization_list": []},
    ),
    "reserve-now": ("ReserveNow", {"connector_id": 1, "id_tag": "A", "expiry_date": MOMENT}),
    "cancel-reservation": ("CancelReservation", {"reservation_id": 3}),
    "set-charging-profile": ("SetChargingProfile", {"charging_profile": PROFILE}),
    "clear-charging-profile": ("ClearChargingProfile", {"id": 3}),
    "get-composite-schedule": ("GetCompositeSchedule", {"connector_id": 1, "duration": 60}),
    "extended-trigger-message": (
        "ExtendedTriggerMessage",
        {"requested_message": "LogStatusNotification"},
    ),
    "certificate-signed": ("CertificateSigned", {"certificate_chain": "pem"}),
    "install-certificate": (
        "InstallCertificate",
        {"certificate_type": "ManufacturerRootCertificate", "certificate": "pem"},
    ),
    "delete-certificate": ("DeleteCertificate", {"certificate_hash_data": HASHES}),
    "get-installed-certificate-ids": (
        "GetInstalledCertificateIds",
        {"certificate_type": "CentralSystemRootCertificate"},
    ),
    "get-log": ("GetLog", {"log_type": "SecurityLog", "remote_location": "ftp://a/b"}),
    "signed-update-firmware": (
        "SignedUpdateFirmware",
        {"location": "ftp://a/b", "signing_certificate": "pem", "signature": "s"},
    ),
}


@pytest.fixture
async def path(network: Network) -> str:
    await network.connect(network.charger)
    return f"/api/admin/chargers/{network.charger['id']}"


def last(chargers: FakeChargers) -> Command:
    return chargers.commands[-1]


@pytest.mark.parametrize("operation", sorted(ASKED))
async def test_each_command_has_its_path_and_can_be_said_on_the_wire(
    operator: Caller, chargers: FakeChargers, path: str, operation: str
) -> None:
    action, body = ASKED[operation]
    answer = await operator.post(f"{path}/{operation}", body)
    assert answer["status"] == "Accepted"
    assert to_wire(last(chargers)).action == action
    kept = await operator.get(f"/api/admin/operations/{answer['operation_id']}")
    assert kept["action"] == action


async def test_a_reservation_without_an_id_gets_ours_typed_and_raw(
    operator: Caller, chargers: FakeChargers, network: Network, path: str
) -> None:
    _, body = ASKED["reserve-now"]
    await operator.post(f"{path}/reserve-now", body)
    typed = last(chargers)
    assert isinstance(typed, ReserveNow)
    raw = {
        "action": "ReserveNow",
        "payload": {"connectorId": 1, "idTag": "A", "expiryDate": MOMENT},
    }
    name = network.charger["charge_point_id"]
    await operator.post(f"/api/charge-points/{name}/request", raw)
    sent = last(chargers)
    assert isinstance(sent, RawRequest)
    assert 0 < typed.reservation_id < sent.payload["reservationId"] < 2**31


async def test_an_id_of_another_charger_is_refused(
    operator: Caller, network: Network, database: Database, path: str
) -> None:
    other = await network.add_charger("CP002")
    await database.pool.execute(
        "INSERT INTO reservation (id, organization_id, charger_id, connector_id, id_tag, "
        "id_tag_folded, expires_at) VALUES (7, 1, $1, 1, 'A', 'a', now())",
        other["id"],
    )
    _, body = ASKED["reserve-now"]
    await operator.post(f"{path}/reserve-now", body | {"reservation_id": 7}, expect=409)
    payload = {"connectorId": 1, "idTag": "A", "expiryDate": MOMENT, "reservationId": 7}
    name = network.charger["charge_point_id"]
    raw = {"action": "ReserveNow", "payload": payload}
    await operator.post(f"/api/charge-points/{name}/request", raw, expect=409)


async def test_a_kept_profile_goes_out_under_its_id(
    operator: Caller, chargers: FakeChargers, path: str
) -> None:
    kept = await operator.post(
        "/api/admin/charging-profiles",
        {"description": "sixteen", "charging_profile": PROFILE},
        expect=201,
    )
    assert kept["charging_profile"]["chargingProfileId"] == kept["id"]
    body = {"connector_id": 1, "charging_profile_id": kept["id"], "transaction_id": 11}
    await operator.post(f"{path}/set-charging-profile", body)
    sent = last(chargers)
    assert isinstance(sent, SetChargingProfile)
    assert sent.charging_profile["chargingProfileId"] == kept["id"]
    assert sent.charging_profile["transactionId"] == 11
    await operator.post(f"{path}/set-charging-profile", {"connector_id": 1}, expect=422)


async def test_profiles_are_kept_found_changed_and_removed(operator: Caller) -> None:
    body = {"description": "sixteen", "charging_profile": PROFILE}
    kept = await operator.post("/api/admin/charging-profiles", body, expect=201)
    address = f"/api/admin/charging-profiles/{kept['id']}"
    assert (await operator.get("/api/admin/charging-profiles", search="SIX"))["total"] == 1
    assert (await operator.get("/api/admin/charging-profiles", search="none"))["total"] == 0
    changed = await operator.put(address, {"description": "other"})
    assert changed["description"] == "other"
    assert changed["charging_profile"] == kept["charging_profile"]
    wrong = {"charging_profile": {"stackLevel": -1}}
    await operator.put(address, wrong, expect=422)
    await operator.delete(address, expect=204)
    await operator.get(address, expect=404)


async def test_the_profile_of_a_start_gets_an_id(
    operator: Caller, chargers: FakeChargers, path: str
) -> None:
    body = {"connector_id": 1, "id_tag": "A", "charging_profile": PROFILE}
    await operator.post(f"{path}/remote-start", body)
    sent = last(chargers)
    assert isinstance(sent, RemoteStart)
    assert sent.charging_profile is not None
    assert sent.charging_profile["chargingProfileId"] > 0


async def _tags(operator: Caller, count: int) -> None:
    for number in range(count):
        await operator.post("/api/admin/id-tags", {"id_tag": f"T{number}"}, expect=201)


async def test_a_list_goes_out_in_parts_that_the_charger_takes(
    operator: Caller, chargers: FakeChargers, network: Network, database: Database, path: str
) -> None:
    await _tags(operator, 5)
    await database.pool.execute(
        "INSERT INTO configuration_key (charger_id, key, value, is_readonly, learned_at) "
        "VALUES ($1, 'SendLocalListMaxLength', '2', true, now())",
        network.charger["id"],
    )
    await operator.post(f"{path}/send-local-list", {"update_type": "Full"})
    parts = [command for command in chargers.commands if isinstance(command, SendLocalList)]
    assert [part.update_type for part in parts][:2] == ["Full", "Differential"]
    assert [len(part.entries) for part in parts][:2] == [2, 2]
    versions = [part.list_version for part in parts]
    assert versions == sorted(set(versions))


async def test_parts_end_with_the_first_that_is_not_taken(
    operator: Caller, chargers: FakeChargers, path: str, network: Network, database: Database
) -> None:
    await _tags(operator, 3)
    await database.pool.execute(
        "INSERT INTO configuration_key (charger_id, key, value, is_readonly, learned_at) "
        "VALUES ($1, 'SendLocalListMaxLength', '1', true, now())",
        network.charger["id"],
    )
    chargers.outcome = OperationOutcome(0, "ANSWERED", response='{"status":"Failed"}')
    answer = await operator.post(f"{path}/send-local-list")
    assert answer["status"] == "Failed"
    assert len(chargers.commands) == 1


async def test_a_changed_password_is_stored_nowhere(
    operator: Caller, chargers: FakeChargers, path: str, database: Database
) -> None:
    key = "00112233445566778899aabbccddeeff"
    body = {"key": "AuthorizationKey", "value": key}
    answer = await operator.post(f"{path}/change-configuration", body)
    stored = await database.pool.fetchval(
        "SELECT request FROM operation WHERE id = $1", answer["operation_id"]
    )
    assert key not in stored
    assert key in repr(last(chargers))
    odd = await operator.post(f"{path}/change-configuration", body | {"value": "short"})
    assert odd["warnings"] == ["AuthorizationKey takes 16 to 20 bytes in hex"]
