"""Which extracted packages may be linked, and what is swept from among them."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.engines.conda.rattler.cache import ExtractedPackages
from pyve.project.conda.package import CondaPackage

PACKAGE = CondaPackage(
    name="tiny",
    version="1.0",
    build="0",
    subdir="noarch",
    url="https://channel.example/noarch/tiny-1.0-0.conda",
    sha256="a" * 64,
    md5="b" * 32,
)


@pytest.fixture
def cache(tmp_path: Path) -> ExtractedPackages:
    made = ExtractedPackages(tmp_path)
    made.prepare()
    return made


def extract(cache: ExtractedPackages, package: CondaPackage = PACKAGE) -> Path:
    directory = cache.directory_of(package)
    (directory / "info").mkdir(parents=True)
    (directory / "info" / "paths.json").write_text("{}")
    (directory / "tiny.py").write_text("content")
    if os.name != "nt":  # where links need a privilege
        (directory / "link").symlink_to("tiny.py")
    directory.with_name(f"{directory.name}.lock").touch()
    return directory


def how(cache: ExtractedPackages, package: CondaPackage = PACKAGE) -> str:
    was_there = cache.directory_of(package).exists()
    state = cache.sort([package])
    if was_there and package in state.absent:
        assert not cache.directory_of(package).exists()
        return "altered"
    return next(name for name in ("ready", "unmarked", "absent") if package in getattr(state, name))


def test_package_is_absent_then_unmarked_then_ready(cache: ExtractedPackages) -> None:
    assert how(cache) == "absent"
    extract(cache)
    assert how(cache) == "unmarked"
    cache.mark([PACKAGE])
    assert how(cache) == "ready"


def test_hard_link_to_a_file_alters_nothing(cache: ExtractedPackages, tmp_path: Path) -> None:
    directory = extract(cache)
    cache.mark([PACKAGE])

    os.link(directory / "tiny.py", tmp_path / "in an environment.py")

    assert how(cache) == "ready"


def test_write_through_a_hard_link_is_seen(cache: ExtractedPackages, tmp_path: Path) -> None:
    directory = extract(cache)
    os.utime(directory / "tiny.py", (1_700_000_000, 1_700_000_000))  # as the archive has it
    cache.mark([PACKAGE])
    os.link(directory / "tiny.py", tmp_path / "in an environment.py")

    (tmp_path / "in an environment.py").write_text("c0ntent")

    assert how(cache) == "altered"


@pytest.mark.parametrize(
    "file", ["tiny.py", "info/paths.json", pytest.param("link", marks=pytest.mark.posix("links need a privilege"))]
)
def test_missing_file_is_seen(cache: ExtractedPackages, file: str) -> None:
    directory = extract(cache)
    cache.mark([PACKAGE])

    (directory / file).unlink()

    assert how(cache) == "altered"


@pytest.mark.posix("links need a privilege on Windows")
def test_link_that_leads_elsewhere_is_seen(cache: ExtractedPackages) -> None:
    directory = extract(cache)
    cache.mark([PACKAGE])

    (directory / "link").unlink()
    (directory / "link").symlink_to("/etc/hostname")

    assert how(cache) == "altered"


def test_other_archive_of_the_same_name_is_not_taken(cache: ExtractedPackages) -> None:
    extract(cache)
    cache.mark([PACKAGE])

    assert how(cache, replace(PACKAGE, sha256="c" * 64)) == "altered"


def test_archive_that_nobody_verified_is_not_taken_for_one_with_a_hash(cache: ExtractedPackages) -> None:
    extract(cache)
    cache.mark([replace(PACKAGE, sha256=None, md5=None)])

    assert how(cache, replace(PACKAGE, sha256=None, md5=None)) == "ready"
    assert how(cache) == "altered"


def test_distrusted_package_is_thrown_away(cache: ExtractedPackages) -> None:
    directory = extract(cache)
    cache.mark([PACKAGE])

    state = cache.sort([PACKAGE], distrust=["tiny"])

    assert state.absent == (PACKAGE,)
    assert not directory.exists()
    assert not directory.with_name("tiny-1.0-0.lock").exists()


def test_damaged_mark_is_no_mark_to_trust(cache: ExtractedPackages, tmp_path: Path) -> None:
    extract(cache)
    cache.mark([PACKAGE])
    (tmp_path / "marks" / "tiny-1.0-0.json").write_text('{"sha256": ')

    assert how(cache) == "altered"


def test_sweep_takes_what_killed_runs_left_and_keeps_the_rest(cache: ExtractedPackages) -> None:
    wanted = replace(PACKAGE, name="wanted")
    unwanted = replace(PACKAGE, name="unwanted")
    for package in (PACKAGE, wanted, unwanted):
        extract(cache, package)
    cache.mark([PACKAGE])
    (cache.packages / ".tiny-1.0-0aB3xY9").mkdir()
    (cache.packages / ".cache.lock").touch()
    (cache.packages / ".kept").mkdir()

    cache.sweep([wanted])

    left = {entry.name for entry in cache.packages.iterdir() if entry.is_dir()}
    assert left == {"tiny-1.0-0", "wanted-1.0-0", ".kept"}
    assert (cache.packages / ".cache.lock").exists()
