"""`pyve add` and `pyve remove`: declaration, lock and environment change together, or not at all."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pyve.environments.state import state_of_project
from pyve.verbs.environment_in_use import put_environment_back, remember_environment
from pyve.verbs.situation import read_situation
from tests.support.made_up_package import Package, project_files
from tests.support.project_bench import ProjectBench, Ran


def read(bench: ProjectBench, name: str = "requirements.in") -> str:
    return (bench.project / name).read_bytes().decode()


def take_down(bench: ProjectBench) -> dict[str, bytes]:
    """All files of the project that are not pyve's."""
    return {path.name: path.read_bytes() for path in bench.project.iterdir() if path.is_file()}


def declare_project(bench: ProjectBench, *dependencies: str, more: str = "") -> None:
    """A pyproject.toml whose index everybody knows, so that a pylock.toml may name its files."""
    listed = "".join(f'    "{one}",\n' for one in dependencies)
    bench.write(
        "pyproject.toml",
        f'[project]\nname = "own"\nversion = "1.0"\nrequires-python = ">=3.10"\ndependencies = [\n{listed}]\n{more}'
        f'\n[tool.uv]\nindex-url = "{bench.index.file_url}"\n',
    )


def changes(ran: Ran) -> list[tuple[str, str, int]]:
    return [(one["action"], one["file"], one["line"]) for one in ran.data["changes"]]


def test_add_declares_locks_and_installs(bench: ProjectBench) -> None:
    bench.write("requirements.in", "# what it needs\ngamma\n")
    bench.ok("init")

    ran = bench.ok("add", "alpha<2", "delta", "--json")

    assert read(bench) == "# what it needs\ngamma\nalpha<2\ndelta\n"
    assert changes(ran) == [("added", "requirements.in", 3), ("added", "requirements.in", 4)]
    assert "alpha==1.0" in read(bench, "requirements.txt")
    assert bench.installed() == {"alpha": "1.0", "beta": "2.0", "delta": "1.0", "gamma": "1.0"}
    assert bench.ok("status", "--json").data["stale"] is False
    assert bench.ok("lock", "--check").exit_status == 0


def test_remove_takes_it_out_of_all_three(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\ngamma  # for its command\n")
    bench.ok("sync")

    ran = bench.ok("remove", "Gamma", "--json")

    assert read(bench) == "alpha\n"
    assert changes(ran) == [("removed", "requirements.in", 2)]
    assert "gamma" not in read(bench, "requirements.txt")
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0"}


def test_what_is_added_and_removed_again_leaves_all_files_as_they_were(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\r\nalpha  # first")
    bench.ok("lock")
    before = take_down(bench)

    bench.ok("add", "delta", "--no-sync")
    bench.ok("remove", "delta", "--no-sync")

    assert take_down(bench) == before


def test_what_is_declared_already_is_changed_in_place_or_kept(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha<2  # the old one\ngamma\n")
    bench.ok("sync")

    kept = bench.ok("add", "Alpha", "--json")
    changed = bench.ok("add", "alpha>=2", "--json")

    assert [one["action"] for one in kept.data["changes"]] == ["kept"]
    assert (kept.data["locks"], kept.data["sync"], kept.data["diff"]) == (None, None, "")
    assert changed.data["changes"][0]["before"] == "alpha<2"
    assert read(bench) == "alpha>=2  # the old one\ngamma\n"
    assert bench.installed()["alpha"] == "2.0"


def test_adding_upgrades_nothing_else(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    bench.index.add("alpha", "3.0", requires=["beta"])

    bench.ok("add", "gamma")

    assert bench.installed() == {"alpha": "2.0", "beta": "2.0", "gamma": "1.0"}


def test_dry_run_shows_the_text_that_would_be_written_and_touches_nothing(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    before = take_down(bench)

    data = bench.ok("add", "nosuchthing>=1", "--dry-run", "--json").data

    assert data["diff"] == "--- a/requirements.in\n+++ b/requirements.in\n@@ -1 +1,2 @@\n gamma\n+nosuchthing>=1\n"
    assert take_down(bench) == before
    assert not bench.state.exists()


def test_a_name_that_no_index_has_changes_nothing_and_is_named(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("sync")
    before, environment = take_down(bench), bench.in_use()

    ran = bench.run("add", "gammma", "--json")

    (problem,) = ran.json["problems"]
    assert (ran.exit_status, problem["code"]) == (6, "resolution-failed")
    assert "gammma" in problem["message"]
    assert "Nothing was changed: requirements.in is as it was." in problem["message"]
    assert "requirements.in:2" not in problem["message"] + problem["hint"]
    assert "gamma" in problem["hint"].split()[3]
    assert take_down(bench) == before
    assert bench.in_use() == environment


def test_a_new_file_goes_again_when_the_package_cannot_be_had(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("sync")
    before = take_down(bench)

    assert bench.run("add", "--dev", "nosuchthing").exit_status == 6

    assert take_down(bench) == before


def test_a_package_that_does_not_build_takes_declaration_and_lock_back(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("sync")
    bench.index.add_broken_sdist("epsilon", "1.0")
    before, environment = take_down(bench), bench.in_use()

    ran = bench.run("add", "epsilon", "--json")

    assert ran.exit_status == 6
    assert "is as it was" in ran.json["problems"][0]["message"]
    assert take_down(bench) == before
    assert bench.in_use() == environment
    assert bench.ok("status", "--json").data["stale"] is False


def test_a_first_package_that_cannot_be_had_registers_nothing(bench: ProjectBench) -> None:
    bench.write("requirements.in", "")

    assert bench.run("add", "nosuchthing").exit_status == 6

    assert read(bench) == ""
    assert not bench.state.exists()
    assert not (bench.project / ".pyve").exists()


def test_a_project_is_registered_by_adding_and_not_with_no_sync(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")

    bench.ok("add", "alpha", "--no-sync")
    assert not bench.state.exists()

    bench.ok("add", "delta")
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0", "delta": "1.0", "gamma": "1.0"}


def test_without_a_lock_wish_the_locks_stay(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("lock")
    lock = read(bench, "requirements.txt")

    ran = bench.ok("add", "alpha", "--no-lock", "--no-sync", "--json")

    assert ran.data["locks"] is None
    assert read(bench, "requirements.txt") == lock
    assert bench.run("lock", "--check").exit_status == 1


def test_development_and_groups_have_files_of_their_own_beside_requirements_in(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")

    bench.ok("add", "--dev", "alpha")
    bench.ok("add", "--group", "docs", "delta", "--no-sync")

    assert (read(bench, "requirements-dev.in"), read(bench, "requirements-docs.in")) == ("alpha\n", "delta\n")
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0", "gamma": "1.0"}
    assert "delta==1.0" in read(bench, "requirements-docs.txt")


def test_pyproject_holds_dependencies_groups_and_extras(bench: ProjectBench) -> None:
    declare_project(bench, "gamma")
    bench.ok("init")

    bench.ok("add", "beta<2")
    bench.ok("add", "--dev", "delta")
    ran = bench.ok("add", "--extra", "more", "alpha", "--json")

    text = read(bench, "pyproject.toml")
    assert 'dependencies = [\n    "beta<2",\n    "gamma",\n]' in text or '    "gamma",\n    "beta<2",\n]' in text
    assert '[project.optional-dependencies]\nmore = [\n    "alpha",\n]' in text
    assert '[dependency-groups]\ndev = [\n    "delta",\n]' in text
    assert bench.installed() == {"beta": "1.0", "gamma": "1.0", "delta": "1.0"}
    assert ran.data["changes"][0]["part"] == "extra more"
    assert "alpha" in read(bench, "pylock.toml")


def test_loose_requirements_are_added_to_and_stay_loose(bench: ProjectBench) -> None:
    bench.write("requirements.txt", f"--index-url {bench.index.file_url}\ngamma\n")

    bench.ok("add", "alpha", "--no-lock")

    assert read(bench, "requirements.txt").splitlines()[1:] == ["gamma", "alpha"]
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0", "gamma": "1.0"}


def test_a_registered_project_without_declarations_gets_requirements_in(bench: ProjectBench) -> None:
    bench.ok("init")

    bench.ok("add", "gamma")

    assert read(bench) == "gamma\n"
    assert bench.installed() == {"gamma": "1.0"}


def test_a_directory_that_is_no_project_is_told_so(bench: ProjectBench) -> None:
    ran = bench.run("add", "gamma", "--json")

    assert (ran.exit_status, ran.code) == (4, "no-project")
    assert list(bench.project.iterdir()) == []


def test_a_path_is_written_as_seen_from_the_project(bench: ProjectBench) -> None:
    for name, text in project_files(Package(name="tool", version="1.0")).items():
        bench.write(f"tools/tool/{name}", text)
    bench.write("requirements.in", "gamma\n")

    bench.ok("add", "--editable", "tool", "--no-lock", cwd=bench.project / "tools")

    assert read(bench) == "gamma\n-e ./tools/tool\n"
    assert bench.installed() == {"gamma": "1.0", "tool": "1.0"}
    bench.ok("remove", "tool", "--no-lock", "--no-sync")
    assert read(bench) == "gamma\n"


def test_a_lock_without_its_source_is_refused(bench: ProjectBench) -> None:
    bench.write("requirements.txt", f"gamma==1.0 --hash={bench.index.hash_of('gamma', '1.0')}\n")

    ran = bench.run("add", "alpha", "--json")

    assert (ran.exit_status, ran.code) == (3, "declaration-not-editable")
    assert "requirements.in" in ran.json["problems"][0]["hint"]


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("pyproject.toml", "[tool.poetry]\nname = 'own'\n[tool.poetry.dependencies]\nsix = '*'\n", "poetry add alpha"),
        ("Pipfile", "[packages]\n", "pipenv install alpha"),
        ("setup.py", "from setuptools import setup\nsetup()\n", "install_requires in setup.py"),
        (
            "pyproject.toml",
            "tool.setuptools.dynamic.dependencies.file='needs.txt'\n[project]\nname='own'\ndynamic=['dependencies']\n",
            "needs.txt",
        ),
    ],
)
def test_what_is_not_for_pyve_to_change_is_told_with_what_to_type(
    bench: ProjectBench, name: str, text: str, hint: str
) -> None:
    bench.write(name, text)

    ran = bench.run("add", "alpha", "--json")

    assert (ran.exit_status, ran.code) == (3, "declaration-not-editable")
    assert hint in ran.json["problems"][0]["hint"]
    assert take_down(bench) == {name: text.encode()}


def test_an_included_file_that_declares_it_is_named_with_its_line(bench: ProjectBench) -> None:
    bench.write("base.in", "# all\ngamma<2\n")
    bench.write("requirements.in", "-r base.in\n")

    ran = bench.run("add", "gamma>=1", "--json")

    assert (ran.exit_status, ran.code) == (3, "declaration-not-editable")
    assert "base.in:2" in ran.json["problems"][0]["message"]


def test_several_lines_for_one_package_are_told_with_their_places(bench: ProjectBench) -> None:
    text = "gamma==1; python_version < '3.9'\ngamma>=1; python_version >= '3.9'\n"
    bench.write("requirements.in", text)

    ran = bench.run("add", "gamma>=1", "--json")

    assert (ran.exit_status, ran.code) == (3, "declaration-not-editable")
    assert "requirements.in:1" in ran.json["problems"][0]["message"]
    assert "requirements.in:2" in ran.json["problems"][0]["message"]
    assert read(bench) == text


def test_a_file_that_is_read_only_is_left_alone(bench: ProjectBench) -> None:
    path = bench.write("requirements.in", "gamma\n")
    path.chmod(stat.S_IRUSR)

    ran = bench.run("add", "alpha", "--json")

    assert (ran.exit_status, ran.code) == (3, "path-not-writable")
    assert read(bench) == "gamma\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_is_written_through_inside_the_project_alone(bench: ProjectBench, tmp_path: Path) -> None:
    bench.write("inputs/all.in", "gamma\n")
    (bench.project / "requirements.in").symlink_to("inputs/all.in")
    bench.ok("add", "alpha", "--no-sync")
    assert read(bench, "inputs/all.in") == "gamma\nalpha\n"
    assert (bench.project / "requirements.in").is_symlink()

    outside = tmp_path / "outside.in"
    outside.write_text("gamma\n", encoding="utf-8")
    (bench.project / "requirements.in").unlink()
    (bench.project / "requirements.in").symlink_to(outside)
    ran = bench.run("add", "alpha", "--no-sync", "--json")

    assert (ran.exit_status, ran.code) == (7, "refused")
    assert outside.read_text(encoding="utf-8") == "gamma\n"


def test_remove_says_where_else_it_is_declared(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.write("requirements-dev.in", "alpha\n")

    ran = bench.run("remove", "alpha", "--json")

    (problem,) = ran.json["problems"]
    assert (ran.exit_status, problem["code"]) == (3, "package-not-declared")
    assert "requirements-dev.in:1" in problem["message"]
    assert problem["hint"] == "pyve remove --dev alpha"


def test_remove_says_what_needs_a_package_that_nobody_declares(bench: ProjectBench) -> None:
    bench.write("requirements.in", "alpha\n")
    bench.ok("sync")

    ran = bench.run("remove", "beta", "--json")

    assert ran.code == "package-not-declared"
    assert "because alpha needs it" in ran.json["problems"][0]["message"]


def test_remove_of_an_unknown_name_suggests_the_nearest(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.write("requirements-dev.in", "alpha\n")

    for typed, hint in (("gama", "did you mean: pyve remove gamma"), ("alfa", "did you mean: pyve remove --dev alpha")):
        ran = bench.run("remove", typed, "--json")

        assert ran.code == "package-not-declared"
        assert ran.json["problems"][0]["hint"] == hint


def test_a_password_never_reaches_the_declaration(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")

    ran = bench.run("add", "http://me:hunter2@git.example/x.zip")

    assert ran.exit_status == 2
    assert "machine git.example login" in " ".join(ran.stderr.split())
    assert "hunter2" not in ran.stdout + ran.stderr
    assert read(bench) == "gamma\n"


def test_options_that_contradict_each_other_are_refused(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")

    for words in (("add",), ("remove",), ("add", "a", "--dev", "--group", "b"), ("add", "six<1", "six>2")):
        assert bench.run(*words).exit_status == 2
    assert bench.run("add", "alpha", "--group", "../../x").exit_status == 2
    assert read(bench) == "gamma\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of a process that is not in this console")
def test_interrupted_it_leaves_everything_as_it_was(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("sync")
    before, environment = take_down(bench), bench.in_use()

    process = bench.start("add", "alpha", start_new_session=True)
    wait_for_change(bench, process)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)

    if process.returncode == 130:  # else it had ended before
        assert take_down(bench) == before
        assert bench.in_use() == environment
    else:
        assert process.returncode == 0
        assert "alpha" in read(bench)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_killed_it_leaves_whole_files_and_sync_goes_on_from_there(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("sync")

    process = bench.start("add", "alpha", start_new_session=True)
    wait_for_change(bench, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)

    assert read(bench) == "gamma\nalpha\n"
    bench.ok("lock")
    bench.ok("sync")
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0", "gamma": "1.0"}


def wait_for_change(bench: ProjectBench, process: "subprocess.Popen[str]") -> None:
    """Until the declaration is written: what follows it has begun."""
    while read(bench) == "gamma\n" and process.poll() is None:
        time.sleep(0.002)


def test_what_somebody_else_writes_meanwhile_is_not_written_over(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("sync")
    bench.index.add_broken_sdist("epsilon", "1.0")

    process = bench.start("add", "epsilon", "--json")
    wait_for_change(bench, process)
    bench.write("requirements.in", "gamma\nmine\n")
    out, _ = process.communicate(timeout=60)

    assert process.returncode != 0
    assert read(bench) == "gamma\nmine\n"
    assert "somebody else has changed requirements.in" in out


def test_a_conda_package_is_declared_locked_and_linked(conda_bench: ProjectBench) -> None:
    conda_bench.write(
        "environment.yml", "channels: [conda-forge]  # ours\ndependencies:\n    - python   # the language\n"
    )

    added = conda_bench.ok("add", "tiny<2", "--json")

    assert read(conda_bench, "environment.yml") == (
        "channels: [conda-forge]  # ours\ndependencies:\n    - python   # the language\n    - tiny<2\n"
    )
    assert added.data["locks"]["locks"][0]["destination"] == "conda-lock.yml"
    assert added.data["sync"]["added"]["tiny"] == "1.1"
    removed = conda_bench.ok("remove", "tiny", "--json")
    assert removed.data["sync"]["removed"] == {"tiny": "1.1"}
    assert "tiny" not in read(conda_bench, "environment.yml") + read(conda_bench, "conda-lock.yml")


def test_what_pip_alone_takes_comes_into_the_pip_section(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python")

    ran = conda_bench.ok("add", "--pip", "gamma", "--no-lock", "--json")
    conda_bench.ok("add", "alpha[more]", "--no-lock", "--no-sync")

    assert ran.data["sync"]["added"]["gamma"] == "1.0"
    assert read(conda_bench, "environment.yml").endswith(
        "  - python\n  - pip\n  - pip:\n      - gamma\n      - alpha[more]\n"
    )
    conda_bench.ok("remove", "gamma", "alpha", "--no-lock", "--no-sync")
    assert read(conda_bench, "environment.yml").endswith("  - python\n  - pip\n")


@pytest.mark.parametrize(
    ("declared", "typed", "told"),
    [
        ("  - pip:\n    - alpha\n", ("alpha",), "declares alpha too, as a package for pip"),
        ("  - alpha\n", ("--pip", "alpha"), "declares alpha too, as a conda package"),
    ],
)
def test_what_the_other_list_of_an_environment_yml_declares_too_is_told(
    conda_bench: ProjectBench, declared: str, typed: tuple[str, ...], told: str
) -> None:
    conda_bench.write("environment.yml", f"dependencies:\n{declared}")

    ran = conda_bench.run("add", "--dry-run", *typed)

    assert ran.exit_status == 0
    assert told in " ".join(ran.stderr.split())


def test_a_conda_package_that_no_channel_has_changes_nothing(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python")
    before = take_down(conda_bench)

    ran = conda_bench.run("add", "nosuchthing", "--json")

    (problem,) = ran.json["problems"]
    assert (ran.exit_status, problem["code"]) == (6, "conda-package-unknown")
    assert "Nothing was changed: environment.yml is as it was." in problem["message"]
    assert "pyve add --pip nosuchthing" in problem["hint"]
    assert take_down(conda_bench) == before


def test_an_environment_yml_has_no_groups(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python")

    ran = conda_bench.run("add", "--dev", "tiny", "--json")

    assert (ran.exit_status, ran.code) == (3, "declaration-not-editable")
    assert "--dev" in ran.json["problems"][0]["message"]


@pytest.mark.needs_index
def test_real_packages_of_the_index_are_added_and_removed(bench: ProjectBench) -> None:
    plain = {"PIP_INDEX_URL": os.environ.get("PIP_INDEX_URL"), "PIP_CONFIG_FILE": os.environ.get("PIP_CONFIG_FILE")}
    bench.write("requirements.in", "six\n")

    bench.ok("add", "iniconfig", "colorama<1", env=plain)
    bench.ok("remove", "six", env=plain)

    assert read(bench) == "iniconfig\ncolorama<1\n"
    assert set(bench.installed()) == {"iniconfig", "colorama"}


def test_a_first_package_that_does_not_build_leaves_the_project_as_it_was(bench: ProjectBench) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.index.add_broken_sdist("epsilon", "1.0")

    ran = bench.run("add", "epsilon", "--no-lock", "--json")

    assert ran.exit_status == 6
    assert "requirements.in is as it was" in ran.json["problems"][0]["message"]
    assert take_down(bench) == {"requirements.in": b"gamma\n"}
    assert not (bench.project / ".pyve").exists()
    assert not bench.state.exists()


def test_the_environment_that_was_in_use_is_put_back(bench: ProjectBench) -> None:
    before = bench.init("gamma")
    situation = read_situation(directory=bench.project, environment=bench.variables())
    state = state_of_project(situation.state_directory, bench.project.resolve())
    remembered = remember_environment(state)
    bench.require("gamma", "delta")
    bench.ok("sync")
    assert bench.in_use() != before
    bench.require("gamma")

    put_environment_back(situation, remembered)

    assert bench.in_use() == before
    assert (bench.project / ".pyve" / "env").resolve() == before
    assert bench.ok("status", "--json").data["stale"] is False


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of a process that is not in this console")
def test_interrupted_while_it_installs_it_leaves_everything_as_it_was(bench: ProjectBench, tmp_path: Path) -> None:
    bench.write("requirements.in", "gamma\n")
    bench.ok("sync")
    before, environment = take_down(bench), bench.in_use()
    begun, folder = tmp_path / "begun", bench.project / "slow"
    folder.mkdir()
    files = project_files(Package(name="slow", version="1.0"))
    waiting = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(300)\n"
    for name, text in files.items():
        (folder / name).write_text(waiting + text if name.endswith("backend.py") else text, encoding="utf-8")

    process = bench.start("add", "./slow", "--no-lock", "--json", start_new_session=True)
    while not begun.exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)

    assert process.returncode == 130, out
    assert "what is declared, locked and in use is as it was" in out
    assert take_down(bench) == before
    assert bench.in_use() == environment


def test_credentials_that_stand_in_a_declaration_are_never_shown(bench: ProjectBench) -> None:
    text = "--extra-index-url https://me:hunter2@index.example/simple\nx @ https://me:hunter2@h.example/x.zip\n"
    bench.write("requirements.in", text)

    shown = [
        bench.run("add", "gamma", "--dry-run", "--json"),
        bench.run("add", "x>=1", "--dry-run"),
        bench.run("remove", "x", "--dry-run", "--json"),
        bench.run("add", "X", "--json"),
    ]

    assert [ran.exit_status for ran in shown] == [0, 0, 0, 0]
    assert not [ran for ran in shown if "hunter2" in ran.stdout + ran.stderr]


def test_a_merge_conflict_is_not_edited(bench: ProjectBench) -> None:
    text = "<<<<<<< HEAD\ngamma\n=======\ngamma>1\n>>>>>>> other\n"
    bench.write("requirements.in", text)

    for words in (("add", "alpha"), ("remove", "gamma")):
        ran = bench.run(*words, "--json")
        assert ran.exit_status == 3
        assert "requirements.in:1: a merge conflict" in ran.json["problems"][0]["message"]
    assert read(bench) == text
