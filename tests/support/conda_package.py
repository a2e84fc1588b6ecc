"""Conda packages that tests make up themselves, with the standard library alone, the same bytes every time.

A `.conda` file needs zstd; a zstd frame may consist of raw blocks alone (RFC 8878, 3.1.1.2), which takes no compressor.
"""

import bz2
import hashlib
import io
import json
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

# As long as conda-build makes it: the longest prefix that fits into a binary file is one byte shorter than it is.
PLACEHOLDER = "/opt/placeholder_" + "p" * 238
assert len(PLACEHOLDER) == 255

_MADE_AT = 1_700_000_000  # seconds; all packages are of the same day
_RAW_BLOCK_BYTES = 128 * 1024


@dataclass(frozen=True, kw_only=True)
class PackageFile:
    """One path of a package: a file, or a symbolic link to `link`.

    `placeholder` says how `placeholder_text` in it is replaced by the prefix; None: not at all.
    """

    path: str
    data: bytes = b""
    mode: int = 0o644
    link: str | None = None
    placeholder: Literal["text", "binary"] | None = None
    placeholder_text: str = PLACEHOLDER

    def as_paths_row(self) -> dict[str, Any]:
        """Its row in paths.json."""
        row: dict[str, Any] = {
            "_path": self.path,
            "path_type": "softlink" if self.link is not None else "hardlink",
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "size_in_bytes": len(self.data),
        }
        if self.placeholder:
            row |= {"prefix_placeholder": self.placeholder_text, "file_mode": self.placeholder}
        return row


def text_file(path: str, text: str, *, mode: int = 0o644) -> PackageFile:
    """A text file; where it holds PLACEHOLDER, that is replaced by the prefix."""
    return PackageFile(path=path, data=text.encode(), mode=mode, placeholder="text" if PLACEHOLDER in text else None)


def program(path: str, text: str) -> PackageFile:
    """A text file that can be executed."""
    return text_file(path, text, mode=0o755)


def symlink(path: str, target: str) -> PackageFile:
    """A symbolic link."""
    return PackageFile(path=path, link=target)


@dataclass(frozen=True, kw_only=True)
class MadePackage:
    """What one package consists of. `noarch` is what index.json says; those of subdir noarch are generic by default."""

    name: str
    version: str
    build: str = "0"
    build_number: int = 0
    subdir: str = "noarch"
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    noarch: Literal["python", "generic"] | None = None
    files: tuple[PackageFile, ...] = ()
    entry_points: tuple[str, ...] = ()  # "command = module:function"
    site_packages: str | None = None  # python_site_packages_path, which packages of python have
    format: Literal["conda", "tar.bz2"] = "conda"
    newer_by_days: int = 0

    @property
    def stem(self) -> str:
        """`name-version-build`."""
        return f"{self.name}-{self.version}-{self.build}"

    @property
    def file_name(self) -> str:
        """The file's name in its channel."""
        return f"{self.stem}.{self.format}"

    def as_index(self) -> dict[str, Any]:
        """info/index.json."""
        index: dict[str, Any] = {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "build_number": self.build_number,
            "subdir": self.subdir,
            "depends": list(self.depends),
            "constrains": list(self.constrains),
            "license": "MIT",
            "timestamp": (_MADE_AT + self.newer_by_days * 86_400) * 1000,
        }
        system, _, machine = self.subdir.partition("-")
        if self.subdir == "noarch":
            index |= {"noarch": self.noarch or "generic", "arch": None, "platform": None}
        else:
            index |= {"arch": {"64": "x86_64"}.get(machine, machine), "platform": system}
        if self.site_packages:
            index["python_site_packages_path"] = self.site_packages
        return index

    def as_row(self, archive: bytes) -> dict[str, Any]:
        """Its row in repodata.json, where `archive` is the file."""
        digests = {"md5": hashlib.md5(archive, usedforsecurity=False).hexdigest()}
        digests["sha256"] = hashlib.sha256(archive).hexdigest()
        return {**self.as_index(), **digests, "size": len(archive)}

    def archive(self) -> bytes:
        """The bytes of the file."""
        if self.format == "tar.bz2":
            return bz2.compress(_tar((*self._info(), *self.files)), compresslevel=1)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as outer:
            members: Mapping[str, bytes] = {
                "metadata.json": b'{"conda_pkg_format_version": 2}',
                f"pkg-{self.stem}.tar.zst": zstd_of_raw_blocks(_tar(self.files)),
                f"info-{self.stem}.tar.zst": zstd_of_raw_blocks(_tar(self._info())),
            }
            for name, content in members.items():
                member = zipfile.ZipInfo(name, date_time=(2023, 11, 14, 22, 13, 20))
                member.external_attr = (stat.S_IFREG | 0o644) << 16
                outer.writestr(member, content)
        return buffer.getvalue()

    def _info(self) -> tuple[PackageFile, ...]:
        rows = [file.as_paths_row() for file in sorted(self.files, key=lambda file: file.path)]
        documents: dict[str, Any] = {
            "index.json": self.as_index(),
            "paths.json": {"paths": rows, "paths_version": 1},
            "about.json": {"license": "MIT", "summary": f"{self.name}, made up by a test"},
        }
        if self.noarch == "python":
            noarch = {"type": "python", "entry_points": list(self.entry_points)}
            documents["link.json"] = {"noarch": noarch, "package_metadata_version": 1}
        files = [
            PackageFile(path=f"info/{name}", data=json.dumps(document, indent=1, sort_keys=True).encode())
            for name, document in documents.items()
        ]
        listing = "".join(f"{row['_path']}\n" for row in rows)
        return (*files, PackageFile(path="info/files", data=listing.encode()))


def zstd_of_raw_blocks(data: bytes) -> bytes:
    """A zstd frame that holds `data` uncompressed: every decoder reads it."""
    content_size_of_8_bytes, window_of_1_mebibyte = b"\xc0", b"\x50"
    frame = bytearray(b"\x28\xb5\x2f\xfd" + content_size_of_8_bytes + window_of_1_mebibyte)
    frame += len(data).to_bytes(8, "little")
    for start in range(0, max(len(data), 1), _RAW_BLOCK_BYTES):
        block = data[start : start + _RAW_BLOCK_BYTES]
        is_last = start + _RAW_BLOCK_BYTES >= len(data)
        frame += (len(block) << 3 | is_last).to_bytes(3, "little") + block
    return bytes(frame)


def _tar(files: Iterable[PackageFile]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file in files:
            member = tarfile.TarInfo(file.path)
            member.mtime = _MADE_AT
            if file.link is not None:
                member.type, member.linkname, member.mode = tarfile.SYMTYPE, file.link, 0o777
                archive.addfile(member)
            else:
                member.size, member.mode = len(file.data), file.mode
                archive.addfile(member, io.BytesIO(file.data))
    return buffer.getvalue()
