"""Two people and one lock: what a pull changes is said at the prompt, synced, and reverted without a build."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench
from tests.support.real_shell import RealShell
from tests.support.shell_terminal import ShellTerminal

pytestmark = pytest.mark.posix("shells in a terminal")
HOOKS = {"bash": 'eval "$(pyve hook bash)"', "zsh": 'eval "$(pyve hook zsh)"', "fish": "pyve hook fish | source"}


@pytest.fixture
def ann(bench: ProjectBench, tmp_path: Path) -> ProjectBench:
    """Ann's clone, whose first lock is pushed."""
    hub = os.fspath(tmp_path / "hub.git")
    bench.git("init", "-q", "--bare", "-b", "main", hub)
    bench.git("init", "-q", "-b", "main")
    bench.git("remote", "add", "origin", hub)
    bench.write("requirements.in", "alpha<2\n")
    bench.write("requirements-dev.in", "gamma\n")
    bench.ok("lock")
    publish(bench, "first")
    bench.ok("init")
    return bench


@pytest.fixture
def bob(ann: ProjectBench, tmp_path: Path) -> ProjectBench:
    """Bob's clone, in use."""
    cloned = ann.at(tmp_path / "bob's clone")
    ann.git("clone", "-q", os.fspath(tmp_path / "hub.git"), os.fspath(cloned.project))
    cloned.ok("init")
    return cloned


@pytest.fixture(params=HOOKS)
def terminal(
    request: pytest.FixtureRequest, bob: ProjectBench, tmp_path: Path, need_program: Callable[[str], str]
) -> Iterator[ShellTerminal]:
    """Bob's terminal, in his clone, with the hook."""
    need_program(request.param)
    shell = RealShell(name=request.param, bench=bob, folder=tmp_path / "shells")
    opened = shell.open(HOOKS[request.param], cwd=tmp_path)
    opened.cd(bob.project)
    yield opened
    opened.close()


def publish(bench: ProjectBench, message: str) -> None:
    """Commit everything and push it."""
    bench.git("add", ".")
    bench.git("commit", "-qm", message)
    bench.git("push", "-q", "origin", "main")


def test_pulled_lock_is_told_at_the_prompt_synced_and_reverted_at_once(
    ann: ProjectBench, bob: ProjectBench, terminal: ShellTerminal
) -> None:
    assert terminal.do("alpha") == "alpha 1.0\n"
    first = bob.environments()
    ann.write("requirements.in", "alpha>=2\n")
    ann.ok("lock")
    publish(ann, "second")

    said = terminal.do("git pull -q")
    assert "out of date (requirements.txt, requirements.in changed): pyve sync" in said
    assert terminal.do("alpha") == "alpha 1.0\n"
    assert "alpha 1.0 -> 2.0" in terminal.do("pyve sync")
    assert terminal.do("alpha") == "alpha 2.0\n"

    both = bob.environments()
    said = terminal.do("git revert --no-edit -n HEAD")
    assert "out of date" not in said
    assert terminal.do("alpha") == "alpha 1.0\n"
    assert bob.environments() == both
    assert len(both) == len(first) + 1
    assert bob.ok("sync", "--json").data["action"] == "keep"


def test_input_that_nobody_locked_is_told_with_what_to_type(ann: ProjectBench, bob: ProjectBench) -> None:
    ann.write("requirements.in", "alpha<2\ndelta\n")
    publish(ann, "forgot to lock")
    bob.git("pull", "-q")

    synced = bob.ok("sync")
    strict = bob.run("sync", "--strict", "--json")
    bob.ok("shell-env")

    assert "delta" in synced.stderr
    assert "pyve lock" in synced.stderr
    assert (strict.exit_status, strict.code) == (1, "lock-stale")
    assert bob.run("lock", "--check").exit_status == 1
    bob.ok("lock")
    assert "alpha==1.0" in (bob.project / "requirements.txt").read_text(encoding="utf-8")
    assert bob.ok("sync", "--strict", "--json").data["added"] == {"delta": "1.0"}


def test_revert_without_a_terminal_is_a_switch(ann: ProjectBench, bob: ProjectBench) -> None:
    ann.write("requirements-dev.in", "delta\n")
    ann.ok("lock")
    publish(ann, "another tool")
    bob.git("pull", "-q")
    planned = bob.ok("sync", "--dry-run", "--json").data
    built = bob.ok("sync", "--json").data
    bob.git("revert", "--no-edit", "HEAD")
    back = bob.ok("sync", "--json").data

    assert (planned["added"], planned["removed"]) == ({"delta": "1.0"}, {"gamma": "1.0"})
    assert (built["action"], back["action"]) == ("build", "switch")
    assert bob.installed() == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0"}
