"""What a charger answers and does when the server asks, command by command."""

from typing import Any

import pytest
from ocpp.v16 import call  # type: ignore[import-untyped]

from csms_simulator.charger import COMMANDS, VirtualCharger
from csms_simulator.options import Habits
from tests.stub_central_system import MakeCharger, StubCentralSystem
from tests.stub_certificates import Authority, self_signed

pytestmark = pytest.mark.integration


def profile(purpose: str, limit: float, unit: str = "W", **members: Any) -> dict[str, Any]:
    return {
        "chargingProfileId": members.pop("profile_id", 1),
        "stackLevel": members.pop("stack_level", 0),
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
        },
        **members,
    }


@pytest.fixture
async def charger(central: StubCentralSystem, make_charger: MakeCharger) -> VirtualCharger:
    made = make_charger(connectors=2)
    await made.power_on()
    return made


async def begin(charger: VirtualCharger, connector_id: int = 1) -> int:
    await charger.plug_in(connector_id)
    transaction = await charger.begin_session(connector_id, "TAG1")
    assert transaction is not None
    return transaction.wire_id


def sent_after(charger: VirtualCharger, position: int) -> list[str]:
    return [frame.action or frame.kind for frame in charger.sent[position:]]


async def test_a_remote_start_answers_first_then_authorizes_then_starts(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    position = charger.sent_count
    answer = await central.ask("CP1", call.RemoteStartTransaction(id_tag="APP", connector_id=2))
    assert answer.status == "Accepted"
    await central.until(lambda: charger.connectors[2].status == "Charging")
    await charger.wait_sent(lambda frame: '"Charging"' in frame.text)
    assert sent_after(charger, position)[:5] == [
        "CALLRESULT",
        "Authorize",
        "StatusNotification",
        "StartTransaction",
        "StatusNotification",
    ]


async def test_after_a_remote_stop_the_driver_unplugs_and_the_outlet_is_free(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    await central.ask("CP1", call.RemoteStartTransaction(id_tag="APP", connector_id=1))
    await charger.wait_sent(lambda frame: '"Charging"' in frame.text)
    position = charger.sent_count
    stop = call.RemoteStopTransaction(transaction_id=central.last_transaction_id)
    assert (await central.ask("CP1", stop)).status == "Accepted"
    await charger.wait_sent(lambda frame: '"Available"' in frame.text, after=position)
    assert sent_after(charger, position) == [
        "CALLRESULT",
        "StopTransaction",
        "StatusNotification",
        "StatusNotification",
    ]


async def test_without_authorize_remote_requests_the_start_comes_at_once(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    key = call.ChangeConfiguration(key="authorizeremotetxrequests", value="false")
    assert (await central.ask("CP1", key)).status == "Accepted"
    await central.ask("CP1", call.RemoteStartTransaction(id_tag="APP"))
    await central.until(lambda: central.calls("StartTransaction"))
    assert "Authorize" not in central.actions()


async def test_a_remote_start_without_a_cable_times_out_to_available(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger(habits=Habits(plugs_in_after_remote_start=False))
    await charger.power_on()
    await central.ask("CP1", call.RemoteStartTransaction(id_tag="APP"))
    await charger.wait_sent(lambda frame: '"Preparing"' in frame.text)
    position = charger.sent_count - 1
    await charger.wait_sent(lambda frame: '"Available"' in frame.text, after=position)
    assert "StartTransaction" not in central.actions()


async def test_remote_requests_for_what_is_not_there_are_rejected(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    transaction_id = await begin(charger)
    busy = call.RemoteStartTransaction(id_tag="APP", connector_id=1)
    assert (await central.ask("CP1", busy)).status == "Rejected"
    stop = call.RemoteStopTransaction(transaction_id=transaction_id + 1)
    assert (await central.ask("CP1", stop)).status == "Rejected"


async def test_a_remote_start_profile_limits_the_new_session(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    request = call.RemoteStartTransaction(
        id_tag="APP", connector_id=1, charging_profile=profile("TxProfile", 6000.0)
    )
    assert (await central.ask("CP1", request)).status == "Accepted"
    await charger.wait_sent(lambda frame: '"Charging"' in frame.text)
    await central.until(lambda: charger.profiles.installed)
    assert charger.connectors[1].meter.power_w == 6000


async def test_an_invalid_tag_in_the_start_answer_ends_the_session_deauthorized(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    charger.configuration.force("AuthorizeRemoteTxRequests", "false")
    central.tags["APP"] = "Blocked"
    await central.ask("CP1", call.RemoteStartTransaction(id_tag="APP"))
    await central.until(lambda: central.calls("StopTransaction"))
    assert central.calls("StopTransaction")[0]["reason"] == "DeAuthorized"


@pytest.mark.parametrize(("kind", "reason"), [("Soft", "SoftReset"), ("Hard", "HardReset")])
async def test_a_reset_ends_sessions_with_its_reason_and_boots_again(
    central: StubCentralSystem, charger: VirtualCharger, kind: str, reason: str
) -> None:
    await begin(charger)
    assert (await central.ask("CP1", call.Reset(type=kind))).status == "Accepted"
    await central.until(lambda: central.actions().count("BootNotification") == 2)
    await central.until(lambda: central.calls("StopTransaction"))
    actions = [a for a in central.actions() if a in {"BootNotification", "StopTransaction"}]
    is_before_boot = kind == "Soft"
    assert actions.index("StopTransaction") == (1 if is_before_boot else 2)
    assert central.calls("StopTransaction")[0]["reason"] == reason


async def test_configuration_keys_know_readonly_reboot_and_unknown(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    async def change(key: str, value: str) -> str:
        answer = await central.ask("CP1", call.ChangeConfiguration(key=key, value=value))
        return str(answer.status)

    assert await change("NumberOfConnectors", "9") == "Rejected"
    assert await change("HeartbeatInterval", "-5") == "Rejected"
    assert await change("MeterValuesSampledData", "Energy.Active.Import.Register,Nonsense") == (
        "Rejected"
    )
    assert await change("SecurityProfile", "2") == "RebootRequired"
    assert await change("Flux", "1") == "NotSupported"
    answer = await central.ask("CP1", call.GetConfiguration(key=["numberofconnectors", "Flux"]))
    assert answer.configuration_key == [
        {"key": "NumberOfConnectors", "readonly": True, "value": "2"}
    ]
    assert answer.unknown_key == ["Flux"]
    everything = await central.ask("CP1", call.GetConfiguration())
    assert "AuthorizationKey" not in {entry["key"] for entry in everything.configuration_key}


async def test_a_new_authorization_key_is_used_on_a_new_link(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    central.passwords = {"CP9": "old"}
    charger = make_charger("CP9", password="old")
    await charger.power_on()
    central.passwords = {"CP9": "0123456789abcdef"}
    key = call.ChangeConfiguration(key="AuthorizationKey", value=b"0123456789abcdef".hex())
    assert (await central.ask("CP9", key)).status == "Accepted"
    await central.until(lambda: central.connects == 2)
    await charger.wait_online()
    assert charger.failures == []


async def test_unlock_ends_the_session_unless_the_lock_is_stuck(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    await begin(charger)
    charger.connectors[1].is_lock_stuck = True
    request = call.UnlockConnector(connector_id=1)
    assert (await central.ask("CP1", request)).status == "UnlockFailed"
    charger.connectors[1].is_lock_stuck = False
    assert (await central.ask("CP1", request)).status == "Unlocked"
    await central.until(lambda: central.calls("StopTransaction"))
    assert central.calls("StopTransaction")[0]["reason"] == "UnlockCommand"
    unknown = call.UnlockConnector(connector_id=7)
    assert (await central.ask("CP1", unknown)).status == "NotSupported"


async def test_unavailability_survives_a_reset(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    off = call.ChangeAvailability(connector_id=0, type="Inoperative")
    assert (await central.ask("CP1", off)).status == "Accepted"
    await charger.wait_sent(lambda frame: '"connectorId":2' in frame.text and "Unav" in frame.text)
    await charger.reboot("Reboot", is_hard=False)
    last = {c["connectorId"]: c["status"] for c in central.calls("StatusNotification")}
    assert last == {0: "Unavailable", 1: "Unavailable", 2: "Unavailable"}
    start = call.RemoteStartTransaction(id_tag="APP")
    assert (await central.ask("CP1", start)).status == "Rejected"


async def test_local_lists_keep_versions_and_refuse_stale_differences(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    async def send(version: int, kind: str, *entries: dict[str, Any]) -> str:
        request = call.SendLocalList(
            list_version=version, update_type=kind, local_authorization_list=list(entries)
        )
        return str((await central.ask("CP1", request)).status)

    accepted = {"idTagInfo": {"status": "Accepted"}}
    assert (await central.ask("CP1", call.GetLocalListVersion())).list_version == 0
    assert await send(5, "Full", {"idTag": "A", **accepted}) == "Accepted"
    assert await send(5, "Differential", {"idTag": "B", **accepted}) == "VersionMismatch"
    assert await send(6, "Differential", {"idTag": "A"}, {"idTag": "B", **accepted}) == "Accepted"
    assert await send(7, "Full", {"idTag": "C", **accepted}, {"idTag": "c", **accepted}) == "Failed"
    assert (await central.ask("CP1", call.GetLocalListVersion())).list_version == 6
    assert charger.known_tag("a") is None
    charger.go_offline()
    assert (await charger.check_tag("b")).status == "Accepted"
    assert (await charger.check_tag("a")).status == "Invalid"


async def test_reservations_answer_by_the_state_of_the_outlet(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    async def reserve(connector_id: int, reservation_id: int, until: str = "2999-01-01") -> str:
        request = call.ReserveNow(
            connector_id=connector_id,
            expiry_date=f"{until}T00:00:00Z",
            id_tag="VIP",
            reservation_id=reservation_id,
        )
        return str((await central.ask("CP1", request)).status)

    await begin(charger, 2)
    assert await reserve(2, 1) == "Occupied"
    assert await reserve(1, 2) == "Accepted"
    assert await reserve(1, 3) == "Occupied"
    assert await reserve(1, 2) == "Accepted"
    cancel = call.CancelReservation(reservation_id=2)
    assert (await central.ask("CP1", cancel)).status == "Accepted"
    assert (await central.ask("CP1", cancel)).status == "Rejected"
    await charger.status(1, "Faulted", "GroundFailure")
    assert await reserve(1, 4) == "Faulted"


async def test_an_expired_reservation_frees_the_outlet(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    request = call.ReserveNow(
        connector_id=1, expiry_date="2020-01-01T00:00:00Z", id_tag="VIP", reservation_id=1
    )
    assert (await central.ask("CP1", request)).status == "Accepted"
    await charger.wait_sent(lambda frame: '"Reserved"' in frame.text)
    await charger.wait_sent(lambda frame: '"Available"' in frame.text, after=charger.sent_count - 1)
    assert charger.connectors[1].reservation is None


async def test_charging_profiles_limit_power_and_show_in_the_composite(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    transaction_id = await begin(charger)

    async def install(connector_id: int, body: dict[str, Any]) -> str:
        request = call.SetChargingProfile(connector_id=connector_id, cs_charging_profiles=body)
        return str((await central.ask("CP1", request)).status)

    ten = profile("TxDefaultProfile", 10_000.0, profile_id=1)
    own = profile("TxProfile", 8000.0, profile_id=2, transactionId=transaction_id)
    assert await install(0, ten) == "Accepted"
    assert await install(1, own) == "Accepted"
    assert await install(2, profile("TxProfile", 1.0, profile_id=3)) == "Rejected"
    assert await install(1, profile("ChargePointMaxProfile", 1.0, profile_id=4)) == "Rejected"
    answer = await central.ask("CP1", call.GetCompositeSchedule(connector_id=1, duration=600))
    periods = answer.charging_schedule["charging_schedule_period"]
    assert charger.connectors[1].meter.power_w == 8000
    assert [(p["start_period"], p["limit"]) for p in periods] == [(0, 8000.0)]
    assert (await central.ask("CP1", call.ClearChargingProfile(id=2))).status == "Accepted"
    assert (await central.ask("CP1", call.ClearChargingProfile(id=2))).status == "Unknown"
    assert await install(0, profile("ChargePointMaxProfile", 0.0, profile_id=5)) == "Accepted"
    await charger.wait_sent(lambda frame: '"SuspendedEVSE"' in frame.text)


@pytest.mark.parametrize(
    "wanted",
    [
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "MeterValues",
        "StatusNotification",
    ],
)
async def test_a_trigger_is_answered_before_its_message(
    central: StubCentralSystem, charger: VirtualCharger, wanted: str
) -> None:
    position = charger.sent_count
    answer = await central.ask("CP1", call.TriggerMessage(requested_message=wanted, connector_id=1))
    assert answer.status == "Accepted"
    await charger.wait_sent(lambda frame: frame.action == wanted, after=position)
    assert sent_after(charger, position)[:2] == ["CALLRESULT", wanted]


async def test_diagnostics_and_logs_report_their_uploads(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    answer = await central.ask("CP1", call.GetDiagnostics(location="ftp://files.example/"))
    assert answer.file_name == "diagnostics-CP1.log"
    await central.until(lambda: len(central.calls("DiagnosticsStatusNotification")) == 2)
    told = [c["status"] for c in central.calls("DiagnosticsStatusNotification")]
    assert told == ["Uploading", "Uploaded"]
    charger.habits.upload_outcome = "UploadFailed"
    log = {"remoteLocation": "ftp://files.example/"}
    request = call.GetLog(log=log, log_type="SecurityLog", request_id=3)
    assert (await central.ask("CP1", request)).status == "Accepted"
    await central.until(lambda: len(central.calls("LogStatusNotification")) == 2)
    assert central.calls("LogStatusNotification")[1] == {"status": "UploadFailure", "requestId": 3}


async def test_roots_can_be_installed_listed_and_deleted(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    use = "CentralSystemRootCertificate"
    ask = call.GetInstalledCertificateIds(certificate_type=use)
    assert (await central.ask("CP1", ask)).status == "NotFound"
    root = call.InstallCertificate(certificate_type=use, certificate=self_signed("Root"))
    assert (await central.ask("CP1", root)).status == "Accepted"
    found = await central.ask("CP1", ask)
    [data] = found.certificate_hash_data
    wire = {
        "hashAlgorithm": data["hash_algorithm"],
        "issuerNameHash": data["issuer_name_hash"],
        "issuerKeyHash": data["issuer_key_hash"],
        "serialNumber": data["serial_number"],
    }
    delete = call.DeleteCertificate(certificate_hash_data=wire)
    assert (await central.ask("CP1", delete)).status == "Accepted"
    assert (await central.ask("CP1", delete)).status == "NotFound"
    broken = call.InstallCertificate(certificate_type=use, certificate="nonsense")
    assert (await central.ask("CP1", broken)).status == "Rejected"
    await central.until(lambda: central.calls("SecurityEventNotification"))
    assert central.calls("SecurityEventNotification")[0]["type"] == (
        "InvalidCentralSystemCertificate"
    )


async def test_a_signed_certificate_must_belong_to_the_latest_request(
    central: StubCentralSystem, charger: VirtualCharger
) -> None:
    authority = Authority()
    trigger = call.ExtendedTriggerMessage(requested_message="SignChargePointCertificate")
    assert (await central.ask("CP1", trigger)).status == "Accepted"
    await central.until(lambda: central.calls("SignCertificate"))
    chain = authority.sign_request(central.calls("SignCertificate")[0]["csr"])
    foreign = call.CertificateSigned(certificate_chain=authority.pem)
    assert (await central.ask("CP1", foreign)).status == "Rejected"
    await central.until(lambda: central.calls("SecurityEventNotification"))
    assert central.calls("SecurityEventNotification")[0]["type"] == "InvalidChargePointCertificate"
    signed = call.CertificateSigned(certificate_chain=chain)
    assert (await central.ask("CP1", signed)).status == "Accepted"
    await charger.wait_closed()


def test_every_command_of_the_library_has_a_handler() -> None:
    from_charger = {
        "Authorize",
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "SecurityEventNotification",
        "SignCertificate",
        "SignedFirmwareStatusNotification",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
    }
    named = {name for name in vars(call) if isinstance(vars(call)[name], type)}
    spoken = {name for name in named if vars(call)[name].__module__ == call.__name__}
    assert spoken - from_charger == set(COMMANDS)
