"""Room can be made on a disk that has none left: what deletes does not have to write first."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyve.system.files import is_link
from tests.support.project_bench import ProjectBench
from tests.support.small_disk import mount_small_disk

DISK_MEGABYTES = 40


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 40 MB."""
    with mount_small_disk(tmp_path / "small disk", megabytes=DISK_MEGABYTES) as directory:
        yield directory


@pytest.fixture
def crowded(bench: ProjectBench, small_disk: Path, home: Path) -> ProjectBench:
    """A project with three environments; it and its state lie on the small disk."""
    state = small_disk / "state"
    environment = {**bench.environment, "PYVE_STATE_DIR": str(state)}
    project = ProjectBench(project=small_disk / "project", home=home, environment=environment, index=bench.index)
    project.project.mkdir()
    for line in ("beta==1.0", "beta==2.0", "gamma"):
        project.init(line)
    return project


def fill(directory: Path) -> None:
    """Leave no byte of the disk, for a file of any size."""
    with open(directory / "ballast", "wb", buffering=0) as ballast:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    ballast.write(b"\0" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def state_of(crowded: ProjectBench) -> Path:
    state = Path(crowded.environment["PYVE_STATE_DIR"])
    return state / "projects" / crowded.project.relative_to("/") / "@state"


def test_gc_makes_room_on_a_full_disk(crowded: ProjectBench, small_disk: Path) -> None:
    assert len(crowded.environments()) == 3
    fill(small_disk)

    crowded.ok("gc", "--days", "0", "--no-previous", "--yes")

    assert len(crowded.environments()) == 1
    assert list((state_of(crowded) / "builds").iterdir()) == []
    crowded.ok("run", "gamma")


def test_purge_takes_everything_out_on_a_full_disk(crowded: ProjectBench, small_disk: Path) -> None:
    fill(small_disk)

    crowded.ok("purge", "--yes")

    assert sorted(path.name for path in crowded.project.iterdir()) == ["requirements.txt"]
    assert not state_of(crowded).exists()


def test_what_makes_room_is_said_where_there_is_none(crowded: ProjectBench, small_disk: Path) -> None:
    fill(small_disk)

    ran = crowded.run("rollback", "--json")

    assert ran.code == "disk-full"
    assert "pyve gc --all" in ran.json["problems"][0]["hint"]


def test_links_can_be_taken_out_on_a_full_disk(crowded: ProjectBench, small_disk: Path) -> None:
    fill(small_disk)

    crowded.ok("purge", "--keep-env", "--yes")

    assert not is_link(crowded.project / ".venv")
