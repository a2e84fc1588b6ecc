"""What git sees of pyve, examined without starting git."""

import shlex
import struct
from collections.abc import Iterator

from pyve.cleanup.ignore_lines import read_bytes
from pyve.environments.pointing import VENV_LINK, is_own_link
from pyve.environments.store import EnvironmentStore
from pyve.project.git_repository import GitRepository, find_repository
from pyve.verbs.checks.findings import Finding, found, show_count

_ENTRY_HEAD = struct.Struct(">40x20sH")  # times, mode, owner, size: 40 bytes; SHA-1; flags (gitformat-index(5))
_EXTENDED = 0x4000


def examine_repository(store: EnvironmentStore) -> Iterator[Finding]:
    """Whether git ignores what pyve made in the project, and tracks nothing of it."""
    root = store.state.root
    repository = find_repository(root)
    if repository is None:
        return
    for path, is_directory in ((store.workshop / "envs", True), (root / VENV_LINK, False)):
        is_ours = is_own_link(store, path) if path.name == VENV_LINK else path.is_dir()
        excluded = read_bytes(repository.exclude_file) or b""
        if is_ours and not repository.ignores(path, is_directory=is_directory, excluded=excluded):
            message = f"git sees {path}: no ignore file covers it."
            own = repository.names_work_tree()
            hint = "pyve sync" if own else f"add {repository.anchored_line(path)} to an ignore file of your own"
            yield found("git-not-ignoring", message, hint=hint)
    inside = (store.workshop.relative_to(repository.top).as_posix() + "/").encode("utf-8", "surrogateescape")
    tracked = [name for name in list_tracked(repository) if name.startswith(inside)]
    if tracked:
        count = show_count(len(tracked), "file")
        message = f"git tracks {count} below {store.workshop}: a checkout changes them under pyve."
        quoted = shlex.quote(str(store.workshop))
        yield found("workshop-tracked", message, hint=f"git rm -r --cached {quoted}  # keeps the files on the disk")


def list_tracked(repository: GitRepository) -> list[bytes]:
    """The paths in the repository's index, relative to its top; none for an index of a kind that is not known."""
    content = read_bytes(repository.git_directory / "index") or b""
    if content[:4] != b"DIRC" or len(content) < 12:
        return []
    version, count = struct.unpack(">II", content[4:12])
    if version not in (2, 3, 4) or _uses_sha256(repository):
        return []
    names: list[bytes] = []
    position, name = 12, b""
    try:
        for _ in range(count):
            start = position
            _, flags = _ENTRY_HEAD.unpack_from(content, position)
            position += _ENTRY_HEAD.size + (2 if version > 2 and flags & _EXTENDED else 0)
            if version == 4:
                dropped, position = _read_varint(content, position)
                name = name[: len(name) - dropped] if dropped else name
            end = content.index(b"\0", position)
            name = (name if version == 4 else b"") + content[position:end]
            names.append(name)
            # versions 2 and 3 pad each entry with one to eight NULs to a multiple of eight
            position = end + 1 if version == 4 else start + (end - start + 8) // 8 * 8
    except (struct.error, ValueError, IndexError):
        return names  # the index is torn; git will say so
    return names


def _read_varint(content: bytes, position: int) -> tuple[int, int]:
    """The offset encoding of pack files: seven bits a byte, most significant first, one added at each step."""
    byte = content[position]
    value = byte & 0x7F
    while byte & 0x80:
        position += 1
        byte = content[position]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, position + 1


def _uses_sha256(repository: GitRepository) -> bool:
    return b"sha256" in (read_bytes(repository.common_directory / "config") or b"").lower()
