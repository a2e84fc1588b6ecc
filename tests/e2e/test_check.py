"""`pyve check`: nothing is found in a healthy project, and every breakage is named with what heals it."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from uv import find_uv_bin

from tests.support.project_bench import ProjectBench
from tests.support.stored_project import make_repository, take_picture

UNSET = ("PIP_", "PYTHON", "VIRTUAL_ENV", "CI")
PLAIN: dict[str, str | None] = {name: None for name in os.environ if name.startswith(UNSET)}
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and `#!` lines are not Windows'")


@pytest.fixture
def plain(bench: ProjectBench, home: Path, tmp_path: Path) -> ProjectBench:
    """A machine with one Python, one pyve, and nothing configured; the project says itself where packages are."""
    commands = tmp_path / "commands"
    commands.mkdir()
    name = "pyve.exe" if sys.platform == "win32" else "pyve"
    shutil.copy(Path(sys.executable).with_name(name), commands / name)
    base = Path(sys.base_prefix) if sys.platform == "win32" else Path(sys.base_prefix) / "bin"
    environment = {
        **bench.environment,
        "PATH": os.pathsep.join([str(commands), str(base)]),
        "PIP_CONFIG_FILE": os.devnull,
        "PYENV_ROOT": str(home / "no-pyenv"),
    }
    environment.pop("PIP_INDEX_URL")
    return ProjectBench(project=bench.project, home=home, environment=environment, index=bench.index)


@pytest.fixture
def healthy(plain: ProjectBench) -> ProjectBench:
    """An initialised project with alpha 1.0 and beta 1.0."""
    require(plain, "alpha==1.0", "beta==1.0")
    run(plain, "init")
    return plain


def require(bench: ProjectBench, *lines: str) -> None:
    bench.require(f"--index-url {bench.index.file_url}", *lines)


def run(bench: ProjectBench, *words: str, **env: str) -> Any:
    """Run what must end well; return its data."""
    return bench.ok(*words, "--json", env=outside(bench, env)).data


def outside(bench: ProjectBench, env: dict[str, str]) -> dict[str, str | None]:
    return {**PLAIN, **bench.environment, **env}


def check(bench: ProjectBench, *words: str, cwd: Path | None = None, **env: str) -> list[str]:
    """The codes of what is found; the exit status must be theirs."""
    ran = bench.run("check", *words, "--json", cwd=cwd, env=outside(bench, env))
    findings = ran.data["findings"]
    assert ran.exit_status == int(any(finding["severity"] != "info" for finding in findings)), ran.stderr
    return [finding["code"] for finding in findings]


def in_use(bench: ProjectBench) -> Path:
    return Path(run(bench, "status")["environment"])


def packages_of(environment: Path) -> Path:
    if sys.platform == "win32":
        return environment / "Lib" / "site-packages"
    (folder,) = environment.glob("lib/*/site-packages")
    return folder


def heal(bench: ProjectBench, *words: str, leaves: tuple[str, ...] = ()) -> None:
    """Do what the findings say, and nothing is found any more but what `leaves` says."""
    run(bench, *words)
    assert check(bench) == list(leaves)


def test_a_fresh_project_has_no_findings_at_all(healthy: ProjectBench) -> None:
    ran = healthy.ok("check", "--deep", env=outside(healthy, {}))
    assert ran.stdout.splitlines()[-1] == "No findings."
    assert ran.stderr == ""
    assert check(healthy) == []


def test_a_fresh_project_in_a_repository_with_an_editable_build_has_none_either(plain: ProjectBench) -> None:
    from tests.support.made_up_package import Package, write_project

    write_project(plain.project, Package(name="mine", version="1.0", scripts={"mine": "mine:main"}))
    plain.write("subfolder/notes.txt", "mine\n")
    make_repository(plain.project)
    require(plain, "alpha==1.0")
    run(plain, "init")
    assert check(plain, "--deep", cwd=plain.project / "subfolder") == []


def test_it_changes_nothing(healthy: ProjectBench) -> None:
    (packages_of(in_use(healthy)) / "alpha.py").unlink()
    before = take_picture(healthy.project), take_picture(healthy.home)
    check(healthy, "--deep")
    assert (take_picture(healthy.project), take_picture(healthy.home)) == before


def test_outside_a_project_the_machine_is_examined_and_that_is_said(plain: ProjectBench, tmp_path: Path) -> None:
    ran = plain.ok("check", env=outside(plain, {}))
    assert "No pyve project at or above" in ran.stderr
    assert ran.stdout.startswith("machine ")
    require(plain, "alpha")
    assert check(plain) == ["project-not-initialised"]


def test_the_flag_form_means_the_same(plain: ProjectBench) -> None:
    assert plain.ok("--validate", "--json", env=outside(plain, {})).json["command"] == "check"


def test_an_info_alone_leaves_the_exit_status_at_zero_and_is_shown(healthy: ProjectBench) -> None:
    ran = healthy.ok("check", env=outside(healthy, {"PYVE_ZZZ": "1"}))
    assert "variable-unknown" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "1 info."


@pytest.mark.skipif(sys.platform != "linux", reason="the place of config.toml is that of XDG")
def test_broken_settings_stop_other_verbs_and_not_this_one(healthy: ProjectBench) -> None:
    settings = healthy.home / ".config" / "pyve" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[gc]\ndays = 'many'\n")
    place = str(healthy.home / ".config")
    assert healthy.run("status", env=outside(healthy, {"XDG_CONFIG_HOME": place})).exit_status == 3
    assert check(healthy, XDG_CONFIG_HOME=place) == ["user-settings-invalid"]


def test_a_pyve_without_its_libraries_is_found(plain: ProjectBench, tmp_path: Path) -> None:
    for name in ("uv", "virtualenv"):
        (tmp_path / "decoy" / name).mkdir(parents=True)
        (tmp_path / "decoy" / name / "__init__.py").write_text("raise ImportError('not here')\n")
    found = check(plain, PYTHONPATH=str(tmp_path / "decoy"))
    assert found == ["uv-missing", "virtualenv-missing", "python-path-set"]


def test_changed_requirements_are_found_and_healed(healthy: ProjectBench) -> None:
    require(healthy, "alpha==2.0", "beta==1.0")
    assert check(healthy) == ["environment-stale"]
    heal(healthy, "sync")


def test_a_project_whose_environment_is_gone_is_found_and_healed(healthy: ProjectBench) -> None:
    shutil.rmtree(in_use(healthy))
    assert check(healthy) == ["environment-gone"]
    heal(healthy, "sync", leaves=("previous-damaged",))


@needs_posix
def test_a_python_that_is_gone_is_found_and_healed(healthy: ProjectBench) -> None:
    (in_use(healthy) / "bin" / "python").unlink()
    assert check(healthy) == ["python-gone"]
    heal(healthy, "sync", leaves=("previous-damaged",))


def test_a_lost_pointer_is_no_environment_and_healed(healthy: ProjectBench) -> None:
    (healthy.state / "current").unlink()
    assert check(healthy) == ["no-environment"]
    heal(healthy, "sync")


@pytest.mark.posix("hints are lines for a POSIX shell")
def test_a_damaged_pointer_is_healed_by_what_the_finding_says(healthy: ProjectBench) -> None:
    (healthy.state / "current").write_bytes(b"nonsense")
    ran = healthy.run("check", "--json", env=outside(healthy, {}))
    damaged, none = ran.data["findings"]
    assert (damaged["code"], none["code"]) == ("state-damaged", "no-environment")
    move, _, sync = damaged["hint"].partition(" && ")
    assert sync == "pyve sync"
    subprocess.run(move, shell=True, check=True)
    heal(healthy, "sync")


def test_what_another_tool_did_to_packages_is_found_and_healed(healthy: ProjectBench) -> None:
    packages = packages_of(in_use(healthy))
    shutil.rmtree(packages / "beta-1.0.dist-info")
    with zipfile.ZipFile(healthy.index.find_links / "beta-2.0-py3-none-any.whl") as wheel:
        wheel.extractall(packages)
    assert check(healthy) == ["distributions-changed"]
    heal(healthy, "sync", leaves=("previous-damaged",))


def test_packages_by_hand_are_told_and_their_needs_too(healthy: ProjectBench) -> None:
    healthy.index.add("needy", "1.0", requires=["absent"])
    with zipfile.ZipFile(healthy.index.find_links / "needy-1.0-py3-none-any.whl") as wheel:
        wheel.extractall(packages_of(in_use(healthy)))
    assert check(healthy) == ["packages-by-hand", "requirement-unmet"]


def test_pyvenv_cfg_of_another_tool_is_found_and_healed(healthy: ProjectBench) -> None:
    with (in_use(healthy) / "pyvenv.cfg").open("a") as file:
        file.write("made-by = somebody else\n")
    assert check(healthy) == ["pyvenv-cfg-changed"]
    heal(healthy, "sync", "--force")


@needs_posix
def test_a_dead_script_is_found_and_healed(healthy: ProjectBench) -> None:
    (in_use(healthy) / "bin" / "alpha").write_text("#!/nowhere/bin/python\nprint()\n")
    assert check(healthy) == ["script-dead"]
    heal(healthy, "sync", "--force")


def test_an_altered_file_is_found_by_deep_alone(healthy: ProjectBench) -> None:
    file = packages_of(in_use(healthy)) / "alpha.py"
    file.unlink()
    file.write_text("changed = True\n")
    assert check(healthy) == []
    assert check(healthy, "--deep") == ["files-altered"]
    run(healthy, "sync", "--force")
    assert check(healthy, "--deep") == []


def test_an_edit_that_went_into_the_cache_too_is_healed_by_what_the_finding_says(healthy: ProjectBench) -> None:
    file = packages_of(in_use(healthy)) / "alpha.py"
    if file.stat().st_nlink == 1:
        pytest.skip("uv copies or clones on this file system")
    file.write_text("changed = True\n")
    (finding,) = healthy.run("check", "--deep", "--json", env=outside(healthy, {})).data["findings"]
    forget, _, sync = finding["hint"].partition("  #")[0].partition(" && ")
    assert (forget, sync) == ("uv cache clean alpha", "pyve sync --force")
    words = [find_uv_bin(), *forget.split()[1:]]
    subprocess.run(words, env=healthy.variables(outside(healthy, {})), check=True, capture_output=True)
    run(healthy, "sync", "--force")
    assert check(healthy, "--deep") == []


def test_what_cannot_be_looked_into_is_said_and_stops_nothing(healthy: ProjectBench) -> None:
    packages = packages_of(in_use(healthy))
    listing = packages / "alpha-1.0.dist-info" / "RECORD"
    listing.unlink()
    listing.mkdir()
    (packages / "gamma 2.py").write_text("")
    (packages / "gamma.py").write_text("")
    assert check(healthy, "--deep") == ["conflict-copy", "distribution-damaged", "examination-incomplete"]


@needs_posix
def test_links_and_lines_that_are_gone_are_found_and_healed(plain: ProjectBench) -> None:
    make_repository(plain.project)
    require(plain, "alpha==1.0")
    run(plain, "init")
    (plain.project / ".pyve" / "env").unlink()
    (plain.project / ".git" / "info" / "exclude").write_text("")
    assert check(plain) == ["git-not-ignoring", "ledger-entry-lost", "link-astray"]
    heal(plain, "sync")


@needs_posix
def test_a_venv_of_somebody_else_is_told(plain: ProjectBench) -> None:
    (plain.project / ".venv").mkdir()
    (plain.project / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    require(plain, "alpha==1.0")
    run(plain, "init")
    assert check(plain) == ["venv-foreign"]


def test_a_manifest_that_cannot_be_understood_is_told_with_its_line(healthy: ProjectBench) -> None:
    require(healthy, "alpha==")
    ran = healthy.run("check", env=outside(healthy, {}))
    assert ran.exit_status == 1
    assert "requirements.txt:2" in ran.stdout
    assert "[declaration-invalid]" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "1 error."


@needs_posix
def test_a_state_directory_that_others_may_write_to_is_found(healthy: ProjectBench) -> None:
    (healthy.home / ".local" / "state" / "pyve").chmod(0o777)
    assert "state-directory-unsafe" in check(healthy)
