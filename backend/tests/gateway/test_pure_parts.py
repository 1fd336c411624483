"""The pure parts of the gateway: paths, subprotocols, masking, keys, counters."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.stations.credentials import (
    KEY_LENGTH,
    authorization_key_of,
    chosen_key_hash,
    generate_key,
    is_key_of,
)
from csms.domain.stations.handshakes import StoredCredential
from csms.gateway.credentials import BadAuthorizationError, basic_key
from csms.gateway.limits import BurstCounter, FailedHandshakes
from csms.gateway.masking import masked
from csms.gateway.upgrade import (
    charge_point_id_of,
    choose_subprotocol,
    may_assume_subprotocol,
    read_upgrade,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("target", "prefix", "expected"),
    [
        (b"/ocpp/CP1", "", "CP1"),
        (b"//ocpp///CP1//", "", "CP1"),
        (b"/ocpp/CP%201", "", "CP 1"),
        (b"/ocpp/a%2Fb", "", "a/b"),
        (b"/p/q/ocpp/CP1", "p/q", "CP1"),
        (b"/p/q/ocpp/CP1", "", None),
        (b"/ocpp/CP1/x", "", None),
        (b"/ocpp/%0d%0aX", "", None),
        (b"/ocpp", "", None),
        (b"", "", None),
    ],
)
def test_charge_point_id_is_read_from_the_path(
    target: bytes, prefix: str, expected: str | None
) -> None:
    assert charge_point_id_of(target, prefix) == expected


@given(st.binary(max_size=60))
def test_no_request_target_breaks_the_reading(target: bytes) -> None:
    found = charge_point_id_of(target, "")
    assert found is None or found.isprintable()


@given(st.binary(max_size=200))
def test_no_head_breaks_the_reading_in_an_unnamed_way(data: bytes) -> None:
    try:
        request = read_upgrade(data)
    except ValueError:
        return
    assert isinstance(request.subprotocols(), tuple)


def test_subprotocol_is_found_in_any_case_and_kept_as_spelled() -> None:
    assert choose_subprotocol(("chat", "OCPP1.6", "ocpp1.6")) == "OCPP1.6"
    assert choose_subprotocol(("ocpp2.0.1",)) is None


@pytest.mark.parametrize(
    ("offered", "expected"),
    [((), True), (("ocpp16",), True), (("ocpp2.0.1",), False), (("x", "ocpp1.5"), False)],
)
def test_other_versions_of_ocpp_are_never_taken_for_1_6(
    offered: tuple[str, ...], *, expected: bool
) -> None:
    assert may_assume_subprotocol(offered) is expected


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), st.binary(max_size=40))
def test_basic_key_comes_back_byte_by_byte(charge_point_id: str, key: bytes) -> None:
    pair = charge_point_id.encode() + b":" + key
    header = b"Basic " + base64.b64encode(pair)
    assert basic_key(header, charge_point_id) == key


def test_basic_credentials_of_another_charger_are_refused() -> None:
    with pytest.raises(BadAuthorizationError):
        basic_key(b"Basic " + base64.b64encode(b"CP2:key"), "CP1")


def test_generated_keys_have_the_length_and_the_alphabet_of_the_rules() -> None:
    keys = {generate_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(len(key) == KEY_LENGTH and key.isascii() and key.isprintable() for key in keys)
    assert all(len(authorization_key_of(key)) == 40 for key in keys)


def test_chosen_key_is_recognized_and_another_is_not() -> None:
    credential = StoredCredential(1, "chosen", chosen_key_hash(b"one"))
    assert is_key_of(credential, b"one", b"")
    assert not is_key_of(credential, b"two", b"")
    assert not is_key_of(StoredCredential(1, "chosen", b"no hash"), b"one", b"")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"key": "AuthorizationKey", "value": "5ec2e7"}),
        json.dumps({"value": "5ec2e7", "key": "authorizationkey"}),
        '{"key" : "AuthorizationKey", "readonly":false,\n"value":"5ec2e7"}',
        '{"configurationKey":[{"key":"AuthorizationKey","readonly":true,"value":"5ec2e7"}]}',
        '{"AuthorizationKey":"5ec2e7"}',
        '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"5ec2e7',
        '{"key":"AuthorizationKey","value":5ec2e7}',
        '{"key":"AuthorizationKey","value":"\\"5ec2e7\\""}',
    ],
)
def test_authorization_key_is_masked_in_any_shape(text: str) -> None:
    assert "5ec2e7" not in masked(text)
    assert "***" in masked(text)


def test_other_values_stay_as_they_are() -> None:
    keys = [
        {"key": "HeartbeatInterval", "value": "300"},
        {"key": "AuthorizationKey", "value": "5ec2e7"},
        {"key": "MeterValueSampleInterval", "value": "60"},
    ]
    values = [one["value"] for one in json.loads(masked(json.dumps(keys)))]
    assert values == ["300", "***", "60"]
    assert masked("no secret") == "no secret"


def test_failures_are_forgotten_after_the_window_and_memory_is_bounded() -> None:
    now = [0.0]
    failures = FailedHandshakes(limit=2, window_s=60, addresses_max=3, now=lambda: now[0])
    assert [failures.count("a"), failures.count("a")] == [1, 2]
    assert failures.retry_after_s("a") == 60
    assert failures.retry_after_s("b") == 0
    now[0] = 60
    assert failures.retry_after_s("a") == 0
    assert failures.count("a") == 1
    for address in "bcde":
        failures.count(address)
    assert len(failures._counts) == 3


def test_burst_counter_starts_anew_after_its_window() -> None:
    counter = BurstCounter()
    assert [counter.hit(0, 10), counter.hit(9, 10), counter.hit(10, 10)] == [1, 2, 1]
