"""The version of a micromamba executable, asked of itself."""

import os
import re
import tempfile
from pathlib import Path

from pyve.system.process import run_captured

_PATIENCE_SECONDS = 30
_VERSION = re.compile(r"\d+(?:\.\d+)+\S*")


def probe_version(executable: Path) -> str:
    """`2.9.0`, empty when it prints no version. Raises OSError or TimeoutError when it does not run.

    It runs in an empty home and sees nothing of this process's environment.
    """
    with tempfile.TemporaryDirectory(prefix="pyve-") as home:
        environment = {"HOME": home, "USERPROFILE": home, "PATH": os.defpath, "MAMBA_ROOT_PREFIX": home}
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "SystemRoot") if name in os.environ}
        finished = run_captured([executable, "--version"], environment=environment, timeout_seconds=_PATIENCE_SECONDS)
    if finished.exit_status != 0:
        raise OSError(f"{executable} --version ended with {finished.exit_status}: {finished.stderr.strip()}")
    found = _VERSION.fullmatch(finished.stdout.strip())
    return found[0] if found else ""
