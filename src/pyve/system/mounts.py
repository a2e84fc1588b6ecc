"""What kind of file system a directory lies on, as far as the system tells without starting a process."""

from dataclasses import dataclass
from pathlib import Path

MOUNT_TABLE = Path("/proc/self/mountinfo")
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
    try:
        lines = table.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return Mount()
    depth, found = -1, Mount()
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 6 or not after:
            continue
        point = Path(fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if directory.is_relative_to(point) and len(point.parts) >= depth:
            depth = len(point.parts)
            found = Mount(kind=after.split()[0], options=frozenset(fields[5].split(",")))
    return found
