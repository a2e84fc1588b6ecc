"""The real conda-lock, asked by pyve for locks; it solves with the micromamba of this machine, or with its stand-in."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pyve.environments.progress import ProgressEvent
from pyve.errors import PyveError, ResolutionFailedError
from pyve.errors.conda import (
    ChannelUnreachableError,
    CondaPackageUnknownError,
    CondaUnsatisfiableError,
    MatchSpecInvalidError,
)
from pyve.errors.lock import LockerUnavailableError, LockerUnfitError, NothingToLockError
from pyve.lockers import locker_named
from pyve.lockers.conda_lock.locker import CondaLockLocker
from pyve.lockers.locker import CondaLockRequest, CondaSubdirRequest, LockedText, LockPython, LockTask
from pyve.project.conda.channel import Channel
from pyve.project.conda.content_hash import content_hash
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.manifests.conda_lock_yml import CondaLockYml, parse_conda_lock_yml, read_conda_lock_yml
from pyve.project.manifests.environment_yml import read_environment_yml
from pyve.project.manifests.lock_request import lock_request_of
from tests.support.channel_server import ChannelServer, refuse
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_lock import CondaLock, conda_lock_python
from tests.support.conda_recipes import generic
from tests.support.micromamba_stand_in import make_micromamba
from tests.support.package_index import PackageIndex

__all__ = ["conda_lock_python"]
pytestmark = [
    pytest.mark.needs_index,
    pytest.mark.posix("packages of the tests' channel are symbolic links and shell scripts"),
]

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"
PLATFORMS = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")
PROGRAMS = ("stand-in", *(["micromamba"] if shutil.which("micromamba") else []))


@dataclass
class CondaLockBench:
    """A project whose conda-forge is a channel of the test; what the locker writes is read as pyve reads locks."""

    root: Path
    folder: Path
    micromamba: Path | None
    channel: Channel
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    events: list[ProgressEvent] = field(default_factory=list)
    mapping: str | None = None

    @property
    def log(self) -> Path:
        """What the tools said."""
        return self.folder / "lock.log"

    def declare(self, *specs: str, more: str = "") -> None:
        """Write environment.yml."""
        lines = ["channels:", "  - conda-forge", "dependencies:", *(f"  - {spec}" for spec in specs)]
        (self.root / "environment.yml").write_text("\n".join(lines) + "\n" + more, encoding="utf-8")

    def lock(self, *platforms: str, existing: str | None = None, **changes: Any) -> LockedText:
        """Lock what is declared."""
        work = self.folder / f"work {len(list(self.folder.iterdir()))}"
        work.mkdir()
        earlier = None if changes.get("upgrade") else existing
        subdirs = {platform: self._request(platform, earlier) for platform in platforms or ("linux-64",)}
        task = LockTask(
            root=self.root,
            target=LockTarget(
                sources=(self.root / "environment.yml",),
                destination=self.root / "conda-lock.yml",
                format=LockFormat.CONDA_LOCK,
            ),
            platforms=tuple(subdirs),
            python=LockPython(specifier="", oldest="", interpreter=None, source="the test"),
            work_directory=work,
            log=self.log,
            cache_directory=self.folder / "cache",
            environment=self.environment,
            existing=existing,
            conda=CondaLockRequest(subdirs=subdirs, channels=("conda-forge",), micromamba=self.micromamba),
        )
        return CondaLockLocker(mapping=self.mapping).lock(replace(task, **changes), self.events.append)

    def versions(self, *platforms: str, **changes: Any) -> dict[str, str]:
        """Name -> version of what is locked for the first platform."""
        rows = self.read(self.lock(*platforms, **changes)).rows
        return {row.name: row.version for row in rows if row.platform == (platforms or ("linux-64",))[0]}

    def read(self, locked: LockedText) -> CondaLockYml:
        """The lock as pyve reads it."""
        file = self.root / "conda-lock.yml"
        file.write_text(locked.body, encoding="utf-8")
        return read_conda_lock_yml(file, root=self.root)

    def _request(self, platform: str, existing: str | None) -> CondaSubdirRequest:
        file = self.root / "environment.yml"
        yml = read_environment_yml(file, root=self.root, subdir=platform, environment=self.environment)
        lock = self.root / "conda-lock.yml"
        earlier = None if existing is None else parse_conda_lock_yml(existing, lock, root=self.root)
        rows = () if earlier is None else earlier.rows
        return CondaSubdirRequest(
            specs=tuple(spec.text for spec in yml.specs),
            origins={spec.text: spec.origin for spec in yml.specs},
            channels=(self.channel,),
            content_hash=content_hash(lock_request_of(yml, environment=self.environment), platform),
            pip=yml.pip,
            prefer=() if earlier is None else earlier.packages_for(platform),
            prefer_pip=tuple(row for row in rows if (row.manager, row.platform) == ("pip", platform)),
            has_pip=yml.has_pip,
            pip_repositories=yml.pip_repositories,
        )


MakeBench = Callable[..., CondaLockBench]


@pytest.fixture(params=PROGRAMS)
def make_bench(request: pytest.FixtureRequest, tmp_path: Path, conda_channel: LocalChannel) -> MakeBench:
    """Make a bench for each micromamba in turn; the channel is the shared one unless another is given."""

    def make(channel: LocalChannel | None = None, *, source: str | None = None) -> CondaLockBench:
        root, folder = tmp_path / "a project", tmp_path / "around it"
        root.mkdir()
        folder.mkdir()
        found = shutil.which("micromamba") if request.param == "micromamba" else None
        executable = Path(found) if found else make_micromamba(tmp_path / "bin")
        known = (channel or conda_channel).as_channel(name="conda-forge", url=CONDA_FORGE, source=source)
        return CondaLockBench(root=root, folder=folder, micromamba=executable, channel=known)

    return make


@pytest.fixture
def bench(make_bench: MakeBench) -> CondaLockBench:
    """The bench that most tests want."""
    return make_bench()


@pytest.mark.parametrize("program", ["micromamba"])
def test_the_real_micromamba_takes_part(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip("no micromamba on PATH: conda-lock solved with the stand-in alone")
    assert program in PROGRAMS


def test_it_is_the_locker_of_that_name() -> None:
    assert locker_named("conda-lock") == CondaLockLocker()


def test_four_platforms_are_locked_in_one_file(bench: CondaLockBench, conda_channel: LocalChannel) -> None:
    bench.declare("python", "tiny")

    locked = bench.lock(*PLATFORMS)

    lock = bench.read(locked)
    assert lock.platforms == PLATFORMS
    for platform in PLATFORMS:
        assert {package.name for package in lock.packages_for(platform)} >= {"python", "tiny"}
    assert locked.tool.startswith("conda-lock 4.0.3 with micromamba ")
    wanted = conda_channel.package("tiny", "2.0")
    (tiny,) = [package for package in lock.packages_for("win-64") if package.name == "tiny"]
    assert (tiny.sha256, tiny.md5) == (wanted.sha256, wanted.md5)


def test_conda_lock_takes_the_file_for_its_own(bench: CondaLockBench, conda_lock_python: CondaLock) -> None:
    bench.declare("python", "tiny  # [linux]", "app-ok  # [win]")
    file = bench.read(bench.lock(*PLATFORMS)).path

    (answer,) = conda_lock_python("content-hashes", files=[bench.root / "environment.yml"], platforms=PLATFORMS)
    theirs = conda_lock_python("read", file=file)

    assert theirs["metadata"]["content_hash"] == answer["hashes"]
    assert theirs["metadata"]["sources"] == ["environment.yml"]
    assert {row["name"] for row in theirs["package"] if row["platform"] == "win-64"} >= {"app-ok"}


def test_the_same_request_gives_the_same_bytes(bench: CondaLockBench) -> None:
    bench.declare("python", "tiny", "app-ok")

    assert bench.lock(*PLATFORMS).body == bench.lock(*reversed(PLATFORMS)).body


def test_a_mirror_does_not_leak_into_the_lock(make_bench: MakeBench, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as server:
        bench = make_bench(source=server.url)
        bench.declare("tiny")
        body = bench.lock().body
        assert server.requested("repodata.json")

    assert "127.0.0.1" not in body
    assert f"url: {CONDA_FORGE}/noarch/tiny-2.0-pyh0_0.conda" in body


def test_nothing_of_the_machine_and_its_clock_is_in_the_lock(bench: CondaLockBench) -> None:
    bench.declare("tiny")
    body = bench.lock().body

    assert "DO NOT EDIT" not in body, "conda-lock's header names its own command lines"
    assert os.fspath(bench.folder) not in body
    assert {"time_metadata", "git_metadata", "inputs_metadata"}.isdisjoint(body.replace(":", "").split())


def test_the_users_own_settings_of_conda_do_not_count(bench: CondaLockBench, home: Path) -> None:
    for name in (".condarc", ".mambarc"):
        (home / name).write_text("channels: [https://channel.example/other]\n", encoding="utf-8")
    bench.environment = {**bench.environment, "MAMBA_PINNED_PACKAGES": "tiny==1.0", "CONDA_FLAGS": "--no-such-flag"}
    bench.declare("tiny")

    assert bench.versions()["tiny"] == "2.0"
    assert sorted(path.name for path in home.iterdir() if path.name != ".cache") == [".condarc", ".mambarc"]


def test_versions_that_are_locked_are_kept(bench: CondaLockBench) -> None:
    bench.declare("tiny<2")
    old = bench.lock().body
    bench.declare("tiny", "app-ok")

    assert bench.versions(existing=old)["tiny"] == "1.1"
    assert bench.versions(existing=old, upgrade=True)["tiny"] == "2.0"


def test_one_package_alone_can_be_upgraded(bench: CondaLockBench) -> None:
    bench.declare("tiny<2", "app-ok<1.1")
    old = bench.lock().body
    bench.declare("tiny", "app-ok")

    upgraded = bench.versions(existing=old, upgrade_packages=("app-ok",))

    assert (upgraded["tiny"], upgraded["app-ok"]) == ("1.1", "1.1")


def test_what_nobody_asks_for_by_name_stays_when_a_demand_moves(make_bench: MakeBench, tmp_path: Path) -> None:
    parts = [generic("part", "1.0"), generic("part", "2.0")]
    wholes = [generic("whole", "1.0", "part"), generic("whole", "2.0", "part")]
    bench = make_bench(make_channel(tmp_path / "channel", [*parts, *wholes]))
    bench.declare("whole<2", "part<2")
    old = bench.lock().body
    bench.declare("whole>=2")

    assert bench.versions(existing=old) == {"whole": "2.0", "part": "1.0"}


def test_a_lock_that_cannot_be_kept_is_made_anew(bench: CondaLockBench) -> None:
    bench.declare("libfoo<2")
    old = bench.lock().body
    bench.declare("app-a")

    assert bench.versions(existing=old)["libfoo"].startswith("2.")


def test_virtual_packages_are_those_that_conda_lock_assumes(bench: CondaLockBench) -> None:
    bench.declare("app-cuda")  # wants a newer one than is assumed

    with pytest.raises(CondaUnsatisfiableError) as failed:
        bench.lock("linux-64")

    assert failed.value.message.startswith("For linux-64: ")
    assert "__cuda" in failed.value.message
    assert "this machine" not in failed.value.message.lower()
    assert "counted on is a machine that has __archspec" in failed.value.message


def test_a_conflict_is_told_with_both_sides_and_their_lines(bench: CondaLockBench) -> None:
    bench.declare("app-a", "app-b")

    with pytest.raises(CondaUnsatisfiableError) as failed:
        bench.lock("linux-64", "osx-arm64")

    assert "environment.yml:4: app-a" in failed.value.message
    assert "environment.yml:5: app-b" in failed.value.message
    assert "Traceback" not in failed.value.message
    assert "linux-64 and osx-arm64" in failed.value.message


def test_a_name_that_no_channel_has_gets_a_suggestion(bench: CondaLockBench) -> None:
    bench.declare("tinny")

    with pytest.raises(CondaPackageUnknownError) as failed:
        bench.lock()

    assert "environment.yml:4" in failed.value.message
    assert "tiny" in (failed.value.hint or "")


def test_a_channel_that_is_down_is_named(make_bench: MakeBench, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path, refuse(503)) as server:
        bench = make_bench(source=server.url)
        bench.declare("tiny")
        with pytest.raises(ChannelUnreachableError) as failed:
            bench.lock()

    assert "conda-forge" in failed.value.message or "127.0.0.1" in failed.value.message


def test_a_channel_that_is_not_declared_is_no_source(bench: CondaLockBench) -> None:
    bench.declare("ghost::tiny")

    with pytest.raises(MatchSpecInvalidError, match=r"environment\.yml:4"):
        bench.lock()


def test_a_package_of_a_named_channel_cannot_come_from_a_mirror(bench: CondaLockBench) -> None:
    bench.declare("conda-forge::tiny")

    with pytest.raises(LockerUnfitError) as failed:
        bench.lock()

    assert failed.value.hint == "pyve lock --locker rattler"


def test_credentials_of_a_channel_reach_it_and_nothing_else(make_bench: MakeBench, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path, basic=("me", "s3cr3t-word")) as server:
        bench = make_bench(source=server.url)
        netrc = bench.folder / "netrc"
        netrc.write_text("machine 127.0.0.1 login me password s3cr3t-word\n", encoding="utf-8")
        netrc.chmod(0o600)
        bench.environment = {**bench.environment, "NETRC": os.fspath(netrc)}
        bench.declare("tiny")
        locked = bench.lock()

    assert "tiny-2.0" in locked.body
    assert "s3cr3t-word" not in locked.body + bench.log.read_text("utf-8")


def test_without_a_micromamba_it_says_how_to_get_one(bench: CondaLockBench) -> None:
    bench.micromamba = None
    bench.declare("tiny")

    with pytest.raises(LockerUnavailableError) as failed:
        bench.lock()

    assert failed.value.hint == "pyve self bootstrap micromamba"


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"offline": True}, "offline"), ({"exclude_newer": "2026-01-01"}, "exclude-newer")],
    ids=["offline", "by date"],
)
def test_what_conda_lock_cannot_be_told_is_refused(bench: CondaLockBench, changes: dict[str, Any], says: str) -> None:
    bench.declare("tiny")

    with pytest.raises(LockerUnfitError, match=says):
        bench.lock(**changes)


def test_a_platform_that_conda_lock_does_not_know_is_refused(bench: CondaLockBench) -> None:
    bench.declare("tiny")

    with pytest.raises(LockerUnfitError, match="win-arm64"):
        bench.lock("win-arm64")


def test_a_platform_for_which_nothing_is_declared_is_refused(bench: CondaLockBench) -> None:
    bench.declare("tiny  # [linux]")

    with pytest.raises(NothingToLockError, match="win-64"):
        bench.lock("linux-64", "win-64")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("-c limits.txt", "constraints"),
        ("--find-links wheels", "find-links"),
        ("./beside", "lies on this machine"),
    ],
)
def test_a_pip_section_that_conda_lock_would_misread_is_refused(bench: CondaLockBench, line: str, says: str) -> None:
    (bench.root / "limits.txt").write_text("idna<4\n", encoding="utf-8")
    (bench.root / "beside").mkdir()
    (bench.root / "beside" / "pyproject.toml").write_text('[project]\nname = "beside"\nversion = "1"\n', "utf-8")
    bench.declare("python", more=f"  - pip:\n    - alpha\n    - {line}\n")

    with pytest.raises(LockerUnfitError, match=says):
        bench.lock()


@pytest.fixture
def pip_bench(bench: CondaLockBench, tmp_path: Path) -> CondaLockBench:
    """A bench on which no table of names is fetched."""
    mapping = tmp_path / "mapping.json"
    mapping.write_text("{}", encoding="utf-8")
    bench.mapping = os.fspath(mapping)
    return bench


def test_a_pip_section_is_locked_with_hashes(pip_bench: CondaLockBench, tmp_path: Path) -> None:
    index = PackageIndex(tmp_path / "index")
    index.add("alpha", "1.0", requires=("beta",))
    index.add("beta", "2.0")
    with index.serve() as url:
        pip_bench.declare("python", more=f"  - pip:\n    - --index-url {url}\n    - alpha\n")
        lock = pip_bench.read(pip_bench.lock())

    found = {one.name: one for one in lock.pip_requirements_for("linux-64")}
    assert set(found) == {"alpha", "beta"}
    assert all(one.hashes for one in found.values())
    assert "pip" in {package.name for package in lock.packages_for("linux-64")}


def test_versions_of_the_pip_section_are_kept_too(pip_bench: CondaLockBench, tmp_path: Path) -> None:
    index = PackageIndex(tmp_path / "index")
    index.add("alpha", "1.0")
    with index.serve() as url:
        pip_bench.declare("python", more=f"  - pip:\n    - --index-url {url}\n    - alpha\n")
        old = pip_bench.lock().body
        index.add("alpha", "2.0")
        kept = pip_bench.versions(existing=old)
        moved = pip_bench.versions(existing=old, upgrade_packages=("alpha",))

    assert (kept["alpha"], moved["alpha"]) == ("1.0", "2.0")


def test_a_conflict_in_the_pip_section_is_told_without_a_traceback(pip_bench: CondaLockBench, tmp_path: Path) -> None:
    index = PackageIndex(tmp_path / "index")
    index.add("alpha", "1.0", requires=("beta>=2",))
    index.add("beta", "1.0")
    with index.serve() as url:
        pip_bench.declare("python", more=f"  - pip:\n    - --index-url {url}\n    - alpha\n")
        with pytest.raises(ResolutionFailedError) as failed:
            pip_bench.lock()

    assert "beta" in failed.value.message
    assert "Traceback" not in failed.value.message


def test_an_index_that_is_down_is_told_in_one_message(pip_bench: CondaLockBench) -> None:
    pip_bench.declare("python", more="  - pip:\n    - --index-url http://127.0.0.1:9/simple\n    - alpha\n")

    with pytest.raises(PyveError) as failed:
        pip_bench.lock()

    assert failed.value.code == "index-unreachable"
    assert "Traceback" not in failed.value.message
