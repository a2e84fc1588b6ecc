"""Start-up time is a feature: what `pyve --version` and `pyve run` import, counted against a bare interpreter."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import RunPyve

HEAVY = frozenset(
    {
        *("typer", "click", "rich", "pydantic", "platformdirs", "tomli", "tomllib", "virtualenv", "packaging"),
        *("re", "json", "pathlib", "subprocess", "importlib.metadata", "dataclasses", "typing", "inspect"),
    }
)
LIGHT_MODULES = (
    "pyve.__main__",
    "pyve.errors",
    "pyve.system.directories",
    "pyve.environments.current",
    "pyve.environments.env_values",
    "pyve.environments.references",
    "pyve.activation.process_environment",
    "pyve.verbs.completion_values",
    "pyve.verbs.run",
    "pyve.verbs.shell_env",
)


def imported_by(code: str, directory: Path) -> set[str]:
    """Names of all modules that a fresh interpreter imports to execute `code`, beyond those of a bare start."""

    def count(text: str) -> set[str]:
        finished = subprocess.run(
            [sys.executable, "-X", "importtime", "-c", text],
            cwd=directory,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return set(re.findall(r"^import time:.*\| +(\S+)$", finished.stderr, re.MULTILINE))

    return count(code) - count("pass")


def command_line(*words: str) -> str:
    return f"import sys; sys.argv = {['pyve', *words]!r}; from pyve.__main__ import main; sys.exit(main())"


def test_counting_imports_sees_a_heavy_one(tmp_path: Path) -> None:
    assert {"json", "re"} <= imported_by("import json", tmp_path)


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_light_module_imports_nothing_heavy(module: str, tmp_path: Path) -> None:
    assert imported_by(f"import {module}", tmp_path) & HEAVY == set()


def test_rattler_is_imported_by_its_worker_alone(home: Path, tmp_path: Path) -> None:
    """Its threads crash an interpreter that ends, and its import costs as much as a command may take."""
    asks = f"""
import os
from pathlib import Path
from pyve.engines.conda import choice, engine, matching
here = Path({os.fspath(tmp_path)!r})
surroundings = engine.EngineSurroundings(
    cache_directory=here, environment=dict(os.environ), log=here / "log", work_directory=here
)
rattler = choice.open_engine(choice.EngineChoice(name="rattler", reason="of a test"), surroundings)
assert rattler.version()
rattler.close()
"""
    assert {name for name in imported_by(asks, tmp_path) if name.partition(".")[0] == "rattler"} == set()


def test_worker_of_rattler_imports_nothing_of_the_command_line(tmp_path: Path) -> None:
    modules = "worker, solving, linking, records"
    imported = imported_by(f"from pyve.engines.conda.rattler import {modules}", tmp_path)

    assert (
        imported & {"typer", "click", "rich", "pydantic", "platformdirs", "virtualenv", "packaging", "ruamel"} == set()
    )
    assert {name for name in imported if name.startswith("pyve.")} & {
        "pyve.cli",
        "pyve.verbs",
        "pyve.backends",
    } == set()


def test_version_imports_nothing_heavy(tmp_path: Path) -> None:
    assert imported_by(command_line("--version"), tmp_path) & HEAVY == set()


@pytest.mark.needs_index
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no exec: run starts a child there, through subprocess")
def test_run_imports_nothing_heavy(run_pyve: RunPyve, project: Path) -> None:
    assert run_pyve("init").exit_status == 0
    assert imported_by(command_line("run", "true"), project) & HEAVY == set()


@pytest.mark.needs_index
def test_shell_env_imports_nothing_heavy_where_nothing_that_counts_has_changed(
    run_pyve: RunPyve, project: Path
) -> None:
    assert run_pyve("init").exit_status == 0
    assert imported_by(command_line("shell-env"), project) & HEAVY == set()


@pytest.mark.parametrize(
    "words", [["status"], ["detect"], ["list"], ["gc", "--dry-run"], ["purge", "--dry-run"], ["--help"]]
)
def test_no_verb_imports_pydantic(words: list[str], run_pyve: RunPyve, tmp_path: Path) -> None:
    """Typer 0.29 imports it when it is there, and then any verb takes 150 ms instead of 62."""
    mark = tmp_path / "imported"
    decoy = tmp_path / "decoy" / "pydantic"
    decoy.mkdir(parents=True)
    (decoy / "__init__.py").write_text(f"open({os.fspath(mark)!r}, 'w').close()\n", encoding="utf-8")
    search_path = os.pathsep.join(filter(None, [os.fspath(decoy.parent), os.environ.get("PYTHONPATH", "")]))
    assert run_pyve(*words, env={"PYTHONPATH": search_path}).exit_status in {0, 4}
    assert not mark.exists()
