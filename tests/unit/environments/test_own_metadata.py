"""What counts as a change of how the project itself is installed."""

from pathlib import Path

import pytest

from pyve.environments.own_metadata import digest_own_metadata

HATCH = '[build-system]\nrequires = ["hatchling", "hatch-vcs>=0.4"]\nbuild-backend = "hatchling.build"\n'
PROJECT = '[project]\nname = "shop"\nversion = "1.0"\n'


def digest(root: Path, text: str) -> str:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    return digest_own_metadata(root)


@pytest.mark.parametrize(
    "other", ["# a comment\n", "[tool.ruff]\nline-length = 99\n", "[dependency-groups]\ndev = []\n"]
)
def test_what_no_build_reads_does_not_count(tmp_path: Path, other: str) -> None:
    assert digest(tmp_path, HATCH + PROJECT + other) == digest(tmp_path, HATCH + PROJECT)


@pytest.mark.parametrize("other", ['[project.scripts]\nsell = "shop:main"\n', '[tool.hatch.build]\npackages = ["a"]\n'])
def test_what_the_build_reads_counts(tmp_path: Path, other: str) -> None:
    assert digest(tmp_path, HATCH + PROJECT + other) != digest(tmp_path, HATCH + PROJECT)


def test_without_a_build_system_it_is_setuptools(tmp_path: Path) -> None:
    assert digest(tmp_path, PROJECT + "[tool.setuptools]\npy-modules = []\n") != digest(tmp_path, PROJECT)
    assert digest(tmp_path, PROJECT + "[tool.hatch.build]\n") == digest(tmp_path, PROJECT)


def test_build_backend_of_its_own_may_read_every_table(tmp_path: Path) -> None:
    own = '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n'

    assert digest(tmp_path, own + "[tool.anything]\n") != digest(tmp_path, own)


@pytest.mark.parametrize("name", ["setup.py", "setup.cfg"])
def test_setup_files_count_by_their_bytes(tmp_path: Path, name: str) -> None:
    before = digest(tmp_path, PROJECT)
    (tmp_path / name).write_text("", encoding="utf-8")

    assert digest_own_metadata(tmp_path) != before


def test_broken_file_counts_by_its_bytes(tmp_path: Path) -> None:
    assert digest(tmp_path, "[project") != digest(tmp_path, "[tool")
