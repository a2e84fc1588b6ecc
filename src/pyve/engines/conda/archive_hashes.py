"""Archives of packages that lie on this machine, compared with the hashes that are declared for them."""

import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyve.project.conda.package import CondaPackage

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Mismatch:
    """An archive that is not the declared one: its `url`, and what differs."""

    url: str
    text: str


def local_archive(url: str) -> Path | None:
    """The file that a file: URL names, None for any other URL."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    if sys.platform == "win32":
        return Path(rf"\\{parts.netloc}{path}" if parts.netloc else path.lstrip("/"))
    else:
        return Path(path)


def find_mismatch(packages: Iterable[tuple[CondaPackage, str]]) -> Mismatch | None:
    """The first package, given with the URL it comes from, whose local archive has another hash. Raises OSError."""
    for package, url in packages:
        archive = local_archive(url)
        if archive is None or not (package.sha256 or package.md5):
            continue
        algorithm, expected = ("sha256", package.sha256) if package.sha256 else ("md5", package.md5)
        found = hash_file(archive, algorithm)
        if found != expected:
            text = f"hash mismatch: expected {algorithm}:{expected}, got {algorithm}:{found} ({url})"
            return Mismatch(url=url, text=text)
    return None


def hash_file(path: Path, algorithm: str) -> str:
    """The hexadecimal digest of a file's content."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with open(os.fspath(path), "rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
