"""A whole python is as relocatable as what it is linked by: it runs from its prefix, and from nowhere else."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.conda.conftest import ENGINES, EngineBench, make_bench
from tests.support.conda_channel import LocalChannel, build_channel, host_subdir
from tests.support.conda_python import this_interpreter
from tests.support.conda_real_python import can_be_moved, real_python

pytestmark = [pytest.mark.slow, pytest.mark.linux("the run path of its programs is that of ELF files")]

_TELL = """
import ctypes, json, sqlite3, ssl, sys, sysconfig, tiny
mapped = sorted({line.split(None, 5)[5].strip() for line in open("/proc/self/maps") if line.count("/") > 1})
print(json.dumps([sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), [m for m in mapped if "python" in m]]))
"""


@pytest.fixture(scope="module")
def real_channel(_sealed_session: None, tmp_path_factory: pytest.TempPathFactory) -> LocalChannel:
    """The usual channel, with a whole python in the thin one's place."""
    if not can_be_moved(this_interpreter()):
        pytest.skip("the tests run on the system's own python, which cannot be moved")
    python = real_python(this_interpreter(), subdir=host_subdir())
    return build_channel(tmp_path_factory.mktemp("real") / "conda-forge", python=python)


@pytest.fixture(params=ENGINES)
def real_bench(
    request: pytest.FixtureRequest, real_channel: LocalChannel, tmp_path: Path, home: Path
) -> Iterator[EngineBench]:
    """A bench for each engine, with a whole python."""
    with contextlib.closing(make_bench(request.param, real_channel, tmp_path / "it's a bench", os.environ)) as made:
        yield made


def test_whole_python_runs_from_its_prefix_alone(real_bench: EngineBench) -> None:
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"

    real_bench.install(f"python={minor}", "tiny", "ext")

    prefix, base_prefix, site_packages, mapped = json.loads(real_bench.run("bin/python", "-I", "-c", _TELL))
    assert Path(prefix) == Path(base_prefix) == real_bench.prefix
    assert Path(site_packages) == real_bench.prefix / f"lib/python{minor}/site-packages"
    assert mapped
    assert [path for path in mapped if not Path(path).is_relative_to(real_bench.prefix)] == []
    assert real_bench.run("bin/tiny-cmd") == "tiny 2.0\n"
    assert real_bench.run("bin/ext-cmd") == f"{minor}\n"
    assert real_bench.run("bin/pip", "--version").startswith("pip ")
