"""The machine a run was made on: what it is, and how idle it was."""

import platform
import re
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

_STAT = Path("/proc/stat")
_SAMPLE_SECONDS = 0.1


class IdleMeter:
    """Samples of the machine's idle fraction, taken between measurements."""

    def __init__(self) -> None:
        self._samples: list[float] = []

    def sample(self) -> None:
        """Look for a moment, in which this program does nothing."""
        if not _STAT.exists():
            return
        idle, total = _read_ticks()
        time.sleep(_SAMPLE_SECONDS)
        later_idle, later_total = _read_ticks()
        if later_total > total:
            self._samples.append((later_idle - idle) / (later_total - total))

    def describe(self) -> str:
        """One clause on all samples."""
        if not self._samples:
            return "idle fraction unknown"
        median, lowest = statistics.median(self._samples), min(self._samples)
        return f"idle fraction of the machine before the rounds: median {median:.2f}, lowest {lowest:.2f}"


def describe_machine(commands: Sequence[Sequence[str]]) -> str:
    """The processors, the system, and the name and version of each command."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = f"{len(names)} x {names[0]}" if names else model
    versions = [_name_version(command) for command in commands]
    return ", ".join([model, platform.system(), *filter(None, versions)])


def _name_version(command: Sequence[str]) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(?:\.\d+)+", ran.stdout)
    return f"{Path(command[0]).stem} {found[0]}" if ran.returncode == 0 and found else ""


def _read_ticks() -> tuple[int, int]:
    ticks = [int(word) for word in _STAT.read_text().splitlines()[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)
