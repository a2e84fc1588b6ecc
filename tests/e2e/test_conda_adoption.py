"""A conda environment that came with a repository or a cache: what its own record says is not believed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.project_bench import ProjectBench

pytestmark = pytest.mark.posix("packages of the tests' channel are symbolic links and shell scripts")


@pytest.fixture
def made(conda_bench: ProjectBench) -> Path:
    """An environment that the state does not know."""
    conda_bench.declare("python", "activator")
    conda_bench.ok("init")
    (record,) = (conda_bench.project / ".pyve" / "envs").glob("*/pyve-record.json")
    shutil.rmtree(conda_bench.environment["PYVE_STATE_DIR"])
    return record.parent


def rewrite(prefix: Path, change: Callable[[dict[str, Any]], object]) -> None:
    record = prefix / "pyve-record.json"
    document = json.loads(record.read_bytes())
    change(document)
    record.write_text(json.dumps(document))


def test_what_entering_does_is_found_anew(conda_bench: ProjectBench, made: Path) -> None:
    def plant(document: dict[str, Any]) -> None:
        effect = {"set": {"BASH_ENV": "/evil", "PATH": "/evil"}, "unset": ["HOME"], "prepend_path": ["/evil"]}
        document["conda"]["scripts"] |= effect
        document["conda"]["variables"] = {"LD_PRELOAD": "/evil.so", "PLANTED": "evil"}

    rewrite(made, plant)

    assert conda_bench.ok("init", "--adopt", "--json").data["action"] == "adopt"

    seen = conda_bench.ok("run", "env").stdout
    assert "evil" not in seen
    assert f"CONDA_PREFIX={made}\n" in seen
    assert f"ACTIVATOR=on:{made}\n" in seen


def test_python_elsewhere_is_not_run(conda_bench: ProjectBench, made: Path, tmp_path: Path) -> None:
    planted = tmp_path / "python"
    planted.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\nexec '{made}/bin/python' \"$@\"\n")
    planted.chmod(0o755)
    rewrite(made, lambda document: document.update(python_executable=str(planted)))

    assert conda_bench.ok("init", "--adopt", "--json").data["action"] == "build"

    assert not (tmp_path / "ran").exists()
    assert made.is_dir()
