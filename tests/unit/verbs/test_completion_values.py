"""The names that completions ask for: those that are declared, and none that a shell would have to quote."""

import os
import sys
from pathlib import Path

import pytest

from pyve.environments.current import STATE_FOLDER, mirror
from pyve.verbs.completion_values import list_completion_values
from tests.architecture.test_light_path import HEAVY, imported_by
from tests.conftest import RunPyve


def names(kind: str, directory: Path) -> list[str]:
    return list_completion_values(kind, os.fspath(directory), dict(os.environ))


def declare(project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(text, encoding="utf-8")


def test_extras_and_groups_are_those_of_the_nearest_pyproject_toml(project: Path) -> None:
    declare(
        project,
        '[project]\nname = "x"\n[project.optional-dependencies]\nweb = []\ncli = []\n[dependency-groups]\ntest = []\n',
    )
    below = project / "src" / "x"
    below.mkdir(parents=True)
    assert names("extras", below) == ["cli", "web"]
    assert names("groups", below) == ["test"]


def test_names_that_a_shell_would_read_something_into_are_left_out(project: Path) -> None:
    hostile = ["$(touch pwned)", "`id`", "a b", "it's", "-x", "new\\nline", "a;b", "", "é", "a'b", "*"]
    keys = "".join(f'"{name}" = []\n' for name in [*hostile, "fine-1.0_x"])
    declare(project, f"[dependency-groups]\n{keys}")
    assert names("groups", project) == ["fine-1.0_x"]


@pytest.mark.parametrize(
    "text", ["", "nonsense [", "[project]\nname = 1\n", "project = 1", "dependency-groups = 1", "a = " + "[" * 5000]
)
def test_a_file_that_declares_none_gives_none(project: Path, text: str) -> None:
    declare(project, text)
    assert names("extras", project) == names("groups", project) == []


@pytest.mark.posix("named pipes")
def test_a_file_that_cannot_be_read_to_its_end_is_not_read(project: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(project / "pyproject.toml")
    assert names("extras", project) == []


def test_a_huge_file_is_not_read(project: Path) -> None:
    declare(project, "[dependency-groups]\ntest = []\n" + "#" * 2_000_000)
    assert names("groups", project) == []


def test_environments_are_those_that_have_a_record(project: Path, home: Path) -> None:
    state = home / "state"
    records = Path(mirror(os.fspath(state), os.fspath(project)), STATE_FOLDER, "records")
    records.mkdir(parents=True)
    for name in ("0123abcd-4567cdef.json", "$(touch pwned).json", "other.txt"):
        (records / name).touch()
    environment = {**os.environ, "PYVE_STATE_DIR": os.fspath(state)}
    assert list_completion_values("environments", os.fspath(project), environment) == ["0123abcd-4567cdef"]


def test_there_is_nothing_else_to_ask_for(project: Path) -> None:
    declare(project, "[project.optional-dependencies]\nweb = []\n")
    assert names("environments", project) == names("", project) == names("secrets", project) == []


def test_asking_imports_nothing_heavy_but_what_reads_toml(project: Path) -> None:
    call = "from pyve.verbs.completion_values import list_completion_values as ask; ask({!r}, {!r}, {{'HOME': '/'}})"
    assert imported_by(call.format("environments", os.fspath(project)), project) & HEAVY == set()
    declare(project, "[dependency-groups]\ntest = []\n")
    assert imported_by(call.format("groups", os.fspath(project)), project) & HEAVY <= {
        "tomllib",
        "tomli",
        "re",
        "typing",
    }


def test_the_command_line_answers_one_a_line_and_is_silent_about_failures(run_pyve: RunPyve, project: Path) -> None:
    declare(project, "[project.optional-dependencies]\nweb = []\ncli = []\n")
    answer = run_pyve("--project", os.fspath(project), "__complete", "extras", cwd=project.parent)
    assert (answer.exit_status, answer.stdout, answer.stderr) == (0, "cli\nweb\n", "")
    for words in (["__complete"], ["__complete", "nonsense"], ["--project", "/nowhere", "__complete", "groups"]):
        answer = run_pyve(*words)
        assert (answer.exit_status, answer.stdout, answer.stderr) == (0, "", "")
