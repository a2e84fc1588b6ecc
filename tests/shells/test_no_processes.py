"""Counted system calls: a prompt and a cd start no process, and a prompt tests a handful of files."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.shells.conftest import OpenShell
from tests.support.activation_stage import Stage
from tests.support.conda_stage import BASE, conda_of, keep_scripts, make_conda_project
from tests.support.shell_languages import ShellLanguage, quote

pytestmark = pytest.mark.linux("strace counts")

PROMPTS = 10
PROCESS = re.compile(r"\b(clone3?|fork|vfork|execve|execveat)\(")
FILE_TEST = re.compile(r"\b(stat|lstat|newfstatat|statx|access|faccessat2?|open|openat|readlink)\(")
WATCHED = 2  # the directory and the requirements file


@pytest.fixture
def strace(need_program: Callable[[str], str], tmp_path: Path) -> str:
    """Strace's path, once it has shown that it may trace here."""
    program = need_program("strace")
    tried = subprocess.run(
        [program, "-o", str(tmp_path / "tried"), "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode != 0:
        pytest.skip(f"strace may not trace here: {tried.stderr.strip()}")
    return program


class TracedShell:
    """A shell whose system calls are written down; `between` gives those of what is done in a block."""

    def __init__(self, shell: OpenShell, strace: str, tmp_path: Path, *, cwd: Path | None = None, hooked: bool = True):
        self._log = tmp_path / f"trace of {'hooked' if hooked else 'bare'}"
        calls = "trace=process,%file,%stat,%lstat"
        words = (strace, "-f", "-qq", "-s", "400", "-e", calls, "-o", str(self._log))
        self.terminal = shell(cwd, hooked=hooked, prefix=words)
        self._marks = 0

    def calls_of(self, *lines: str) -> list[str]:
        """The system calls from after one line is typed to the prompt after the last one."""
        begin, end = self._mark(), None
        for line in lines:
            self.terminal.type(line)
        end = self._mark()
        log = self._log.read_text("utf-8", "surrogateescape").splitlines()
        first = next(number for number, line in enumerate(log) if begin in line)
        last = next(number for number, line in enumerate(log) if end in line)
        return [line for line in log[first:last] if begin not in line]

    @property
    def main_thread(self) -> str:
        """The number of the shell's first thread."""
        with self._log.open(encoding="utf-8", errors="surrogateescape") as log:
            return log.readline().partition(" ")[0]

    def _mark(self) -> str:
        self._marks += 1
        name = f"/mark-{self._marks}-"
        self.terminal.type(f"test -e {name}")
        return name


def _processes(calls: list[str]) -> list[str]:
    """What starts a process; a thread of the shell's own (fish paints in one) is none."""
    return [call for call in calls if PROCESS.search(call) and "CLONE_THREAD" not in call]


def _file_tests(calls: list[str], *, main: str, below: Path) -> list[str]:
    """What the shell's main thread asks of projects and of the user's state (and not of its own history)."""
    places = tuple(f'"{below / name}/' for name in ("user", "projects"))
    asked = [call for call in calls if FILE_TEST.search(call) and call.startswith(f"{main} ")]
    return [call for call in asked if any(place in call for place in places)]


def test_nothing_is_started_by_prompts_and_cds(
    shell: OpenShell, stage: Stage, root: Path, base: Path, tmp_path: Path, strace: str, language: ShellLanguage
) -> None:
    stage.make_project(root)
    other = stage.make_project(tmp_path / "second")
    (root / "a" / "b").mkdir(parents=True)
    deep = tmp_path.joinpath(*(f"level{number}" for number in range(25)))
    deep.mkdir(parents=True)
    stage.write_references(stage.describe(root))
    traced = TracedShell(shell, strace, tmp_path)
    traced.terminal.cd(root)
    traced.terminal.cd(base)  # what a shell loads once, it has loaded
    names = (root, root / "a" / "b", other.root, base, root, deep, base)
    typed = [f"cd -- {_typed(language, place)}" for place in names]
    calls = traced.calls_of(*(line for cd in typed for line in (cd, "true a", "true b")))
    assert _processes(calls) == []
    assert traced.terminal.environment()["PATH"] == "/usr/local/bin:/usr/bin:/bin"


def test_nothing_is_started_by_a_cd_into_a_conda_prefix(
    shell: OpenShell, stage: Stage, root: Path, base: Path, tmp_path: Path, strace: str, language: ShellLanguage
) -> None:
    make_conda_project(stage, root)
    other = make_conda_project(stage, tmp_path / "second", name="second")
    traced = TracedShell(shell, strace, tmp_path)
    traced.terminal.do(*(language.export(name, value) for name, value in BASE.items()))
    traced.terminal.cd(root)
    traced.terminal.cd(base)  # what a shell loads once, it has loaded
    typed = [f"cd -- {_typed(language, place)}" for place in (root, other.root, base)]
    calls = traced.calls_of(*(line for cd in typed for line in (cd, "true a", "true b")))
    assert _processes(calls) == []
    assert conda_of(traced.terminal.environment()) == BASE


def test_nothing_but_what_scripts_start_is_started(
    shell: OpenShell, stage: Stage, root: Path, base: Path, tmp_path: Path, strace: str, language: ShellLanguage
) -> None:
    texts = [language.export("OF_A_SCRIPT", "1"), "true"]
    scripts = keep_scripts(stage, root, "activate", texts, language=language)
    on_leaving = keep_scripts(stage, root, "deactivate", [language.unset("OF_A_SCRIPT")], language=language)
    make_conda_project(stage, root, scripts=scripts, scripts_on_leaving=on_leaving)
    traced = TracedShell(shell, strace, tmp_path)
    traced.terminal.cd(root)
    assert traced.terminal.environment()["OF_A_SCRIPT"] == "1"
    traced.terminal.cd(base)
    calls = traced.calls_of(*(f"cd -- {_typed(language, place)}" for place in (root, base)))
    assert _processes(calls) == []


def test_a_shell_that_starts_inside_a_project_starts_nothing(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, strace: str
) -> None:
    stage.make_project(root)
    shell(hooked=False).prompt()  # what a shell does once for each home, it has done
    counts = {}
    for hooked in (True, False):
        traced = TracedShell(shell, strace, tmp_path, cwd=root, hooked=hooked)
        traced.terminal.prompt()
        log = (tmp_path / f"trace of {'hooked' if hooked else 'bare'}").read_text("utf-8", "surrogateescape")
        counts[hooked] = len(_processes(log.splitlines()))
    assert counts[True] == counts[False]


@pytest.mark.parametrize(
    ("place", "limit"),
    [
        pytest.param("outside", 1, id="outside of projects: the generation"),
        pytest.param("inside", 2 + 2 * WATCHED, id="inside: the generation, the reference, two for each watched file"),
        pytest.param("on a network", 1, id="on a network: the generation, and no file of the project"),
    ],
)
def test_a_prompt_tests_a_handful_of_files(
    shell: OpenShell, stage: Stage, root: Path, base: Path, tmp_path: Path, strace: str, place: str, limit: int
) -> None:
    stage.make_project(root)
    if place == "on a network":
        stage.write(replace(stage.describe(root), watch_on_cd=True))
    counts = {}
    for hooked in (True, False):
        traced = TracedShell(shell, strace, tmp_path, cwd=base if place == "outside" else root, hooked=hooked)
        traced.terminal.prompt()
        calls = traced.calls_of(*(f"true {number}" for number in range(PROMPTS)))
        assert _processes(calls) == []
        counts[hooked] = len(_file_tests(calls, main=traced.main_thread, below=tmp_path))
        if place == "on a network" and hooked:
            assert not [call for call in calls if "requirements.txt" in call]
    assert counts[True] - counts[False] <= limit * (PROMPTS + 1)
    assert counts[True] > counts[False]  # or nothing was counted


def test_a_question_to_pyve_is_one_process(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, strace: str
) -> None:
    stage.make_project(root)
    traced = TracedShell(shell, strace, tmp_path, cwd=root)
    stage.change(root / "requirements.txt")
    calls = traced.calls_of("true 1", "true 2", "true 3")
    assert len([call for call in calls if "execve(" in call and "shell-env" in call]) == 1


def _typed(language: ShellLanguage, place: Path | str) -> str:
    """A directory in words that can be typed: `!` would be taken from the history."""
    quoted = quote(language, str(place))
    return quoted if language.name == "fish" else quoted.replace("!", "'\\!'")
