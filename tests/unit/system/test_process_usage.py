import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyve.system.process_usage import read_process_usage

Start = Callable[..., int]  # command words, cwd=, variables; returns the process id
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
WAIT = "import sys; print('up', flush=True); sys.stdin.read()"
MAP = f"import mmap, sys; f = open(sys.argv[1]); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ); f.close(); {WAIT}"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    directory = tmp_path / "an environment"
    (directory / "bin").mkdir(parents=True)
    (directory / "bin" / "python").symlink_to(sys.executable)
    (directory / "library.so").write_bytes(b"x" * 5000)
    return directory


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def run(*command: str, cwd: Path | None = None, **variables: str) -> int:
        process = subprocess.Popen(
            command,
            cwd=cwd or tmp_path,
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"up"
        return process.pid

    yield run
    for process in started:
        process.communicate()


def uses_of(environment: Path, pid: int) -> set[str]:
    usage = read_process_usage()
    assert usage.known
    assert usage.find_user_of(environment) is not None
    return {used.what for used in usage.paths if used.pid == pid and used.path.startswith(str(environment))}


@on_linux
def test_nobody_uses_what_nobody_uses(environment: Path) -> None:
    assert read_process_usage().find_user_of(environment) is None


@on_linux
def test_a_working_directory_is_a_use(environment: Path, start: Start) -> None:
    pid = start(sys.executable, "-c", WAIT, cwd=environment / "bin")
    assert "working directory" in uses_of(environment, pid)


@on_linux
@pytest.mark.parametrize("name", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_an_activated_shell_is_a_use(environment: Path, start: Start, name: str) -> None:
    pid = start(sys.executable, "-c", WAIT, **{name: str(environment)})
    assert name in uses_of(environment, pid)


@on_linux
def test_an_environment_activated_through_a_link_is_in_use(environment: Path, start: Start, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(environment)
    pid = start(sys.executable, "-c", WAIT, VIRTUAL_ENV=str(tmp_path / "link"))
    assert "VIRTUAL_ENV" in uses_of(environment, pid)


@on_linux
def test_a_mapped_file_is_a_use(environment: Path, start: Start) -> None:
    pid = start(sys.executable, "-c", MAP, str(environment / "library.so"))
    assert "mapped file" in uses_of(environment, pid)


@on_linux
def test_an_interpreter_started_by_its_path_is_a_use(environment: Path, start: Start) -> None:
    pid = start(str(environment / "bin" / "python"), "-c", WAIT)
    assert "argument" in uses_of(environment, pid)


@on_linux
def test_an_interpreter_started_through_a_link_is_a_use(environment: Path, start: Start, tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(environment)
    pid = start(".venv/bin/python", "-c", WAIT)
    assert "argument" in uses_of(environment, pid)


def test_without_proc_it_is_not_known_and_the_reason_is_said(tmp_path: Path) -> None:
    usage = read_process_usage(tmp_path)
    assert not usage.known
    assert usage.reason
