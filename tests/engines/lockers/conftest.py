"""What every test of a Python locker needs: a project to lock, the lockers in turn, and what each of them can do."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pyve.environments.progress import ProgressEvent
from pyve.lockers import locker_named
from pyve.lockers.locker import LockedText, LockPython, LockTask
from pyve.project.conda.subdir import current_subdir
from pyve.project.locking.lock_target import LockFormat, LockPart, LockTarget
from tests.support.package_index import PackageIndex

HERE = (current_subdir(),)
EVERYWHERE = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")


@dataclass(frozen=True, kw_only=True)
class LockerUnderTest:
    """A locker, and what it cannot do: the ability -> why, which a test that needs it is skipped with."""

    name: str
    cannot: Mapping[str, str] = field(default_factory=dict)


PYTHON_LOCKERS = (
    LockerUnderTest(name="uv"),
    LockerUnderTest(
        name="pip-tools",
        cannot={
            "platforms": "pip-tools resolves for the machine and the Python that it runs on",
            "lone-index": "pip-tools itself comes from the index that is configured",
            "pylock": "pip-tools writes requirements.txt alone",
            "parts": "a requirements.txt cannot tell extras and groups apart",
            "offline": "pip cannot resolve from its caches alone",
        },
    ),
)


@dataclass(frozen=True, kw_only=True)
class LockBench:
    """A project directory, a locker, and the variables it is started with; `events` are what it reported."""

    root: Path
    scratch: Path
    locker: LockerUnderTest
    environment: Mapping[str, str]
    events: list[ProgressEvent] = field(default_factory=list)

    def need(self, ability: str) -> None:
        """Skip the test where the locker cannot do that."""
        if ability in self.locker.cannot:
            pytest.skip(f"{self.locker.name} cannot: {self.locker.cannot[ability]}")

    def write(self, name: str, *lines: str) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        return path

    def lock(
        self,
        *sources: str,
        lock_format: LockFormat = LockFormat.REQUIREMENTS,
        parts: tuple[tuple[str, str, str], ...] = (),
        above: tuple[str, ...] = (),
        platforms: tuple[str, ...] = HERE,
        **changes: Any,
    ) -> LockedText:
        """Lock `sources`; each part is its kind, its name and its file. `changes` are fields of the task."""
        if lock_format is LockFormat.PYLOCK:
            self.need("pylock")
        if parts:
            self.need("parts")
        if platforms != HERE:
            self.need("platforms")
        target = LockTarget(
            sources=tuple(self.root / source for source in sources),
            destination=self.root / lock_format.value,
            format=lock_format,
            parts=tuple(LockPart(kind=kind, name=name, source=self.root / file) for kind, name, file in parts),  # type: ignore[arg-type]  # a literal
            above=tuple(self.root / one for one in above),
        )
        number = len(list(self.scratch.glob("work *")))
        work = self.scratch / f"work {number}"
        work.mkdir()
        task = LockTask(
            root=self.root,
            target=target,
            platforms=platforms,
            python=here_python(),
            work_directory=work,
            log=self.scratch / "lock.log",
            cache_directory=self.scratch / "cache of pyve",
            environment=self.environment,
        )
        return locker_named(self.locker.name).lock(replace(task, **changes), self.events.append)

    def body(self, *sources: str, **changes: Any) -> str:
        """The text of the lock alone."""
        return self.lock(*sources, **changes).body

    def pins(self, *sources: str, **changes: Any) -> list[str]:
        """The `name==version` of a locked requirements.txt, markers included."""
        return pins_of(self.body(*sources, **changes))

    def with_environment(self, **variables: str) -> "LockBench":
        """The same bench, with these variables set."""
        return replace(self, environment={**self.environment, **variables})

    @property
    def log(self) -> str:
        """What the tool printed."""
        return (self.scratch / "lock.log").read_text(encoding="utf-8")


def pins_of(body: str) -> list[str]:
    """The first line of each requirement, without the backslash."""
    lines = [line for line in body.splitlines() if line and not line.startswith((" ", "#", "--"))]
    return [line.removesuffix("\\").rstrip() for line in lines]


def here_python() -> LockPython:
    """The Python that the tests run under."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return LockPython(
        specifier=f">={version}", oldest=version, interpreter=Path(sys.executable), source="the tests themselves"
    )


@pytest.fixture
def lock_environment(environment: dict[str, str]) -> dict[str, str]:
    """As for installers, but settings are read: a locker needs those of the project, and the home is empty."""
    kept = {name: value for name, value in environment.items() if name not in ("UV_NO_CONFIG", "XDG_CONFIG_HOME")}
    return kept | {"PIP_CONFIG_FILE": os.devnull}


@pytest.fixture
def make_lock_bench(project: Path, tmp_path: Path, lock_environment: dict[str, str]) -> Callable[..., LockBench]:
    """Make a bench for one of the lockers."""

    def make(locker: LockerUnderTest, root: Path = project, **variables: str) -> LockBench:
        scratch = tmp_path / f"scratch {len(list(tmp_path.glob('scratch *')))}"
        scratch.mkdir()
        root.mkdir(exist_ok=True)
        return LockBench(root=root, scratch=scratch, locker=locker, environment={**lock_environment, **variables})

    return make


@pytest.fixture(
    params=[
        pytest.param(one, id=one.name, marks=[] if one.name == "uv" else [pytest.mark.needs_index])
        for one in PYTHON_LOCKERS
    ]
)
def python_locker(request: pytest.FixtureRequest, make_lock_bench: Callable[..., LockBench]) -> LockBench:
    """A bench for each Python locker in turn: the contract holds for all of them."""
    # The tests' own uv has a cache for each test; what pip-tools runs from is fetched once for all of them.
    own = {} if request.param.name == "uv" else {"UV_CACHE_DIR": os.environ["UV_CACHE_DIR"]}
    return make_lock_bench(request.param, **own)


@pytest.fixture
def uv_locker(make_lock_bench: Callable[..., LockBench]) -> LockBench:
    """A bench for uv alone."""
    return make_lock_bench(PYTHON_LOCKERS[0])


@pytest.fixture
def served(index: PackageIndex) -> str:
    """The line that declares the tests' own index."""
    return f"--index-url {index.file_url}"
