"""The pip section of an environment.yml in a lock: resolved beside conda's packages, for each platform."""

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyve.errors import IndexUnreachableError, ResolutionFailedError
from pyve.errors.lock import LockerUnfitError, LockNotPortableError
from pyve.lockers.locker import LockedText
from pyve.project.manifests.conda_lock_row import LockRow
from tests.engines.lockers.conda.conftest import PLATFORMS, CondaLockBench, MakeChannel
from tests.support.conda_package import MadePackage
from tests.support.conda_recipes import generic
from tests.support.made_up_package import Package, make_wheel, write_project
from tests.support.package_index import PackageIndex


class PipBench:
    """A project whose pip section is locked from an index of its own."""

    def __init__(self, bench: CondaLockBench, index: PackageIndex) -> None:
        self.bench, self.index = bench, index

    @contextmanager
    def declaring(self, *lines: str, conda: tuple[str, ...] = ("python", "pip"), **changes: object) -> Iterator[str]:
        """environment.yml with a pip section that names the index, which is served while the block runs."""
        with self.index.serve() as url:
            pip = [f"--index-url {url}", *lines]
            section = "pip:\n" + "\n".join(f"      - {line!r}" for line in pip)
            self.bench.declare(*conda, section, **changes)  # type: ignore[arg-type]  # of declare's own
            yield url

    def rows(self, locked: LockedText, platform: str | None = None) -> dict[str, LockRow]:
        """Name -> row of pip on a platform."""
        wanted = platform or self.bench.channel.subdir
        rows = self.bench.read(locked).rows
        return {row.name: row for row in rows if row.manager == "pip" and row.platform == wanted}


@pytest.fixture
def pip_bench(rattler_bench: CondaLockBench, tmp_path: Path) -> PipBench:
    return PipBench(rattler_bench, PackageIndex(tmp_path / "own index"))


def add_wheel(index: PackageIndex, name: str, version: str, tag: str) -> bytes:
    """A wheel of that tag, whose bytes no other has."""
    content = make_wheel(Package(name=name, version=version, files={"tag.txt": tag}))
    index.add_file(f"{name}-{version}-{tag}.whl", content)
    return content


def test_what_pip_needs_is_locked_with_file_and_hash(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0", requires=["beta>=1"])
    wheel = pip_bench.index.add("beta", "1.1")

    with pip_bench.declaring("alpha") as url:
        locked = pip_bench.bench.lock()

    rows = pip_bench.rows(locked)
    assert {name: row.version for name, row in rows.items()} == {"alpha": "1.0", "beta": "1.1"}
    assert rows["beta"].url == url.replace("/simple", "/files/beta-1.1-py3-none-any.whl")
    assert rows["beta"].sha256 == hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert dict(rows["alpha"].dependencies) == {"beta": "*"}


def test_each_platform_gets_the_wheel_that_fits_it_best(pip_bench: PipBench) -> None:
    tags = {
        "linux-64": "cp311-cp311-manylinux_2_28_x86_64",
        "linux-aarch64": "cp311-abi3-manylinux2014_aarch64",
        "osx-arm64": "cp311-cp311-macosx_11_0_arm64",
        "win-64": "py3-none-any",
    }
    for tag in (
        *tags.values(),
        "cp311-cp311-manylinux2014_x86_64",
        "cp311-cp311-manylinux_2_34_x86_64",
        "cp312-cp312-manylinux_2_17_aarch64",
        "cp311-cp311-macosx_26_0_arm64",
        "cp310-cp310-win_amd64",
    ):
        add_wheel(pip_bench.index, "alpha", "1.0", tag)

    with pip_bench.declaring("alpha", conda=("python=3.11", "pip")):
        locked = pip_bench.bench.lock(*PLATFORMS)

    chosen = {platform: pip_bench.rows(locked, platform)["alpha"].url.rpartition("/")[2] for platform in PLATFORMS}
    assert chosen == {platform: f"alpha-1.0-{tag}.whl" for platform, tag in tags.items()}


def test_what_this_machine_builds_for_decides_nothing(pip_bench: PipBench) -> None:
    add_wheel(pip_bench.index, "beta", "1.0", "cp311-cp311-macosx_12_0_arm64")

    with (
        pip_bench.declaring("beta", conda=("python=3.11", "pip")),
        pip_bench.bench.within(MACOSX_DEPLOYMENT_TARGET="10.15"),
    ):
        locked = pip_bench.bench.lock("osx-arm64")

    assert pip_bench.rows(locked, "osx-arm64")["beta"].url.endswith("macosx_12_0_arm64.whl")


def test_source_is_locked_where_no_wheel_fits(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0", sdist=True)
    add_wheel(pip_bench.index, "alpha", "1.0", "cp311-cp311-win_amd64")

    with pip_bench.declaring("alpha", conda=("python=3.11", "pip")):
        locked = pip_bench.bench.lock("osx-arm64", "win-64")

    assert pip_bench.rows(locked, "win-64")["alpha"].url.endswith(".whl")
    assert pip_bench.rows(locked, "osx-arm64")["alpha"].url.endswith("alpha-1.0.tar.gz")
    assert any("no wheel for osx-arm64" in note for note in locked.notes)


def test_markers_are_those_of_the_platform_and_of_its_python(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0", requires=['beta ; sys_platform == "win32"', 'gamma ; python_version < "3.11"'])
    pip_bench.index.add("beta", "1.0")
    pip_bench.index.add("gamma", "1.0")
    pip_bench.index.add("delta", "1.0")

    with pip_bench.declaring("alpha", "delta ; platform_machine == 'arm64'", conda=("python=3.11", "pip")):
        locked = pip_bench.bench.lock(*PLATFORMS)

    assert set(pip_bench.rows(locked, "linux-64")) == {"alpha"}
    assert set(pip_bench.rows(locked, "win-64")) == {"alpha", "beta"}
    assert set(pip_bench.rows(locked, "osx-arm64")) == {"alpha", "delta"}


def test_python_may_be_one_that_this_machine_does_not_have(pip_bench: PipBench, make_own_channel: MakeChannel) -> None:
    own = make_own_channel(generic("python", "3.99.1"), generic("pip", "24.0", "python"))
    pip_bench.index.add("alpha", "1.0", requires_python=">=3.99")
    pip_bench.index.add("alpha", "2.0", requires_python=">=3.100")
    pip_bench.index.add("beta", "1.0")

    with pip_bench.declaring("alpha", "beta ; python_full_version < '3.99.1'", channels=(own.url,)):
        locked = pip_bench.bench.lock("osx-arm64")

    assert {name: row.version for name, row in pip_bench.rows(locked, "osx-arm64").items()} == {"alpha": "1.0"}


@pytest.mark.needs_index
def test_what_is_newer_than_a_date_does_not_exist(rattler_bench: CondaLockBench) -> None:
    rattler_bench.declare("python", "pip:\n      - six")

    locked = rattler_bench.lock(exclude_newer="2024-01-01")

    assert [row.version for row in rattler_bench.read(locked).rows if row.name == "six"] == ["1.16.0"]


def test_packages_of_conda_stay_and_decide_versions_of_pip(pip_bench: PipBench, make_own_channel: MakeChannel) -> None:
    tool = MadePackage(name="shared_tool", version="1.5", depends=("python",))
    own = make_own_channel(generic("python", "3.11.7"), generic("pip", "24.0", "python"), tool, generic("beta", "9"))
    for version in ("1.5", "2.0"):
        pip_bench.index.add("shared-tool", version)
    pip_bench.index.add("alpha", "1.0", requires=["shared-tool<2", "beta"])
    pip_bench.index.add("alpha", "2.0", requires=["shared-tool>=2"])
    pip_bench.index.add("beta", "1.0")

    with pip_bench.declaring("alpha", conda=("python", "pip", "shared_tool", "beta"), channels=(own.url,)):
        locked = pip_bench.bench.lock()

    assert {name: row.version for name, row in pip_bench.rows(locked).items()} == {"alpha": "1.0", "beta": "1.0"}
    assert pip_bench.bench.versions(locked)["shared_tool"] == "1.5"


def test_package_that_both_are_asked_for_stays_that_of_conda(pip_bench: PipBench) -> None:
    pip_bench.index.add("tiny", "1.0", requires=["alpha"])
    pip_bench.index.add("alpha", "1.0")

    with pip_bench.declaring("tiny", conda=("python", "tiny=1.0")):
        locked = pip_bench.bench.lock()

    assert set(pip_bench.rows(locked)) == {"alpha"}
    assert any("environment.yml:8: tiny is asked of pip, and conda brings it" in note for note in locked.notes)


def test_package_by_url_is_locked_whatever_conda_brings(pip_bench: PipBench) -> None:
    wheel = pip_bench.index.add("tiny", "7.0")

    with pip_bench.declaring(f"tiny @ {wheel.resolve().as_uri()}", conda=("python", "tiny=2.0")):
        nothing = pip_bench.rows(pip_bench.bench.lock())
    with (
        pip_bench.index.serve() as other,
        pip_bench.declaring(f"tiny @ {other}/../files/{wheel.name}", conda=("python", "tiny=2.0")),
    ):
        locked = pip_bench.rows(pip_bench.bench.lock())

    assert nothing == {}
    assert {name: row.version for name, row in locked.items()} == {"tiny": "7.0"}


def test_version_that_only_conda_has_is_told(pip_bench: PipBench) -> None:
    pip_bench.index.add("tiny", "0.9")
    pip_bench.index.add("alpha", "1.0", requires=["tiny"])

    with pip_bench.declaring("alpha", conda=("python", "tiny=2.0")):
        locked = pip_bench.bench.lock()

    assert set(pip_bench.rows(locked)) == {"alpha"}
    assert any("No index has tiny 2.0, which conda brings" in note for note in locked.notes)


def test_pip_section_that_does_not_go_with_conda_is_told_with_both_lines(pip_bench: PipBench) -> None:
    for version in ("1.0", "2.0"):
        pip_bench.index.add("tiny", version)
    pip_bench.index.add("alpha", "1.0", requires=["tiny<2"])

    with (
        pip_bench.declaring("alpha", conda=("python", "tiny=2.0")),
        pytest.raises(ResolutionFailedError, match="does not go with the packages of conda") as caught,
    ):
        pip_bench.bench.lock("linux-64")

    assert "For linux-64: " in caught.value.message
    assert "environment.yml:5" in caught.value.message
    assert "environment.yml:8" in caught.value.message


def test_versions_of_the_lock_that_is_there_stay(pip_bench: PipBench) -> None:
    for name in ("alpha", "beta"):
        pip_bench.index.add(name, "1.0")

    with pip_bench.declaring("alpha", "beta"):
        earlier = pip_bench.bench.lock().body
        for name in ("alpha", "beta"):
            pip_bench.index.add(name, "2.0")
        with pip_bench.bench.within(UV_CACHE_DIR=str(pip_bench.bench.folder / "another cache")):
            kept = pip_bench.rows(pip_bench.bench.lock(existing=earlier))
            one = pip_bench.rows(pip_bench.bench.lock(existing=earlier, upgrade_packages=("beta",)))
            every = pip_bench.rows(pip_bench.bench.lock(existing=earlier, upgrade=True))

    assert {name: row.version for name, row in kept.items()} == {"alpha": "1.0", "beta": "1.0"}
    assert {name: row.version for name, row in one.items()} == {"alpha": "1.0", "beta": "2.0"}
    assert {name: row.version for name, row in every.items()} == {"alpha": "2.0", "beta": "2.0"}


def test_repository_is_locked_at_its_commit(pip_bench: PipBench, tmp_path: Path) -> None:
    repository = write_project(tmp_path / "repository", Package(name="alpha", version="3.1"))
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm1"],
    ):
        subprocess.run(["git", "-C", repository, *words], check=True)
    head = subprocess.run(["git", "-C", repository, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    commit = head.stdout.strip()

    with pip_bench.declaring(f"alpha @ git+{repository.as_uri()}"):
        locked = pip_bench.bench.lock()

    row = pip_bench.rows(locked)["alpha"]
    assert (row.version, row.url) == ("3.1", f"git+{repository.as_uri()}@{commit}")
    assert f"    sha256: {commit}\n" in locked.body


def test_archive_at_a_url_is_locked_by_it(pip_bench: PipBench) -> None:
    wheel = pip_bench.index.add("alpha", "1.0")

    with pip_bench.index.serve() as other, pip_bench.declaring(f"alpha @ {other}/../files/{wheel.name}"):
        locked = pip_bench.bench.lock()

    row = pip_bench.rows(locked)["alpha"]
    assert row.url.endswith(f"/files/{wheel.name}")
    assert row.sha256 == hashlib.sha256(wheel.read_bytes()).hexdigest()


def test_project_itself_is_left_out_and_what_it_needs_is_locked(pip_bench: PipBench) -> None:
    write_project(pip_bench.bench.root, Package(name="mine", version="1.0", requires=("alpha",)))
    pip_bench.index.add("alpha", "1.0")

    with pip_bench.declaring("-e ."):
        locked = pip_bench.bench.lock()

    assert set(pip_bench.rows(locked)) == {"alpha"}
    assert str(pip_bench.bench.root) not in locked.body
    assert any(note.startswith("environment.yml:") and "not in the lock" in note for note in locked.notes)


def test_index_that_only_this_machine_knows_is_refused(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0")
    pip_bench.bench.declare("python", "pip:\n      - alpha")

    with (
        pip_bench.index.serve() as url,
        pip_bench.bench.within(PIP_INDEX_URL=url),
        pytest.raises(LockNotPortableError, match=r"environment\.yml:6: alpha comes from http://127\.0\.0\.1"),
    ):
        pip_bench.bench.lock()


def test_directory_of_this_machine_is_refused(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0")
    pip_bench.bench.declare("python", "pip:\n      - --no-index\n      - --find-links ./wheels\n      - alpha")
    (pip_bench.bench.root / "wheels").symlink_to(pip_bench.index.find_links, target_is_directory=True)

    with pytest.raises(LockNotPortableError, match="alpha"):
        pip_bench.bench.lock()


def test_directory_that_is_declared_as_it_is_is_locked(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0")
    place = pip_bench.index.find_links.resolve().as_uri()
    pip_bench.bench.declare("python", f"pip:\n      - --no-index\n      - '--find-links {place}'\n      - alpha")

    rows = pip_bench.rows(pip_bench.bench.lock())

    assert rows["alpha"].url.startswith("file:")


def test_index_that_is_down_is_told(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0")
    with pip_bench.declaring("alpha"):
        pass

    with pytest.raises(IndexUnreachableError):
        pip_bench.bench.lock()


def test_offline_asks_no_index(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0", requires=["beta"])
    pip_bench.index.add("beta", "1.0")

    with pip_bench.declaring("alpha"):
        first = pip_bench.bench.lock()
        asked = len(pip_bench.index.requests)
        again = pip_bench.bench.lock(offline=True)

    assert again.body == first.body
    assert len(pip_bench.index.requests) == asked


def test_unknown_name_is_told_with_platform_and_line(pip_bench: PipBench) -> None:
    with pip_bench.declaring("alhpa"), pytest.raises(ResolutionFailedError) as caught:
        pip_bench.bench.lock("osx-arm64")

    assert "For osx-arm64: environment.yml:8: " in caught.value.message


def test_platform_that_uv_does_not_know_is_told(pip_bench: PipBench, make_own_channel: MakeChannel) -> None:
    own = make_own_channel(generic("python", "3.11.7"), generic("pip", "24.0", "python"))
    for subdir in ("linux-ppc64le",):
        (own.path / subdir).mkdir()
        (own.path / subdir / "repodata.json").write_bytes((own.path / "win-64" / "repodata.json").read_bytes())

    with pip_bench.declaring("alpha", channels=(own.url,)), pytest.raises(LockerUnfitError, match="linux-ppc64le"):
        pip_bench.bench.lock("linux-ppc64le")


def test_a_second_run_changes_no_byte(pip_bench: PipBench) -> None:
    pip_bench.index.add("alpha", "1.0", requires=["beta"])
    pip_bench.index.add("beta", "1.0")

    with pip_bench.declaring("alpha"):
        first = pip_bench.bench.lock(*PLATFORMS)

        assert pip_bench.bench.lock(*reversed(PLATFORMS), existing=first.body).body == first.body


def test_an_empty_section_locks_conda_alone(rattler_bench: CondaLockBench) -> None:
    rattler_bench.declare("python", "pip:")

    locked = rattler_bench.lock()

    assert {row.manager for row in rattler_bench.read(locked).rows} == {"conda"}
