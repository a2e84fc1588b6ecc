"""Disks, caches and paths that conda environments cannot be made with: each is named, and what is in use stays so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.conda_channel import make_channel
from tests.support.conda_recipes import generic, heavy
from tests.support.project_bench import ProjectBench
from tests.support.small_disk import mount_small_disk
from tests.support.standing_environment import StandingEnvironment, stand


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 40 MB."""
    with mount_small_disk(tmp_path / "small disk") as directory:
        yield directory


def test_a_path_that_is_too_long_for_packages_says_what_is_shorter(conda_bench: ProjectBench, tmp_path: Path) -> None:
    standing = stand(conda_bench.at(tmp_path / ("long " * 45).strip()))
    standing.bench.declare("python", "tiny=2.0", "prefixed")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (3, "prefix-too-long")
    assert str(standing.bench.project / ".pyve" / "envs") in refused.message
    assert "store.location" in refused.hint


@pytest.mark.parametrize("lost", ["package", "mark"])
def test_what_was_changed_in_the_cache_never_reaches_an_environment(
    standing: StandingEnvironment, cold: dict[str, str], lost: str
) -> None:
    cached = Path(cold["PYVE_CACHE_DIR"])
    standing.bench.declare("python", "tiny=2.0")
    standing.bench.ok("sync", env=cold)
    (module,) = cached.rglob("pkgs/tiny-2.0-*/site-packages/tiny/__init__.py")
    text = module.read_text()
    if lost == "package":
        module.unlink()  # an edit in place would change what was linked from it
        module.write_text(text.replace("tiny'", "poison'"))
    else:
        for mark in cached.rglob("marks/tiny-2.0-*.json"):
            mark.write_text("{")

    standing.bench.ok("sync", "--force", env=cold)

    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_a_poisoned_archive_of_a_local_channel_is_refused(
    standing: StandingEnvironment, cold: dict[str, str], tmp_path: Path
) -> None:
    channel = make_channel(tmp_path / "mine", [generic("libfoo", "9.0")])
    other = generic("libfoo", "9.0", build="other")
    (channel.path / "noarch" / "libfoo-9.0-0.conda").write_bytes(other.archive())
    standing.bench.declare("libfoo", channels=(channel.url,))

    refused = standing.refuse(env=cold)

    assert (refused.exit_status, refused.code) == (6, "package-corrupt")
    assert "libfoo-9.0-0.conda" in refused.message
    assert str(channel.package("libfoo").sha256) in refused.message


def test_a_disk_that_is_full_is_named_and_has_room_again_afterwards(
    conda_bench: ProjectBench, small_disk: Path, tmp_path: Path
) -> None:
    standing = stand(conda_bench.at(small_disk / "project"))
    channel = make_channel(tmp_path / "heavy", [heavy(number, files=20) for number in range(20)])
    names = [f"heavy-{number}" for number in range(20)]
    standing.bench.declare("python", "tiny=2.0", *names, channels=("conda-forge", channel.url))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "disk-full")
    assert str(small_disk) in refused.message
    assert "pyve gc" in refused.hint
    standing.bench.declare("python", "tiny=2.0")
    standing.bench.ok("sync")
    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_a_cache_without_room_is_named(standing: StandingEnvironment, small_disk: Path, tmp_path: Path) -> None:
    channel = make_channel(tmp_path / "heavy", [heavy(number, files=20) for number in range(20)])
    names = [f"heavy-{number}" for number in range(20)]
    standing.bench.declare("python", "tiny=2.0", *names, channels=("conda-forge", channel.url))

    refused = standing.refuse(env={"PYVE_CACHE_DIR": str(small_disk / "cache")})

    assert (refused.exit_status, refused.code) == (6, "disk-full")
    assert str(small_disk) in refused.message


def test_what_somebody_put_beside_the_environments_is_never_touched(standing: StandingEnvironment) -> None:
    foreign = standing.bench.project / ".pyve" / "envs" / "mine"
    (foreign / "conda-meta").mkdir(parents=True)
    (foreign / "conda-meta" / "history").write_text("mine\n")
    standing.bench.declare("python", "tiny=2.0")

    standing.bench.ok("sync")
    standing.bench.ok("gc", "--days", "0", "--no-previous", "--yes")

    assert (foreign / "conda-meta" / "history").read_text() == "mine\n"


def test_a_link_where_environments_are_kept_is_not_followed(conda_bench: ProjectBench, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (conda_bench.project / ".pyve").mkdir()
    (conda_bench.project / ".pyve" / "envs").symlink_to(elsewhere)
    conda_bench.declare("python", "tiny")

    refused = conda_bench.run("init", "--json")

    assert refused.exit_status == 7
    assert list(elsewhere.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(standing: StandingEnvironment, tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.touch()
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse(env={"PYVE_CACHE_DIR": str(in_the_way / "cache")})

    assert refused.exit_status == 3
    assert str(in_the_way) in refused.message
