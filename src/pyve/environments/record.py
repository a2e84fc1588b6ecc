"""The record of a finished environment: written last, so that no record means no environment."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import get_origin

from pyve.environments.conda_facts import CondaFacts, facts_from_json
from pyve.environments.foreign_json import read_foreign_json
from pyve.errors import StateDamagedError, StateTooNewError
from pyve.system.files import write_atomically

FORMAT = 1
COPY_NAME = "pyve-record.json"  # inside the environment: how a CI cache is recognised

_MOST_BYTES = 64 << 20
_JSON_KINDS: dict[object, type] = {str: str, bool: bool, int: int, tuple: list, Mapping: dict}


@dataclass(frozen=True, kw_only=True)
class EnvironmentRecord:
    """What was built, from what, with what. Paths are absolute; times are ISO 8601 in UTC; sizes are bytes on disk."""

    fingerprint: str
    directory: str
    project_root: str
    backend: str
    backend_reason: str
    platform: str
    python_requested: str
    python_source: str
    python_version: str
    python_implementation: str
    python_executable: str  # the interpreter it was made from
    site_packages: str
    source: str  # the manifest the packages come from
    locked: bool
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    created_at: str
    resolved_at: str  # when unpinned names got their versions
    pyve_version: str
    engine: str
    engine_version: str
    engine_reason: str
    distributions: Mapping[str, str] = field(default_factory=dict)  # normalised name -> version
    declared: tuple[str, ...] = ()  # the canonical requirements, sorted: what status compares
    own_metadata: str = ""  # digest of what said how the project itself was installed; empty when it was not
    kept: tuple[str, ...] = ()  # carried over from an older environment, not declared
    unlocked: tuple[
        str, ...
    ] = ()  # what was resolved beside the lock: "group dev", "extra plot", "requirements-dev.txt"
    seeds: tuple[str, ...] = ()  # put in beside what was declared: any version of them will do
    origins: str = ""  # digest of where the project said that packages come from; empty when it said nothing
    size_bytes: int = 0
    conda: Mapping[str, object] = field(default_factory=dict)  # CondaFacts as JSON; empty for other backends

    @property
    def conda_facts(self) -> CondaFacts | None:
        """What is known of a conda environment, None for other backends. Raises StateDamagedError."""
        return facts_from_json(self.conda) if self.conda else None

    @property
    def key(self) -> str:
        """The name of its directory, which is also the name of its record."""
        return Path(self.directory).name


def find_newest(records: Iterable[EnvironmentRecord], fingerprint: str) -> EnvironmentRecord | None:
    """The newest record of this fingerprint, None when there is none."""
    matching = [record for record in records if record.fingerprint == fingerprint]
    return max(matching, key=lambda record: record.created_at, default=None)


def write_record(path: Path, record: EnvironmentRecord) -> None:
    """Write `record` atomically to `path`."""
    document = {"format": FORMAT, **asdict(record)}
    write_atomically(path, json.dumps(document, indent=1, sort_keys=True).encode("utf-8", "surrogateescape"))


def read_record(path: Path) -> EnvironmentRecord:
    """The record at `path`.

    Raises OSError (for a pipe or a device too), StateTooNewError (a newer pyve wrote it) or StateDamagedError.
    """
    try:
        document = read_foreign_json(path, most_bytes=_MOST_BYTES)
        if document["format"] > FORMAT:
            raise StateTooNewError(
                f"{path} was written by a newer pyve.", hint="upgrade pyve, or set PYVE_STATE_DIR to another directory"
            )
        kinds = {item.name: _JSON_KINDS[get_origin(item.type) or item.type] for item in fields(EnvironmentRecord)}
        values = {name: value for name, value in document.items() if name in kinds}
        wrong = [name for name, value in values.items() if not isinstance(value, kinds[name])]
        if wrong:
            raise ValueError(f"{', '.join(wrong)} of the wrong kind")
        for name in ("extras", "groups", "declared", "kept", "seeds", "unlocked"):
            values[name] = tuple(values.get(name, ()))
        return EnvironmentRecord(**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateDamagedError(f"{path} is damaged: {error}.", hint="pyve sync --force") from error
