"""Platforms as the environment markers of requirements know them (PEP 508), by conda's names for them."""

from collections.abc import Mapping

from pyve.errors.lock import PlatformUnknownError

# What sys.platform, platform.system and os.name say there.
_SYSTEMS = {
    "linux": ("linux", "Linux", "posix"),
    "osx": ("darwin", "Darwin", "posix"),
    "win": ("win32", "Windows", "nt"),
    "freebsd": ("freebsd", "FreeBSD", "posix"),
}
# What platform.machine() says there.
_MACHINES = {
    "linux-64": "x86_64",
    "linux-32": "i686",
    "linux-aarch64": "aarch64",
    "linux-armv6l": "armv6l",
    "linux-armv7l": "armv7l",
    "linux-ppc64": "ppc64",
    "linux-ppc64le": "ppc64le",
    "linux-riscv64": "riscv64",
    "linux-s390x": "s390x",
    "osx-64": "x86_64",
    "osx-arm64": "arm64",
    "win-64": "AMD64",
    "win-32": "x86",
    "win-arm64": "ARM64",
    "freebsd-64": "amd64",
}
PYTHON_PLATFORMS = tuple(_MACHINES)
_OTHER_NAMES = {
    "linux": "linux-64",
    "linux-x86_64": "linux-64",
    "linux-amd64": "linux-64",
    "x86_64-linux": "linux-64",
    "linux-arm64": "linux-aarch64",
    "aarch64-linux": "linux-aarch64",
    "windows": "win-64",
    "win": "win-64",
    "win32": "win-64",
    "win-amd64": "win-64",
    "windows-64": "win-64",
    "windows-x86_64": "win-64",
    "macos": "osx-arm64",
    "darwin": "osx-arm64",
    "osx": "osx-arm64",
    "mac": "osx-arm64",
    "osx-aarch64": "osx-arm64",
    "macos-arm64": "osx-arm64",
    "darwin-arm64": "osx-arm64",
    "macos-aarch64": "osx-arm64",
    "macos-x86_64": "osx-64",
    "darwin-x86_64": "osx-64",
    "osx-x86_64": "osx-64",
    "macos-64": "osx-64",
}
_SOME_VERSION = "3.12"


def marker_of(platform: str) -> str:
    """Return the marker that holds on `platform` alone: `platform_machine == 'x86_64' and sys_platform == 'linux'`.

    Raises PlatformUnknownError with the nearest name.
    """
    system = _SYSTEMS[_known(platform).partition("-")[0]][0]
    # FreeBSD's sys.platform ends in the version of its release.
    told = "'freebsd' in sys_platform" if system == "freebsd" else f"sys_platform == '{system}'"
    return f"platform_machine == '{_MACHINES[platform]}' and {told}"


def marker_environment(platform: str, python_version: str | None = None) -> Mapping[str, str]:
    """Return what markers are evaluated with for CPython `python_version` (`3.12`, `3.12.4`) on `platform`.

    Raises PlatformUnknownError with the nearest name.
    """
    sys_platform, platform_system, os_name = _SYSTEMS[_known(platform).partition("-")[0]]
    version = python_version or _SOME_VERSION
    parts = version.split(".")
    full = version if len(parts) > 2 else ".".join((*parts, *["0"] * (3 - len(parts))))
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "os_name": os_name,
        "platform_machine": _MACHINES[platform],
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": platform_system,
        "platform_version": "",
        "python_full_version": full,
        "python_version": ".".join(full.split(".")[:2]),
        "sys_platform": sys_platform,
    }


def _known(platform: str) -> str:
    if platform in _MACHINES:
        return platform
    from pyve.project.nearest_name import find_nearest_name

    lowered = platform.lower().replace("_64", "!").replace("_", "-").replace("!", "_64")
    nearest = _OTHER_NAMES.get(lowered) or find_nearest_name(lowered, PYTHON_PLATFORMS)
    raise PlatformUnknownError(
        f"{platform!r} is no platform that packages for Python are locked for.",
        hint=f"did you mean {nearest}?" if nearest else f"known are: {', '.join(PYTHON_PLATFORMS)}",
    )
