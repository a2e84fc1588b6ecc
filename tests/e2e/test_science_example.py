"""examples/science: what its page says works, with a local channel in conda-forge's place."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, RunPyve
from tests.support.conda_channel import build_channel, host_subdir
from tests.support.conda_python import download_wheel, package_of_wheel, this_interpreter
from tests.support.conda_real_python import can_be_moved, real_python

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs_index,
    pytest.mark.linux("only there a whole python is made into a package"),
]


def test_example_builds_and_runs(run_pyve: RunPyve, project: Path, tmp_path: Path) -> None:
    here, subdir = this_interpreter(), host_subdir()
    numpy = package_of_wheel(download_wheel("numpy", tmp_path / "wheel"), interpreter=here, subdir=subdir)
    python = real_python(here, subdir=subdir) if can_be_moved(here) else None  # None: the thin one
    channel = build_channel(tmp_path / "channel", packages=[numpy], python=python)
    shutil.copytree(CHECKOUT / "examples" / "science", project, dirs_exist_ok=True)
    before = sorted(path.name for path in project.iterdir())

    assert run_pyve("config", "set", "--user", "conda.mirrors.conda-forge", channel.url).exit_status == 0
    init = run_pyve("--init", "--backend", "micromamba", "--json")
    ran = run_pyve("run", "python", "analyse.py")
    purged = run_pyve("purge", "--yes")

    assert init.exit_status == 0, init.stdout
    assert channel.url not in init.stdout, "what was declared is what is told: conda-forge"
    assert ran.exit_status == 0, ran.stderr
    assert "loses half of its lead over the room in 9.3 minutes" in ran.stdout
    assert re.search(
        rf"^Python {re.escape(here.version)} and numpy [\d.]+ in .*/\.pyve/envs/", ran.stdout, re.MULTILINE
    )
    assert "R version 4.4.1; OMP_NUM_THREADS is 1\n" in ran.stdout
    assert purged.exit_status == 0, purged.stderr
    assert sorted(path.name for path in project.iterdir()) == before
