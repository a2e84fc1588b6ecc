from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.cleanup.footprint import apply_footprint, decide_footprint
from pyve.cleanup.ledger import read_ledger
from pyve.environments.store import EnvironmentStore
from pyve.errors import RefusedError
from tests.support.stored_project import (
    build_environment,
    git,
    initialise,
    leave_footprint,
    make_repository,
    make_store,
    put_in_use,
    take_picture,
)


@pytest.fixture
def store(project: Path, tmp_path: Path) -> EnvironmentStore:
    return make_store(project, tmp_path / "state")


def test_deciding_changes_nothing(project: Path, store: EnvironmentStore) -> None:
    make_repository(project)
    (project / "Dockerfile").write_text("FROM scratch\n")
    before = take_picture(project)
    decide_footprint(store, build_backend="hatchling.build", ignore=True, take_venv=True)
    assert take_picture(project) == before
    assert not store.state.ledger_file.exists()


def test_git_status_stays_clean(project: Path, store: EnvironmentStore) -> None:
    make_repository(project)
    initialise(store)
    assert git(project, "status", "--porcelain", "--untracked-files=all") == ""
    assert (project / ".venv" / "pyvenv.cfg").is_file()


def test_a_pattern_for_directories_does_not_cover_a_link_so_a_line_is_added(
    project: Path, store: EnvironmentStore
) -> None:
    (project / ".gitignore").write_text(".venv/\n")
    make_repository(project)
    initialise(store)
    assert git(project, "status", "--porcelain") == ""


def test_nothing_is_added_where_the_users_own_line_covers_the_link(project: Path, store: EnvironmentStore) -> None:
    (project / ".gitignore").write_text(".venv\n")
    make_repository(project)
    before = (project / ".git" / "info" / "exclude").read_bytes()
    initialise(store)
    assert (project / ".git" / "info" / "exclude").read_bytes() == before


def lead_by_git_file(project: Path, mine: Path) -> None:
    (project / ".git").write_text(f"gitdir: {mine / '.git'}\n")


def lead_by_common_directory(project: Path, mine: Path) -> None:
    git(project, "init", "-q")
    (project / ".git" / "commondir").write_text(f"{mine / '.git'}\n")


def lead_by_a_worktree_of_its_own(project: Path, mine: Path) -> None:
    own = project / "data"
    own.mkdir()
    (own / "HEAD").write_text("ref: refs/heads/main\n")
    (own / "commondir").write_text(f"{mine / '.git'}\n")
    (own / "gitdir").write_text(f"{project / '.git'}\n")
    (project / ".git").write_text("gitdir: data\n")


def lead_by_the_worktree_of_another_directory(project: Path, mine: Path) -> None:
    git(mine, "worktree", "add", "-q", str(mine.parent / "tree"))
    (project / ".git").write_text(f"gitdir: {mine / '.git' / 'worktrees' / 'tree'}\n")


def lead_by_a_link(project: Path, mine: Path) -> None:
    git(project, "init", "-q")
    info = project / ".git" / "info"
    (info / "exclude").unlink()
    info.rmdir()
    info.symlink_to(mine / ".git" / "info")


@pytest.mark.posix("links")
@pytest.mark.parametrize(
    "lead",
    [
        lead_by_git_file,
        lead_by_common_directory,
        lead_by_a_worktree_of_its_own,
        lead_by_the_worktree_of_another_directory,
        lead_by_a_link,
    ],
)
def test_an_archive_does_not_lead_pyve_into_another_repository(
    project: Path, store: EnvironmentStore, tmp_path: Path, lead: Callable[[Path, Path], None]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    make_repository(mine)
    before = (mine / ".git" / "info" / "exclude").read_bytes()
    lead(project, mine)
    footprint = leave_footprint(store)
    assert (mine / ".git" / "info" / "exclude").read_bytes() == before
    assert any(".venv shows in git status" in note for note in footprint.notes)


def test_a_submodule_gets_its_line(project: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    make_repository(library)
    make_repository(project)
    git(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "sub")
    initialise(make_store(project / "sub", tmp_path / "state"))
    assert git(project / "sub", "status", "--porcelain") == ""


def test_a_missing_exclude_file_is_made(project: Path, store: EnvironmentStore) -> None:
    git(project, "init", "-q", "--template=")
    initialise(store)
    assert "/.venv" in (project / ".git" / "info" / "exclude").read_text()


def test_a_project_below_the_top_of_its_repository_gets_its_own_line(project: Path, tmp_path: Path) -> None:
    nested = project / "tools [a]" / "one "
    nested.mkdir(parents=True)
    make_repository(project)
    initialise(make_store(nested, tmp_path / "state"))
    assert git(project, "status", "--porcelain") == ""


def test_a_branch_that_tracks_files_in_pyve_keeps_them(project: Path, store: EnvironmentStore) -> None:
    (project / ".pyve").mkdir()
    (project / ".pyve" / "config").write_text("an older tool's\n")
    (project / ".pyve" / ".gitignore").write_text("mine\n")
    make_repository(project)
    initialise(store)
    assert (project / ".pyve" / "config").read_text() == "an older tool's\n"
    assert (project / ".pyve" / ".gitignore").read_text() == "mine\n"


def test_a_linked_pyve_is_refused(project: Path, store: EnvironmentStore, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / ".pyve").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefusedError, match="link"):
        decide_footprint(store, build_backend=None, ignore=True, take_venv=False)


@pytest.mark.parametrize("kind", ["directory", "file", "link", "dangling link"])
def test_a_venv_of_somebody_else_is_left_alone(
    project: Path, store: EnvironmentStore, tmp_path: Path, kind: str
) -> None:
    make_foreign(project / ".venv", kind, tmp_path)
    before = take_picture(project)
    footprint = leave_footprint(store)
    assert footprint.venv == "foreign"
    assert project / ".venv" not in footprint.links
    assert any("--take-venv" in note for note in footprint.notes)
    assert {name: entry for name, entry in take_picture(project).items() if not name.startswith(".pyve")} == before


@pytest.mark.parametrize("kind", ["directory", "file", "link", "dangling link"])
def test_take_venv_moves_it_aside_under_a_free_name(
    project: Path, store: EnvironmentStore, tmp_path: Path, kind: str
) -> None:
    make_repository(project)
    make_foreign(project / ".venv", kind, tmp_path)
    (project / ".venv.before-pyve").write_text("taken\n")
    before = take_picture(project)
    initialise(store, take_venv=True)
    after = take_picture(project)
    assert after[".venv.before-pyve-2"] == before[".venv"]
    assert after[".venv.before-pyve"] == before[".venv.before-pyve"]
    assert (project / ".venv").resolve().parent == store.folder
    assert ".venv.before-pyve-2" not in git(project, "status", "--porcelain", "--untracked-files=all")


def test_a_link_that_a_lost_state_left_behind_is_taken_over(project: Path, tmp_path: Path) -> None:
    initialise(make_store(project, tmp_path / "lost state"))
    footprint = leave_footprint(make_store(project, tmp_path / "state"))
    assert footprint.venv == "ours"


def test_a_tracked_link_to_the_stable_path_is_not_taken_over(project: Path, store: EnvironmentStore) -> None:
    (project / ".venv").symlink_to(".pyve/env")
    assert leave_footprint(store).venv == "foreign"


def test_doing_it_again_changes_nothing(project: Path, store: EnvironmentStore) -> None:
    (project / "Dockerfile").write_text("FROM scratch\n")
    make_repository(project)
    initialise(store, build_backend="hatchling.build")
    before = take_picture(project), store.state.ledger_file.read_bytes()
    footprint = leave_footprint(store, build_backend="hatchling.build")
    put_in_use(store, build_environment(store, "first"), footprint.links)
    assert (project / ".git" / "info" / "exclude").read_text().count("/.venv") == 1
    assert store.state.ledger_file.read_bytes() == before[1]
    assert take_picture(project)[".gitignore"] == before[0][".gitignore"]


def test_hatchling_gets_a_block_in_gitignore_and_it_is_shown(project: Path, store: EnvironmentStore) -> None:
    (project / ".gitignore").write_bytes(b"*.pyc")
    footprint = leave_footprint(store, build_backend="hatchling.build")
    assert b"\n/.pyve/\n" in (project / ".gitignore").read_bytes()
    assert any("/.pyve/" in sentence for sentence in footprint.shown())


@pytest.mark.parametrize("covering", [".pyve\n.venv\n", ".*\n", "/.pyve/\n.venv/\n", "*\n"])
def test_a_gitignore_that_covers_it_already_is_left_alone(
    project: Path, store: EnvironmentStore, covering: str
) -> None:
    (project / ".gitignore").write_text(covering)
    leave_footprint(store, build_backend="hatchling.build")
    assert (project / ".gitignore").read_text() == covering


@pytest.mark.parametrize("backend", ["setuptools.build_meta", "flit_core.buildapi", None])
def test_other_build_backends_get_no_block(project: Path, store: EnvironmentStore, backend: str | None) -> None:
    leave_footprint(store, build_backend=backend)
    assert not (project / ".gitignore").exists()


def test_no_ignore_leaves_the_files_and_says_so(project: Path, store: EnvironmentStore) -> None:
    (project / "Dockerfile").write_text("FROM scratch\n")
    footprint = leave_footprint(store, build_backend="hatchling.build", ignore=False)
    assert not (project / ".gitignore").exists()
    assert not (project / ".dockerignore").exists()
    assert sum("--no-ignore" in note for note in footprint.notes) == 2


def test_a_new_gitignore_does_not_hide_the_one_above_from_hatchling(project: Path, tmp_path: Path) -> None:
    (project / ".gitignore").write_text("*.log\n")
    (project / "package").mkdir()
    make_repository(project)
    footprint = leave_footprint(make_store(project / "package", tmp_path / "state"), build_backend="hatchling.build")
    assert not (project / "package" / ".gitignore").exists()
    assert any(str(project / ".gitignore") in note for note in footprint.notes)


@pytest.mark.parametrize("recipe", ["Dockerfile", "Containerfile", "Dockerfile.dev", "web.Dockerfile"])
def test_images_get_a_block_in_dockerignore(project: Path, store: EnvironmentStore, recipe: str) -> None:
    (project / recipe).write_text("FROM scratch\n")
    leave_footprint(store)
    assert "/.pyve/\n/.venv\n" in (project / ".dockerignore").read_text()


@pytest.mark.parametrize("covering", ["**\n!src\n", ".pyve\n.venv/\n", "/.pyve/**\n**/.venv\n", ".*\n"])
def test_a_dockerignore_that_covers_it_already_is_left_alone(
    project: Path, store: EnvironmentStore, covering: str
) -> None:
    (project / "Dockerfile").write_text("FROM scratch\n")
    (project / ".dockerignore").write_text(covering)
    leave_footprint(store)
    assert (project / ".dockerignore").read_text() == covering


def test_an_ignore_file_that_is_a_link_is_not_written_through(
    project: Path, store: EnvironmentStore, tmp_path: Path
) -> None:
    (tmp_path / "shared").write_text("*.log\n")
    (project / ".gitignore").symlink_to(tmp_path / "shared")
    footprint = leave_footprint(store, build_backend="hatchling.build")
    assert (tmp_path / "shared").read_text() == "*.log\n"
    assert any(".gitignore is left alone" in note for note in footprint.notes)


def test_whatever_is_made_is_in_the_ledger_before(project: Path, store: EnvironmentStore) -> None:
    """The ledger alone, without any deed, names all that the deed then makes."""
    make_repository(project)
    (project / "Dockerfile").write_text("FROM scratch\n")
    before = set(take_picture(project))
    footprint = decide_footprint(store, build_backend=None, ignore=True, take_venv=False)
    named = {str(addition.entry.path.relative_to(project)) for addition in footprint.additions}
    initialise(store)
    made = {name for name in set(take_picture(project)) - before if not name.startswith(".pyve/envs/")}
    assert made <= named
    assert all(entry.text for entry in read_ledger(store.state) if entry.kind == "file")


def make_foreign(path: Path, kind: str, tmp_path: Path) -> None:
    if kind == "directory":
        (path / "bin").mkdir(parents=True)
        (path / "pyvenv.cfg").write_text("home = /usr/bin\n")
    elif kind == "file":
        path.write_text("an environment's name\n")
    else:
        target = tmp_path / "their environment"
        if kind == "link":
            target.mkdir()
        path.symlink_to(target)


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_a_directory_where_an_ignore_file_should_be_is_said_and_left(
    project: Path, store: EnvironmentStore, name: str
) -> None:
    (project / "Dockerfile").write_text("FROM scratch\n")
    (project / name).mkdir()
    footprint = decide_footprint(store, build_backend="hatchling.build", ignore=True, take_venv=False)
    notes = apply_footprint(store, footprint)
    assert any(f"{name} is a directory" in note for note in notes)
    assert list((project / name).iterdir()) == []


def test_an_exclude_file_that_is_a_link_is_not_written_through(
    project: Path, store: EnvironmentStore, tmp_path: Path
) -> None:
    make_repository(project)
    exclude = project / ".git" / "info" / "exclude"
    exclude.rename(tmp_path / "shared")
    exclude.symlink_to(tmp_path / "shared")
    before = (tmp_path / "shared").read_bytes()
    footprint = leave_footprint(store)
    assert (tmp_path / "shared").read_bytes() == before
    assert any("git status" in note for note in footprint.notes)
