"""Sampled values: defaults, canonical units, the register among them."""

from decimal import Decimal

import msgspec
import pytest

from csms.domain.metering.canonical import canonical_value
from csms.domain.metering.moment import meter_moment, samples_json
from csms.domain.metering.samples import SampledValue

pytestmark = pytest.mark.unit


def test_what_a_sampled_value_leaves_out_has_the_defaults_of_the_specification() -> None:
    value = canonical_value(SampledValue("1234"))
    assert value.measurand == "Energy.Active.Import.Register"
    assert value.context == "Sample.Periodic"
    assert value.location == "Outlet"
    assert value.format == "Raw"
    assert value.unit == "Wh"
    assert value.phase is None
    assert value.value == Decimal(1234)


def test_wh_is_the_default_of_energy_only() -> None:
    assert canonical_value(SampledValue("1", measurand="Energy.Reactive.Import.Register")).unit == (
        "Wh"
    )
    assert canonical_value(SampledValue("11", measurand="Power.Active.Import")).unit is None
    assert canonical_value(SampledValue("16", measurand="Current.Import")).unit is None


@pytest.mark.parametrize(
    ("measurand", "value", "unit", "canonical", "canonical_unit"),
    [
        ("Energy.Active.Import.Register", "12.3456", "kWh", "12345.6", "Wh"),
        ("Energy.Active.Import.Register", "0.1", "kWh", "100", "Wh"),
        ("Energy.Reactive.Import.Register", "1.5", "kvarh", "1500", "varh"),
        ("Power.Active.Import", "7.36", "kW", "7360", "W"),
        ("Power.Active.Import", "7360", "W", "7360", "W"),
        ("Power.Reactive.Import", "0.2", "kvar", "200", "var"),
        ("Power.Offered", "11", "kVA", "11000", "VA"),
        ("Temperature", "293.15", "K", "20.00", "Celsius"),
        ("Temperature", "20", "Celcius", "20", "Celsius"),
        ("Temperature", "68", "Fahrenheit", "68", "Fahrenheit"),
        ("SoC", "80", "Percent", "80", "Percent"),
        ("Current.Import", "16.02", "A", "16.02", "A"),
    ],
)
def test_units_become_canonical_exactly(
    measurand: str, value: str, unit: str, canonical: str, canonical_unit: str
) -> None:
    read = canonical_value(SampledValue(value, measurand=measurand, unit=unit))
    assert read.value == Decimal(canonical)
    assert read.unit == canonical_unit
    assert read.problem == ""


@pytest.mark.parametrize(
    ("value", "unit", "problem"),
    [
        ("n/a", "Wh", "not_a_number"),
        ("NaN", "Wh", "not_a_number"),
        ("Infinity", "Wh", "not_a_number"),
        ("1_000", "Wh", "not_a_number"),
        ("", "Wh", "not_a_number"),
        ("1e400", "Wh", "not_a_number"),
        ("9" * 40, "Wh", "not_a_number"),
        ("12", "furlong", "unknown_unit"),
        ("12", "A", "wrong_unit"),
    ],
)
def test_what_is_no_good_figure_is_kept_as_sent_and_does_not_count(
    value: str, unit: str, problem: str
) -> None:
    moment = meter_moment([SampledValue(value, unit=unit)])
    assert moment.register_wh is None
    assert moment.problems == (problem,)
    kept = msgspec.json.decode(samples_json(moment.values))[0]["value"]
    assert kept == (value if problem == "not_a_number" else float(value))


def test_a_figure_that_no_meter_reaches_is_kept_and_does_not_count() -> None:
    moment = meter_moment([SampledValue("9" * 13, unit="kWh")])
    assert moment.register_wh is None
    assert moment.problems == ("out_of_bounds",)


def test_signed_values_are_kept_and_not_counted() -> None:
    moment = meter_moment([SampledValue("OCMF|{}", format="SignedData"), SampledValue("77")])
    assert moment.register_wh == Decimal(77)
    assert moment.problems == ()
    assert msgspec.json.decode(samples_json(moment.values))[0]["value"] == "OCMF|{}"


@pytest.mark.parametrize(
    ("values", "register_wh"),
    [
        ([SampledValue("5")], "5"),
        ([SampledValue("5", phase="L1"), SampledValue("9")], "9"),
        ([SampledValue(v, phase=p) for v, p in (("1", "L1"), ("2", "L2"), ("3", "L3"))], "6"),
        ([SampledValue("4", phase="L1-N")], "4"),
        ([SampledValue("4", phase="N")], None),
        ([SampledValue("4", phase="L1-L2")], None),
        ([SampledValue("5", location="Inlet")], None),
        ([SampledValue("5", location="EV"), SampledValue("6", location="Outlet")], "6"),
        ([SampledValue("5", measurand="Energy.Active.Export.Register")], None),
        ([SampledValue("-5")], None),
    ],
)
def test_the_register_is_the_outlets_total_or_the_sum_of_its_phases(
    values: list[SampledValue], register_wh: str | None
) -> None:
    expected = None if register_wh is None else Decimal(register_wh)
    assert meter_moment(values).register_wh == expected


def test_power_and_state_of_charge_are_read_beside_the_register() -> None:
    moment = meter_moment(
        [
            SampledValue("3.2", measurand="Power.Active.Import", unit="kW", phase="L1"),
            SampledValue("3.1", measurand="Power.Active.Import", unit="kW", phase="L2"),
            SampledValue("3.3", measurand="Power.Active.Import", unit="kW", phase="L3"),
            SampledValue("61", measurand="SoC", unit="Percent", location="EV"),
        ]
    )
    assert moment.power_w == Decimal(9600)
    assert moment.soc_percent == Decimal(61)


def test_a_state_of_charge_beyond_full_is_suspect() -> None:
    moment = meter_moment([SampledValue("143", measurand="SoC")])
    assert moment.soc_percent is None
    assert moment.problems == ("state_of_charge_out_of_range",)
