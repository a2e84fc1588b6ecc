"""What was approved is read back exactly as it was written."""

from pathlib import Path

import pytest

from pyve.environments.env_values import EnvValues, read_env_values, write_env_values
from pyve.errors import StateDamagedError


def test_values_come_back_as_they_were_in_their_order(tmp_path: Path) -> None:
    values = {"B": "two\nlines = 'x'", "A": "", "SET": "set=FILE=x", "C": "$(touch x) `y` \\ é"}
    write_env_values(tmp_path / "env-values", EnvValues(file="config/.env", digest="abc", values=values))

    back = read_env_values(tmp_path / "env-values")

    assert back is not None
    assert (back.file, back.digest) == ("config/.env", "abc")
    assert list(back.values.items()) == list(values.items())


def test_without_a_file_nothing_was_approved(tmp_path: Path) -> None:
    assert read_env_values(tmp_path / "env-values") is None


def test_a_damaged_file_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "env-values").write_bytes(b"set=A=1\0")
    with pytest.raises(StateDamagedError):
        read_env_values(tmp_path / "env-values")
