"""The complete virtual charger, for the command line and as a library for tests of a server."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Unpack

from csms_simulator.commands import charging, core, lists, maintenance, security, triggers
from csms_simulator.life import LivingUnit
from csms_simulator.ocpp16 import Payload
from csms_simulator.options import ChargerOptions
from csms_simulator.unit import Answer

Command = Callable[[LivingUnit, Payload], Awaitable[Answer]]

COMMANDS: dict[str, Command] = {
    "CancelReservation": lists.cancel_reservation,
    "CertificateSigned": security.certificate_signed,
    "ChangeAvailability": core.change_availability,
    "ChangeConfiguration": core.change_configuration,
    "ClearCache": core.clear_cache,
    "ClearChargingProfile": charging.clear_charging_profile,
    "DataTransfer": core.data_transfer,
    "DeleteCertificate": security.delete_certificate,
    "ExtendedTriggerMessage": triggers.extended_trigger_message,
    "GetCompositeSchedule": charging.get_composite_schedule,
    "GetConfiguration": core.get_configuration,
    "GetDiagnostics": maintenance.get_diagnostics,
    "GetInstalledCertificateIds": security.get_installed_certificate_ids,
    "GetLocalListVersion": lists.get_local_list_version,
    "GetLog": maintenance.get_log,
    "InstallCertificate": security.install_certificate,
    "RemoteStartTransaction": core.remote_start_transaction,
    "RemoteStopTransaction": core.remote_stop_transaction,
    "ReserveNow": lists.reserve_now,
    "Reset": core.reset,
    "SendLocalList": lists.send_local_list,
    "SetChargingProfile": charging.set_charging_profile,
    "SignedUpdateFirmware": maintenance.signed_update_firmware,
    "TriggerMessage": triggers.trigger_message,
    "UnlockConnector": core.unlock_connector,
    "UpdateFirmware": maintenance.update_firmware,
}


class VirtualCharger(LivingUnit):
    """A charger that answers every OCPP 1.6 command.

    Driven by hand (`connect`, `boot`, `start`, ...) or by itself (`power_on`, `begin_session`).
    """

    def __init__(self, url: str, charge_point_id: str, **options: Unpack[ChargerOptions]) -> None:
        super().__init__(url, charge_point_id, **options)
        for action, command in COMMANDS.items():
            self.on(action, partial(command, self))
