"""A machine has one subdir, whatever its kernel calls it."""

import pytest

from pyve.project.conda.subdir import SUBDIRS, current_subdir, name_subdir


@pytest.mark.parametrize(
    ("system", "machine", "bits", "subdir"),
    [
        ("linux", "x86_64", 64, "linux-64"),
        ("linux", "x86_64", 32, "linux-32"),
        ("linux", "i686", 32, "linux-32"),
        ("linux", "aarch64", 64, "linux-aarch64"),
        ("linux", "aarch64", 32, "linux-armv7l"),
        ("linux", "armv7l", 32, "linux-armv7l"),
        ("linux", "ppc64le", 64, "linux-ppc64le"),
        ("linux", "s390x", 64, "linux-s390x"),
        ("linux", "riscv64", 64, "linux-riscv64"),
        ("darwin", "arm64", 64, "osx-arm64"),
        ("darwin", "x86_64", 64, "osx-64"),
        ("win32", "AMD64", 64, "win-64"),
        ("win32", "AMD64", 32, "win-32"),
        ("win32", "x86", 32, "win-32"),
        ("win32", "ARM64", 64, "win-arm64"),
        ("freebsd14", "amd64", 64, "freebsd-64"),
    ],
)
def test_each_machine_has_its_subdir(system: str, machine: str, bits: int, subdir: str) -> None:
    assert name_subdir(system, machine, bits=bits) == subdir
    assert subdir in SUBDIRS


def test_this_machine_has_one_that_channels_have() -> None:
    assert current_subdir() in SUBDIRS
