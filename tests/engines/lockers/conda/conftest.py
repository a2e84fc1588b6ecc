"""A bench for each locker of conda packages: a project with an environment.yml, locked as `pyve lock` does it."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pyve.environments.progress import ProgressEvent
from pyve.lockers import locker_named
from pyve.lockers.locker import LockedText, LockPython, LockTask
from pyve.project.conda.settings import UserCondaSettings
from pyve.project.manifests.conda_lock_yml import CondaLockYml, parse_conda_lock_yml
from pyve.project.user_settings import UserSettings
from pyve.verbs.conda_lock_request import make_conda_lock_request
from pyve.verbs.lock_project import LockWishes, read_lock_project
from pyve.verbs.situation import Situation
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.micromamba_stand_in import make_micromamba

ON_POSIX = pytest.mark.posix("packages of the tests' channel are symbolic links and shell scripts")
LOCKERS = ("rattler", pytest.param("conda-lock", marks=[pytest.mark.needs_index, ON_POSIX]))
PLATFORMS = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")


@dataclass
class CondaLockBench:
    """One locker, a project, and caches of its own. `mirrors` are the user's."""

    kind: str
    channel: LocalChannel
    folder: Path
    environment: Mapping[str, str]
    mirrors: Mapping[str, str] = field(default_factory=dict)
    micromamba: Path | None = None
    events: list[ProgressEvent] = field(default_factory=list)

    @property
    def root(self) -> Path:
        """The project."""
        return self.folder / "project"

    @property
    def yml(self) -> Path:
        """What declares."""
        return self.root / "environment.yml"

    @property
    def destination(self) -> Path:
        """Where the lock would be written; nothing here writes it but tests."""
        return self.root / "conda-lock.yml"

    @property
    def logged(self) -> str:
        """What is in the log."""
        log = self.folder / "lock.log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def declare(self, *lines: str, channels: tuple[str, ...] | None = None, head: str = "") -> None:
        """Write environment.yml: its dependencies line by line, from the shared channel or from `channels`."""
        named = (self.channel.url,) if channels is None else channels
        text = head + "channels:\n" + "".join(f"  - {name}\n" for name in named) if named else head
        self.yml.write_text(f"{text}dependencies:\n" + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")

    def lock(self, *platforms: str, **changes: Any) -> LockedText:
        """Lock what is declared, for this machine's platform unless others are named."""
        return locker_named(self.kind).lock(self.task(*platforms, **changes), self.events.append)

    def task(self, *platforms: str, **changes: Any) -> LockTask:
        """What `pyve lock` asks of the locker."""
        situation = Situation(
            directory=self.root,
            home=self.folder,
            environment=self.environment,
            state_directory=os.fspath(self.folder / "state"),
            cache_directory=self.folder / "cache",
            settings=UserSettings(conda=UserCondaSettings(mirrors=self.mirrors, micromamba=self.micromamba)),
        )
        project = read_lock_project(situation, LockWishes(), root=self.root)
        (target,) = project.targets
        work = self.folder / f"work {len(list(self.folder.iterdir()))}"
        work.mkdir(mode=0o700)
        task = LockTask(
            root=self.root,
            target=target,
            platforms=platforms or (self.channel.subdir,),
            python=LockPython(specifier="", oldest="", interpreter=None, source="environment.yml"),
            work_directory=work,
            log=self.folder / "lock.log",
            cache_directory=situation.cache_directory,
            environment=self.environment,
            **changes,
        )
        existing = self.read(task.existing) if task.existing else None
        return replace(task, conda=make_conda_lock_request(project, task, existing=existing))

    def read(self, locked: LockedText | str) -> CondaLockYml:
        """The lock, as pyve reads it."""
        text = locked if isinstance(locked, str) else locked.body
        return parse_conda_lock_yml(text, self.destination, root=self.root)

    def versions(self, locked: LockedText | str, platform: str | None = None) -> dict[str, str]:
        """Name -> version of conda's packages on a platform."""
        packages = self.read(locked).packages_for(platform or self.channel.subdir)
        return {package.name: package.version for package in packages}

    @contextmanager
    def within(self, **environment: str) -> Iterator[None]:
        """With further variables, while the block runs."""
        before = self.environment
        self.environment = {**before, **environment}
        try:
            yield
        finally:
            self.environment = before


def make_lock_bench(kind: str, channel: LocalChannel, folder: Path, environment: Mapping[str, str]) -> CondaLockBench:
    """A bench in `folder`, which is made."""
    (folder / "project").mkdir(parents=True)
    found = shutil.which("micromamba")
    micromamba = (Path(found) if found else make_micromamba(folder / "bin")) if kind == "conda-lock" else None
    if kind == "conda-lock":  # which takes long to install: once for all tests
        environment = {**environment, "UV_CACHE_DIR": os.environ["UV_CACHE_DIR"]}
    return CondaLockBench(kind=kind, channel=channel, folder=folder, environment=environment, micromamba=micromamba)


@pytest.fixture(params=LOCKERS)
def lock_bench(
    request: pytest.FixtureRequest, conda_channel: LocalChannel, tmp_path: Path, environment: dict[str, str]
) -> CondaLockBench:
    """A bench for each locker in turn: the contract holds for all."""
    return make_lock_bench(request.param, conda_channel, tmp_path / "lock bench", environment)


@pytest.fixture
def rattler_bench(conda_channel: LocalChannel, tmp_path: Path, environment: dict[str, str]) -> CondaLockBench:
    """For what rattler alone promises."""
    return make_lock_bench("rattler", conda_channel, tmp_path / "lock bench", environment)


MakeChannel = Callable[..., LocalChannel]


@pytest.fixture
def make_own_channel(tmp_path: Path) -> MakeChannel:
    """Make a channel of a few packages, for tests that change it or need a second one."""

    def make(*packages: Any, name: str = "own") -> LocalChannel:
        return make_channel(tmp_path / "channels" / name, packages)

    return make
