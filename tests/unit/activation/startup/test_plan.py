"""Installing and removing a hook: what is planned is done, and nothing of the user's is harmed."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.activation.completion.files import read_completion_file
from pyve.activation.completion.loading import completion_copy
from pyve.activation.dialects import DIALECTS
from pyve.activation.startup.file import hook_file
from pyve.activation.startup.installed_hooks import refresh_installed_hooks, render_installed_hook
from pyve.activation.startup.ledger import LEDGER_NAME, StartupEntry, note_entry, read_startup_ledger
from pyve.activation.startup.plan import HookPlan, apply_plan, plan_installation, plan_removal
from pyve.errors import OwnerMismatchError, PathNotWritableError, PyveError, RefusedError, StateTooNewError
from pyve.system.marked_block import find_lone_mark

BASH = DIALECTS["bash"]
COMMAND = (sys.executable, "-c", "print('pyve')")
needs_links = pytest.mark.posix("links and modes")


@pytest.fixture
def state(tmp_path: Path) -> str:
    return os.fspath(tmp_path / "state of mine")


@pytest.fixture
def file(home: Path) -> Path:
    """The startup file of bash, with a line that has no end."""
    file = home / ".bashrc"
    file.write_bytes(b"alias ll='ls -l'")
    return file


def install(file: Path, state: str) -> HookPlan:
    plan = plan_installation(BASH, file, state_directory=state, command=COMMAND)
    apply_plan(plan, state_directory=state)
    return plan


def uninstall(state: str, *usual: Path) -> HookPlan:
    plan = plan_removal({BASH: usual}, state_directory=state)
    apply_plan(plan, state_directory=state)
    return plan


def tree(directory: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() if path.is_file() else None
        for path in directory.rglob("*")
    }


def test_installing_makes_what_the_startup_file_sources(file: Path, state: str) -> None:
    plan = install(file, state)
    hook, completion = hook_file(state, BASH), completion_copy(state, BASH)
    acts = [(change.file, change.action) for change in plan.changes]
    assert acts == [(hook, "create"), (completion, "create"), (file, "edit")]
    assert hook.read_bytes() == render_installed_hook(BASH, state_directory=state, command=COMMAND)
    assert completion.read_bytes() == read_completion_file(BASH.name)
    assert plan.changes[2].added[0].encode() in file.read_bytes().splitlines()


def test_a_plan_alone_changes_nothing(file: Path, state: str, home: Path) -> None:
    before = tree(home)
    plan_installation(BASH, file, state_directory=state, command=COMMAND)
    assert tree(home) == before
    assert not Path(state).exists()


def test_installing_again_changes_nothing(file: Path, state: str, home: Path) -> None:
    install(file, state)
    before = tree(home)
    assert install(file, state).is_empty
    assert tree(home) == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.none(),
        st.binary(max_size=60).filter(
            lambda text: text[:2] not in (b"\xff\xfe", b"\xfe\xff") and find_lone_mark(text) is None  # both are refused
        ),
    )
)
def test_removing_restores_the_file_to_the_byte(content: bytes | None, tmp_path: Path) -> None:
    file, state = tmp_path / "dotfiles" / ".bashrc", os.fspath(tmp_path / "state")
    if content is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    install(file, state)
    assert file.read_bytes() != content
    uninstall(state)
    assert (file.read_bytes() if file.exists() else None) == content
    assert list(Path(state).iterdir()) == []
    if content is None:
        assert not file.parent.exists()
    file.unlink(missing_ok=True)


def test_a_file_that_was_made_stays_when_the_user_wrote_into_it(home: Path, state: str) -> None:
    file = home / "conf.d" / "pyve.bash"
    install(file, state)
    file.write_bytes(file.read_bytes() + b"mine\n")
    install(file, state)
    uninstall(state)
    assert file.read_bytes() == b"mine\n"


def test_a_file_that_was_made_goes_after_it_was_installed_anew_too(home: Path, state: str) -> None:
    file = home / "conf.d" / "pyve.bash"
    install(file, state)
    plan = plan_installation(BASH, file, state_directory=state, command=("/opt/newer/pyve",))
    apply_plan(plan, state_directory=state)
    assert read_startup_ledger(state)[0].command == ("/opt/newer/pyve",)
    uninstall(state)
    assert not file.parent.exists()


def test_what_the_ledger_lost_is_found_in_the_usual_file(file: Path, state: str) -> None:
    before = file.read_bytes()
    install(file, state)
    (Path(state) / LEDGER_NAME).unlink()
    uninstall(state, file)
    assert file.read_bytes() == before


def test_a_startup_file_that_is_gone_is_no_obstacle(file: Path, state: str) -> None:
    install(file, state)
    file.unlink()
    assert uninstall(state).problems == ()
    assert read_startup_ledger(state) == ()


@needs_links
def test_a_link_stays_and_what_it_leads_to_is_edited_with_its_mode(home: Path, state: str) -> None:
    real = home / "dotfiles" / "bashrc"
    real.parent.mkdir()
    real.write_bytes(b"a\n")
    real.chmod(0o640)
    link = home / ".bashrc"
    link.symlink_to("dotfiles/bashrc")
    install(link, state)
    assert os.readlink(link) == "dotfiles/bashrc"
    assert b"hook.bash" in real.read_bytes()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    uninstall(state)
    assert (os.readlink(link), real.read_bytes()) == ("dotfiles/bashrc", b"a\n")


def make_dangling(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


def make_circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def make_directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


def make_device(file: Path) -> None:
    file.unlink()
    file.symlink_to(os.devnull)


def make_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def make_read_only(file: Path) -> None:
    file.chmod(0o444)


def make_hard_link(file: Path) -> None:
    os.link(file, file.with_name("other name"))


def make_utf_16(file: Path) -> None:
    file.write_bytes("alias x=y\n".encode("utf-16"))


def make_below_file(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parent / "a file" / "bashrc")
    (file.parent / "a file").touch()


@needs_links
@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (make_dangling, RefusedError),
        (make_circle, PathNotWritableError),
        (make_directory, RefusedError),
        (make_device, RefusedError),
        (make_pipe, RefusedError),
        (make_hard_link, RefusedError),
        (make_utf_16, RefusedError),
        (make_below_file, RefusedError),
        (make_read_only, PathNotWritableError),
    ],
)
def test_what_must_not_be_edited_is_refused_with_the_line_to_add(
    file: Path, state: str, harm: Callable[[Path], None], error: type[PyveError]
) -> None:
    harm(file)
    with pytest.raises(error, match="bashrc") as refused:
        plan_installation(BASH, file, state_directory=state, command=COMMAND)
    assert "hook.bash" in (refused.value.hint or "")


@needs_links
def test_a_file_of_another_user_is_refused(file: Path, state: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(file, 12345, 12345)
    with pytest.raises(OwnerMismatchError, match="another user"):
        plan_installation(BASH, file, state_directory=state, command=COMMAND)


@needs_links
def test_a_file_that_cannot_be_edited_any_more_does_not_keep_the_others_from_being_mended(
    file: Path, home: Path, state: str
) -> None:
    other = home / ".bashrc of another host"
    install(file, state)
    install(other, state)
    file.chmod(0o444)
    plan = uninstall(state)
    assert [type(problem) for problem in plan.problems] == [PathNotWritableError]
    assert not other.exists()
    assert [entry.file for entry in read_startup_ledger(state)] == [file]


def test_a_file_that_changed_since_the_plan_was_made_is_left_alone(file: Path, state: str) -> None:
    plan = plan_installation(BASH, file, state_directory=state, command=COMMAND)
    file.write_bytes(b"changed\n")
    with pytest.raises(RefusedError, match="changed just now"):
        apply_plan(plan, state_directory=state)
    assert file.read_bytes() == b"changed\n"
    assert not Path(state).exists()


def test_an_installed_hook_of_another_version_is_written_anew(file: Path, state: str) -> None:
    install(file, state)
    hook = hook_file(state, BASH)
    right = hook.read_bytes()
    hook.write_bytes(b"# of another version\n")
    assert refresh_installed_hooks(state, COMMAND) == (hook,)
    assert hook.read_bytes() == right
    assert refresh_installed_hooks(state, COMMAND) == ()


@pytest.mark.parametrize("content", [None, b"# of another version\n"])
def test_the_completion_of_an_installed_hook_is_written_anew(file: Path, state: str, content: bytes | None) -> None:
    install(file, state)
    completion = completion_copy(state, BASH)
    if content is None:
        completion.unlink()
        completion.parent.rmdir()
    else:
        completion.write_bytes(content)
    assert refresh_installed_hooks(state, COMMAND) == (completion,)
    assert completion.read_bytes() == read_completion_file(BASH.name)


def test_another_pyve_does_not_take_the_hook_over_while_the_first_can_be_started(file: Path, state: str) -> None:
    install(file, state)
    assert refresh_installed_hooks(state, ("/opt/other/pyve",)) == ()
    entry = StartupEntry(shell="bash", file=file, command=("/opt/gone/pyve",))
    note_entry(state, entry)
    assert refresh_installed_hooks(state, ("/opt/other/pyve",)) == (hook_file(state, BASH),)
    assert b"'/opt/other/pyve'" in hook_file(state, BASH).read_bytes()


def test_what_stands_where_the_hook_goes_is_refused(file: Path, state: str) -> None:
    hook_file(state, BASH).mkdir(parents=True)
    with pytest.raises(RefusedError, match="no plain file"):
        plan_installation(BASH, file, state_directory=state, command=COMMAND)


def test_a_lost_ledger_is_written_anew_by_installing_again(file: Path, state: str) -> None:
    install(file, state)
    (Path(state) / LEDGER_NAME).unlink()
    assert install(file, state).changes == ()
    assert [entry.file for entry in read_startup_ledger(state)] == [file]


def test_without_an_installed_hook_none_is_written(state: str) -> None:
    assert refresh_installed_hooks(state, COMMAND) == ()
    assert not Path(state).exists()


def test_the_ledger_passes_over_lines_that_cannot_be_understood(file: Path, state: str) -> None:
    install(file, state)
    known = read_startup_ledger(state)
    with (Path(state) / LEDGER_NAME).open("ab") as ledger:
        ledger.write(b'\nnull\n{"shell": 1}\n{"shell": "bash", "file": "relative"}\n{"torn')
    assert read_startup_ledger(state) == known


def test_the_ledger_of_a_newer_pyve_is_told(state: str) -> None:
    Path(state).mkdir()
    (Path(state) / LEDGER_NAME).write_text('{"format": 2}\n')
    with pytest.raises(StateTooNewError):
        read_startup_ledger(state)


@needs_links
def test_names_of_any_bytes_survive_the_ledger(state: str) -> None:
    file = Path("/home/\udcff/.bashrc")
    note_entry(state, StartupEntry(shell="bash", file=file, command=("/bin/pyve",), directories=(file.parent,)))
    (entry,) = read_startup_ledger(state)
    assert (entry.file, entry.directories) == (file, (file.parent,))


@pytest.mark.parametrize(("gone", "line"), [(b"# >>> pyve (", 3), (b"# <<< pyve", 2)])
def test_what_lost_one_of_its_marks_is_left_as_it_is(
    file: Path, state: str, home: Path, tmp_path: Path, gone: bytes, line: int
) -> None:
    install(file, state)
    kept = [text for text in file.read_bytes().splitlines(keepends=True) if not text.startswith(gone)]
    file.write_bytes(b"".join(kept))
    before = tree(tmp_path), tree(home)
    with pytest.raises(RefusedError) as refused:
        install(file, state)
    assert f"{file}:{line}: " in refused.value.message
    assert (refused.value.hint or "").endswith("then: pyve hook --install bash")
    (problem,) = uninstall(state, file).problems
    assert f"{file}:{line}: " in problem.message
    assert (problem.hint or "").endswith("then: pyve hook --uninstall bash")
    assert (tree(tmp_path), tree(home)) == before
