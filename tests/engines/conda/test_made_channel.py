"""The channel that tests make: the same bytes every time, and what is promised of it."""

import filecmp
import hashlib
from pathlib import Path

from tests.support.conda_channel import LocalChannel, build_channel


def names_below(channel: LocalChannel) -> list[str]:
    return sorted(path.relative_to(channel.path).as_posix() for path in channel.path.rglob("*") if path.is_file())


def test_channel_is_the_same_every_time(conda_channel: LocalChannel, tmp_path: Path) -> None:
    again = build_channel(tmp_path / "again")

    names = names_below(again)
    assert names == names_below(conda_channel)
    assert filecmp.cmpfiles(again.path, conda_channel.path, names, shallow=False) == (names, [], [])


def test_rows_are_those_of_the_files(conda_channel: LocalChannel) -> None:
    for subdir in ("noarch", conda_channel.subdir):
        for name, row in conda_channel.rows(subdir).items():
            content = (conda_channel.path / subdir / name).read_bytes()
            assert (row["sha256"], row["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
