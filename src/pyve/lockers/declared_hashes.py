"""Whether a lock holds the files whose hashes are declared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyve.errors import HashMismatchError
from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.pin_lines import read_pin_lines
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement


def refuse_other_hashes(body: str, lock_format: LockFormat, requirements: Iterable[Requirement]) -> None:
    """Raise HashMismatchError for a requirement with `--hash` options of which no locked file of it has one.

    The index has other files than those that were declared; one that asks for hashes alone would install them.
    """
    declared: dict[str, list[Requirement]] = defaultdict(list)
    for one in requirements:
        if one.name and one.hashes:
            declared[one.name].append(one)
    if not declared:
        return
    locked: dict[str, set[str]] = defaultdict(set)
    for name, digest in _read_hashes(body, lock_format):
        locked[normalise_name(name)].add(digest)
    for name, lines in declared.items():  # of several lines, each for a case of its own, one may be locked
        kinds = {_kind_of(digest) for digest in locked[name]}
        comparable = {digest for one in lines for digest in one.hashes if _kind_of(digest) in kinds}
        if comparable and comparable.isdisjoint(locked[name]):
            raise HashMismatchError(
                f"{lines[0].origin}: no file of {name} that the index has is one whose hash is declared there.",
                hint="do not install it before you know why; if the declared hashes are old ones, take them out",
            )


def _kind_of(digest: str) -> str:
    return digest.partition(":")[0]


def _read_hashes(body: str, lock_format: LockFormat) -> Iterator[tuple[str, str]]:
    if lock_format is LockFormat.REQUIREMENTS:
        yield from ((line.name, digest) for line in read_pin_lines(body) if line.name for digest in line.hashes)
        return
    for package in parse_toml(body).get("packages", ()):
        for file in _files_of(package):
            yield from ((package["name"], f"{kind}:{digest}") for kind, digest in file.get("hashes", {}).items())


def _files_of(package: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from package.get("wheels", ())
    for kind in ("sdist", "archive"):
        if kind in package:
            yield package[kind]
