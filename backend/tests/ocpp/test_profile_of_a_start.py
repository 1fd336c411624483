"""The profile inside a RemoteStartTransaction (OCPP 1.6 §5.16.2)."""

from typing import Any

import pytest

from csms.domain.operations.commands import RemoteStart
from csms.ocpp.errors import PropertyConstraintError
from csms.ocpp.v16.commands import to_wire

pytestmark = pytest.mark.unit

PROFILE: dict[str, Any] = {
    "chargingProfileId": 7,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}],
    },
}


def test_a_profile_for_the_session_to_come_goes_out() -> None:
    assert b'"TxProfile"' in to_wire(RemoteStart("CARD", charging_profile=PROFILE)).payload


@pytest.mark.parametrize(
    "changes",
    [
        {"chargingProfilePurpose": "TxDefaultProfile"},
        {"chargingProfilePurpose": "ChargePointMaxProfile"},
        {"transactionId": 42},
    ],
)
def test_another_purpose_or_a_named_session_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(PropertyConstraintError):
        to_wire(RemoteStart("CARD", charging_profile=PROFILE | changes))
