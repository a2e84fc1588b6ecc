"""`pyve init`: from a directory to a project with its environment."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.made_up_package import Package, write_project
from tests.support.project_bench import ProjectBench


def test_pinned_requirements_are_installed(bench: ProjectBench) -> None:
    bench.require("alpha==1.0", "beta==1.0  # a comment")

    ran = bench.ok("init")

    assert "built" in ran.stdout
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0"}
    assert bench.ok("run", "alpha", "hello").stdout == "alpha 1.0 hello\n"


def test_flag_form_means_the_same(bench: ProjectBench) -> None:
    bench.require("alpha==1.0")

    assert bench.ok("--init", "--json").json["command"] == "init"
    assert bench.installed()["alpha"] == "1.0"


def test_empty_directory_gets_an_empty_environment(bench: ProjectBench) -> None:
    data = bench.ok("init", "--json").data

    assert data["source"] == "none"
    assert bench.installed() == {}
    assert sorted(path.name for path in bench.project.iterdir()) == [".pyve", ".venv"]


def test_everything_that_is_believed_lies_outside_the_project(bench: ProjectBench) -> None:
    directory = bench.init("alpha==1.0")

    assert directory.parent == bench.project / ".pyve" / "envs"
    assert sorted(path.name for path in (bench.project / ".pyve").iterdir()) == [
        *(".gitignore", "CACHEDIR.TAG", "env", "envs"),
    ]
    assert (bench.project / ".pyve" / "env").resolve() == directory
    assert (bench.project / ".venv").resolve() == directory
    assert bench.records() == [directory.name]
    assert bench.state.stat().st_mode & 0o777 == 0o700


def test_project_with_extras_and_groups_is_installed_editable(bench: ProjectBench) -> None:
    package = Package(
        name="site",
        version="0.1",
        requires=("alpha==1.0",),
        extras={"fast": ["gamma"]},
        scripts={"site-cli": "site_module:main"},
    )
    write_project(bench.project, package)
    bench.write("site_module.py", "def main():\n    print('one')\n")
    with (bench.project / "pyproject.toml").open("a") as file:
        file.write('\n[dependency-groups]\ndocs = ["delta"]\n')

    bench.ok("init", "--extra", "fast", "--group", "docs")

    assert bench.installed() == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0", "delta": "1.0", "site": "0.1"}
    bench.write("site_module.py", "def main():\n    print('two')\n")
    assert bench.ok("run", "site-cli").stdout == "two\n"


def test_extras_and_groups_stay_chosen(bench: ProjectBench) -> None:
    bench.write(
        "pyproject.toml",
        '[project]\nname = "it"\nversion = "1"\ndependencies = []\n[project.optional-dependencies]\nfast = ["gamma"]\n'
        '[dependency-groups]\ndev = ["delta"]\n',
    )
    bench.ok("init", "--extra", "fast", "--no-dev")
    assert bench.installed() == {"gamma": "1.0"}

    bench.write("pyproject.toml", (bench.project / "pyproject.toml").read_text().replace('"gamma"', '"gamma", "beta"'))
    bench.ok("sync")
    assert bench.installed() == {"gamma": "1.0", "beta": "2.0"}

    bench.ok("sync", "--no-extras", "--dev")
    assert bench.installed() == {"delta": "1.0"}


@pytest.fixture
def versions(bench: ProjectBench) -> list[str]:
    """The minor versions of Python that this machine has, newest first; two are needed."""
    ran = bench.run("init", "2.1", "--json")
    assert ran.exit_status == 5, "no machine has Python 2.1"
    words = ran.json["problems"][0]["message"].split()
    found = {word.rpartition(".")[0] for word in words if word.count(".") == 2 and word.replace(".", "").isdigit()}
    usable = [text for text in found if (3, 8) <= tuple(map(int, text.split("."))) < (3, 15)]
    usable.sort(key=lambda text: int(text.partition(".")[2]), reverse=True)
    if len(usable) < 2:
        pytest.skip(f"two Pythons are needed, and this machine has {usable}")
    return usable


def test_version_given_is_pinned_and_used(bench: ProjectBench, versions: list[str]) -> None:
    ran = bench.ok("init", versions[1])

    assert (bench.project / ".python-version").read_text() == f"{versions[1]}\n"
    assert f"Python {versions[1]} in .python-version" in ran.stdout
    printed = bench.ok("run", "python", "-c", "import sys; print('%d.%d' % sys.version_info[:2])").stdout
    assert printed.strip() == versions[1]
    assert bench.ok("sync", "--json").data["action"] == "keep"


def test_no_pin_keeps_the_version_in_the_state_alone(bench: ProjectBench, versions: list[str]) -> None:
    bench.ok("init", versions[1], "--no-pin")

    assert not (bench.project / ".python-version").exists()
    bench.require("gamma")
    assert bench.ok("sync", "--json").data["python"].startswith(versions[1])


def test_other_pin_is_an_error_that_names_both(bench: ProjectBench, versions: list[str]) -> None:
    bench.write(".python-version", f"{versions[0]}\n")

    ran = bench.run("init", versions[1], "--json")

    assert (ran.exit_status, ran.code) == (3, "pin-conflict")
    assert versions[0] in ran.stdout
    assert versions[1] in ran.stdout
    assert not (bench.project / ".pyve").exists()


def test_force_replaces_the_pin(bench: ProjectBench, versions: list[str]) -> None:
    bench.write(".python-version", f"{versions[0]}\n")

    data = bench.ok("init", versions[1], "--force", "--json").data

    assert data["python"].startswith(versions[1])
    assert (bench.project / ".python-version").read_text() == f"{versions[1]}\n"


def test_missing_python_names_what_was_found_and_what_to_type(bench: ProjectBench) -> None:
    ran = bench.run("init", "3.99")

    assert ran.exit_status == 5
    assert "3.99" in ran.stderr
    assert "Found" in ran.stderr
    assert "hint: " in ran.stderr
    assert list(bench.project.iterdir()) == []
    assert not bench.state.exists()


def test_argument_that_is_no_version_is_a_usage_error(bench: ProjectBench) -> None:
    ran = bench.run("init", "some/directory", "--json")

    assert (ran.exit_status, ran.code) == (2, "python-request-invalid")


def test_on_a_project_it_is_sync(bench: ProjectBench) -> None:
    first = bench.init("alpha==1.0")

    assert bench.ok("init", "--json").data["action"] == "keep"
    assert bench.in_use() == first


def test_force_builds_another_directory(bench: ProjectBench) -> None:
    first = bench.init("alpha==1.0")

    data = bench.ok("init", "--force", "--json").data

    assert data["action"] == "build"
    assert bench.in_use() != first
    assert bench.environments() == sorted({first.name, bench.in_use().name})


def test_dry_run_changes_nothing_and_tells_what_init_does_then(bench: ProjectBench) -> None:
    bench.require("alpha==1.0")

    planned = bench.ok("init", "--dry-run", "--json").data

    assert [path.name for path in bench.project.iterdir()] == ["requirements.txt"]
    assert not bench.state.exists()
    done = bench.ok("init", "--json").data
    same = ("action", "reason", "fingerprint", "python", "source", "files", "pin")
    assert {name: planned[name] for name in same} == {name: done[name] for name in same}


def test_in_a_subdirectory_the_manifest_above_makes_the_root(bench: ProjectBench) -> None:
    bench.require("gamma")
    deep = bench.project / "src" / "deep"
    deep.mkdir(parents=True)

    told = bench.ok("init", cwd=deep).stderr

    assert f"The project is {bench.project}, above this directory: requirements.txt lies there." in told
    assert bench.ok("status", "--json", cwd=deep).data["project"] == str(bench.project)
    assert not (deep / ".pyve").exists()


def test_pyve_toml_above_wins_over_a_nearer_manifest(bench: ProjectBench) -> None:
    bench.write("pyve.toml", "")
    bench.write("tools/requirements.txt", "gamma\n")

    assert bench.ok("init", "--json", cwd=bench.project / "tools").data["project"] == str(bench.project)


def test_repository_ends_the_search(bench: ProjectBench) -> None:
    bench.require("gamma")
    inner = bench.project / "inner"
    (inner / ".git").mkdir(parents=True)

    assert bench.ok("init", "--json", cwd=inner).data["project"] == str(inner)


def test_home_is_never_made_the_root_from_below(bench: ProjectBench) -> None:
    (bench.home / "requirements.txt").write_text("gamma\n")
    below = bench.home / "notes"
    below.mkdir()

    assert bench.ok("init", "--json", cwd=below).data["project"] == str(below)


def test_inner_and_outer_projects_each_have_their_own(bench: ProjectBench) -> None:
    outer = bench.init("alpha==1.0")
    inner = bench.at(bench.project / "inner")
    inner.require("gamma")

    assert inner.ok("run", "python", "-c", "import sys; print(sys.prefix)").stdout.strip() == str(outer)
    inner.ok("init")
    assert inner.installed() == {"gamma": "1.0"}
    assert bench.in_use() == outer
    assert bench.ok("status", "--json", cwd=inner.project).data["project"] == str(inner.project)


def test_git_status_stays_clean(bench: ProjectBench) -> None:
    bench.git("init", "-q")
    bench.require("gamma")

    bench.ok("init")

    assert bench.git("status", "--porcelain").split() == ["??", "requirements.txt"]


def test_lines_in_ignore_files_are_told_and_left_out_when_asked(bench: ProjectBench) -> None:
    bench.write("Dockerfile", "FROM scratch\n")

    assert any(".dockerignore" in note for note in bench.ok("init", "--no-ignore").stderr.splitlines())
    assert not (bench.project / ".dockerignore").exists()
    assert bench.ok("sync", "--json").data["files"] == [], "the choice stays"
    assert any(".dockerignore" in line for line in bench.ok("sync", "--ignore", "--json").data["files"])
    assert "/.pyve" in (bench.project / ".dockerignore").read_text()


def test_failed_first_build_leaves_the_directory_as_it_was(bench: ProjectBench) -> None:
    bench.git("init", "-q")
    exclude = bench.project / ".git" / "info" / "exclude"
    before = exclude.read_bytes() if exclude.exists() else None
    bench.require("nosuchthing==1.0")

    ran = bench.run("init")

    assert ran.exit_status == 6
    assert sorted(path.name for path in bench.project.iterdir()) == [".git", "requirements.txt"]
    assert (exclude.read_bytes() if exclude.exists() else None) == before
    assert not bench.state.exists()


def test_log_of_a_failed_first_build_can_be_read(bench: ProjectBench) -> None:
    bench.require("nosuchthing==1.0")

    hint = bench.run("init", "--json").json["problems"][0]["hint"]

    assert "nosuchthing" in Path(hint.rpartition(": ")[2]).read_text()


def test_own_venv_is_left_alone_and_said(bench: ProjectBench) -> None:
    bench.write(".venv/mine.txt", "mine")
    bench.require("gamma")

    ran = bench.ok("init")

    assert "--take-venv" in ran.stderr
    assert (bench.project / ".venv" / "mine.txt").read_text() == "mine"
    assert bench.installed() == {"gamma": "1.0"}


def test_take_venv_moves_it_aside(bench: ProjectBench) -> None:
    bench.write(".venv/mine.txt", "mine")

    bench.ok("init", "--take-venv")

    assert (bench.project / ".venv").resolve() == bench.in_use()
    (aside,) = bench.project.glob(".venv?*")
    assert (aside / "mine.txt").read_text() == "mine"


def test_file_named_pyve_is_not_overwritten(bench: ProjectBench) -> None:
    bench.write(".pyve", "mine")

    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (3, "not-a-directory")
    assert (bench.project / ".pyve").read_text() == "mine"
    assert not bench.state.exists()


def test_pyve_folder_that_is_a_link_is_refused(bench: ProjectBench, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (bench.project / ".pyve").symlink_to(elsewhere)

    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (7, "refused")
    assert list(elsewhere.iterdir()) == []


def test_envs_folder_that_is_a_link_is_refused(bench: ProjectBench, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (bench.project / ".pyve").mkdir()
    (bench.project / ".pyve" / "envs").symlink_to(elsewhere)

    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (7, "refused")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.posix("scripts with a first line")
def test_unfinished_environment_of_somebody_else_is_shown_and_never_run(bench: ProjectBench) -> None:
    bench.write(".pyve/envs/0badf00d-0badf00d/bin/python", "#!/bin/sh\ntouch pwned\n").chmod(0o755)
    bench.write(".pyve/envs/0badf00d-0badf00d/pyve-record.json", "{}")
    bench.require("gamma")

    bench.ok("init")

    assert bench.ok("status", "--json").data["foreign"] == [str(bench.project / ".pyve/envs/0badf00d-0badf00d")]
    assert bench.in_use().name != "0badf00d-0badf00d"
    assert not list(bench.project.rglob("pwned"))


class TestAdoption:
    """An environment that this machine's state does not know, with the wanted record inside: a CI cache."""

    @pytest.fixture
    def made(self, bench: ProjectBench) -> Path:
        """An environment whose state is lost."""
        directory = bench.init("alpha==1.0")
        self.lose_state(bench)
        return directory

    @staticmethod
    def lose_state(bench: ProjectBench) -> None:
        shutil.rmtree(Path(bench.environment["PYVE_STATE_DIR"]))

    def test_with_adopt(self, bench: ProjectBench, made: Path) -> None:
        assert bench.ok("init", "--adopt", "--json").data["action"] == "adopt"
        assert bench.in_use() == made

    def test_with_ci_set(self, bench: ProjectBench, made: Path) -> None:
        assert bench.ok("init", "--json", env={"CI": "true"}).data["action"] == "adopt"
        assert bench.in_use() == made

    def test_without_either_it_is_offered_and_left_alone(self, bench: ProjectBench, made: Path) -> None:
        ran = bench.ok("init")

        assert "--adopt" in ran.stderr
        assert bench.in_use() != made
        assert made.is_dir()

    @pytest.mark.posix("scripts with a first line")
    def test_without_either_nothing_of_it_is_run(self, bench: ProjectBench, made: Path, tmp_path: Path) -> None:
        python = made / "bin" / "python"
        python.unlink()
        python.write_text(f"#!/bin/sh\ntouch '{tmp_path}/pwned'\n")
        python.chmod(0o755)

        for verb in ("init", "status", "list", "check", "detect"):
            bench.run(verb)

        assert not (tmp_path / "pwned").exists()

    def test_other_declaration_is_not_adopted(self, bench: ProjectBench, made: Path) -> None:
        bench.require("gamma")

        assert bench.ok("init", "--adopt", "--json").data["action"] == "build"
        assert bench.in_use() != made

    def test_record_that_leads_elsewhere_is_not_adopted(self, bench: ProjectBench, made: Path, tmp_path: Path) -> None:
        copy = made / "pyve-record.json"
        document = json.loads(copy.read_text())
        document["site_packages"] = str(tmp_path)
        copy.write_text(json.dumps(document))

        assert bench.ok("init", "--adopt", "--json").data["action"] == "build"

    def test_damaged_record_is_not_adopted(self, bench: ProjectBench, made: Path) -> None:
        (made / "pyve-record.json").write_text('{"format": 1, "fingerprint": 3}')

        assert bench.ok("init", "--adopt", "--json").data["action"] == "build"

    @pytest.mark.posix("devices that never end")
    def test_record_that_never_ends_is_not_read(self, bench: ProjectBench, made: Path) -> None:
        (made / "pyve-record.json").unlink()
        (made / "pyve-record.json").symlink_to("/dev/zero")
        other = made.with_name("0123456789abcdef")
        other.mkdir()
        (other / "pyve-record.json").write_text("[" * 200_000)

        assert bench.run("check", "--json").exit_status in (0, 1)
        assert bench.ok("init", "--adopt", "--json").data["action"] == "build"

    @pytest.mark.parametrize("name", ["distributions", "size_bytes", "extras", "locked", "directory"])
    def test_record_with_a_value_of_the_wrong_kind_is_not_adopted(
        self, bench: ProjectBench, made: Path, name: str
    ) -> None:
        copy = made / "pyve-record.json"
        copy.write_text(json.dumps({**json.loads(copy.read_text()), name: 3.5}))

        assert bench.ok("init", "--adopt", "--json").data["action"] == "build"

    def test_environment_that_lost_a_package_is_not_adopted(self, bench: ProjectBench, made: Path) -> None:
        (info,) = made.rglob("alpha-1.0.dist-info")
        info.rename(info.with_name("gone"))

        assert bench.ok("init", "--adopt", "--json").data["action"] == "build"


def test_moved_project_is_recognised_and_said(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("alpha==1.0")
    moved = tmp_path / "moved"
    bench.project.rename(moved)
    bench = bench.at(moved)

    ran = bench.ok("init")

    assert "moved" in ran.stderr or "copied" in ran.stderr
    assert bench.in_use().is_relative_to(moved)
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_branch_that_tracks_files_under_our_folders_is_not_harmed(bench: ProjectBench) -> None:
    bench.git("init", "-q")
    bench.write(".pyve/notes.txt", "tracked")
    bench.write(".venv/notes.txt", "tracked")
    bench.git("add", "-f", ".")
    bench.git("commit", "-qm", "tracks our folders")
    bench.require("gamma")

    bench.ok("init")

    assert bench.git("status", "--porcelain").split() == ["??", "requirements.txt"]
    assert bench.installed() == {"gamma": "1.0"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows needs a privilege for symbolic links")
def test_symlinked_project_is_one_with_the_real_one(bench: ProjectBench, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(bench.project)
    directory = bench.init("gamma")

    assert bench.ok("sync", "--json", "--project", str(link)).data["environment"] == str(directory)
    assert bench.ok("run", "gamma", cwd=link).stdout == "gamma 1.0\n"
    env = {"PWD": str(link)}
    assert bench.ok("run", "gamma", cwd=link, env=env).stdout == "gamma 1.0\n"


def test_environments_elsewhere_where_the_user_wants_them(bench: ProjectBench, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    settings = bench.home / ".config" / "pyve" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[store]\nlocation = "{folder}"\n')

    directory = bench.init("gamma")

    assert directory.is_relative_to(folder)
    assert (bench.project / ".venv").resolve() == directory
    assert bench.ok("status", "--json").data["environment"] == str(directory)


@pytest.mark.posix("a shell and its startup file")
@pytest.mark.parametrize("is_installed", [False, True])
def test_the_way_to_the_hook_is_that_of_the_shell_it_is_typed_in(bench: ProjectBench, *, is_installed: bool) -> None:
    if is_installed:
        bench.ok("hook", "--install", "bash", "--yes")
    words = f"{shlex.join(bench.command('init'))}; true"  # so that the shell is not replaced by pyve
    variables = bench.variables({"_PYVE_HOOK": None, "CI": None})
    said = subprocess.run(
        ["bash", "-c", words], cwd=bench.project, env=variables, capture_output=True, encoding="utf-8", check=True
    ).stderr
    assert ("pyve hook --install" in said) is not is_installed
    assert ("Each new bash enters it on cd" in said) is is_installed
