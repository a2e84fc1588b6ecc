from pathlib import Path

import pytest

from pyve.engines.bundled_pip import find_bundled_pip, offer_bundled_pip, read_python_version


@pytest.mark.parametrize(
    ("text", "version"),
    [("version_info = 3.11.7.final.0\n", "3.11"), ("home = /usr\nversion = 3.14.0\n", "3.14"), ("home = /usr\n", None)],
)
def test_python_version_is_read_from_pyvenv_cfg(tmp_path: Path, text: str, version: str | None) -> None:
    (tmp_path / "pyvenv.cfg").write_text(text, encoding="utf-8")
    assert read_python_version(tmp_path) == version


def test_python_too_old_for_every_bundled_pip_has_none(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").write_text("version = 3.5.2\n", encoding="utf-8")
    assert find_bundled_pip(tmp_path) is None


def test_offered_folder_holds_pip_alone_and_is_left_as_it_is(tmp_path: Path) -> None:
    wheel = find_bundled_pip(tmp_path)
    assert wheel is not None
    folder = offer_bundled_pip(wheel, tmp_path / "cache")
    (copy,) = folder.iterdir()
    made = copy.stat().st_mtime_ns
    assert copy.read_bytes() == wheel.read_bytes()
    assert offer_bundled_pip(wheel, tmp_path / "cache") == folder
    assert copy.stat().st_mtime_ns == made


def test_damaged_copy_is_replaced(tmp_path: Path) -> None:
    wheel = find_bundled_pip(tmp_path)
    assert wheel is not None
    (copy,) = offer_bundled_pip(wheel, tmp_path / "cache").iterdir()
    copy.write_bytes(b"half")
    offer_bundled_pip(wheel, tmp_path / "cache")
    assert copy.read_bytes() == wheel.read_bytes()
