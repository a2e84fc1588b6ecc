"""What kind of file system a directory lies on, as far as the system tells without starting a process."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOUNT_TABLE = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")  # what separates fields and lines, and the backslash itself
_NETWORK_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "fuse.sshfs", "lustre", "gpfs", "beegfs", "ceph"}
)


@dataclass(frozen=True, kw_only=True)
class Mount:
    """One mounted file system; empty where nothing is known."""

    kind: str = ""
    options: frozenset[str] = frozenset()

    @property
    def is_on_network(self) -> bool:
        """Whether every look at a file may have to go over a network."""
        return self.kind in _NETWORK_KINDS


def mount_of(directory: Path, *, table: Path = MOUNT_TABLE) -> Mount:
    """The file system that holds `directory`, as proc_pid_mountinfo(5) tells it; an empty one where it does not."""
    depth, found = -1, Mount()
    for point, mount in _read_table(table):
        if directory.is_relative_to(point) and len(point.parts) >= depth:
            depth, found = len(point.parts), mount
    return found


def mounts_inside(directory: Path, *, table: Path = MOUNT_TABLE) -> tuple[Path, ...]:
    """Where something is mounted in `directory` or below; empty where the system does not tell."""
    place = Path(os.path.realpath(directory))
    return tuple(sorted(point for point, _ in _read_table(table) if point.is_relative_to(place)))


def _read_table(table: Path) -> Iterator[tuple[Path, Mount]]:
    try:
        lines = table.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 6 or not after:
            continue
        point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4])
        yield Path(point), Mount(kind=after.split()[0], options=frozenset(fields[5].split(",")))
