"""One full example per action: a valid request with its answer, every optional member present."""

from collections.abc import Mapping
from typing import Any, Final

from csms.ocpp.action_spec import Example

_TIME = "2024-05-01T12:00:00Z"
_LATER = "2024-05-01T18:30:00.250Z"
_ACCEPTED = {"status": "Accepted"}
_INFO = {"expiryDate": _LATER, "parentIdTag": "FLEET-7", "status": "Accepted"}
_SAMPLES = [
    {
        "value": "12500.5",
        "context": "Sample.Periodic",
        "format": "Raw",
        "measurand": "Energy.Active.Import.Register",
        "phase": "L1",
        "location": "Outlet",
        "unit": "Wh",
    },
    {"value": "16.1", "measurand": "Current.Import", "phase": "L2", "unit": "A"},
]
_READINGS = [{"timestamp": _TIME, "sampledValue": _SAMPLES}]
_SCHEDULE = {
    "duration": 3600,
    "startSchedule": _TIME,
    "chargingRateUnit": "A",
    "chargingSchedulePeriod": [
        {"startPeriod": 0, "limit": 8.1, "numberPhases": 3},
        {"startPeriod": 1800, "limit": 16},
    ],
    "minChargingRate": 6.5,
}
_PROFILE = {
    "chargingProfileId": 12,
    "transactionId": 815,
    "stackLevel": 1,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Recurring",
    "recurrencyKind": "Daily",
    "validFrom": _TIME,
    "validTo": _LATER,
    "chargingSchedule": _SCHEDULE,
}
_HASH = {
    "hashAlgorithm": "SHA256",
    "issuerNameHash": "a1b2c3",
    "issuerKeyHash": "d4e5f6",
    "serialNumber": "0A1B2C",
}
_PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def _example(request: dict[str, Any], response: dict[str, Any] | None = None) -> Example:
    return Example(request, {} if response is None else response)


EXAMPLES: Final[Mapping[str, Example]] = {
    "Authorize": _example({"idTag": "04A2B3C4"}, {"idTagInfo": _INFO}),
    "BootNotification": _example(
        {
            "chargePointVendor": "Acme",
            "chargePointModel": "Wallbox 22",
            "chargePointSerialNumber": "WB22-0001",
            "chargeBoxSerialNumber": "BOX-0001",
            "firmwareVersion": "1.4.2",
            "iccid": "8949000000000000001",
            "imsi": "262010000000001",
            "meterType": "MID-3",
            "meterSerialNumber": "M-0001",
        },
        {"status": "Accepted", "currentTime": _TIME, "interval": 300},
    ),
    "DataTransfer": _example(
        {"vendorId": "com.example", "messageId": "Display", "data": "Hello"},
        {"status": "Accepted", "data": "shown"},
    ),
    "Heartbeat": _example({}, {"currentTime": _TIME}),
    "MeterValues": _example({"connectorId": 1, "transactionId": 815, "meterValue": _READINGS}),
    "StartTransaction": _example(
        {
            "connectorId": 1,
            "idTag": "04A2B3C4",
            "meterStart": 12500,
            "reservationId": 31,
            "timestamp": _TIME,
        },
        {"idTagInfo": _INFO, "transactionId": 815},
    ),
    "StatusNotification": _example(
        {
            "connectorId": 1,
            "errorCode": "NoError",
            "info": "cable locked",
            "status": "Charging",
            "timestamp": _TIME,
            "vendorId": "com.example",
            "vendorErrorCode": "0",
        }
    ),
    "StopTransaction": _example(
        {
            "idTag": "04A2B3C4",
            "meterStop": 19800,
            "timestamp": _LATER,
            "transactionId": 815,
            "reason": "Local",
            "transactionData": _READINGS,
        },
        {"idTagInfo": _INFO},
    ),
    "ChangeAvailability": _example(
        {"connectorId": 0, "type": "Inoperative"}, {"status": "Scheduled"}
    ),
    "ChangeConfiguration": _example(
        {"key": "HeartbeatInterval", "value": "300"}, {"status": "RebootRequired"}
    ),
    "ClearCache": _example({}, _ACCEPTED),
    "GetConfiguration": _example(
        {"key": ["HeartbeatInterval", "Colour"]},
        {
            "configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}],
            "unknownKey": ["Colour"],
        },
    ),
    "RemoteStartTransaction": _example(
        {
            "connectorId": 1,
            "idTag": "04A2B3C4",
            "chargingProfile": {
                name: value for name, value in _PROFILE.items() if name != "transactionId"
            },
        },
        _ACCEPTED,
    ),
    "RemoteStopTransaction": _example({"transactionId": 815}, _ACCEPTED),
    "Reset": _example({"type": "Soft"}, _ACCEPTED),
    "UnlockConnector": _example({"connectorId": 1}, {"status": "Unlocked"}),
    "DiagnosticsStatusNotification": _example({"status": "Uploading"}),
    "FirmwareStatusNotification": _example({"status": "Downloaded"}),
    "GetDiagnostics": _example(
        {
            "location": "ftp://files.example.com/diagnostics",
            "retries": 3,
            "retryInterval": 60,
            "startTime": _TIME,
            "stopTime": _LATER,
        },
        {"fileName": "diagnostics-0001.zip"},
    ),
    "UpdateFirmware": _example(
        {
            "location": "https://files.example.com/1.4.3.bin",
            "retries": 3,
            "retrieveDate": _TIME,
            "retryInterval": 60,
        }
    ),
    "GetLocalListVersion": _example({}, {"listVersion": 7}),
    "SendLocalList": _example(
        {
            "listVersion": 8,
            "localAuthorizationList": [{"idTag": "04A2B3C4", "idTagInfo": _INFO}],
            "updateType": "Full",
        },
        _ACCEPTED,
    ),
    "CancelReservation": _example({"reservationId": 31}, _ACCEPTED),
    "ReserveNow": _example(
        {
            "connectorId": 1,
            "expiryDate": _LATER,
            "idTag": "04A2B3C4",
            "parentIdTag": "FLEET-7",
            "reservationId": 31,
        },
        {"status": "Occupied"},
    ),
    "ClearChargingProfile": _example(
        {
            "id": 12,
            "connectorId": 1,
            "chargingProfilePurpose": "TxDefaultProfile",
            "stackLevel": 1,
        },
        {"status": "Unknown"},
    ),
    "GetCompositeSchedule": _example(
        {"connectorId": 1, "duration": 3600, "chargingRateUnit": "W"},
        {
            "status": "Accepted",
            "connectorId": 1,
            "scheduleStart": _TIME,
            "chargingSchedule": _SCHEDULE,
        },
    ),
    "SetChargingProfile": _example({"connectorId": 1, "csChargingProfiles": _PROFILE}, _ACCEPTED),
    "TriggerMessage": _example(
        {"requestedMessage": "StatusNotification", "connectorId": 1}, {"status": "NotImplemented"}
    ),
    "CertificateSigned": _example({"certificateChain": _PEM}, _ACCEPTED),
    "DeleteCertificate": _example({"certificateHashData": _HASH}, {"status": "NotFound"}),
    "ExtendedTriggerMessage": _example(
        {"requestedMessage": "SignChargePointCertificate", "connectorId": 1}, _ACCEPTED
    ),
    "GetInstalledCertificateIds": _example(
        {"certificateType": "ManufacturerRootCertificate"},
        {"certificateHashData": [_HASH], "status": "Accepted"},
    ),
    "GetLog": _example(
        {
            "log": {
                "remoteLocation": "https://files.example.com/logs",
                "oldestTimestamp": _TIME,
                "latestTimestamp": _LATER,
            },
            "logType": "SecurityLog",
            "requestId": 5,
            "retries": 3,
            "retryInterval": 60,
        },
        {"status": "AcceptedCanceled", "filename": "security-0001.log"},
    ),
    "InstallCertificate": _example(
        {"certificateType": "CentralSystemRootCertificate", "certificate": _PEM},
        {"status": "Failed"},
    ),
    "LogStatusNotification": _example({"status": "Uploaded", "requestId": 5}),
    "SecurityEventNotification": _example(
        {"type": "StartupOfTheDevice", "timestamp": _TIME, "techInfo": "power cycle"}
    ),
    "SignCertificate": _example({"csr": _PEM}, _ACCEPTED),
    "SignedFirmwareStatusNotification": _example({"status": "SignatureVerified", "requestId": 6}),
    "SignedUpdateFirmware": _example(
        {
            "retries": 3,
            "retryInterval": 60,
            "requestId": 6,
            "firmware": {
                "location": "https://files.example.com/1.5.0.bin",
                "retrieveDateTime": _TIME,
                "installDateTime": _LATER,
                "signingCertificate": _PEM,
                "signature": "c2lnbmF0dXJl",
            },
        },
        {"status": "RevokedCertificate"},
    ),
}
