"""What a cloned repository, another user, or a moved directory tries: nothing is run, no PATH entry, no variable."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from tests.shells.conftest import HOSTILE_NAME, OpenShell
from tests.support.activation_stage import Stage, make_environment, mirror

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"
NOBODY = 65534
needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file to another user"
)


def _evil_snippets(folder: Path, *, root: Path) -> None:
    """Files that look like snippets, in the words of each shell."""
    folder.mkdir(parents=True, exist_ok=True)
    for dialect in DIALECTS.values():
        text = "touch pwned-by-snippet\n" + ("set -gx EVIL 1\n" if dialect.name == "fish" else "export EVIL=1\n")
        (folder / f"@act.{dialect.extension}").write_text(text, encoding="utf-8")


def _bring_environments(root: Path) -> None:
    environment = make_environment(root)
    (root / ".pyve" / "env").symlink_to(environment)
    (root / ".venv").symlink_to(environment)
    for name in ("ls", "git", "python"):
        script = environment / "bin" / name
        script.write_text("#!/bin/sh\ntouch pwned-by-command\n", encoding="utf-8")
        script.chmod(0o755)
    for name in ("activate", "activate.fish", "Activate.ps1"):
        (environment / "bin" / name).write_text("touch pwned-by-activate\n", encoding="utf-8")


def _bring_state(root: Path) -> None:
    for place in (root, root / ".pyve", root / "@state", root / "projects", root / ".local" / "state" / "pyve"):
        _evil_snippets(place, root=root)
        _evil_snippets(place / "projects" / str(root).lstrip("/"), root=root)
    (root / "generation").write_text("1\n", encoding="utf-8")
    (root / "current").write_bytes(b"\0".join([b"prepend", str(root).encode(), b"set", b"EVIL=1"]))


def _bring_settings(root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for name in (".env", ".envrc", ".direnv", ".autoenv", ".autoenv.zsh", ".env.fish", ".in", ".out"):
        (root / name).write_text("export EVIL=1\ntouch pwned-by-settings\nPATH=$PWD:$PATH\n", encoding="utf-8")
    (root / "pyve.toml").write_text(
        'auto-sync = true\nenv-file = ".env"\nname = "$(touch pwned)"\n[store]\nlocation = "."\n', encoding="utf-8"
    )
    (root / "pyproject.toml").write_text('[tool.pyve]\nenv-file = ".env"\n', encoding="utf-8")
    (root / "requirements.txt").write_text("evil @ file:///$(touch pwned)\n", encoding="utf-8")


def _bring_links_to_the_state(root: Path) -> None:
    root.mkdir(parents=True)
    (root / ".pyve").symlink_to("../../user/state of mine")
    (root / "@act.bash").symlink_to("/etc/profile")


ATTACKS: dict[str, Callable[[Path], None]] = {
    "environments and links to them": _bring_environments,
    "look-alikes of the state directory": _bring_state,
    "settings of every tool": _bring_settings,
    "links into the state directory": _bring_links_to_the_state,
}


@pytest.mark.parametrize("attack", list(ATTACKS))
def test_what_a_cloned_repository_brings_causes_nothing(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, attack: str
) -> None:
    stage.make_project(tmp_path / "a project of mine")
    ATTACKS[attack](root)
    (root / "sub" / "@act.d").mkdir(parents=True)
    terminal = shell()
    before = terminal.snapshot()
    for directory in (root, root / "sub", root / "sub" / "@act.d"):
        assert terminal.cd(directory) == ""
        assert terminal.prompt() == ""
    assert terminal.snapshot().comparable == before.comparable
    assert stage.asked() == []
    fresh = shell(root)
    assert fresh.environment()["PATH"] == OUTER_PATH


def test_a_nested_clone_in_a_project_of_mine_causes_nothing(shell: OpenShell, stage: Stage, root: Path) -> None:
    mine = stage.make_project(root)
    inner = root / "vendored" / HOSTILE_NAME
    for attack in (_bring_environments, _bring_state, _bring_settings):
        if not inner.exists() or attack is not _bring_environments:
            attack(inner)
    stage.write_references(mine)
    terminal = shell(root)
    inside = terminal.snapshot()
    assert terminal.cd(inner) == ""
    assert terminal.snapshot().comparable == inside.comparable


def test_a_directory_that_spells_a_path_of_the_state_is_no_project(
    shell: OpenShell, stage: Stage, tmp_path: Path, root: Path
) -> None:
    stage.make_project(root)
    for place in ("@state", "@act.bash", "@@state", "..", "...", "~", "-", "--", "@"):
        directory = tmp_path / "names" / place
        directory.mkdir(parents=True, exist_ok=True)
        terminal = shell(directory)
        assert terminal.environment()["PATH"] == OUTER_PATH
    # Of a project, the folder of its own state is `@state`: a directory of that name below it must not lead there.
    (root / "@state").mkdir()
    _evil_snippets(mirror(stage.state, root) / "@state", root=root)
    terminal = shell(root / "@state")
    assert "EVIL" not in terminal.environment()


@needs_root
def test_a_snippet_of_another_user_is_not_read(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    for file in mirror(stage.state, root).glob("@act.*"):
        os.chown(file, NOBODY, NOBODY)
    terminal = shell(root)
    assert terminal.prompt() == ""
    assert terminal.environment()["PATH"] == OUTER_PATH


@needs_root
def test_root_with_the_home_of_a_user_enters_nothing_of_theirs(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    stage.make_project(root)
    for top, folders, files in os.walk(stage.state):
        for name in (top, *(os.path.join(top, one) for one in (*folders, *files))):
            os.chown(name, NOBODY, NOBODY)
    terminal = shell(root)
    assert terminal.environment()["PATH"] == OUTER_PATH
    assert terminal.cd(base) == ""


@needs_root
def test_root_leaves_what_it_inherits_from_a_user(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    users = shell(root).environment()
    for file in mirror(stage.state, root).glob("@act.*"):
        os.chown(file, NOBODY, NOBODY)
    users.pop("ZDOTDIR", None)
    users.pop("XDG_CONFIG_HOME", None)
    terminal = shell(root, variables=dict(users))
    assert terminal.environment()["PATH"] == OUTER_PATH


@needs_root
def test_a_link_to_a_file_of_another_user_is_not_read(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    for file in mirror(stage.state, root).glob("@act.*"):
        theirs = root / file.name
        shutil.move(file, theirs)
        os.chown(theirs, NOBODY, NOBODY)
        file.symlink_to(theirs)
    terminal = shell(root)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_a_project_in_the_place_of_another_is_told_apart_by_its_owner_alone(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path
) -> None:
    """What takes the place of a registered project at the same path gets its snippet, and only that."""
    snippet = stage.make_project(root)
    root.rename(tmp_path / "away")
    _bring_settings(root)
    _evil_snippets(root / ".pyve", root=root)
    terminal = shell(root)
    inside = terminal.environment()
    assert "EVIL" not in inside
    assert inside["PATH"] == OUTER_PATH
    assert f"pyve: {snippet.missing}" in terminal.greeting


@pytest.mark.parametrize("variable", ["BASH_ENV", "ENV", "PROMPT_COMMAND"])
@pytest.mark.parametrize("language", ["bash"], indirect=True)
def test_the_hook_sets_none_of_the_variables_that_run_code_elsewhere(
    shell: OpenShell, stage: Stage, root: Path, variable: str
) -> None:
    stage.make_project(root)
    assert variable not in shell(root).environment()
