"""What a project's files say, as digests of their bytes: how a known declaration is recognised without parsing it."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.current import Current, encode, read_fields, stat_signature
from pyve.errors import StateDamagedError
from pyve.system.files import digest_file, write_atomically

MOST_APPROVED = 64  # older ones fall out; their environments stay until gc


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One set of manifest digests its owner has approved, and the environment it leads to.

    `digests` maps a path (relative to the project root where it lies in it, else absolute) to the SHA-256 of its
    bytes, or `-` for a file that must be absent. `choices` is a digest of what was chosen outside the files.
    `own_metadata` is the digest of what says how the project itself is installed, empty when it is not.
    `prompt` says whether shells show the name.
    `stale_lock` says why a lock among the files does not answer the others, empty where none is out of date.
    `whole` is false when something counts that digests of files do not show (a local directory's content).
    """

    directory: str
    name: str  # the project's, for people
    choices: str
    digests: Mapping[str, str]
    whole: bool = True
    own_metadata: str = ""
    prompt: bool = True
    stale_lock: str = ""


class Digests:
    """Digests of files under one root, each computed once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, str] = {}
        self._signatures: dict[str, str] = {}

    def forget(self, name: str) -> None:
        """Take the digest of `name` anew when it is asked for again: pyve itself has written the file."""
        self._known.pop(name, None)

    def signature_of(self, name: str) -> str:
        """The stat signature that the file had when its digest was taken (before, so that no later edit hides)."""
        self.of(name)
        return self._signatures[name]

    def of(self, name: str) -> str:
        """SHA-256 of the file `name` (relative or absolute), `-` when absent, `unreadable` when it cannot be read."""
        if name not in self._known:
            self._signatures[name] = stat_signature(os.fspath(self._root / name))
            try:
                self._known[name] = digest_file(self._root / name)
            except OSError:
                self._known[name] = "unreadable"
        return self._known[name]

    def of_all(self, names: Iterable[str]) -> dict[str, str]:
        """The digests of all `names`."""
        return {name: self.of(name) for name in names}

    def match(self, approval: Approval) -> bool:
        """True when every file of `approval` is as it was."""
        return all(self.of(name) == digest for name, digest in approval.digests.items())


def name_input(path: Path, root: Path) -> str:
    """`path` as inputs are named: relative to `root` where it lies in it, else absolute."""
    return os.fspath(path.relative_to(root)) if path.is_relative_to(root) else os.fspath(path)


def read_approvals(path: Path) -> list[Approval]:
    """The approved sets at `path`, newest first; none when there is no such file, or one that cannot be understood."""
    approvals: list[Approval] = []
    entry: dict[str, str] = {}
    digests: dict[str, str] = {}

    def close() -> None:
        if "directory" in entry:
            approvals.append(
                Approval(
                    directory=entry["directory"],
                    name=entry.get("name", ""),
                    choices=entry.get("choices", ""),
                    digests=dict(digests),
                    whole=entry.get("whole") == "1",
                    own_metadata=entry.get("own-metadata", ""),
                    prompt=entry.get("prompt") != "0",
                    stale_lock=entry.get("stale-lock", ""),
                )
            )

    try:
        fields = read_fields(os.fspath(path)) or []
    except StateDamagedError:
        fields = []  # nothing is approved then, and the next sync writes it anew
    for name, value in fields:
        if name == "directory":
            close()
            entry, digests = {}, {}
        if name == "file":
            digest, _, file = value.partition(":")
            digests[file] = digest
        else:
            entry[name] = value
    close()
    return approvals


def approve(path: Path, approval: Approval, *, records: Path) -> None:
    """Put `approval` first in the file at `path`; those of environments without a record in `records` fall out."""
    older = [
        known
        for known in read_approvals(path)
        if (known.choices, dict(known.digests)) != (approval.choices, dict(approval.digests))
        and (records / f"{Path(known.directory).name}.json").exists()
    ]
    write_approvals(path, [approval, *older])


def changed_variables(current: Current, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that count and do not have the value they had when `current` was written."""
    pairs = [item.partition("=") for item in current.every("variable")]
    return tuple(name for name, _, value in pairs if environment.get(name, "") != value)


def write_approvals(path: Path, approvals: Iterable[Approval]) -> None:
    """Write `approvals`, newest first, atomically."""
    fields: list[tuple[str, str]] = []
    for approval in list(approvals)[:MOST_APPROVED]:
        fields += [
            ("directory", approval.directory),
            ("name", approval.name),
            ("choices", approval.choices),
            ("whole", "1" if approval.whole else "0"),
            ("own-metadata", approval.own_metadata),
            ("prompt", "1" if approval.prompt else "0"),
            ("stale-lock", approval.stale_lock),
            *(("file", f"{digest}:{name}") for name, digest in approval.digests.items()),
        ]
    write_atomically(path, encode(fields))
