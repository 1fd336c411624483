"""A configuration template beside what a charger told."""

import pytest

from csms.domain.maintenance.templates import MirroredKey, compared

pytestmark = pytest.mark.unit


def test_each_key_says_how_it_stands() -> None:
    mirror = [
        MirroredKey("heartbeatinterval", "300", is_readonly=False, pending_value=None),
        MirroredKey("LocalAuthorizeOffline", "TRUE", is_readonly=False, pending_value=None),
        MirroredKey(
            "MeterValuesSampledData", "SoC, Voltage", is_readonly=False, pending_value=None
        ),
        MirroredKey("NumberOfConnectors", "1", is_readonly=True, pending_value=None),
        MirroredKey("WebSocketPingInterval", "0", is_readonly=False, pending_value="60"),
        MirroredKey("BlinkRepeat", None, is_readonly=False, pending_value=None),
    ]
    wanted = {
        "HeartbeatInterval": "600",
        "LocalAuthorizeOffline": "true",
        "MeterValuesSampledData": "SoC,Voltage",
        "NumberOfConnectors": "2",
        "WebSocketPingInterval": "60",
        "BlinkRepeat": "3",
        "Vendor": "x",
    }
    states = {one.key: one.state for one in compared(wanted, mirror)}
    assert states == {
        "heartbeatinterval": "differs",
        "LocalAuthorizeOffline": "same",
        "MeterValuesSampledData": "same",
        "NumberOfConnectors": "read_only",
        "WebSocketPingInterval": "waits_for_reboot",
        "BlinkRepeat": "differs",
        "Vendor": "unknown",
    }
