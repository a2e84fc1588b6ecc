"""Every test runs with a home of its own; what it writes into the real one fails it.

Fixtures for all tests: `home` (this test's home), `project` (an empty directory with a hostile name), `run_pyve` (the
installed command line as a process), `need_program`, `conda_channel` (conda packages of every kind, made once).
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import hypothesis
import pytest

if TYPE_CHECKING:
    from tests.support.conda_channel import LocalChannel

hypothesis.settings.register_profile("no deadline", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("no deadline")  # no test fails because a machine is busy

CHECKOUT = Path(__file__).resolve().parent.parent
IN_CI = bool(os.environ.get("CI"))
COMMAND_TIMEOUT_SECONDS = 600

# Taken out of every test: what would make a result depend on the person or the machine.
SEALED_PREFIXES = (
    *("PYVE_", "_PYVE_", "DIRENV_", "__MISE_", "XDG_", "VIRTUAL_ENV", "CONDA_", "MAMBA_", "PIP_", "UV_", "TWINE_"),
    *("NETRC", "GIT_"),
)
SEALED_NAMES = (
    *("CI", "GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "COLUMNS", "LINES"),
    *("PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "PROMPT_COMMAND"),
)
# Left in: what a machine needs to reach its package index. A global pip configuration file stays reachable too.
KEPT_NAMES = (
    *("PIP_CERT", "PIP_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CONFIG_FILE", "PIP_DEFAULT_TIMEOUT", "PIP_PROXY"),
    *("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_CACHE_DIR", "GIT_SSL_CAINFO"),
    # Which shells the scenarios run: a path each.
    *("PYVE_TEST_BASH", "PYVE_TEST_ZSH", "PYVE_TEST_FISH"),
)


def _sealed_environment(home: Path) -> dict[str, str | None]:
    """What to set (or, None, to unset) so that nothing outside `home` is read or written."""
    changes: dict[str, str | None] = {
        name: None
        for name in os.environ
        if (name in SEALED_NAMES or name.startswith(SEALED_PREFIXES)) and name not in KEPT_NAMES
    }
    changes |= {
        "HOME": os.fspath(home),
        # Shared by all tests and kept between runs, for speed: installers' caches are content-addressed.
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR") or os.fspath(CHECKOUT / ".cache" / "uv"),
        "PIP_CACHE_DIR": os.fspath(CHECKOUT / ".cache" / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A Tester",
        "GIT_AUTHOR_EMAIL": "tester@example.invalid",
        "GIT_COMMITTER_NAME": "A Tester",
        "GIT_COMMITTER_EMAIL": "tester@example.invalid",
    }
    if sys.platform == "darwin":
        changes["BASH_SILENCE_DEPRECATION_WARNING"] = "1"  # its bash advertises zsh at each start
    if sys.platform == "win32":
        # Windows asks the system, not the environment, for these folders; so each one is moved by name.
        local, roaming = home / "AppData" / "Local", home / "AppData" / "Roaming"
        changes |= {
            "USERPROFILE": os.fspath(home),
            "LOCALAPPDATA": os.fspath(local),
            "APPDATA": os.fspath(roaming),
            "WIN_PD_OVERRIDE_LOCAL_APPDATA": os.fspath(local),
            "WIN_PD_OVERRIDE_APPDATA": os.fspath(roaming),
            "PYTHONIOENCODING": "utf-8",  # what the tests read; the default for a pipe is that of the machine
            "PYVE_STATE_DIR": os.fspath(local / "pyve"),
            "PYVE_CACHE_DIR": os.fspath(local / "pyve" / "Cache"),
        }
    return changes


def _apply(patch: pytest.MonkeyPatch, changes: Mapping[str, str | None]) -> None:
    for name, value in changes.items():
        if value is None:
            patch.delenv(name, raising=False)
        else:
            patch.setenv(name, value)


def _guarded_places(environment: Mapping[str, str]) -> list[Path]:
    """The real user's directories that pyve would write to, were it not for the seal."""
    home = Path(environment.get("USERPROFILE" if sys.platform == "win32" else "HOME") or Path.home())
    places = [
        *(home / ".local" / folder for folder in ("state/pyve", "share/pyve", "bin")),
        home / ".config" / "pyve",
        home / ".cache" / "pyve",
        home / "Library" / "Application Support" / "pyve",
        home / "Library" / "Caches" / "pyve",
    ]
    roots = ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "APPDATA")
    places += [Path(environment[name]) / "pyve" for name in roots if environment.get(name)]
    places += [Path(environment[name]) for name in ("PYVE_STATE_DIR", "PYVE_CACHE_DIR") if environment.get(name)]
    return places


GUARDED_PLACES = _guarded_places(os.environ)


def _take_stock() -> dict[str, int]:
    """Modification times of the guarded places and two levels below; a place that is absent has none."""
    stock = {}
    for place in GUARDED_PLACES:
        for path in (place, *place.glob("*"), *place.glob("*/*")):
            try:
                stock[os.fspath(path)] = path.lstat().st_mtime_ns
            except OSError:
                continue
    return stock


@pytest.fixture(scope="session", autouse=True)
def _sealed_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fixtures wider than one test are sealed too, and no signal is ignored as below nohup."""
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with pytest.MonkeyPatch.context() as patch:
        _apply(patch, _sealed_environment(tmp_path_factory.mktemp("session home")))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, _sealed_session: None) -> Iterator[Path]:
    """This test's home directory, empty; fails the test when it wrote into the real one."""
    directory = tmp_path_factory.mktemp("home of this test")
    before = _take_stock()
    with pytest.MonkeyPatch.context() as patch:
        _apply(patch, _sealed_environment(directory))
        yield directory
    after = _take_stock()
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    assert not changed, f"the real home was written to: {changed}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty directory whose name holds what breaks careless quoting: a space and a quote."""
    directory = tmp_path / "a project's dir"
    directory.mkdir()
    return directory


@dataclass(frozen=True, kw_only=True)
class PyveResult:
    """What one run of the command line gave."""

    command: tuple[str, ...]
    exit_status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout; fails when there is anything else."""
        return json.loads(self.stdout)


class RunPyve(Protocol):
    """Runs the installed command line. `env` is laid over the sealed environment; None takes a name out."""

    def __call__(
        self,
        *args: str,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        input: str = "",  # noqa: A002  (reads like subprocess.run)
    ) -> PyveResult: ...


@pytest.fixture
def run_pyve(project: Path) -> RunPyve:
    """Run `pyve ARGS` as a process without a terminal, in `project` unless told otherwise."""

    def run(
        *args: str,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        input: str = "",  # noqa: A002  (reads like subprocess.run)
    ) -> PyveResult:
        environment = {**os.environ, **(env or {})}
        finished = subprocess.run(
            [sys.executable, "-m", "pyve", *args],
            cwd=cwd or project,
            env={name: value for name, value in environment.items() if value is not None},
            input=input,
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_TIMEOUT_SECONDS,
            check=False,
        )
        return PyveResult(
            command=("pyve", *args),
            exit_status=finished.returncode,
            stdout=finished.stdout,
            stderr=finished.stderr,
        )

    return run


@pytest.fixture
def need_program() -> Callable[[str], str]:
    """Path of a program; the test skips where it is missing, and fails there when CI is set."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            _skip_or_fail(f"{name} is not installed")
        return path

    return find


@pytest.fixture(scope="session")
def conda_channel(_sealed_session: None, tmp_path_factory: pytest.TempPathFactory) -> "LocalChannel":
    """A channel that all tests share, in a directory named conda-forge; nobody changes it."""
    from tests.support.conda_channel import build_channel  # this file is tried on its own too

    return build_channel(tmp_path_factory.mktemp("channels") / "conda-forge")


def _skip_or_fail(reason: str) -> NoReturn:
    if IN_CI:
        pytest.fail(f"{reason}, and CI is set")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def _index_problem(_sealed_session: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Why no package index can be reached, in one line; empty when one can."""
    from uv import find_uv_bin

    environment = dict(os.environ)
    environment["UV_HTTP_RETRIES"] = "1"
    if "PIP_INDEX_URL" in environment:
        environment.setdefault("UV_DEFAULT_INDEX", environment["PIP_INDEX_URL"])
    # One retry: a slow first answer is not an unreachable index.
    finished = subprocess.run(
        [find_uv_bin(), "pip", "compile", "--no-cache", "--python", sys.executable, "-"],
        cwd=tmp_path_factory.mktemp("index"),
        env=environment,
        input="iniconfig\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return "" if finished.returncode == 0 else "no package index can be reached: " + finished.stderr.strip()[-300:]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this system does not have, before any fixture is made."""
    for name, is_here in (("posix", sys.platform != "win32"), ("linux", sys.platform == "linux")):
        mark = item.get_closest_marker(name)
        if mark is not None and not mark.args:
            pytest.fail(f"say why this is for {name} alone: @pytest.mark.{name}(REASON)")
        if mark is not None and not is_here:
            pytest.skip(f"{name} only: {mark.args[0]}")
    if sys.platform == "win32" and "conda_channel" in getattr(item, "fixturenames", ()):
        pytest.skip("posix only: packages of the tests' channel are symbolic links and shell scripts")


@pytest.fixture(autouse=True)
def _index_where_needed(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("needs_index"):
        problem = request.getfixturevalue("_index_problem")
        if problem:
            _skip_or_fail(problem)
