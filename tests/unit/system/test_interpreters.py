"""Finding the interpreters of a machine: real ones, and programs that only look like one."""

import os
import stat
import sys
from pathlib import Path

import pytest

from pyve.system.interpreter_paths import candidate_paths
from pyve.system.interpreters import Interpreter, list_interpreters
from pyve.system.process import run_captured

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fake interpreters are shell scripts")

BASE = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
NOW = 1_800_000_000.0
HOUR = 3600.0


@pytest.fixture
def machine(tmp_path: Path) -> "Machine":
    return Machine(tmp_path)


class Machine:
    """A directory tree that stands for a machine; nothing outside of it is looked at."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.cache = root / "cache"
        self.bin = root / "bin"
        self.log = root / "executed"
        self.path = [self.bin]
        self.variables: dict[str, str] = {}
        for directory in (self.home, self.bin):
            directory.mkdir()

    def link(self, path: Path) -> Path:
        """A link to the interpreter that runs the tests."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(BASE)
        return path

    def script(self, path: Path, body: str) -> Path:
        """An executable script that writes its name to the log first."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{path.name}' >> '{self.log}'\n{body}\n")
        path.chmod(0o755)
        return path

    def wrapper(self, path: Path) -> Path:
        """A script that is a working interpreter with a file of its own, whose executions are counted."""
        return self.script(path, f"exec '{BASE}' \"$@\"")

    @property
    def executed(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []

    def interpreters(self, *, now: float = NOW) -> tuple[Interpreter, ...]:
        environment = {"PATH": os.pathsep.join(map(str, self.path)), **self.variables}
        return list_interpreters(environment=environment, home=self.home, cache_directory=self.cache, now=now)

    def found(self, *, now: float = NOW) -> list[tuple[str, str]]:
        """What was found: path below the machine's root, and source."""
        root = self.home.parent
        return [(one.executable.relative_to(root).as_posix(), one.source) for one in self.interpreters(now=now)]


def test_an_interpreter_on_path_tells_what_it_is(machine: Machine) -> None:
    path = machine.link(machine.bin / "python3")
    [found] = machine.interpreters()
    assert found.executable == path
    assert found.implementation == sys.implementation.name
    assert found.version == sys.version_info[:3]
    assert found.version_text.startswith(".".join(map(str, sys.version_info[:3])))
    assert found.prerelease is (sys.version_info.releaselevel != "final")
    assert found.bits == (64 if sys.maxsize > 2**32 else 32)
    assert found.source == "PATH"


@pytest.mark.parametrize(
    ("variable", "place", "source"),
    [
        (None, "home/.pyenv/versions/3.12.1/bin/python3.12", "pyenv"),
        ("PYENV_ROOT", "elsewhere/versions/3.12.1/bin/python3.12", "pyenv"),
        (None, "home/.asdf/installs/python/3.12.1/bin/python3", "asdf"),
        ("ASDF_DATA_DIR", "elsewhere/installs/python/3.12.1/bin/python3", "asdf"),
        (None, "home/.local/share/mise/installs/python/3.12.1/bin/python", "mise"),
        ("MISE_DATA_DIR", "elsewhere/installs/python/3.12.1/bin/python", "mise"),
        (None, "home/.local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu/bin/python3.12", "uv"),
        ("XDG_DATA_HOME", "elsewhere/uv/python/cpython-3.12.1-linux-x86_64-gnu/bin/python3.12", "uv"),
        ("UV_PYTHON_INSTALL_DIR", "elsewhere/cpython-3.12.1-linux-x86_64-gnu/bin/python3.12", "uv"),
    ],
)
def test_versions_of_every_manager_are_found(machine: Machine, variable: str | None, place: str, source: str) -> None:
    machine.wrapper(machine.home.parent / place)
    if variable:
        machine.variables[variable] = str(machine.home.parent / "elsewhere")
    assert machine.found() == [(place, source)]


def test_a_file_with_several_names_is_listed_once_by_its_most_telling_name(machine: Machine) -> None:
    real = machine.wrapper(machine.home / ".pyenv/versions/3.12.1/bin/python3.12")
    for name in ("python", "python3"):
        (real.parent / name).symlink_to("python3.12")
    (machine.bin / "python3").symlink_to(real)
    (machine.bin / "python3.12").symlink_to(real)
    assert machine.found() == [("bin/python3.12", "PATH")]


def test_shims_are_never_executed(machine: Machine) -> None:
    for directory in (machine.home / ".pyenv/shims", machine.home / ".asdf/shims", machine.home / "mise/shims"):
        for name in ("python", "python3", "python3.12"):
            machine.script(directory / name, f"exec '{BASE}' \"$@\"")
        machine.path.insert(0, directory)
    (machine.bin / "python3").symlink_to(machine.home / ".pyenv/shims/python3")
    assert machine.found() == []
    assert machine.executed == []


def test_the_script_that_stands_for_a_shim_is_executed_outside_of_a_shim_directory(machine: Machine) -> None:
    machine.wrapper(machine.bin / "python3")
    assert machine.found() == [("bin/python3", "PATH")]
    assert "python3" in machine.executed


def test_a_virtual_environment_on_path_leads_to_its_base_and_is_not_used(machine: Machine) -> None:
    base = machine.wrapper(machine.home.parent / "opt/bin/python3")
    inside = machine.wrapper(machine.home / "app/.venv/bin/python")
    (inside.parent.parent / "pyvenv.cfg").write_text(f"home = {base.parent}\nversion = 3.12.1\n")
    machine.path.insert(0, inside.parent)
    machine.variables["VIRTUAL_ENV"] = str(inside.parent.parent)
    assert machine.found() == [("opt/bin/python3", "PATH")]
    assert "python" not in machine.executed


def test_a_virtual_environment_among_the_versions_of_pyenv_is_not_used(machine: Machine) -> None:
    inside = machine.wrapper(machine.home / ".pyenv/versions/shop/bin/python")
    (inside.parent.parent / "pyvenv.cfg").write_text("version = 3.12.1\n")
    assert machine.found() == []


def test_a_conda_environment_on_path_is_not_used_but_the_base_installation_is(machine: Machine) -> None:
    for prefix, is_base in (("conda", True), ("conda/envs/shop", False)):
        python = machine.wrapper(machine.home / prefix / "bin/python3")
        (python.parent.parent / "conda-meta").mkdir()
        if is_base:
            (python.parent.parent / "condabin").mkdir()
        machine.path.insert(0, python.parent)
    assert machine.found() == [("home/conda/bin/python3", "PATH")]


def test_relative_entries_of_path_are_not_looked_at(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.wrapper(machine.home / "python3")
    machine.wrapper(machine.home / "bin/python3")
    monkeypatch.chdir(machine.home)
    machine.variables["PATH"] = ":.:bin"
    assert machine.interpreters() == ()
    assert machine.executed == []


def test_what_does_not_answer_as_an_interpreter_is_left_out(machine: Machine) -> None:
    machine.link(machine.bin / "python3")
    (machine.bin / "python3.9").symlink_to(machine.home / "gone")
    (machine.bin / "python3.10").mkdir()
    (machine.bin / "python3.11").write_bytes(b"\x7fELF, but of no machine")
    (machine.bin / "python3.11").chmod(0o755)
    (machine.bin / "python3.12").write_text("not executable")
    machine.script(machine.bin / "python3.13", "exit 3")
    machine.script(machine.bin / "python3.14", "echo 3.14.0")
    (machine.bin / "python3.8").write_bytes(b"")
    (machine.bin / "python3.8").chmod(0o755)
    (machine.bin / "python3-config").write_text("#!/bin/sh\n")
    assert machine.found() == [("bin/python3", "PATH")]


@pytest.mark.slow
def test_a_program_that_hangs_is_left_out_and_not_asked_again_within_the_hour(machine: Machine) -> None:
    machine.link(machine.bin / "python3")
    machine.script(machine.bin / "python3.12", "exec /bin/sleep 600")
    assert machine.found() == [("bin/python3", "PATH")]
    asked = len(machine.executed)
    assert asked > 0
    assert machine.found(now=NOW + HOUR - 1) == [("bin/python3", "PATH")]
    assert len(machine.executed) == asked


def test_a_program_that_failed_is_asked_again_after_an_hour(machine: Machine) -> None:
    need = machine.home / "library"
    machine.script(machine.bin / "python3", f"test -e '{need}' && exec '{BASE}' \"$@\"; exit 127")
    assert machine.found() == []
    need.touch()
    assert machine.found(now=NOW + HOUR - 1) == []
    assert machine.found(now=NOW + HOUR) == [("bin/python3", "PATH")]


def test_an_interpreter_is_asked_once_and_then_remembered(machine: Machine) -> None:
    machine.wrapper(machine.bin / "python3")
    first = machine.interpreters()
    asked = len(machine.executed)
    assert asked > 0
    assert machine.interpreters(now=NOW + 1000 * HOUR) == first
    assert len(machine.executed) == asked


def test_a_replaced_interpreter_is_asked_again_even_when_its_time_is_the_same(machine: Machine) -> None:
    path = machine.wrapper(machine.bin / "python3")
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    [_] = machine.interpreters()
    machine.script(machine.bin / "new", "exit 3").replace(path)
    os.utime(path, ns=times)
    assert machine.interpreters() == ()


def test_a_damaged_index_is_made_anew(machine: Machine) -> None:
    machine.link(machine.bin / "python3")
    [before] = machine.interpreters()
    [index] = machine.cache.iterdir()
    for content in (b"{", b"[]", b'{"format": 1, "entries": {"/x": 3}}', b'{"format": 99}', b"\xff"):
        index.write_bytes(content)
        assert machine.interpreters() == (before,)


def test_nothing_is_lost_when_the_cache_cannot_be_written(machine: Machine) -> None:
    machine.link(machine.bin / "python3")
    machine.cache.write_text("a file where the directory should be")
    assert machine.found() == [("bin/python3", "PATH")]


def test_the_index_is_readable_by_its_owner_alone(machine: Machine) -> None:
    machine.link(machine.bin / "python3")
    machine.interpreters()
    [index] = machine.cache.iterdir()
    assert stat.S_IMODE(index.stat().st_mode) == 0o600


def test_what_an_interpreter_prints_reaches_neither_stdout_nor_stderr(
    machine: Machine, capfd: pytest.CaptureFixture[str]
) -> None:
    machine.script(machine.bin / "python3", f"echo welcome; echo watch out >&2; exec '{BASE}' \"$@\"")
    assert machine.found() == [("bin/python3", "PATH")]
    assert capfd.readouterr() == ("", "")


def test_variables_of_the_caller_do_not_reach_interpreters(machine: Machine) -> None:
    machine.link(machine.bin / "python3")
    machine.variables["PYTHONHOME"] = "/nowhere"
    machine.variables["PYTHONPATH"] = "/nowhere"
    assert machine.found() == [("bin/python3", "PATH")]


def windows_program(path: Path, content: bytes = b"MZ") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def test_the_places_of_windows_are_looked_at(machine: Machine) -> None:
    local, roaming = machine.home / "Local", machine.home / "Roaming"
    store = windows_program(local / "Microsoft/WindowsApps/python.exe", b"")
    expected = {
        windows_program(machine.bin / "python.exe"): "PATH",
        windows_program(machine.home / ".pyenv/pyenv-win/versions/3.12.1/python.exe"): "pyenv",
        windows_program(roaming / "uv/data/python/cpython-3.12.1-windows-x86_64-none/python.exe"): "uv",
        windows_program(local / "Python/pythoncore-3.14-64/python.exe"): "registry",
    }
    windows_program(machine.bin / "pythonw.exe")
    environment = {
        "PATH": f"{store.parent};{machine.bin}",
        "LOCALAPPDATA": str(local),
        "APPDATA": str(roaming),
    }
    found = candidate_paths(environment=environment, home=machine.home, platform="win32")
    assert {one.path: one.source for one in found} == expected


def test_the_stub_of_macos_is_not_executed(machine: Machine) -> None:
    environment = {"PATH": "/usr/bin"}
    found = list_interpreters(
        environment=environment, home=machine.home, cache_directory=machine.cache, now=NOW, platform="darwin"
    )
    assert all(one.executable.parent != Path("/usr/bin") for one in found)


def test_the_real_interpreters_of_this_machine_are_what_they_say_they_are(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "PYENV_ROOT") if name in os.environ}
    found = list_interpreters(environment=environment, home=None, cache_directory=machine.cache, now=NOW)
    script = "import sys; v = sys.version_info; print(sys.implementation.name, *v[:3], v[3] != 'final')"
    for one in found:
        finished = run_captured([one.executable, "-I", "-c", script], timeout_seconds=30)
        expected = [one.implementation, *map(str, one.version), str(one.prerelease)]
        assert finished.stdout.split() == expected, one.executable
    assert len({os.path.realpath(one.executable) for one in found}) == len(found)
    with capsys.disabled():
        sys.stdout.write(f" [{', '.join(f'{one.version_text} {one.source}' for one in found)}] ")
