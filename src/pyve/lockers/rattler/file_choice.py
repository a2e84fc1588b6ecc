"""Which file of a PyPI package an environment of conda on one platform gets: the wheel that fits best, else the source.

What a machine can run is imagined as conda-lock imagines it: glibc 2.28, macOS 13.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.pylock import PackageWheel
    from packaging.tags import Tag

MACOS = (13, 0)
# conda's name of a platform -> how uv calls it.
UV_PLATFORMS = {
    "linux-64": "x86_64-manylinux_2_28",
    "linux-aarch64": "aarch64-manylinux_2_28",
    "linux-riscv64": "riscv64-unknown-linux",
    "osx-64": "x86_64-apple-darwin",
    "osx-arm64": "aarch64-apple-darwin",
    "win-64": "x86_64-pc-windows-msvc",
    "win-32": "i686-pc-windows-msvc",
    "win-arm64": "aarch64-pc-windows-msvc",
}
_MACHINES = {"linux-64": "x86_64", "linux-aarch64": "aarch64", "linux-riscv64": "riscv64"}
_WINDOWS = {"win-64": "win_amd64", "win-32": "win32", "win-arm64": "win_arm64"}
_GLIBC_MINOR = 28
_OLD_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_OLDEST_GLIBC_MINOR = {"x86_64": 5}


def list_tags(platform: str, python_version: str) -> "tuple[Tag, ...]":
    """The tags of wheels that CPython `python_version` takes on `platform`, the best first."""
    from packaging.tags import compatible_tags, cpython_tags

    numbers = [int(part) for part in re.findall(r"\d+", python_version)[:2]]
    platforms = list(_list_platform_tags(platform))
    interpreter = f"cp{''.join(map(str, numbers))}"
    return (
        *cpython_tags(numbers, platforms=platforms, abis=[interpreter]),
        *compatible_tags(numbers, interpreter=interpreter, platforms=platforms),
    )


def choose_wheel(wheels: "Iterable[PackageWheel]", tags: "tuple[Tag, ...]") -> "PackageWheel | None":
    """The wheel whose tags stand foremost in `tags`; of several builds the last one. None where none fits."""
    from packaging.utils import parse_wheel_filename

    rank = {tag: number for number, tag in enumerate(tags)}
    fitting = []
    for wheel in wheels:
        _, _, build, offered = parse_wheel_filename(wheel.filename)
        places = [rank[tag] for tag in offered if tag in rank]
        if places:
            fitting.append(((-min(places), build, wheel.filename), wheel))
    return max(fitting, key=lambda one: one[0])[1] if fitting else None


def _list_platform_tags(platform: str) -> Iterator[str]:
    from packaging.tags import mac_platforms

    if platform in _WINDOWS:
        yield _WINDOWS[platform]
    elif platform.startswith("osx-"):
        yield from mac_platforms(MACOS, "arm64" if platform == "osx-arm64" else "x86_64")
    elif platform in _MACHINES:
        machine = _MACHINES[platform]
        for minor in range(_GLIBC_MINOR, _OLDEST_GLIBC_MINOR.get(machine, 17) - 1, -1):
            yield f"manylinux_2_{minor}_{machine}"
            if minor in _OLD_NAMES:
                yield f"{_OLD_NAMES[minor]}_{machine}"
        yield f"linux_{machine}"
