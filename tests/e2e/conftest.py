"""End to end: the command line as a process, in a project of its own, against an index of made-up packages."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.conda_channel import LocalChannel
from tests.support.package_index import PackageIndex
from tests.support.project_bench import ProjectBench
from tests.support.standing_environment import StandingEnvironment, stand


@pytest.fixture(scope="session")
def session_caches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Caches that all tests of this process share, so that only the first pays for what never changes."""
    top = tmp_path_factory.mktemp("caches")
    return {"UV_CACHE_DIR": str(top / "uv"), "PYVE_CACHE_DIR": str(top / "pyve")}


@pytest.fixture
def index(tmp_path: Path) -> PackageIndex:
    """Alpha (needs beta) in two versions with a command, beta in two, gamma and delta with nothing."""
    made = PackageIndex(tmp_path / "index")
    made.add("alpha", "1.0", requires=["beta"], scripts={"alpha": "alpha:main"})
    made.add("alpha", "2.0", requires=["beta"], scripts={"alpha": "alpha:main"})
    made.add("beta", "1.0")
    made.add("beta", "2.0")
    made.add("gamma", "1.0", scripts={"gamma": "gamma:main"})
    made.add("delta", "1.0")
    return made


@pytest.fixture
def bench(project: Path, home: Path, index: PackageIndex, session_caches: dict[str, str]) -> ProjectBench:
    """The bench for `project`, which is empty; nothing needs the network."""
    state = home / ".local" / "state" / "pyve"
    environment = {
        **session_caches,
        "PYVE_STATE_DIR": str(state),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index.file_url,
    }
    return ProjectBench(project=project, home=home, environment=environment, index=index)


@pytest.fixture
def conda_bench(bench: ProjectBench, conda_channel: LocalChannel) -> ProjectBench:
    """The bench where conda-forge is the tests' own channel, by the user's settings."""
    bench.ok("config", "set", "--user", "conda.mirrors.conda-forge", conda_channel.url)
    return bench


@pytest.fixture
def standing(conda_bench: ProjectBench) -> StandingEnvironment:
    """Python and tiny 1.1 of conda, built and in use."""
    return stand(conda_bench)


@pytest.fixture
def cold(tmp_path: Path) -> dict[str, str]:
    """Variables under which nothing of conda is cached."""
    return {"PYVE_CACHE_DIR": str(tmp_path / "cold cache")}


@pytest.fixture
def other_python(conda_channel: LocalChannel) -> str:
    """The older of the two minors that the channel has."""
    if len(conda_channel.minors) < 2:
        pytest.skip("this machine has a single Python, so the channel has no second one")
    return conda_channel.minors[-1]


@pytest.fixture
def repository(bench: ProjectBench) -> ProjectBench:
    """Two branches, one with alpha 1.0, two with alpha 2.0, each synced once; two is checked out."""
    bench.git("init", "-q", "-b", "one")
    bench.require("alpha==1.0")
    bench.git("add", ".")
    bench.git("commit", "-qm", "one")
    bench.ok("init")
    bench.git("switch", "-qc", "two")
    bench.require("alpha==2.0")
    bench.git("commit", "-qam", "two")
    bench.ok("sync")
    return bench


@pytest.fixture
def index_that_is_gone(repository: ProjectBench, tmp_path: Path) -> dict[str, str]:
    """Variables under which nothing can be installed: no index, no cache."""
    shutil.rmtree(repository.index.directory)
    return {"UV_CACHE_DIR": str(tmp_path / "empty"), "PIP_CACHE_DIR": str(tmp_path / "empty too")}
