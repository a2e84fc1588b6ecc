"""What this machine is, in the words environments use."""

import os
import sys


def platform_name() -> str:
    """Operating system, machine and C library, as far as packages differ by them: `linux-x86_64-gnu`."""
    import platform

    machine = platform.machine().lower() or "unknown"
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    libc = ""
    if sys.platform == "linux":
        is_gnu = "CS_GNU_LIBC_VERSION" in os.confstr_names and os.confstr("CS_GNU_LIBC_VERSION")
        libc = "-gnu" if is_gnu else "-musl"
    return f"{system}-{machine}{libc}"
