"""A file of chargers is read whole, and each of its faults is named by its line."""

from pathlib import Path

import pytest

from csms.bootstrap.import_rows import BadImportFileError, read_rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "missing: charge_point_id, station"),
        ("charge_point_id,station,colour\n", "unknown columns 'colour'"),
        ("charge_point_id,station\n", "holds no charger"),
        ("charge_point_id,station\na/b,Yard\n", "line 2: charge_point_id 'a/b'"),
        ("charge_point_id,station\nA,Yard\nA,Yard\n", "line 3: 'A' stands in line 2 already"),
        ("charge_point_id,station\nA,\n", "line 2: station is empty"),
        ("charge_point_id,station\nA,Yard,9\n", "line 2: more cells than columns"),
        ("charge_point_id,station,password\nA,Yard,short\n", "password must have 16 to 20 bytes"),
        ("charge_point_id,station,connectors\nA,Yard,0\n", "whole number from 1 to 64, not '0'"),
        ("charge_point_id,station,power_kw\nA,Yard,fast\n", "power_kw must be a number"),
        ("charge_point_id,station,power_kw\nA,Yard,0.0001\n", "power_kw must be a number"),
        ("charge_point_id,station,security_profile\nA,Yard,4\n", "from 0 to 3, not '4'"),
        ('charge_point_id,station\n"A,Yard\n', "after line 1: unexpected end of data"),
    ],
)
def test_each_fault_of_a_file_is_named(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(text)
    with pytest.raises(BadImportFileError) as caught:
        read_rows(path)
    assert sentence in caught.value.detail


def test_many_faults_are_counted_and_the_first_ones_shown(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("charge_point_id,station\n" + "a/b,Yard\n" * 25)
    with pytest.raises(BadImportFileError) as caught:
        read_rows(path)
    assert "25 faults" in caught.value.detail
    assert "and 15 more" in caught.value.detail
