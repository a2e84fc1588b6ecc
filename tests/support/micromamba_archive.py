"""Archives as micromamba is published in them, made by tests with the program that stands in for it."""

import bz2
import hashlib
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

from tests.support.micromamba_stand_in import VERSION, stand_in_script

Member = tuple[tarfile.TarInfo, bytes]


def member(name: str, content: bytes = b"", *, kind: bytes = tarfile.REGTYPE, link: str = "") -> Member:
    """One member of an archive, of any name and kind."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size, info.mode = kind, link, len(content), 0o644
    return info, content


def program_member(*, version: str = VERSION, name: str = "bin/micromamba") -> Member:
    """The one member that is wanted."""
    return member(name, stand_in_script(version=version))


def make_archive(members: Iterable[Member]) -> bytes:
    """A .tar.bz2 of them."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return bz2.compress(plain.getvalue(), 1)


def publish(directory: Path, content: bytes, name: str = "micromamba.tar.bz2") -> str:
    """Put it where a server finds it; its SHA-256."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_bytes(content)
    return hashlib.sha256(content).hexdigest()
