"""The shells together with the real pyve: its verbs run elsewhere, its hook and what it writes are read here."""

import os
import subprocess
from pathlib import Path
from typing import Protocol

import pytest

from tests.shells.conftest import HOSTILE_NAME, OpenShell
from tests.support.package_index import PackageIndex
from tests.support.project_bench import ProjectBench
from tests.support.shell_languages import ShellLanguage, write_shell_text
from tests.support.shell_terminal import ShellTerminal

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Caches for all tests of this file."""
    top = tmp_path_factory.mktemp("caches")
    return {"UV_CACHE_DIR": str(top / "uv"), "PYVE_CACHE_DIR": str(top / "pyve")}


@pytest.fixture
def bench(root: Path, home: Path, tmp_path: Path, caches: dict[str, str]) -> ProjectBench:
    """A project with a hostile name, and an index with two packages."""
    root.mkdir(parents=True)
    index = PackageIndex(tmp_path / "index")
    index.add("alpha", "1.0")
    index.add("beta", "1.0")
    environment = {
        **caches,
        "PYVE_STATE_DIR": str(home / ".local" / "state" / "pyve"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index.file_url,
    }
    made = ProjectBench(project=root, home=home, environment=environment, index=index)
    made.require()
    return made


class OpenHooked(Protocol):
    """Opens a shell whose start-up file evaluates what `pyve hook` prints."""

    def __call__(self, cwd: Path | None = None) -> ShellTerminal: ...


@pytest.fixture
def hooked(shell: OpenShell, bench: ProjectBench, language: ShellLanguage, tmp_path: Path) -> OpenHooked:
    """A shell with the hook that pyve prints."""
    file = tmp_path / "hook as printed"
    write_shell_text(file, bench.ok("hook", language.name).stdout)

    def open_hooked(cwd: Path | None = None) -> ShellTerminal:
        return shell(cwd, hooked=False, after=[language.source(str(file))], variables=dict(bench.environment))

    return open_hooked


def _prefix(terminal: ShellTerminal) -> str:
    """The environment whose bin is first on PATH; empty when none of pyve's is."""
    first = Path(terminal.path()[0])
    return str(first.parent) if ".pyve" in first.parts else ""


def test_init_is_entered_at_the_next_prompt_and_purge_is_left(
    hooked: OpenHooked, bench: ProjectBench, root: Path, base: Path
) -> None:
    terminal = hooked()
    before = terminal.snapshot()
    terminal.cd(root)
    assert _prefix(terminal) == ""
    bench.ok("init")
    terminal.prompt()
    assert _prefix(terminal) == str(bench.in_use())
    inside = terminal.do("python -c 'import sys; print(sys.prefix)'")
    assert inside == f"{bench.in_use()}\n"
    bench.ok("purge", "--yes")
    terminal.prompt()
    assert _prefix(terminal) == ""
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_sync_and_rollback_change_the_environment_at_the_next_prompt(
    hooked: OpenHooked, bench: ProjectBench, root: Path, base: Path
) -> None:
    first = bench.init()
    terminal = hooked(root)
    bench.require("alpha")
    assert "pyve sync" in terminal.prompt()
    assert terminal.prompt() == ""
    assert _prefix(terminal) == str(first)
    bench.ok("sync")
    terminal.prompt()
    second = bench.in_use()
    assert second != first
    assert _prefix(terminal) == str(second)
    bench.ok("rollback")
    terminal.prompt()
    assert _prefix(terminal) == str(first)
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_deny_leaves_and_allow_enters_in_every_open_shell(hooked: OpenHooked, bench: ProjectBench, root: Path) -> None:
    prefix = bench.init()
    terminals = [hooked(root), hooked(root)]
    bench.ok("deny")
    for terminal in terminals:
        terminal.prompt()
        assert _prefix(terminal) == ""
    bench.ok("allow")
    for terminal in terminals:
        terminal.prompt()
        assert _prefix(terminal) == str(prefix)


def test_a_branch_switch_changes_the_environment_when_it_is_known_and_says_so_once_when_not(
    hooked: OpenHooked, bench: ProjectBench, root: Path
) -> None:
    bench.write(".gitignore", "/.pyve\n/.venv\n")
    bench.git("init", "-q", "-b", "main")
    main = bench.init()
    bench.git("add", ".")
    bench.git("commit", "-q", "-m", "Begin")
    bench.git("switch", "-q", "-c", "feature")
    bench.require("alpha")
    bench.git("commit", "-q", "-a", "-m", "Ask for alpha")
    bench.ok("sync")
    feature = bench.in_use()
    terminal = hooked(root)
    assert _prefix(terminal) == str(feature)
    for branch, prefix in (("main", main), ("feature", feature), ("main", main)):
        terminal.do(f"git switch -q {branch}")
        assert _prefix(terminal) == str(prefix)
    bench.require("beta")
    assert terminal.prompt().count("pyve sync") == 1
    assert terminal.prompt() == ""
    assert _prefix(terminal) == str(main)
    bench.require()
    terminal.prompt()
    assert _prefix(terminal) == str(main)


def test_run_gives_the_same_environment_as_the_shell(
    hooked: OpenHooked, bench: ProjectBench, root: Path, tmp_path: Path
) -> None:
    bench.init()
    terminal = hooked(root)
    plain = {name: value for name, value in terminal.environment().items() if not name.startswith("_PYVE_")}
    ran = bench.ok("run", "/usr/bin/env", "-0", env={"PATH": OUTER_PATH})
    given = dict(pair.partition("=")[::2] for pair in ran.stdout.split("\0") if pair)
    names = {"PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME"}
    assert {name: given.get(name) for name in names} == {name: plain.get(name) for name in names}


def test_a_project_that_is_reached_through_a_link_is_entered(
    hooked: OpenHooked, bench: ProjectBench, root: Path, tmp_path: Path, base: Path
) -> None:
    link = tmp_path / f"link to {HOSTILE_NAME}"
    link.symlink_to(root)
    bench.ok("init", cwd=link, env={"PWD": str(link)})
    prefix = str(bench.in_use())
    terminal = hooked(root)
    assert _prefix(terminal) == prefix
    terminal.cd(link)
    assert _prefix(terminal) == prefix
    assert terminal.path().count(f"{prefix}/bin") == 1
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_a_project_that_has_moved_is_not_entered_until_its_owner_says_so(
    hooked: OpenHooked, bench: ProjectBench, root: Path, tmp_path: Path
) -> None:
    bench.init()
    moved = tmp_path / "moved"
    root.rename(moved)
    terminal = hooked(moved)
    assert _prefix(terminal) == ""
    bench.at(moved).ok("init")
    terminal.prompt()
    assert _prefix(terminal).startswith(str(moved))


def test_values_of_an_env_file_are_there_once_they_are_approved_and_stay_as_approved(
    hooked: OpenHooked, bench: ProjectBench, root: Path, base: Path
) -> None:
    bench.write("pyve.toml", 'env-file = ".env"\n')
    bench.write(".env", "SHOP_NAME='it is $(touch pwned)'\nSHOP_EMPTY=\n")
    bench.ok("init")
    terminal = hooked(root)
    assert "SHOP_NAME" not in terminal.environment()
    bench.ok("allow", "--yes")
    terminal.prompt()
    inside = terminal.environment()
    assert (inside["SHOP_NAME"], inside["SHOP_EMPTY"]) == ("it is $(touch pwned)", "")
    bench.write(".env", "SHOP_NAME=changed\n")
    terminal.prompt()
    assert terminal.environment()["SHOP_NAME"] == "it is $(touch pwned)"
    bench.ok("allow", "--yes")
    terminal.prompt()
    inside = terminal.environment()
    assert inside["SHOP_NAME"] == "changed"
    assert "SHOP_EMPTY" not in inside
    terminal.cd(base)
    assert "SHOP_NAME" not in terminal.environment()


def test_two_builds_at_once_leave_every_shell_in_the_one_that_is_in_use(
    hooked: OpenHooked, bench: ProjectBench, root: Path
) -> None:
    bench.init()
    terminals = [hooked(root), hooked(root)]
    bench.require("beta")
    started = [bench.start("sync") for _ in range(2)]
    for terminal in terminals:
        terminal.prompt()
    assert [process.wait(120) for process in started] == [0, 0]
    for process in started:
        process.communicate()
    for terminal in terminals:
        terminal.prompt()
        assert _prefix(terminal) == str(bench.in_use())


def test_a_state_directory_that_cannot_be_written_is_no_error_at_the_prompt(
    hooked: OpenHooked, bench: ProjectBench, root: Path, home: Path
) -> None:
    prefix = bench.init()
    terminal = hooked(root)
    places = [path for path in (home / ".local" / "state" / "pyve").rglob("*") if path.is_dir()]
    modes = {path: path.stat().st_mode for path in places}
    for path in places:
        path.chmod(0o500)
    try:
        bench.require("alpha")
        assert "Traceback" not in terminal.prompt()
        assert terminal.prompt() == ""
        assert _prefix(terminal) == str(prefix)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def test_the_installed_hook_works_from_a_startup_file_of_the_users_own(
    bench: ProjectBench, shell: OpenShell, language: ShellLanguage, root: Path, base: Path, home: Path
) -> None:
    variables = {**bench.environment, "HOME": str(home), "SHELL": f"/bin/{language.name}"}
    bench.ok("--yes", "hook", "--install", language.name, env=variables)
    files = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}
    startup = home / files[language.name]
    assert startup.exists() or language.name == "fish"
    places = [startup] if startup.exists() else sorted((home / ".config" / "fish").rglob("*.fish"))
    prefix = bench.init()
    terminal = shell(
        hooked=False, after=[language.source(str(place)) for place in places], variables={**bench.environment}
    )
    before = terminal.snapshot()
    terminal.cd(root)
    assert _prefix(terminal) == str(prefix)
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable
    bench.ok("--yes", "hook", "--uninstall", language.name, env=variables)
    fresh = shell(root, hooked=False, after=[language.source(str(place)) for place in places if place.exists()])
    assert _prefix(fresh) == ""


def test_a_repository_with_an_environment_of_its_own_is_never_entered_by_allow(
    hooked: OpenHooked, bench: ProjectBench, root: Path
) -> None:
    planted = root / ".pyve" / "envs" / "1f2e3d4c-00000001"
    subprocess.run(["mkdir", "-p", str(planted / "bin")], check=True)
    script = planted / "bin" / "python"
    script.write_text("#!/bin/sh\ntouch pwned-by-python\n", encoding="utf-8")
    script.chmod(0o755)
    (root / ".venv").symlink_to(planted)
    bench.ok("allow", "--yes")
    terminal = hooked(root)
    assert _prefix(terminal) == ""
