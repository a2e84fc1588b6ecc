"""Locks in a fresh clone: judged by what files hold, never by their times, and by no process but pyve's own."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.package_index import PackageIndex
from tests.support.project_bench import ProjectBench

# Runs in the started pyve before anything else, and writes down every process that it starts.
RECORDER = """
import os, sys
def record(event, arguments):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.spawn"):
        with open(os.environ["STARTED"], "a") as file:
            file.write(f"{event} {arguments[:2]}\\n")
sys.addaudithook(record)
"""


def declare_inputs(bench: ProjectBench) -> None:
    bench.write("requirements.in", "# what runs\nalpha<2\nbeta\n")
    bench.write("requirements-dev.in", "gamma  # what tests\n")


def declare_project(bench: ProjectBench) -> None:
    text = (
        '[project]\nname = "own"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = [\n  "alpha<2",  # runs\n]\n'
    )
    text += f'[dependency-groups]\ndev = ["gamma"]\n[[tool.uv.index]]\nurl = "{bench.index.file_url}"\ndefault = true\n'
    bench.write("pyproject.toml", text)


def declare_conda(bench: ProjectBench) -> None:
    bench.declare("tiny<1.1  # pinned", "python")


KINDS: dict[str, tuple[Callable[[ProjectBench], None], str, str]] = {
    "requirements.in": (declare_inputs, "alpha<2", "requirements.in:2"),
    "pyproject.toml": (declare_project, "alpha<2", "pyproject.toml:6"),
    "environment.yml": (declare_conda, "tiny<1.1", "environment.yml:4"),
}


ON_POSIX = pytest.mark.posix("packages of the tests' channel are symbolic links and shell scripts")


@pytest.fixture(params=[pytest.param(name, marks=[ON_POSIX] if "yml" in name else []) for name in KINDS])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of declaration in turn."""
    return str(request.param)


@pytest.fixture
def clone(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> ProjectBench:
    """A clone of a repository whose locks were made and committed elsewhere; pyve has never seen it."""
    origin: ProjectBench = request.getfixturevalue("conda_bench" if kind == "environment.yml" else "bench")
    KINDS[kind][0](origin)
    origin.ok("lock")
    origin.git("init", "-q", "-b", "main")
    origin.git("add", ".")
    origin.git("commit", "-qm", "locked")
    cloned = origin.at(tmp_path / "the clone")
    origin.git("clone", "-q", os.fspath(origin.project), os.fspath(cloned.project))
    return cloned


def set_times(project: Path, seconds: list[int]) -> None:
    """Give the files of a project these modification times, one each."""
    files = sorted(path for path in project.iterdir() if path.is_file())
    for path, moment in zip(files, seconds, strict=False):
        os.utime(path, (moment, moment))


def test_clone_is_fresh_whatever_the_times_of_its_files(clone: ProjectBench) -> None:
    set_times(clone.project, [1_600_000_000] * 9)
    assert clone.ok("lock", "--check").exit_status == 0
    for seed in range(3):
        moments = [1_600_000_000 + 1000 * number for number in range(9)]
        random.Random(seed).shuffle(moments)
        set_times(clone.project, moments)
        assert all(one["state"] == "fresh" for one in clone.ok("lock", "--check", "--json").data["locks"])


def test_comment_leaves_a_lock_fresh_and_a_line_does_not(clone: ProjectBench, kind: str) -> None:
    _, line, place = KINDS[kind]
    source = clone.project / kind
    text = source.read_text(encoding="utf-8")

    source.write_text(text.replace("# ", "# other words: ") + "# and one more\n", encoding="utf-8", newline="\r\n")
    assert clone.run("lock", "--check").exit_status == 0
    source.write_text(text.replace(line, "alpha<3" if line[0] == "a" else "tiny<2"), encoding="utf-8")
    ran = clone.run("lock", "--check", "--json")

    assert ran.exit_status == 1
    reasons = " ".join(reason for lock in ran.data["locks"] for reason in lock["reasons"])
    assert place in reasons
    assert line in reasons
    source.write_text(text, encoding="utf-8")
    assert clone.run("lock", "--check").exit_status == 0


def test_check_starts_no_process_and_asks_nobody(clone: ProjectBench, tmp_path: Path) -> None:
    (tmp_path / "recorder").mkdir()
    (tmp_path / "recorder" / "sitecustomize.py").write_text(RECORDER, encoding="utf-8")
    started = tmp_path / "started"
    watched = {"PYTHONPATH": str(tmp_path / "recorder"), "STARTED": str(started)}
    shutil.rmtree(clone.index.directory)  # a resolver would miss it
    clone.ok("lock", "--check", env=watched)
    clone.write("requirements-more.in", "delta\n")  # and where it has to say no
    clone.run("lock", "--check", env=watched)

    assert not started.exists()
    clone.run("lock", "--upgrade", env=watched)
    assert started.exists(), "the recorder sees what locking starts"


@pytest.mark.linux("system calls are counted by strace")
def test_check_is_one_process(clone: ProjectBench, tmp_path: Path, need_program: Callable[[str], str]) -> None:
    trace = tmp_path / "trace"
    prefix = (need_program("strace"), "-f", "-e", "trace=execve,fork,vfork", "-o", os.fspath(trace))
    assert clone.run("lock", "--check", prefix=prefix).exit_status == 0

    calls = [line for line in trace.read_text(encoding="utf-8").splitlines() if "execve(" in line or "fork(" in line]
    assert len(calls) == 1, calls


def test_sync_in_a_clone_installs_what_is_locked_though_newer_is_there(
    bench: ProjectBench, index: PackageIndex, tmp_path: Path
) -> None:
    declare_inputs(bench)
    bench.ok("lock")
    index.add("alpha", "1.5", requires=["beta"])
    index.add("beta", "3.0")
    clone = bench.at(tmp_path / "the clone")
    for name in ("requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"):
        shutil.copy(bench.project / name, clone.project / name)

    clone.ok("init", "--strict")

    assert clone.installed() == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0"}
