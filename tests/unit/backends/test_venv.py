"""The venv backend puts nothing in use that does not run."""

import os
import sys
from pathlib import Path

import pytest

from pyve.backends.backend import BuildRequest
from pyve.backends.venv import VenvBackend
from pyve.environments.progress import report_nothing
from pyve.environments.spec import EnvironmentSpec
from pyve.errors import ProbeFailedError
from pyve.project.declaration import read_declaration
from pyve.system.interpreters import Interpreter


def test_python_that_is_not_the_one_that_was_listed_fails_the_probe(project: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    declaration = read_declaration(project, extras=(), groups=(), include_dev=True, environment=environment)
    replaced = Interpreter(
        executable=Path(sys.executable),
        implementation="cpython",
        version=(3, 5, 0),
        version_text="3.5.0",  # what it was when the machine was searched
        prerelease=False,
        free_threaded=False,
        machine="",
        bits=64,
        source="PATH",
    )
    work = tmp_path / "work"
    work.mkdir()
    request = BuildRequest(
        spec=EnvironmentSpec(
            name="it", backend="venv", python="", python_source="default", declaration=declaration, options={}
        ),
        directory=tmp_path / "env",
        interpreter=replaced,
        log=tmp_path / "log",
        work_directory=work,
        cache_directory=tmp_path / "cache",
        environment=environment,
    )

    with pytest.raises(ProbeFailedError) as caught:
        VenvBackend().build(request, report_nothing)

    assert caught.value.code == "probe-failed"
    assert "was 3.5.0" in caught.value.message
