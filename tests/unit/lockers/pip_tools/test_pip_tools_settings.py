"""[tool.pip-tools] of a project."""

from pathlib import Path

import pytest

from pyve.errors import ManifestInvalidError
from pyve.lockers.pip_tools.settings import read_pip_tools_settings, read_pip_tools_table


def write(root: Path, text: str, name: str = "pyproject.toml") -> None:
    (root / name).write_text(text, encoding="utf-8")


def test_project_without_settings_has_none(tmp_path: Path) -> None:
    write(tmp_path, "[project]\nname = 'demo'\n")
    assert read_pip_tools_table(tmp_path) is None
    assert read_pip_tools_settings(tmp_path).options == {}


def test_options_about_the_text_and_the_resolution_are_handed_on(tmp_path: Path) -> None:
    write(tmp_path, '[tool.pip-tools]\nannotation_style = "line"\nmax-rounds = 3\nquiet = 1\noutput-file = "x"\n')
    assert read_pip_tools_settings(tmp_path).options == {"annotation-style": "line", "max-rounds": 3}


def test_options_for_compiling_win_over_shared_ones(tmp_path: Path) -> None:
    shared, own = "[tool.pip-tools]\nmax-rounds = 3\n", "[tool.pip-tools.compile]\nmax-rounds = 4\n"
    write(tmp_path, f"{shared}{own}[tool.pip-tools.sync]\nask = true\n")
    assert read_pip_tools_settings(tmp_path).options == {"max-rounds": 4}


def test_own_file_comes_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path, "[tool.pip-tools]\nmax-rounds = 3\n")
    write(tmp_path, "[tool.pip-tools]\nmax-rounds = 4\n", ".pip-tools.toml")
    assert read_pip_tools_table(tmp_path) == ({"max-rounds": 4}, ".pip-tools.toml")


def test_places_count_as_declared(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    write(
        tmp_path,
        '[tool.pip-tools]\nindex-url = "https://index.example/simple"\nfind-links = ["wheels"]\n'
        'extra-index-url = "https://more.example/simple"\npre = true\n',
    )
    index = read_pip_tools_settings(tmp_path).index
    assert index.index_url == "https://index.example/simple"
    assert index.extra_index_urls == ("https://more.example/simple",)
    assert index.find_links == (str((tmp_path / "wheels").resolve()),)
    assert index.pre


def test_options_that_would_make_another_lock_are_told(tmp_path: Path) -> None:
    write(tmp_path, '[tool.pip-tools]\ngenerate-hashes = false\nextra = ["docs"]\nall-extras = false\n')
    settings = read_pip_tools_settings(tmp_path)
    assert settings.options == {}
    assert [note.split(" does not")[0] for note in settings.notes] == [
        "pyproject.toml: [tool.pip-tools] generate-hashes",
        "pyproject.toml: [tool.pip-tools] extra",
    ]


def test_options_that_change_nothing_are_not_told(tmp_path: Path) -> None:
    write(tmp_path, "[tool.pip-tools]\ngenerate-hashes = true\nonly-build-deps = false\nextra = []\n")
    assert read_pip_tools_settings(tmp_path).notes == ()


def test_file_that_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "[tool.pip-tools]\nmax-rounds = \n", ".pip-tools.toml")
    with pytest.raises(ManifestInvalidError, match=r"\.pip-tools\.toml:2"):
        read_pip_tools_settings(tmp_path)
