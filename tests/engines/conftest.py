"""What every test of an installer needs: an index of its own, an empty environment, and a request to fill it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pyve.engines.installation import Installer, InstallRequest
from pyve.engines.installer_choice import find_uv
from pyve.engines.pip import PipInstaller
from pyve.engines.uv import UvInstaller
from pyve.environments.progress import ProgressEvent
from pyve.project.requirement import IndexOptions, Requirement, RequirementSet
from tests.support.package_index import PackageIndex

# What a build of this machine may hold: nothing of it may decide what these tests install.
_SEALED = ("PIP_", "UV_", "PYTHON")


@pytest.fixture
def environment(home: Path, tmp_path: Path) -> dict[str, str]:
    """The variables an installer is started with: this test's home and caches, no configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SEALED)}
    return kept | {
        "HOME": str(home),
        "PIP_CONFIG_FILE": os.devnull,
        "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(tmp_path / "uv cache"),
        "PIP_CACHE_DIR": str(tmp_path / "pip cache"),
        "PYVE_CACHE_DIR": str(tmp_path / "pyve cache"),
    }


@pytest.fixture
def index(tmp_path: Path) -> PackageIndex:
    """An index that holds alpha (needs beta), beta in two versions, gamma as an sdist, and nothing else: no pip."""
    made = PackageIndex(tmp_path / "index")
    made.add("alpha", "1.0", requires=["beta"], scripts={"alpha": "alpha:main"}, extras={"more": ["gamma"]})
    made.add("beta", "1.0")
    made.add("beta", "2.0")
    made.add("gamma", "1.0", sdist=True)
    return made


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One empty environment, and the means to fill it and to look into it."""

    request: InstallRequest
    environment: Mapping[str, str]
    make_installer: Callable[[InstallRequest, Mapping[str, str]], Installer]
    events: list[ProgressEvent] = field(default_factory=list)

    def install(self, **changes: Any) -> None:
        """Fill the environment from the request with `changes`."""
        request = replace(self.request, **changes)
        self.make_installer(request, self.environment).install(request, self.events.append)

    def with_environment(self, **variables: str) -> "Bench":
        """The same bench, with these variables set."""
        return replace(self, environment={**self.environment, **variables})

    def installed(self) -> dict[str, str]:
        """Name -> version of what is in the environment now."""
        code = "import importlib.metadata as m; [print(d.name, d.version) for d in m.distributions()]"
        lines = subprocess.run(
            [self.request.python, "-I", "-c", code], capture_output=True, text=True, check=True
        ).stdout
        return dict(line.split() for line in lines.splitlines())

    def run(self, *arguments: str) -> str:
        """What a program of the environment prints; it must succeed."""
        program = self.request.python.with_name(arguments[0])
        return subprocess.run([program, *arguments[1:]], capture_output=True, text=True, check=True).stdout

    @property
    def log(self) -> str:
        """The installer's log."""
        return self.request.log.read_text(encoding="utf-8")

    @property
    def messages(self) -> list[str]:
        """What a person saw without --verbose."""
        return [event.message for event in self.events if not event.detail]


@pytest.fixture
def make_bench(project: Path, tmp_path: Path, environment: dict[str, str]) -> Callable[..., Bench]:
    """Make a bench for the installer that `make_installer` makes."""

    def make(make_installer: Callable[[InstallRequest, Mapping[str, str]], Installer]) -> Bench:
        from virtualenv import session_via_cli

        prefix = tmp_path / "env of it's own"
        arguments = ["--no-seed", "--no-periodic-update", "--python", sys.executable]
        session = session_via_cli(
            [*arguments, "--app-data", str(tmp_path / "app data"), str(prefix)], setup_logging=False
        )
        session.run()
        work = tmp_path / "work"
        work.mkdir()
        return Bench(
            request=InstallRequest(
                python=Path(session.creator.exe),
                prefix=prefix,
                project_root=project,
                requirements=RequirementSet(),
                log=tmp_path / "install.log",
                work_directory=work,
                seed=(),
            ),
            environment=environment,
            make_installer=make_installer,
        )

    return make


@pytest.fixture
def uv_bench(make_bench: Callable[..., Bench]) -> Bench:
    """A bench for uv."""
    return make_bench(make_uv)


@pytest.fixture(params=["uv", "pip"])
def bench(request: pytest.FixtureRequest, make_bench: Callable[..., Bench]) -> Bench:
    """A bench for each installer in turn: the contract holds for both."""
    return make_bench({"uv": make_uv, "pip": make_pip}[request.param])


def make_uv(request: InstallRequest, environment: Mapping[str, str]) -> Installer:
    executable, problem = find_uv(environment)
    assert executable is not None, problem
    return UvInstaller(executable=executable, environment=environment)


def make_pip(request: InstallRequest, environment: Mapping[str, str]) -> Installer:
    return PipInstaller(environment=environment, prefix=request.prefix, python=request.python)


def requirement(line: str, *, number: int = 1, **changes: Any) -> Requirement:
    """A requirement as requirements.txt:NUMBER declares it."""
    name = None
    if not line.startswith(("file:", "http:", "git+")):
        end = next((i for i, letter in enumerate(line) if letter in "<>=!~[; @"), len(line))
        name = line[:end].lower()
    return Requirement(line=line, canonical=line, origin=f"requirements.txt:{number}", name=name, **changes)


def declare(*lines: str | Requirement, constraints: tuple[str, ...] = (), **options: Any) -> RequirementSet:
    """What a requirements file of these lines and index options says."""
    return RequirementSet(
        requirements=tuple(
            requirement(line, number=number) if isinstance(line, str) else line for number, line in enumerate(lines, 1)
        ),
        constraints=tuple(requirement(line) for line in constraints),
        options=IndexOptions(**options),
    )
