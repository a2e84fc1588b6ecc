"""`self install` and `self uninstall` on private environments that hold nothing but what tells them apart."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.startup.plan import apply_plan, plan_installation, plan_removal
from pyve.errors import RefusedError, StateDamagedError, StateTooNewError
from pyve.system.own_installation import LEDGER_NAME, MADE_DIRECTORIES_NAME, MARKER
from pyve.verbs.outcome import Outcome
from pyve.verbs.self_install import SelfInstallRequest, SelfInstallResult, self_install
from pyve.verbs.self_uninstall import SelfUninstallRequest, SelfUninstallResult, self_uninstall

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="private environments are made by install.sh, on POSIX")
HOUR_SECONDS = 3600


def make_environment(folder: Path, name: str, *, complete: bool = True) -> Path:
    """A directory that looks like an environment of install.sh."""
    environment = folder / name
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").touch()
    if complete:
        (environment / MARKER).touch()
    return environment


@pytest.fixture
def folder(home: Path) -> Path:
    """The folder of private environments, made by the script together with its parents."""
    folder = home / ".local" / "share" / "pyve" / "app"
    folder.mkdir(parents=True)
    made = [folder, *folder.parents[:4]]
    (folder / MADE_DIRECTORIES_NAME).write_text("".join(f"{path}\n" for path in made if path != home))
    return folder


@pytest.fixture
def install(home: Path) -> Callable[..., Outcome[SelfInstallResult]]:
    """Run `self install` from an environment."""

    def run(prefix: Path, *, path: str = "/usr/bin", shell: str = "", **others: bool) -> Outcome[SelfInstallResult]:
        environment = {"PATH": path, "SHELL": shell}
        now = prefix.stat().st_mtime
        return self_install(SelfInstallRequest(prefix=prefix, home=home, environment=environment, now=now, **others))

    return run


def uninstall(prefix: Path, *, dry_run: bool = False) -> Outcome[SelfUninstallResult]:
    return self_uninstall(SelfUninstallRequest(prefix=prefix, dry_run=dry_run))


def tree(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*"))


Install = Callable[..., Outcome[SelfInstallResult]]


def test_install_links_the_command(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    outcome = install(prefix)
    link = home / ".local" / "bin" / "pyve"
    assert link.readlink() == prefix / "bin" / "pyve"
    assert os.access(link, os.X_OK)
    assert outcome.data.changed


def test_installing_again_changes_nothing(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    before = tree(home)
    assert not install(prefix).data.changed
    assert tree(home) == before


@pytest.mark.parametrize("lost", [".local/bin/pyve", f".local/share/pyve/app/{LEDGER_NAME}"])
def test_installing_again_heals_what_is_gone(home: Path, folder: Path, install: Install, lost: str) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    (home / lost).unlink()
    assert install(prefix).data.changed
    assert os.path.lexists(home / lost)


def test_a_dry_run_of_install_shows_the_same_and_does_nothing(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    before = tree(home)
    planned = install(prefix, dry_run=True).data
    assert tree(home) == before
    assert (planned.link, planned.environment) == (install(prefix).data.link, prefix)


def test_install_takes_the_superseded_and_dead_builds_out(home: Path, folder: Path, install: Install) -> None:
    old = make_environment(folder, "1-1")
    install(old)
    dead = make_environment(folder, "2-7", complete=False)
    under_way = make_environment(folder, "2-8", complete=False)
    users_own = make_environment(folder, "notes")
    new = make_environment(folder, "2-9")
    now = new.stat().st_mtime
    os.utime(dead, (now - 2 * HOUR_SECONDS, now - 2 * HOUR_SECONDS))
    assert set(install(new).data.removed) == {old, dead}
    assert {path for path in folder.iterdir() if path.is_dir()} == {under_way, users_own, new}
    assert (home / ".local" / "bin" / "pyve").readlink() == new / "bin" / "pyve"


@pytest.mark.parametrize("target", [None, "/opt/elsewhere/pyve", "../share/pyve/application/pyve"])
def test_install_leaves_a_command_of_another_origin_alone(
    home: Path, folder: Path, install: Install, target: str | None
) -> None:
    prefix = make_environment(folder, "1-1")
    link = home / ".local" / "bin" / "pyve"
    link.parent.mkdir()
    link.write_text("mine") if target is None else link.symlink_to(target)
    before = tree(home)
    with pytest.raises(RefusedError, match="not from this installer"):
        install(prefix)
    assert tree(home) == before


def ship_completions(prefix: Path) -> None:
    """What a wheel puts into its prefix."""
    for name in ("bash-completion/completions/pyve", "fish/vendor_completions.d/pyve.fish"):
        file = prefix / "share" / name
        file.parent.mkdir(parents=True)
        file.touch()


def completion_places(home: Path) -> tuple[Path, Path]:
    return (
        home / ".local" / "share" / "bash-completion" / "completions" / "pyve",
        home / ".config" / "fish" / "completions" / "pyve.fish",
    )


def test_install_links_completions_where_shells_look_and_uninstall_takes_them_out(
    home: Path, folder: Path, install: Install
) -> None:
    prefix = make_environment(folder, "1-1")
    ship_completions(prefix)
    assert set(install(prefix).data.completions) == set(completion_places(home))
    assert all(place.resolve().is_relative_to(prefix / "share") for place in completion_places(home))
    assert not install(prefix).data.changed
    uninstall(prefix)
    assert tree(home) == []


def test_a_newer_installation_takes_the_completions_over(home: Path, folder: Path, install: Install) -> None:
    for name in ("1-1", "2-2"):
        prefix = make_environment(folder, name)
        ship_completions(prefix)
        install(prefix)
    assert all(place.resolve().is_relative_to(prefix / "share") for place in completion_places(home))


@pytest.mark.parametrize("target", [None, "/opt/elsewhere/pyve.fish", "gone"])
def test_a_completion_of_another_origin_is_left_alone_and_that_is_said(
    home: Path, folder: Path, install: Install, target: str | None
) -> None:
    prefix = make_environment(folder, "1-1")
    ship_completions(prefix)
    bash, fish = completion_places(home)
    fish.parent.mkdir(parents=True)
    fish.write_text("mine") if target is None else fish.symlink_to(target)
    outcome = install(prefix)
    assert outcome.data.completions == (bash,)
    assert any(str(fish) in note for note in outcome.notes)
    uninstall(prefix)
    assert os.path.lexists(fish)
    assert not os.path.lexists(bash)


def test_nothing_is_written_through_a_link_that_leads_to_nothing(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    ship_completions(prefix)
    (home / ".config").symlink_to(home / "dotfiles")
    outcome = install(prefix)
    assert any("leads to nothing" in note for note in outcome.notes)
    assert not (home / "dotfiles").exists()


def test_a_completion_that_the_user_replaced_stays_at_uninstalling(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    ship_completions(prefix)
    install(prefix)
    bash, _ = completion_places(home)
    bash.unlink()
    bash.write_text("mine")
    uninstall(prefix)
    assert bash.read_text() == "mine"


@pytest.mark.parametrize(
    ("shell", "advice"),
    [
        ("/bin/zsh", ["to ~/.zshrc (bash: ~/.bashrc)", "In fish, instead"]),
        ("/bin/bash", ["to ~/.bashrc (zsh: ~/.zshrc)", "In fish, instead"]),
        ("/usr/bin/fish", ["to add it: fish_add_path"]),
        ("", ["to ~/.profile (zsh: ~/.zshrc)", "In fish, instead"]),
    ],
)
def test_install_says_how_to_put_the_command_on_path(
    folder: Path, install: Install, shell: str, advice: list[str]
) -> None:
    notes = install(make_environment(folder, "1-1"), shell=shell).notes
    assert len(notes) == len(advice)
    assert all(words in note for words, note in zip(advice, notes, strict=True))


def test_install_is_silent_where_the_command_is_on_path(home: Path, folder: Path, install: Install) -> None:
    path = f"/usr/bin:{home / '.local' / 'bin'}"
    assert install(make_environment(folder, "1-1"), path=path).notes == ()


def test_uninstall_takes_out_exactly_what_was_made(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    outcome = uninstall(prefix)
    assert tree(home) == []
    assert (outcome.exit_status, outcome.problems) == (0, ())


def test_a_dry_run_of_uninstall_names_what_the_real_one_removes(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    before = tree(home)
    planned = uninstall(prefix, dry_run=True).data.removed
    assert tree(home) == before
    assert planned == uninstall(prefix).data.removed


def test_uninstall_keeps_what_others_put_beside(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    (home / ".local" / "bin" / "other").touch()
    (folder.parent / "notes.txt").touch()
    uninstall(prefix)
    assert tree(home) == [
        *(".local", ".local/bin", ".local/bin/other"),
        *(".local/share", ".local/share/pyve", ".local/share/pyve/notes.txt"),
    ]


def test_uninstall_keeps_empty_directories_that_were_there_before(home: Path, folder: Path, install: Install) -> None:
    (folder / MADE_DIRECTORIES_NAME).unlink()
    (home / ".local" / "bin").mkdir()
    prefix = make_environment(folder, "1-1")
    install(prefix)
    uninstall(prefix)
    assert tree(home) == [".local", ".local/bin", ".local/share", ".local/share/pyve"]


def test_uninstall_says_what_of_the_user_stays(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    settings = home / ".config" / "pyve"
    settings.mkdir(parents=True)
    request = SelfUninstallRequest(prefix=prefix, kept_places=(settings, home / ".cache" / "pyve"))
    assert self_uninstall(request).data.kept == (settings,)
    assert settings.is_dir()


def test_uninstall_leaves_a_command_that_was_replaced(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    link = home / ".local" / "bin" / "pyve"
    link.unlink()
    link.symlink_to("/opt/elsewhere/pyve")
    outcome = uninstall(prefix)
    assert outcome.exit_status == 8
    assert [problem.code for problem in outcome.problems] == ["refused"]
    assert os.path.lexists(link)
    assert not prefix.exists()


def test_uninstall_never_follows_a_link_that_took_an_environments_place(
    home: Path, folder: Path, install: Install, tmp_path: Path
) -> None:
    elsewhere = make_environment(tmp_path, "elsewhere")
    prefix = make_environment(folder, "1-1")
    install(prefix)
    prefix.rename(tmp_path / "moved")
    prefix.symlink_to(elsewhere)
    outcome = uninstall(prefix)
    assert outcome.exit_status == 8
    assert (elsewhere / "bin" / "python").exists()


def test_uninstall_without_its_ledger_removes_nothing(home: Path, folder: Path, install: Install) -> None:
    prefix = make_environment(folder, "1-1")
    install(prefix)
    (folder / LEDGER_NAME).unlink()
    before = tree(home)
    with pytest.raises(RefusedError, match="is gone"):
        uninstall(prefix)
    assert tree(home) == before


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": "x"}'])
def test_a_damaged_ledger_is_told(folder: Path, text: str) -> None:
    prefix = make_environment(folder, "1-1")
    (folder / LEDGER_NAME).write_text(text)
    with pytest.raises(StateDamagedError):
        uninstall(prefix)


def test_a_ledger_of_a_newer_pyve_is_left_alone(folder: Path) -> None:
    prefix = make_environment(folder, "1-1")
    (folder / LEDGER_NAME).write_text('{"format": 2}')
    with pytest.raises(StateTooNewError):
        uninstall(prefix)


@pytest.mark.parametrize(
    ("trace", "command"),
    [("pipx_metadata.json", "pipx uninstall pyve-env"), ("uv-receipt.toml", "uv tool uninstall pyve-env")],
)
def test_an_environment_of_another_installer_names_its_command(
    tmp_path: Path, install: Install, trace: str, command: str
) -> None:
    (tmp_path / trace).touch()
    with pytest.raises(RefusedError) as uninstalling:
        uninstall(tmp_path)
    assert uninstalling.value.hint == command
    with pytest.raises(RefusedError) as installing:
        install(tmp_path)
    assert command in (installing.value.hint or "")


@pytest.fixture
def hooked(home: Path) -> tuple[Path, str]:
    """A startup file with a hook in it, and the state directory that it leads to."""
    file, state = home / ".bashrc", str(home / ".local" / "state" / "pyve")
    file.write_text("mine")
    plan = plan_installation(DIALECTS["bash"], file, state_directory=state, command=("/bin/pyve",))
    apply_plan(plan, state_directory=state)
    return file, state


def plan_without_hooks(prefix: Path, state: str) -> SelfUninstallRequest:
    hooks = plan_removal({DIALECTS["bash"]: ()}, state_directory=state)
    return SelfUninstallRequest(prefix=prefix, hooks=hooks, state_directory=state)


def test_uninstall_takes_hooks_out_of_startup_files(folder: Path, install: Install, hooked: tuple[Path, str]) -> None:
    file, state = hooked
    prefix = make_environment(folder, "1-1")
    install(prefix)
    request = plan_without_hooks(prefix, state)
    planned = self_uninstall(replace(request, dry_run=True)).data
    assert planned.edited == (file,)
    assert "hook.bash" in file.read_text()
    outcome = self_uninstall(request)
    assert (outcome.data.edited, outcome.data.removed, outcome.problems) == (planned.edited, planned.removed, ())
    assert Path(state, "hook.bash") in planned.removed
    assert file.read_text() == "mine"


def test_uninstall_goes_on_where_a_startup_file_cannot_be_mended(
    folder: Path, install: Install, hooked: tuple[Path, str]
) -> None:
    file, state = hooked
    prefix = make_environment(folder, "1-1")
    install(prefix)
    request = plan_without_hooks(prefix, state)
    file.write_text("changed since")
    outcome = self_uninstall(request)
    assert (outcome.exit_status, [problem.code for problem in outcome.problems]) == (8, ["refused"])
    assert not prefix.exists()


def test_another_installers_command_comes_after_taking_the_hooks_out(tmp_path: Path, hooked: tuple[Path, str]) -> None:
    (tmp_path / "pipx_metadata.json").touch()
    with pytest.raises(RefusedError) as refused:
        self_uninstall(plan_without_hooks(tmp_path, hooked[1]))
    assert refused.value.hint == "pyve hook --uninstall; pipx uninstall pyve-env"
