"""What this machine is in conda's words (CEP 30), found without an engine and without starting a process.

`__archspec` is left to the engine: it needs a table of processors that grows every year. What the engine found once is
carried along, since a machine does not change its processor.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping

_OVERRIDE = "CONDA_OVERRIDE_"
_OVERRIDABLE = ("__glibc", "__linux", "__osx", "__win", "__cuda", "__cuda_arch", "__archspec")
_DRIVERS = {
    "linux": ("libcuda.so.1", "libcuda.so", "/usr/lib/wsl/lib/libcuda.so.1"),
    "win32": ("nvcuda.dll",),
}


def detect_virtual_packages(environment: Mapping[str, str], *, with_cuda: bool = False) -> dict[str, str]:
    """Name -> version of this machine's virtual packages, CONDA_OVERRIDE_* of `environment` counted.

    `with_cuda` asks the graphics driver, which loads its library into this process.
    """
    found = {"__win" if sys.platform == "win32" else "__unix": "0"}
    if sys.platform.startswith("linux"):
        found["__linux"] = read_kernel_version(os.uname().release)
        found["__glibc"] = _glibc_version()
    elif sys.platform == "darwin":
        import platform

        found["__osx"] = platform.mac_ver()[0]
    elif sys.platform == "win32":
        said = sys.getwindowsversion()
        found["__win"] = choose_windows_version((said.major, said.minor, said.build), said.platform_version)
    if with_cuda:
        found["__cuda"] = cuda_version()
    return apply_overrides({name: version for name, version in found.items() if version}, environment)


def look_again(
    recorded: Mapping[str, str], environment: Mapping[str, str], *, with_cuda: bool = False
) -> dict[str, str]:
    """This machine's virtual packages now; of those that are not looked for here, what was `recorded` of them."""
    now = detect_virtual_packages(environment, with_cuda=with_cuda)
    looked_for = {"__unix", "__win", "__linux", "__glibc", "__osx", *(("__cuda",) if with_cuda else ())}
    carried = {name: version for name, version in recorded.items() if name not in looked_for}
    return apply_overrides({**carried, **now}, environment)


def apply_overrides(found: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """`found` with what CONDA_OVERRIDE_* say instead, as conda has it: set but empty takes a package out."""
    result = dict(found)
    for name in _OVERRIDABLE:
        value = environment.get(_OVERRIDE + name.removeprefix("__").upper())
        if value is None:
            continue
        if not value.strip():
            result.pop(name, None)
        elif name == "__archspec":  # its name for a processor is a build, the version is always 1
            result[name] = f"1={value.strip()}"
        else:
            result[name] = value.strip()
    return result


def compare(recorded: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The names of virtual packages that came, went or have another version, sorted; builds count if both have one."""
    return tuple(name for name in sorted({*recorded, *now}) if not _is_same(recorded.get(name, ""), now.get(name, "")))


def show_virtual_packages(packages: Mapping[str, str]) -> str:
    """`__glibc 2.36, __unix`: what a machine has; versions and builds of 0, which say nothing, are left out."""
    shown = []
    for name, text in sorted(packages.items()):
        version, _, build = text.partition("=")
        shown.append(
            " ".join((name, *([version] if version != "0" else []), *([build] if build not in ("", "0") else [])))
        )
    return ", ".join(shown) or "no virtual packages"


def _is_same(one: str, other: str) -> bool:
    version, _, build = one.partition("=")
    other_version, _, other_build = other.partition("=")
    return version == other_version and (build == other_build or not build or not other_build)


def read_kernel_version(release: str) -> str:
    """`6.1.4` of `6.1.4-17-amd64`; `0` where there is no version in it."""
    match = re.match(r"\d+\.\d+(?:\.\d+){0,2}", release)
    return match[0] if match else "0"


def choose_windows_version(told: tuple[int, ...], of_library: tuple[int, ...]) -> str:
    """`10.0.22631`: what Windows tells this program, or the version of its kernel's library, whichever is newer.

    The library stays behind where an update only switches features on; a program that does not name Windows 10 in its
    manifest is told 6.2.
    """
    return ".".join(map(str, max(told, of_library)))


def _glibc_version() -> str:
    """`2.36`; empty where another C library is used (musl)."""
    try:
        said = os.confstr("CS_GNU_LIBC_VERSION") or ""  # type: ignore[attr-defined, unused-ignore]  # not on Windows
    except (ValueError, OSError):
        return ""
    return said.removeprefix("glibc ") if said.startswith("glibc ") else ""


def cuda_version(load: Callable[[str], object] | None = None) -> str:
    """The newest CUDA that the graphics driver runs, as in `12.4`; empty where there is no driver.

    `load` opens a library; ctypes does, unless something else is said.
    """
    import ctypes

    for name in _DRIVERS.get(sys.platform, ()):
        try:
            library = load(name) if load else ctypes.CDLL(name)
            version = ctypes.c_int(0)
            ask: Callable[..., int] = library.cuDriverGetVersion  # type: ignore[attr-defined]  # is in every driver
            if ask(ctypes.byref(version)) == 0 and version.value > 0:
                return f"{version.value // 1000}.{version.value % 1000 // 10}"
        except (OSError, AttributeError):
            continue
    return ""
