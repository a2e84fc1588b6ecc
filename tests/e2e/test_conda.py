"""Conda environments, end to end: built, entered, examined, switched, taken away."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench


def test_an_environment_yml_is_built_and_runs(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "tiny=1.1", "r-base")

    data = conda_bench.ok("--init", "--backend", "micromamba", "--json").data

    assert (data["action"], data["backend"], data["source"]) == ("build", "micromamba", "environment.yml")
    assert data["added"]["tiny"] == "1.1"
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"
    assert conda_bench.in_use() == Path(data["environment"])
    assert not (conda_bench.project / ".venv").exists()


def test_packages_of_other_languages_need_no_python(conda_bench: ProjectBench) -> None:
    conda_bench.declare("r-base")

    data = conda_bench.ok("init", "--json").data

    assert data["python"] is None
    assert conda_bench.ok("run", "Rscript", "--version").exit_status == 0
    assert conda_bench.ok("status").exit_status == 0
    assert conda_bench.ok("list").exit_status == 0


def test_entering_gives_what_conda_gives(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "activator", more="variables:\n  GREETING: hello world\n")
    environment = conda_bench.ok("init", "--json").data["environment"]

    code = "import json, os; print(json.dumps(dict(os.environ)))"
    inside = json.loads(conda_bench.ok("run", "--", "python", "-c", code).stdout)

    assert inside["CONDA_PREFIX"] == environment
    assert inside["CONDA_SHLVL"] == "1"
    assert inside["GREETING"] == "hello world"
    assert inside["ACTIVATOR"] == f"on:{environment}"
    assert inside["ACTIVATOR_VAR"] == "from-package"
    assert inside["PATH"].split(os.pathsep)[0].startswith(environment)


def test_an_active_conda_environment_is_stacked_upon(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python")
    conda_bench.ok("init")

    code = "import os; print(os.environ['CONDA_SHLVL'], os.environ['CONDA_PREFIX_1'])"
    active = {"CONDA_SHLVL": "1", "CONDA_PREFIX": "/opt/base"}

    assert conda_bench.ok("run", "--", "python", "-c", code, env=active).stdout == "2 /opt/base\n"


def test_going_back_to_a_known_declaration_builds_nothing(conda_bench: ProjectBench) -> None:
    conda_bench.git("init", "-q", "-b", "one")
    conda_bench.declare("python", "tiny=1.0")
    conda_bench.git("add", ".")
    conda_bench.git("commit", "-qm", "one")
    conda_bench.ok("init")
    conda_bench.git("switch", "-qc", "two")
    conda_bench.declare("python", "tiny=2.0")
    conda_bench.git("commit", "-qam", "two")
    conda_bench.ok("sync")
    before = conda_bench.environments()
    conda_bench.git("switch", "-q", "one")

    data = conda_bench.ok("sync", "--json", env={"PYVE_CACHE_DIR": str(conda_bench.home / "empty")}).data

    assert data["action"] == "switch"
    assert conda_bench.environments() == before
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.0\n"


def test_what_is_known_imports_neither_yaml_nor_the_engine(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "tiny")
    conda_bench.ok("init")

    for arguments in (("init",), ("sync",), ("status",), ("run", "true"), ("list",)):
        finished = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "pyve", *arguments],
            cwd=conda_bench.project, env=conda_bench.variables(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        imported = {line.rpartition("|")[2].strip() for line in finished.stderr.splitlines() if "import time" in line}
        assert "pyve" in imported, "the list is one"
        tops = {name.partition(".")[0] for name in imported}
        assert tops & {"rattler", "ruamel", "tomlkit", "virtualenv"} == set(), arguments
        assert not {name for name in imported if name.startswith("pyve.engines.conda.rattler.engine")}, arguments


@pytest.mark.linux("strace")
def test_what_is_known_starts_no_engine(
    conda_bench: ProjectBench, need_program: Callable[[str], str], tmp_path: Path
) -> None:
    conda_bench.declare("python", "tiny")
    conda_bench.ok("init")
    trace = tmp_path / "trace"
    subprocess.run(
        [need_program("strace"), "-f", "-e", "trace=execve", "-o", trace, *conda_bench.command("init")],
        cwd=conda_bench.project, env=conda_bench.variables(), capture_output=True, check=True,
    )  # fmt: skip

    started = [line for line in trace.read_text().splitlines() if "execve(" in line and line.endswith("= 0")]

    assert len(started) == 2, "pyve's own, and the python that is asked whether it runs"


def test_check_finds_nothing_in_a_new_one_and_an_edited_file_with_deep(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "tiny")
    environment = Path(conda_bench.ok("init", "--json").data["environment"])
    found = conda_bench.run("check", "--deep", "--json").data
    assert [one for one in found["findings"] if one["part"] == "environment"] == []

    edited = next(environment.glob("lib/python*/site-packages/tiny/__init__.py"))
    text = edited.read_text()
    edited.unlink()
    edited.write_text(text + "# changed\n")

    found = conda_bench.run("check", "--deep", "--json")
    assert found.exit_status == 1
    assert any("tiny/__init__.py" in one["message"] for one in found.data["findings"])


def test_purge_leaves_nothing_but_the_declaration(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "activator-function")
    conda_bench.ok("init")

    conda_bench.ok("purge", "--yes")

    assert [path.name for path in conda_bench.project.iterdir()] == ["environment.yml"]
    assert not conda_bench.state.exists()
    assert conda_bench.run("purge", "--yes").exit_status == 4


def test_gc_takes_what_is_not_used_any_more(conda_bench: ProjectBench) -> None:
    for version in ("1.0", "1.1", "2.0"):
        conda_bench.declare("python", f"tiny={version}")
        conda_bench.ok("init")
    assert len(conda_bench.environments()) == 3

    conda_bench.ok("gc", "--days", "0", "--yes")

    assert len(conda_bench.environments()) == 2, "the one in use and the one before it stay"
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def test_rollback_goes_back_and_a_venv_of_another_branch_leaves_no_link(conda_bench: ProjectBench) -> None:
    conda_bench.require("gamma")
    conda_bench.ok("init")
    assert (conda_bench.project / ".venv").exists()
    conda_bench.declare("python", "tiny")

    conda_bench.ok("sync")
    assert not (conda_bench.project / ".venv").is_symlink(), "editors would take it for the one in use"

    conda_bench.ok("rollback")
    assert conda_bench.ok("run", "gamma").exit_status == 0
    assert (conda_bench.project / ".venv").exists()


def test_a_package_put_in_by_hand_is_told_and_can_be_carried_over(conda_bench: ProjectBench) -> None:
    conda_bench.declare("python", "pip", "tiny=1.0")
    conda_bench.ok("init")
    conda_bench.ok("run", "--", "python", "-m", "pip", "install", "-q", "--no-deps", "gamma")
    assert conda_bench.ok("status", "--json").data["by_hand"] == {"gamma": "1.0"}
    conda_bench.declare("python", "pip", "tiny=1.1")

    assert conda_bench.ok("sync", "--keep-extras", "--json").data["dropped"] == {}

    assert conda_bench.ok("run", "gamma").exit_status == 0
    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"


def test_every_path_may_hold_spaces_and_letters_of_any_script(conda_bench: ProjectBench, tmp_path: Path) -> None:
    there = conda_bench.at(tmp_path / "Ünïcode ünd späces" / "проект 1")
    there.declare("python", "tiny", "prefixed")
    caches = {"PYVE_CACHE_DIR": str(tmp_path / "Cäche mit Leerzeichen")}

    there.ok("init", env=caches)

    assert there.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"
    assert there.ok("run", "where-am-i").stdout.strip() == str(there.in_use())


def test_a_dry_run_shows_what_is_declared_anew_and_solves_nothing(conda_bench: ProjectBench) -> None:
    conda_bench.declare("tiny=1.0")
    conda_bench.ok("init")
    conda_bench.declare("tiny=1.1", "libz")

    planned = conda_bench.ok("sync", "--dry-run", "--json").data
    shown = conda_bench.ok("sync", "--dry-run").stdout

    assert planned["declared_since"] == ["conda: libz", "conda: tiny=1.1"]
    assert planned["no_longer_declared"] == ["conda: tiny=1.0"]
    assert "Would build a conda environment with rattler" in shown
    assert "  + conda: libz" in shown
    assert conda_bench.ok("sync", "--json").data["declared_since"] == []


@pytest.mark.parametrize(("option", "code"), [("--extra", "extra-unknown"), ("--group", "group-unknown")])
def test_parts_that_nothing_declares_are_refused(conda_bench: ProjectBench, option: str, code: str) -> None:
    conda_bench.declare("tiny")

    refused = conda_bench.run("init", option, "nowhere", "--json")

    assert (refused.exit_status, refused.code) == (3, code)
    assert conda_bench.environments() == []
