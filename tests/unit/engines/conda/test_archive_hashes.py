"""Archives of local channels are compared with what is declared; others are rattler's to verify."""

import hashlib
from pathlib import Path

import pytest

from pyve.engines.conda.archive_hashes import find_mismatch, local_archive
from pyve.project.conda.package import CondaPackage

CONTENT = b"an archive"


def package(url: str, *, sha256: str | None = None, md5: str | None = None) -> CondaPackage:
    return CondaPackage(name="tiny", version="1.0", build="0", subdir="noarch", url=url, sha256=sha256, md5=md5)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a folder, é" / "tiny-1.0-0.conda"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


def test_archive_with_its_hash_is_no_mismatch(archive: Path) -> None:
    url = archive.as_uri()
    by_sha256 = package(url, sha256=hashlib.sha256(CONTENT).hexdigest(), md5="0" * 32)
    by_md5 = package(url, md5=hashlib.md5(CONTENT, usedforsecurity=False).hexdigest())

    assert find_mismatch([(by_sha256, url), (by_md5, url), (package(url), url)]) is None


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_other_content_is_named_with_both_digests(archive: Path, algorithm: str) -> None:
    declared = hashlib.new(algorithm, b"another").hexdigest()
    wanted = package(archive.as_uri(), **{algorithm: declared})

    found = find_mismatch([(wanted, wanted.url)])

    assert found is not None
    assert declared in found.text
    assert hashlib.new(algorithm, CONTENT).hexdigest() in found.text


def test_archive_that_is_gone_is_an_error_of_the_system(archive: Path) -> None:
    wanted = package(archive.with_name("gone-1.0-0.conda").as_uri(), md5="0" * 32)

    with pytest.raises(FileNotFoundError):
        find_mismatch([(wanted, wanted.url)])


def test_archive_on_a_server_is_not_looked_at() -> None:
    url = "https://channel.example/noarch/tiny-1.0-0.conda"

    assert local_archive(url) is None
    assert find_mismatch([(package(url, md5="0" * 32), url)]) is None
