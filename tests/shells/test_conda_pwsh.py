"""Conda prefixes and scripts of their packages in a real PowerShell, each that is here, under StrictMode Latest."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pyve.activation.snippet import Snippet
from pyve.environments.current import mirror
from tests.shells.pwsh.session import Bench, quote
from tests.shells.test_pwsh_real import IN_WORKFLOW, PROGRAMS

BASE = {"CONDA_SHLVL": "1", "CONDA_PREFIX": "/opt/conda", "CONDA_DEFAULT_ENV": "base"}
NAMES = ("CONDA_SHLVL", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PREFIX_1", "CONDA_STACKED_2")


@pytest.fixture(params=PROGRAMS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A PowerShell and an empty state directory."""
    program = shutil.which(request.param)
    if program is None:
        assert not IN_WORKFLOW, f"{request.param} is not installed, and this is a workflow"
        pytest.skip(f"{request.param} is not installed; its hook is tested in the workflows")
    made = Bench(program=program, folder=tmp_path / "u")
    made.prepare()
    return made


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A directory outside of all projects."""
    directory = tmp_path / "else where"
    directory.mkdir()
    return directory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the project lies."""
    directory = tmp_path / "it's one"
    directory.mkdir()
    return directory


def make_project(bench: Bench, root: Path) -> Snippet:
    """A registered project with a conda prefix."""
    prefix = os.fspath(root / ".pyve" / "envs" / "1f2e3d4c-00000001")
    return bench.make_project(root, set={"CONDA_PREFIX": prefix, "CONDA_DEFAULT_ENV": "shop"}, conda=prefix)


def keep_script(bench: Bench, root: Path, name: str, text: str) -> str:
    """A copy of a script of a package."""
    file = Path(mirror(os.fspath(bench.state), os.fspath(root)), "@state", "scripts", "1", name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return os.fspath(file)


def go_in_and_out(bench: Bench, root: Path, base: Path, active: Mapping[str, str], *more: str) -> Mapping[str, Any]:
    """What the environment is before, inside and after."""
    script = "\n".join(
        [
            "load_hook; show; note before (read_environment)",
            f"go {quote(root)}; note inside (read_environment)",
            *more,
            f"go {quote(base)}; note after (read_environment)",
        ]
    )
    variables = {**dict.fromkeys(NAMES), **active}
    return bench.run(script, cwd=base, variables=variables).noted


@pytest.mark.parametrize(
    ("active", "added"),
    [
        pytest.param({}, {"CONDA_SHLVL": "1"}, id="nothing"),
        pytest.param(
            BASE, {"CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/opt/conda", "CONDA_STACKED_2": "true"}, id="base is active"
        ),
        *(
            pytest.param({**BASE, "CONDA_SHLVL": level}, {"CONDA_SHLVL": "1"}, id=f"nonsense: {level}")
            for level in ("abc", "08", "0", "9999", "-1")
        ),
    ],
)
def test_a_prefix_is_stacked_on_what_is_active_and_taken_off_again(
    bench: Bench, root: Path, base: Path, active: Mapping[str, str], added: Mapping[str, str]
) -> None:
    snippet = make_project(bench, root)
    noted = go_in_and_out(bench, root, base, active)
    inside = {name: noted["inside"].get(name) for name in NAMES}
    assert inside == {**dict.fromkeys(NAMES), **snippet.set, **added}
    assert noted["after"] == noted["before"]


def test_conda_deactivate_inside_is_respected(bench: Bench, root: Path, base: Path) -> None:
    make_project(bench, root)
    back = [f"$env:{name} = {quote(value)}" for name, value in BASE.items()]
    noted = go_in_and_out(bench, root, base, BASE, *back, "$env:CONDA_PREFIX_1 = $env:CONDA_STACKED_2 = $null")
    assert noted["after"] == noted["before"]


def test_scripts_are_sourced_last_on_entering_and_first_on_leaving(bench: Bench, root: Path, base: Path) -> None:
    snippet = make_project(bench, root)
    entering = [
        keep_script(bench, root, "000-a.ps1", "$env:OF_A_SCRIPT = $env:CONDA_PREFIX; $not_set; 'welcome'"),
        keep_script(bench, root, "001-b.ps1", "throw 'no'"),
        keep_script(bench, root, "002-c.ps1", "function global:of_a_package { 'it works' }"),
    ]
    leaving = [
        keep_script(bench, root, "000-out.ps1", "$global:noted['last'] = $env:CONDA_PREFIX; $env:OF_A_SCRIPT = $null"),
        keep_script(bench, root, "001-out.sh", "of another shell"),
    ]
    bench.write(replace(snippet, scripts={"ps1": tuple(entering)}, scripts_on_leaving={"ps1": tuple(leaving)}))
    script = "\n".join(
        [
            "load_hook; show; note before (read_environment)",
            f"Set-Location -LiteralPath {quote(root)}; note prompt (prompt)",
            "note inside (read_environment); note function (of_a_package)",
            f"go {quote(base)}; note after (read_environment)",
        ]
    )
    outcome = bench.run(script, cwd=base, variables=dict.fromkeys(NAMES))
    noted = outcome.noted
    assert noted["inside"]["OF_A_SCRIPT"] == snippet.conda == noted["last"]
    assert noted["function"] == "it works"
    assert "welcome" in outcome.stdout
    assert "welcome" not in str(noted["prompt"])
    assert outcome.stderr.count("001-b.ps1 of a package failed (no)") == 1
    assert noted["after"] == noted["before"]


def test_only_what_lies_in_the_state_is_sourced_on_leaving(
    bench: Bench, root: Path, base: Path, tmp_path: Path
) -> None:
    snippet = make_project(bench, root)
    outside = tmp_path / "outside.ps1"
    outside.write_text("$global:noted['forged'] = 1", encoding="utf-8")
    by_dots = f"{bench.state}/../../{outside.name}"
    assert Path(by_dots).exists()
    own = keep_script(bench, root, "000-out.ps1", "$global:noted['own'] = 1")
    record = {
        "_PYVE_ROOT": os.fspath(root),
        "_PYVE_SERIAL": "1",
        "_PYVE_BIN": snippet.bin[0],
        "_PYVE_SCRIPTS": os.pathsep.join([os.fspath(outside), by_dots, "relative.ps1", own]),
    }
    noted = bench.run("load_hook; show", cwd=base, variables={**dict.fromkeys(NAMES), **record}).noted
    assert "forged" not in noted
    assert noted["own"] == 1
