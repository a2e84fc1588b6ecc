"""Subdirs: conda's names for platforms."""

import os
import struct
import sys

# Those that channels have (CEP 26); `noarch` is none: packages are for it, machines are not.
SUBDIRS = (
    *("linux-64", "linux-32", "linux-aarch64", "linux-armv6l", "linux-armv7l", "linux-ppc64", "linux-ppc64le"),
    *("linux-riscv32", "linux-riscv64", "linux-s390x", "osx-64", "osx-arm64", "win-64", "win-32", "win-arm64"),
    *("emscripten-wasm32", "wasi-wasm32", "freebsd-64", "zos-z"),
)
NOARCH = "noarch"

_ARCHITECTURES = {"x86_64": "64", "amd64": "64", "i386": "32", "i486": "32", "i586": "32", "i686": "32", "x86": "32"}


def current_subdir() -> str:
    """Return the subdir of this machine as its Python sees it; one with musl is `linux-64` as any other.

    A Python of 32 bits on a machine of 64 has the subdir of 32. Names that no channel has come out as they are.
    """
    if sys.platform == "win32":
        return name_subdir("win32", os.environ.get("PROCESSOR_ARCHITECTURE", "AMD64"), bits=struct.calcsize("P") * 8)
    return name_subdir(sys.platform, os.uname().machine, bits=struct.calcsize("P") * 8)


def name_subdir(system: str, machine: str, *, bits: int) -> str:
    """Return the subdir for `sys.platform`, what the kernel calls the machine, and the width of a pointer."""
    machine = machine.lower()
    name = {"win32": "win", "darwin": "osx"}.get(system, system.rstrip("0123456789"))
    architecture = _ARCHITECTURES.get(machine, machine)
    if architecture == "64" and bits == 32:
        architecture = "32"
    if machine in {"aarch64", "arm64", "armv8l"}:
        narrow = "armv7l" if bits == 32 else "aarch64"
        architecture = narrow if name == "linux" else "arm64"
    return f"{name}-{architecture}"
