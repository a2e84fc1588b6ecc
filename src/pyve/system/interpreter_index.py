"""What interpreters answered, kept between runs: one small file, because asking costs 60 ms a program.

python_discovery has a cache of its own, but importing it takes 70 ms, and it tells a replaced interpreter by the time
of the file alone.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pyve.errors import PyveError
from pyve.system.files import make_private_directory, write_atomically

_FORMAT = 1
_FILE_NAME = "interpreters.json"


@dataclass(frozen=True, kw_only=True)
class InterpreterFacts:
    """What an interpreter says about itself; the fields mean what they mean in Interpreter."""

    implementation: str
    version: tuple[int, int, int]
    version_text: str
    prerelease: bool
    free_threaded: bool
    machine: str
    bits: int


@dataclass(frozen=True, kw_only=True)
class IndexEntry:
    """The answer of the file that had this `identity`; no `facts`: it gave none."""

    identity: str
    asked_at: float
    facts: InterpreterFacts | None


def read_index(cache_directory: Path) -> dict[str, IndexEntry]:
    """Real path -> entry. A file that is absent, damaged or of another format is an empty index."""
    try:
        document = json.loads((cache_directory / _FILE_NAME).read_bytes())
        if document["format"] != _FORMAT:
            return {}
        return {path: _entry(fields) for path, fields in document["entries"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_index(cache_directory: Path, index: Mapping[str, IndexEntry]) -> None:
    """Write the index, without the files that are gone. Where nothing can be written the next run asks again."""
    entries = {path: asdict(entry) for path, entry in index.items() if os.path.exists(path)}
    content = json.dumps({"format": _FORMAT, "entries": entries}, sort_keys=True).encode()
    with contextlib.suppress(PyveError, OSError):
        make_private_directory(cache_directory)
        write_atomically(cache_directory / _FILE_NAME, content)


def _entry(fields: dict[str, object]) -> IndexEntry:
    identity, asked_at, facts = fields["identity"], fields["asked_at"], fields["facts"]
    if not (isinstance(identity, str) and isinstance(asked_at, float)):
        raise TypeError("not an entry")
    return IndexEntry(identity=identity, asked_at=asked_at, facts=None if facts is None else _facts(facts))


def _facts(fields: object) -> InterpreterFacts:
    match fields:
        case {
            "implementation": str(implementation),
            "version": [int(major), int(minor), int(micro)],
            "version_text": str(version_text),
            "prerelease": bool(prerelease),
            "free_threaded": bool(free_threaded),
            "machine": str(machine),
            "bits": int(bits),
        }:
            return InterpreterFacts(
                implementation=implementation,
                version=(major, minor, micro),
                version_text=version_text,
                prerelease=prerelease,
                free_threaded=free_threaded,
                machine=machine,
                bits=bits,
            )
    raise TypeError("not the facts of an interpreter")
