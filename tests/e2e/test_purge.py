"""`pyve purge`: back to the directory that was there before init."""

import signal
import sys
import time
from pathlib import Path

import pytest

from pyve.system.files import is_link
from tests.support.project_bench import ProjectBench
from tests.support.stored_project import git_status, make_repository, take_picture


@pytest.fixture
def repository(bench: ProjectBench) -> ProjectBench:
    bench.require("alpha==1.0")
    bench.write(".gitignore", "*.log\n.venv/")
    bench.write(".env", "SECRET=1\n")
    bench.write(".python-version", f"{sys.version_info[0]}.{sys.version_info[1]}\n")
    bench.write("notes/ideas.txt", "mine\n").chmod(0o640)
    make_repository(bench.project)
    bench.write("debug.log", "ignored\n")
    return bench


def look_at(bench: ProjectBench) -> tuple[dict[str, tuple[int, bytes]], str, bytes]:
    exclude = bench.project / ".git" / "info" / "exclude"
    return take_picture(bench.project), git_status(bench.project), exclude.read_bytes()


def test_the_tree_and_git_status_are_as_before_init(repository: ProjectBench) -> None:
    before = look_at(repository)
    repository.ok("init")
    assert look_at(repository) != before

    repository.ok("purge", "--yes")

    assert look_at(repository) == before
    assert not repository.state.exists()


def test_the_flag_form_means_the_same(repository: ProjectBench) -> None:
    before = look_at(repository)
    repository.ok("init")

    assert repository.ok("--purge", "--yes", "--json").json["command"] == "purge"

    assert look_at(repository) == before


def test_it_works_from_a_subdirectory(repository: ProjectBench) -> None:
    before = look_at(repository)
    repository.ok("init")

    repository.ok("purge", "--yes", cwd=repository.project / "notes")

    assert look_at(repository) == before


def test_a_dry_run_changes_nothing(repository: ProjectBench) -> None:
    repository.ok("init")
    before = look_at(repository), take_picture(repository.state)

    ran = repository.ok("purge", "--dry-run")

    assert ".venv" in ran.stdout
    assert (look_at(repository), take_picture(repository.state)) == before


def test_nothing_goes_because_nobody_could_be_asked(repository: ProjectBench) -> None:
    repository.ok("init")
    before = look_at(repository)

    repository.run("purge")

    assert look_at(repository) == before


def test_environments_that_are_kept_go_on_working(repository: ProjectBench) -> None:
    environment = repository.init("alpha==1.0")

    repository.ok("purge", "--keep-env", "--yes")

    assert not is_link(repository.project / ".venv")
    assert repository.in_use() == environment
    assert "?? " not in git_status(repository.project)


def test_what_was_taken_aside_comes_back(repository: ProjectBench) -> None:
    repository.write(".venv/pyvenv.cfg", "home = /usr/bin\n")
    before = look_at(repository)
    repository.ok("init", "--take-venv")
    assert is_link(repository.project / ".venv")

    repository.ok("purge", "--yes")

    assert look_at(repository) == before


def test_a_project_can_be_made_again(repository: ProjectBench) -> None:
    repository.ok("init")
    repository.ok("purge", "--yes")

    repository.ok("init")

    assert repository.installed() == {"alpha": "1.0", "beta": "2.0"}


def test_purging_twice_says_that_nothing_is_here(repository: ProjectBench) -> None:
    repository.ok("init")
    repository.ok("purge", "--yes")

    ran = repository.run("purge", "--yes", "--json")

    assert ran.exit_status == 4
    assert ran.code == "no-project"


def test_a_pyve_without_state_is_shown_and_stays(repository: ProjectBench) -> None:
    repository.ok("init")
    before = look_at(repository)

    ran = repository.run("purge", "--yes", env={"PYVE_STATE_DIR": str(repository.home / "another state")})

    assert ran.exit_status == 4
    assert "rm -r" in ran.stderr
    assert look_at(repository) == before


def test_a_link_in_place_of_pyve_is_not_followed(repository: ProjectBench, tmp_path: Path) -> None:
    repository.ok("init")
    workshop = repository.project / ".pyve"
    workshop.rename(tmp_path / "moved")
    workshop.symlink_to(tmp_path / "moved")
    before = take_picture(tmp_path / "moved")

    ran = repository.run("purge", "--yes")

    assert ran.exit_status in (7, 8)
    assert take_picture(tmp_path / "moved") == before


def test_worktrees_share_the_ignore_line_until_the_last_is_purged(repository: ProjectBench, tmp_path: Path) -> None:
    before = look_at(repository)
    repository.git("worktree", "add", "-q", str(tmp_path / "tree"))
    tree = repository.at(tmp_path / "tree")
    repository.ok("init")
    tree.ok("init")

    repository.ok("purge", "--yes")
    assert tree.git("status", "--porcelain") == ""
    tree.ok("purge", "--yes")

    assert look_at(repository) == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_purge_can_be_run_again(repository: ProjectBench) -> None:
    before = look_at(repository)
    for milliseconds in (150, 200, 250, 300, 350, 400):
        repository.ok("init")
        process = repository.start("purge", "--yes")
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.communicate()

        ran = repository.run("purge", "--yes")

        assert ran.exit_status in (0, 4), ran.stderr  # 4: the killed one had come to its end
        assert look_at(repository) == before
