"""What a shell's hook starts when a watched file has changed, and what it finds in the snippet afterwards."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench

pytestmark = pytest.mark.posix("snippets are looked at by their text in POSIX form")


class Shell:
    """What a hook would see of a project, without a shell: the snippet's fields and the references' times."""

    def __init__(self, bench: ProjectBench) -> None:
        self.bench = bench

    @property
    def snippet(self) -> Path:
        return self.bench.state.parent / "@act.bash"

    def field(self, name: str) -> list[str]:
        """The words of one field of the snippet, read by a real shell."""
        printed = subprocess.run(
            [
                "bash",
                "-c",
                f'. "$1"; printf "%s\\0" ${{__pyve_s_{name}[@]+"${{__pyve_s_{name}[@]}}"}}',
                "-",
                self.snippet,
            ],
            capture_output=True,
            check=True,
        ).stdout
        return os.fsdecode(printed).split("\0")[:-1]

    def one(self, name: str) -> str:
        (word,) = self.field(name)
        return word

    def sees_change(self) -> bool:
        """Whether a watched file is newer than the reference, as `-nt` has it."""
        reference = Path(self.one("reference"))
        limit = reference.stat().st_mtime_ns
        return any(Path(path).stat().st_mtime_ns > limit for path in self.field("watch"))

    def ask(self) -> None:
        """Start what the hook starts."""
        ran = self.bench.run("shell-env", "--project", str(self.bench.project))
        assert (ran.exit_status, ran.stdout) == (0, "")


def test_snippet_enters_the_environment_that_run_gives(bench: ProjectBench) -> None:
    environment = bench.init("alpha")
    shell = Shell(bench)
    assert shell.field("bin") == [f"{environment}/bin"]
    assert shell.field("set")[:2] == ["VIRTUAL_ENV", str(environment)]
    assert shell.field("unset") == ["PYTHONHOME"]
    assert shell.one("prompt") == f"({bench.project.name}) "
    assert shell.one("notice") == ""


def test_snippet_watches_what_is_there_and_the_directory_itself(bench: ProjectBench) -> None:
    bench.write("requirements/base.txt", "beta\n")
    environment = bench.init("alpha", "-r requirements/base.txt")
    root = bench.project
    assert set(Shell(bench).field("watch")) == {
        *map(str, (root, root / "requirements.txt", root / "requirements", root / "requirements" / "base.txt")),
        str(environment / "pyvenv.cfg"),
    }


def test_nothing_looks_changed_right_after_init(bench: ProjectBench) -> None:
    bench.init("alpha")
    assert not Shell(bench).sees_change()


def test_known_declaration_is_switched_to_without_the_index(
    repository: ProjectBench, index_that_is_gone: dict[str, str]
) -> None:
    shell = Shell(repository)
    second = shell.field("bin")
    repository.git("switch", "-q", "one")
    assert shell.sees_change()

    ran = repository.run("shell-env", env=index_that_is_gone)

    assert (ran.exit_status, ran.stdout, ran.stderr) == (0, "", "")
    assert shell.field("bin") != second
    assert shell.one("notice") == ""
    assert not shell.sees_change()
    assert repository.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_unknown_declaration_keeps_the_environment_and_leaves_a_notice(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    shell = Shell(bench)
    entered = shell.field("bin")
    bench.require("alpha==2.0")
    assert shell.sees_change()

    shell.ask()

    assert shell.field("bin") == entered
    assert shell.one("notice").startswith("environment is out of date (requirements.txt changed)")
    assert "pyve sync" in shell.one("notice")
    assert not shell.sees_change()
    assert len(bench.environments()) == 1


def test_asking_again_says_nothing_new(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.require("alpha==2.0")
    shell = Shell(bench)
    shell.ask()
    first = shell.snippet.read_bytes()
    bench.write("unrelated.txt", "")
    shell.ask()
    assert shell.snippet.read_bytes() == first
    assert not shell.sees_change()


def test_notice_goes_when_the_file_is_put_back(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    before = Shell(bench).snippet.read_bytes()
    bench.require("alpha==2.0")
    Shell(bench).ask()
    bench.require("alpha==1.0")
    Shell(bench).ask()
    assert Shell(bench).snippet.read_bytes() == before


def test_notice_goes_when_the_very_file_is_moved_back(bench: ProjectBench) -> None:
    """It is then as it was to the inode: nothing that counts has changed, but for what shells were told."""
    bench.init("alpha==1.0")
    before = Shell(bench).snippet.read_bytes()
    manifest, aside = bench.project / "requirements.txt", bench.home / "aside.txt"
    manifest.rename(aside)
    Shell(bench).ask()
    assert "pyve sync" in Shell(bench).one("notice")
    aside.rename(manifest)
    Shell(bench).ask()
    assert Shell(bench).snippet.read_bytes() == before


def test_sync_takes_the_notice_away(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.require("alpha==2.0")
    Shell(bench).ask()
    bench.ok("sync")
    assert Shell(bench).one("notice") == ""
    assert not Shell(bench).sees_change()


def test_comment_is_no_change_of_what_is_said(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    before = Shell(bench).snippet.read_bytes()
    bench.write("requirements.txt", "# pinned\nalpha==1.0\n")
    assert Shell(bench).sees_change()
    Shell(bench).ask()
    assert Shell(bench).snippet.read_bytes() == before
    assert not Shell(bench).sees_change()


def test_file_beside_the_manifests_changes_the_references_alone(bench: ProjectBench) -> None:
    bench.init("alpha")
    shell = Shell(bench)
    before = {path: path.stat().st_mtime_ns for path in bench.state.parent.glob("@act.*")}
    bench.write("notes.txt", "")
    assert shell.sees_change()
    shell.ask()
    assert not shell.sees_change()
    assert {path: path.stat().st_mtime_ns for path in bench.state.parent.glob("@act.*")} == before


def test_manifest_that_comes_is_noticed_by_the_directory(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.write(".python-version", "2.6\n")
    assert Shell(bench).sees_change()
    Shell(bench).ask()
    assert "pyve" in Shell(bench).one("notice")


def test_coarse_reference_asks_again_while_the_change_is_young(bench: ProjectBench) -> None:
    """Shells that compare whole seconds would miss a second edit within one of them."""
    bench.init("alpha")
    newest = max(Path(path).stat().st_mtime_ns for path in Shell(bench).field("watch"))
    coarse = Path(Shell(bench).one("reference") + ".coarse").stat().st_mtime_ns
    assert coarse // 10**9 < newest // 10**9
    for path in Shell(bench).field("watch"):
        os.utime(path, ns=(newest - 10**10, newest - 10**10))
    Shell(bench).ask()
    assert Path(Shell(bench).one("reference") + ".coarse").stat().st_mtime_ns == newest - 10**10


def test_file_from_the_future_does_not_keep_shells_asking(bench: ProjectBench) -> None:
    path = bench.require("alpha")
    later = time.time_ns() + 3600 * 10**9
    os.utime(path, ns=(later, later))
    bench.ok("init")
    assert not Shell(bench).sees_change()
    assert str(path) not in Shell(bench).field("watch")


def test_directory_reached_through_a_link_gets_a_snippet_of_its_own(bench: ProjectBench, tmp_path: Path) -> None:
    link = tmp_path / "by-link"
    link.symlink_to(bench.project)
    bench.require("alpha")
    bench.ok("init", cwd=link, env={"PWD": str(link)})
    state = bench.home / ".local" / "state" / "pyve" / "projects"
    alias = state / link.relative_to("/") / "@act.zsh"
    assert f"__pyve_s_root='{link}'" in alias.read_text(encoding="utf-8")
    bench.ok("purge", "--yes")
    assert not alias.exists()
    assert not alias.parent.exists()


def test_purge_takes_the_snippets_and_tells_shells(bench: ProjectBench) -> None:
    bench.init("alpha")
    top = bench.home / ".local" / "state" / "pyve"
    generation = (top / "generation").read_text(encoding="ascii")
    bench.ok("purge", "--yes")
    assert list(top.rglob("@act.*")) == []
    assert (top / "generation").read_text(encoding="ascii") != generation
    assert [path.name for path in (top / "generations").iterdir()] == [(top / "generation").read_text().strip()]


def test_second_sync_tells_shells_nothing(bench: ProjectBench) -> None:
    bench.init("alpha")
    top = bench.home / ".local" / "state" / "pyve"
    before = (top / "generation").read_bytes(), Shell(bench).snippet.stat().st_mtime_ns
    bench.ok("sync")
    assert ((top / "generation").read_bytes(), Shell(bench).snippet.stat().st_mtime_ns) == before


def test_rollback_is_followed(bench: ProjectBench) -> None:
    first = bench.init("alpha==1.0")
    bench.require("alpha==2.0")
    bench.ok("sync")
    bench.ok("rollback")
    assert Shell(bench).field("bin") == [f"{first}/bin"]


def test_outside_of_projects_it_fails_without_a_word_so_that_no_shell_asks_again(bench: ProjectBench) -> None:
    ran = bench.run("shell-env")
    assert (ran.exit_status, ran.stdout, ran.stderr) == (4, "", "")


def test_directory_from_the_future_is_not_watched_any_more(bench: ProjectBench) -> None:
    bench.init("alpha")
    later = time.time_ns() + 3600 * 10**9
    os.utime(bench.project, ns=(later, later))
    assert Shell(bench).sees_change()
    Shell(bench).ask()
    assert not Shell(bench).sees_change()


def test_every_change_of_what_is_said_tells_all_shells(bench: ProjectBench) -> None:
    """Also those that ask no more."""
    bench.init("alpha==1.0")
    generation = bench.home / ".local" / "state" / "pyve" / "generation"
    before = generation.read_bytes()
    bench.require("alpha==2.0")
    bench.ok("sync")
    assert generation.read_bytes() != before


def auto_sync(bench: ProjectBench) -> None:
    bench.ok("config", "set", "--user", "auto-sync", str(bench.project))


def test_auto_sync_installs_where_the_user_says_so(bench: ProjectBench) -> None:
    first = bench.init("alpha==1.0")
    auto_sync(bench)
    bench.require("alpha==2.0")
    ran = bench.run("shell-env")
    assert "auto-sync" in ran.stderr
    assert Shell(bench).field("bin") != [f"{first}/bin"]
    assert bench.ok("run", "alpha").stdout == "alpha 2.0\n"


def test_auto_sync_runs_no_code_of_the_project(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    auto_sync(bench)
    bench.write("setup.py", "open('ran', 'w').close()\nfrom setuptools import setup\nsetup(name='own')\n")
    Shell(bench).ask()
    assert "pyve sync" in Shell(bench).one("notice")
    assert not (bench.project / "ran").exists()


def test_auto_sync_in_the_repository_counts_for_nothing(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.write("pyve.toml", f"auto-sync = ['{bench.project}']\n")
    bench.require("alpha==2.0")
    Shell(bench).ask()
    assert len(bench.environments()) == 1
