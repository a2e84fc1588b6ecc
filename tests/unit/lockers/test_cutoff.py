"""The moment after which packages do not exist for a lock."""

import pytest

from pyve.errors.lock import LockerUnfitError
from pyve.lockers.cutoff import read_cutoff, write_cutoff


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01", "2026-11-02T00:00:00+00:00"),
        (" 2026-12-31 ", "2027-01-01T00:00:00+00:00"),
        ("2026-11-01T12:30:00Z", "2026-11-01T12:30:00+00:00"),
        ("2026-11-01T12:30:00+02:00", "2026-11-01T10:30:00+00:00"),
        ("2026-11-01T12:30:00", "2026-11-01T12:30:00+00:00"),
    ],
)
def test_dates_end_in_utc_whatever_the_zone_of_this_machine(text: str, moment: str) -> None:
    assert read_cutoff(text).isoformat() == moment
    assert write_cutoff(text) == moment.replace("+00:00", "Z")


@pytest.mark.parametrize("text", ["", "tomorrow", "7 days", "2026-02-30", "P1D"])
def test_anything_else_is_told(text: str) -> None:
    with pytest.raises(LockerUnfitError, match="neither a date nor a time"):
        read_cutoff(text)
