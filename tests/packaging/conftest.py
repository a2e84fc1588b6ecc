"""A copy of this checkout, and the wheel and the sdist of it, built once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def uv() -> str:
    """Path of the uv program."""
    return find_uv_bin()


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that an editor at work in the real one changes nothing between two steps of a test."""
    left_out = shutil.ignore_patterns(".git", ".cache", ".venv", ".pyve", "__pycache__", "dist", ".*_cache")
    return Path(shutil.copytree(CHECKOUT, tmp_path_factory.mktemp("copy") / "the checkout", ignore=left_out))


@pytest.fixture(scope="session")
def distributions(_sealed_session: None, checkout: Path, tmp_path_factory: pytest.TempPathFactory, uv: str) -> Path:
    """A directory that holds the wheel (built straight from the checkout) and the sdist."""
    directory = tmp_path_factory.mktemp("distributions")
    for kind in ("--wheel", "--sdist"):
        subprocess.run(
            [uv, "build", "--quiet", kind, "--out-dir", directory, checkout],
            cwd=directory,
            env=os.environ,
            check=True,
        )
    return directory


@pytest.fixture
def wheel(distributions: Path) -> Path:
    """The wheel."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture
def sdist(distributions: Path) -> Path:
    """The source distribution."""
    (found,) = distributions.glob("*.tar.gz")
    return found
