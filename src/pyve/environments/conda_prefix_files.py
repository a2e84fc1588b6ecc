"""The files of a conda prefix, compared with what its records say of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyve.environments.conda_prefix import PrefixFile, PrefixRecord
from pyve.system.files import digest_file


@dataclass(frozen=True, kw_only=True)
class FileDifference:
    """`path`, relative to the prefix, is not what `package` (`name version`) put there.

    `is_shared` says that its content has another name too: a hard link leads to it, from a cache as a rule.
    """

    package: str
    path: str
    how: Literal["missing", "changed"]
    is_shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What differs, and how many files were compared by their content."""

    differences: tuple[FileDifference, ...]
    compared: int


def verify_files(prefix: Path, records: Iterable[PrefixRecord]) -> Verification:
    """Compare every file that has a digest, and look for every other.

    A path that two packages claim is right when it is what either of them brought. Scripts that were made or rewritten
    here are only looked for, and so are symbolic links.
    """
    claims: dict[str, list[tuple[str, PrefixFile]]] = {}
    for record in records:
        for file in record.files:
            claims.setdefault(file.path, []).append((f"{record.name} {record.version}", file))
    differences, compared = [], 0
    for path, owners in claims.items():
        digests = {file.sha256 for _, file in owners if file.sha256}
        by_content = len(digests) > 0 and not any(
            file.is_made_here or file.is_link or not file.sha256 for _, file in owners
        )
        compared += by_content
        how = _how_it_differs(prefix / path, digests if by_content else set())
        if how is not None:
            shared = how == "changed" and (prefix / path).lstat().st_nlink > 1
            differences.append(FileDifference(package=owners[0][0], path=path, how=how, is_shared=shared))
    return Verification(differences=tuple(differences), compared=compared)


def _how_it_differs(path: Path, digests: set[str]) -> Literal["missing", "changed"] | None:
    if not path.is_symlink() and not path.exists():
        return "missing"
    if not digests:
        return None
    try:
        return None if digest_file(path) in digests else "changed"
    except OSError:
        return "changed"
