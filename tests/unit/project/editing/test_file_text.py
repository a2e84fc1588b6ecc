"""The bytes of a file outside the change are those that were there, whatever its encoding."""

from pathlib import Path

import pytest

from pyve.errors import ManifestUnreadableError
from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.editing.file_text import begin_file, read_file_text


@pytest.mark.parametrize(
    "raw",
    [
        b"alpha\r\nbeta\n",
        b"\xef\xbb\xbfalpha\n",
        "alpha  # für\n".encode("utf-16-le").join([b"\xff\xfe", b""]),
        "# -*- coding: latin-1 -*-\nalpha  # für\n".encode("latin-1"),
        "alpha  # 包\n".encode(),
        b"",
    ],
)
def test_text_gives_back_the_bytes(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "requirements.in"
    path.write_bytes(raw)

    file = read_file_text(path, shown="requirements.in", as_pip=True)

    assert file.encode() == raw
    assert file.with_text(file.text + "gamma\n").encode().startswith(raw)


def test_what_the_encoding_does_not_have_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "requirements.in"
    path.write_bytes(b"# coding: ascii\nalpha\n")
    file = read_file_text(path, shown="requirements.in", as_pip=True)

    with pytest.raises(DeclarationNotEditableError, match="ascii"):
        file.with_text("# coding: ascii\nalpha  # für\n").encode()


def test_byte_order_mark_of_a_toml_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(b"\xef\xbb\xbf[project]\n")

    file = read_file_text(path, shown="pyproject.toml", as_pip=False)

    assert (file.text, file.encode()) == ("[project]\n", b"\xef\xbb\xbf[project]\n")


def test_file_behind_a_dead_link_is_not_begun(tmp_path: Path) -> None:
    (tmp_path / "requirements.in").symlink_to("gone.in")

    with pytest.raises(ManifestUnreadableError):
        begin_file(tmp_path / "requirements.in", shown="requirements.in")
