"""Pin files as other tools write them."""

import sys
from pathlib import Path

import pytest

from pyve.errors import ManifestUnreadableError
from pyve.project.pin_files import read_pin, write_pin


def pin(project: Path) -> str | None:
    request = read_pin(project).request
    return None if request is None else request.text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("3.12\n", "3.12"),
        ("3.12", "3.12"),
        ("\ufeff3.12.1\r\n", "3.12.1"),
        ("# which Python\n\n3.12.1  # the newest\n", "3.12.1"),
        ("3.12.1\n3.11.4\n", "3.12.1"),
        ("3.12.1 3.11.4\n", "3.12.1"),
        ("system\n3.11.4\n", "3.11.4"),
        ("3.12.1/envs/shop\n", "3.12.1"),
        ("pypy3.10-7.3.15\n", "pypy3.10-7.3.15"),
        (">=3.11, <3.14\n", ">=3.11, <3.14"),
        ("cpython-3.12.1-linux-x86_64-gnu\n", "cpython-3.12.1-linux-x86_64-gnu"),
        ("\n", None),
        ("system\n", None),
        ("my-virtualenv\n", None),
    ],
)
def test_the_first_version_in_python_version_counts(project: Path, content: str, expected: str | None) -> None:
    (project / ".python-version").write_text(content, encoding="utf-8", newline="")
    assert pin(project) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("python 3.12.1 3.11.4\n", "3.12.1"),
        ("nodejs 20.1.0\r\npython 3.12.1\r\n", "3.12.1"),
        ("# python 3.9.1\npython system 3.10.2 # comment\n", "3.10.2"),
        ("python ref:main\n", None),
        ("python path:/opt/python\n", None),
        ("python\n", None),
        ("python-launcher 3.12\n", None),
        ("nodejs 20.1.0\n", None),
    ],
)
def test_the_first_version_of_the_python_line_in_tool_versions_counts(
    project: Path, content: str, expected: str | None
) -> None:
    (project / ".tool-versions").write_text(content, encoding="utf-8", newline="")
    assert pin(project) == expected


def test_what_is_no_version_is_ignored_with_file_and_line(project: Path) -> None:
    (project / ".python-version").write_text("system\nmy-env 3.11\n")
    (project / ".tool-versions").write_text("nodejs 20\npython ref:main\n")
    notes = read_pin(project).notes
    assert [note.partition(" ")[0] for note in notes] == [
        ".python-version:1:",
        ".python-version:2:",
        ".tool-versions:2:",
    ]
    assert "`system`" in notes[0]
    assert "`my-env`" in notes[1]
    assert "`ref:main`" in notes[2]


def test_python_version_outranks_tool_versions_and_says_so(project: Path) -> None:
    (project / ".python-version").write_text("3.12\n")
    (project / ".tool-versions").write_text("python 3.11.4\n")
    request = read_pin(project).request
    assert request is not None
    assert (request.text, request.source) == ("3.12", ".python-version")
    assert request.passed_over == (".tool-versions says 3.11.4",)


def test_no_pin_file_is_no_pin(project: Path) -> None:
    assert read_pin(project).request is None


def test_a_pin_file_that_is_no_text_is_named(project: Path) -> None:
    (project / ".python-version").write_bytes(b"\xff\xfe3\x00")
    with pytest.raises(ManifestUnreadableError, match="python-version"):
        read_pin(project)


def test_a_directory_in_place_of_a_pin_file_is_named(project: Path) -> None:
    (project / ".tool-versions").mkdir()
    with pytest.raises(ManifestUnreadableError, match="tool-versions"):
        read_pin(project)


def test_a_written_pin_is_read_back(project: Path) -> None:
    path = write_pin(project, "3.12")
    assert path == project / ".python-version"
    assert path.read_bytes() == b"3.12\n"
    assert pin(project) == "3.12"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3.11\n", "3.12\n"),
        ("# ours\n3.11.4 # why\n3.10.1\n", "# ours\n3.12 # why\n3.10.1\n"),
        ("3.11.4/envs/shop\n", "3.12\n"),
        ("3.11.4 3.10.1\n", "3.12 3.10.1\n"),
        (">=3.9, <3.12\n", "3.12\n"),
        ("system\n", "3.12\nsystem\n"),
    ],
)
def test_writing_a_pin_keeps_the_rest_of_the_file(project: Path, before: str, after: str) -> None:
    (project / ".python-version").write_text(before)
    write_pin(project, "3.12")
    assert (project / ".python-version").read_text() == after
    assert pin(project) == "3.12"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_writing_a_pin_never_follows_a_link(project: Path, tmp_path: Path) -> None:
    victim = tmp_path / "startup file"
    victim.write_text("precious\n")
    (project / ".python-version").symlink_to(victim)
    write_pin(project, "3.12")
    assert victim.read_text() == "precious\n"
    assert (project / ".python-version").read_text() == "3.12\n"
