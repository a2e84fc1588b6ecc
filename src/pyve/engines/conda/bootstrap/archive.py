"""The one program in an archive of micromamba: nothing in the archive decides where anything goes."""

import bz2
import shutil
import tarfile
from pathlib import Path

MEMBERS = ("bin/micromamba", "Library/bin/micromamba.exe")
MOST_BYTES = 300_000_000
_CHUNK = 1 << 20


class ArchiveUnusableError(Exception):
    """Why the program cannot be had from the archive, as the end of a sentence."""


def extract_program(archive: Path, program: Path, *, most_bytes: int = MOST_BYTES) -> None:
    """Write the program of the .tar.bz2 `archive` to `program`, which is absent.

    No other member is written, no link is followed, and what unpacks to more than `most_bytes` is not unpacked. Raises
    ArchiveUnusableError, and OSError for what disks do.
    """
    plain = program.with_name("unpacked.tar")
    try:
        _decompress(archive, plain, most_bytes)
        with tarfile.open(plain, mode="r:") as tar:
            for member in tar:
                if member.name.removeprefix("./") in MEMBERS and member.isreg():
                    source = tar.extractfile(member)
                    assert source is not None
                    with source, program.open("xb") as file:
                        shutil.copyfileobj(source, file)
                    return
    except tarfile.TarError as error:
        raise ArchiveUnusableError(f"it cannot be unpacked: {error}") from error
    finally:
        plain.unlink(missing_ok=True)
    raise ArchiveUnusableError(f"there is no file {MEMBERS[0]} in it")


def _decompress(archive: Path, plain: Path, most_bytes: int) -> None:
    decompressor, left = bz2.BZ2Decompressor(), most_bytes
    with archive.open("rb") as source, plain.open("xb") as file:
        while not decompressor.eof:
            chunk = source.read(_CHUNK) if decompressor.needs_input else b""
            if decompressor.needs_input and not chunk:
                raise ArchiveUnusableError("it ends in the middle")
            try:
                content = decompressor.decompress(chunk, max_length=_CHUNK)
            except OSError as error:
                raise ArchiveUnusableError(f"it cannot be unpacked: {error}") from error
            left -= len(content)
            if left < 0:
                raise ArchiveUnusableError(f"more than {most_bytes // 1_000_000} MB are in it")
            file.write(content)
