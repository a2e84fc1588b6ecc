"""Distributions built in an initialised project hold nothing of pyve's."""

import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench

pytestmark = [pytest.mark.slow, pytest.mark.needs_index]

BACKENDS = {
    "hatchling": ("hatchling", "hatchling.build"),
    "setuptools": ("setuptools", "setuptools.build_meta"),
    "flit": ("flit_core", "flit_core.buildapi"),
}


def contents(archive: Path) -> list[str]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.namelist()
    with tarfile.open(archive) as sdist:
        return sdist.getnames()


@pytest.fixture(params=["a git repository", "no repository"])
def built(bench: ProjectBench, request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> list[Path]:
    """The sdist and the wheel that `uv build` makes of a project with that backend, after init."""
    from uv import find_uv_bin

    requirement, module = BACKENDS[backend]
    bench.write(
        "pyproject.toml",
        f'[build-system]\nrequires = ["{requirement}"]\nbuild-backend = "{module}"\n\n'
        '[project]\nname = "sample"\nversion = "1.0"\ndescription = "It"\nrequires-python = ">=3.8"\n',
    )
    bench.write("src/sample/__init__.py", '"""It."""\n')
    if request.param == "a git repository":
        bench.git("init", "-q")
        bench.git("add", ".")
        bench.git("commit", "-qm", "one")
    environment = dict.fromkeys(("PIP_CONFIG_FILE", "PIP_INDEX_URL", "UV_CACHE_DIR"))
    bench.ok("init", env=environment)
    subprocess.run(
        [find_uv_bin(), "build", "--quiet", "--out-dir", tmp_path / "dist"],
        cwd=bench.project, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted(path for path in (tmp_path / "dist").iterdir() if path.suffix in (".whl", ".gz"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_they_hold_nothing_of_ours(built: list[Path], backend: str) -> None:
    assert len(built) == 2
    for archive in built:
        names = contents(archive)
        assert any(name.endswith("sample/__init__.py") for name in names)
        assert [name for name in names if ".pyve" in name or ".venv" in name] == []
