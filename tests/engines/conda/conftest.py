"""A bench for each conda engine: what to solve and build with, against a channel that the tests made."""

import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pyve.engines.conda.choice import EngineChoice, open_engine
from pyve.engines.conda.engine import (
    BuiltPrefix,
    CondaEngine,
    EngineSurroundings,
    PrefixRequest,
    Solution,
    SolveRequest,
)
from pyve.environments.progress import ProgressEvent
from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage
from tests.support.conda_build_process import BuildProcess
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_recipes import heavy
from tests.support.micromamba_stand_in import make_micromamba
from tests.support.synthetic_channel import make_synthetic_channel

# Where the real micromamba is on PATH it takes part; test_real_micromamba_takes_part says so where it is not.
PROGRAMS = ("rattler", *(["micromamba"] if shutil.which("micromamba") else []))
ENGINES = (*PROGRAMS, "micromamba stand-in")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the channel's packages are made of, Windows has not."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.posix("packages of the tests' channel are symbolic links and shell scripts"))


@dataclass
class EngineBench:
    """One engine with caches of its own, a channel, and a prefix that is not there yet."""

    kind: str
    channel: LocalChannel
    folder: Path
    surroundings: EngineSurroundings
    events: list[ProgressEvent] = field(default_factory=list)
    engines: list[CondaEngine] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The engine's own name."""
        return self.kind.partition(" ")[0]

    @property
    def prefix(self) -> Path:
        """Where `build` builds unless told otherwise."""
        return self.folder / "env"

    @property
    def engine(self) -> CondaEngine:
        """The engine, opened when it is first asked for."""
        if not self.engines:
            self.engines.append(self.open())
        return self.engines[-1]

    def open(self) -> CondaEngine:
        """One more engine in the same surroundings."""
        return open_engine(EngineChoice(name=self.name, reason="the test asks for it"), self.surroundings)

    def close(self) -> None:
        """Close what was opened."""
        while self.engines:
            self.engines.pop().close()

    def within(self, name: str, **environment: str) -> "EngineBench":
        """Another bench, in a folder of that name and with caches of its own; `environment` on top of this one's."""
        return make_bench(self.kind, self.channel, self.folder / name, {**self.surroundings.environment, **environment})

    def beside(self, name: str, **environment: str) -> "EngineBench":
        """Another bench that shares this one's cache."""
        other = self.within(name, **environment)
        surroundings = replace(other.surroundings, cache_directory=self.surroundings.cache_directory)
        return replace(other, surroundings=surroundings)

    def request(self, *specs: str, channels: tuple[Channel, ...] | None = None, **changes: Any) -> SolveRequest:
        """What `solve` asks for."""
        subdir = changes.pop("subdir", self.channel.subdir)
        return SolveRequest(specs=specs, channels=channels or (self.channel.as_channel(),), subdir=subdir, **changes)

    def solve(self, *specs: str, **changes: Any) -> Solution:
        """Solve for `specs` with the shared channel, or other `channels`."""
        return self.engine.solve(self.request(*specs, **changes), self.events.append)

    def versions(self, *specs: str, **changes: Any) -> dict[str, str]:
        """Name -> version of what `solve` finds."""
        return {package.name: package.version for package in self.solve(*specs, **changes).packages}

    def build(self, *packages: CondaPackage | str, prefix: Path | None = None, **changes: Any) -> BuiltPrefix:
        """Build a prefix of packages, or of those of that name in the channel."""
        listed = tuple(self.channel.package(each) if isinstance(each, str) else each for each in packages)
        changes = {"channels": (self.channel.as_channel(),), **changes}
        request = PrefixRequest(packages=listed, prefix=prefix or self.prefix, subdir=self.channel.subdir, **changes)
        return self.engine.build(request, self.events.append)

    def install(self, *specs: str, prefix: Path | None = None, **changes: Any) -> BuiltPrefix:
        """Solve, then build what was found."""
        channels = changes.pop("channels", None)
        packages = self.solve(*specs, channels=channels).packages
        return self.build(*packages, prefix=prefix, **(changes | ({"channels": channels} if channels else {})))

    def process(
        self, *names: str, prefix: Path | None = None, cache: Path | None = None, source: str | None = None
    ) -> BuildProcess:
        """A build of packages of the channel in a process of its own, in this bench's cache or another."""
        micromamba = self.surroundings.micromamba
        prefix = prefix or self.prefix
        return BuildProcess(
            engine=self.name,
            micromamba=os.fspath(micromamba) if micromamba else None,
            channel=os.fspath(self.channel.path),
            source=source,
            names=names or tuple(sorted(self.channel.names)),
            prefix=os.fspath(prefix),
            cache=os.fspath(cache or self.surroundings.cache_directory),
            folder=os.fspath(self.folder / f"process of {prefix.name}"),
        )

    def linked(self, prefix: Path | None = None) -> dict[str, str]:
        """Name -> version of what the records of the prefix say."""
        return {name: record["version"] for name, record in self.records(prefix).items()}

    def records(self, prefix: Path | None = None) -> dict[str, dict[str, Any]]:
        """Name -> record, from conda-meta."""
        documents = [json.loads(path.read_bytes()) for path in ((prefix or self.prefix) / "conda-meta").glob("*.json")]
        return {document["name"]: document for document in documents}

    def run(self, program: str, *arguments: str, prefix: Path | None = None) -> str:
        """What a program of the prefix prints; it must succeed."""
        path = (prefix or self.prefix) / program
        finished = subprocess.run([path, *arguments], capture_output=True, encoding="utf-8", timeout=60, check=True)
        return finished.stdout


def make_bench(
    kind: str, channel: LocalChannel, folder: Path, environment: Mapping[str, str], *, cache: Path | None = None
) -> EngineBench:
    """A bench of that kind in `folder`."""
    folder.mkdir(parents=True)
    work = folder / "work"
    work.mkdir()
    surroundings = EngineSurroundings(
        cache_directory=cache or folder / "cache",
        environment=dict(environment),
        log=folder / "engine.log",
        work_directory=work,
        micromamba=find_micromamba(kind, folder),
    )
    return EngineBench(kind=kind, channel=channel, folder=folder, surroundings=surroundings)


def contents(prefix: Path) -> dict[str, str]:
    """Path -> digest of what the packages bring into `share`."""
    files = sorted(path for path in (prefix / "share").rglob("*") if path.is_file())
    return {path.relative_to(prefix).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def find_micromamba(kind: str, folder: Path) -> Path | None:
    """The executable of this kind of engine; None for one that has none."""
    if kind == "rattler":
        return None
    if kind == "micromamba":
        found = shutil.which("micromamba")
        assert found is not None
        return Path(found).resolve()
    return make_micromamba(folder / "bin")


@pytest.fixture(params=ENGINES)
def bench(
    request: pytest.FixtureRequest, conda_channel: LocalChannel, tmp_path: Path, home: Path
) -> Iterator[EngineBench]:
    """A bench for each engine in turn: the contract holds for all."""
    with contextlib.closing(make_bench(request.param, conda_channel, tmp_path / "bench", os.environ)) as made:
        yield made


@pytest.fixture(params=PROGRAMS)
def program_bench(
    request: pytest.FixtureRequest, conda_channel: LocalChannel, tmp_path: Path, home: Path
) -> Iterator[EngineBench]:
    """A bench for each real program: for what the stand-in does by itself says nothing of the one it stands for."""
    with contextlib.closing(make_bench(request.param, conda_channel, tmp_path / "bench", os.environ)) as made:
        yield made


@pytest.fixture(scope="session")
def synthetic_channel(_sealed_session: None, tmp_path_factory: pytest.TempPathFactory) -> LocalChannel:
    """20,000 records to solve for."""
    return make_synthetic_channel(tmp_path_factory.mktemp("synthetic") / "large", names=2_000)


@pytest.fixture(scope="session")
def heavy_channel(_sealed_session: None, tmp_path_factory: pytest.TempPathFactory) -> LocalChannel:
    """Six packages of 60 files and 6 MB each, which take a while."""
    return make_channel(tmp_path_factory.mktemp("heavy") / "heavy", [heavy(number) for number in range(6)])


@pytest.fixture(params=ENGINES)
def heavy_bench(
    request: pytest.FixtureRequest, heavy_channel: LocalChannel, tmp_path: Path, home: Path
) -> Iterator[EngineBench]:
    """A bench for each engine, with the channel of heavy packages."""
    with contextlib.closing(make_bench(request.param, heavy_channel, tmp_path / "bench", os.environ)) as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    """Which instants are tried: any must do. KILL_SEED repeats a run."""
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"KILL_SEED={seed}")  # noqa: T201  (shown with a failure)
    return random.Random(seed)


MakeChannel = Callable[..., LocalChannel]


@pytest.fixture
def make_own_channel(tmp_path: Path) -> MakeChannel:
    """Make a channel of a few packages, for tests that change it or need a second one."""

    def make(*packages: Any, name: str = "own") -> LocalChannel:
        return make_channel(tmp_path / "channels" / name, packages)

    return make
