"""What each tool is asked for."""

from pathlib import Path

import pytest

from pyve.lockers.foreign.export import name_project_root
from pyve.lockers.foreign.exporters import EXPORTERS, WantedParts

GROUPS = '[dependency-groups]\ndev = ["six"]\nlint = ["six"]\n'
POETRY = '[tool.poetry.group.dev.dependencies]\nsix = "*"\n'
OLD_PDM = '[tool.pdm.dev-dependencies]\ndev = ["six"]\n'


def ask(name: str, root: Path, *, extras: tuple[str, ...] = (), groups: tuple[str, ...] = (), dev: bool = True) -> str:
    return " ".join(EXPORTERS[name].arguments(WantedParts(extras=extras, groups=groups, include_dev=dev), root))


def write(root: Path, text: str) -> None:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")


def test_uv_is_asked_for_the_lock_as_it_is_without_the_project(tmp_path: Path) -> None:
    asked = ask("uv.lock", tmp_path)
    assert asked.startswith("export ")
    for option in ("--frozen", "--no-emit-project", "--no-default-groups", "--dev"):
        assert option in asked.split()


def test_uv_is_asked_for_the_chosen_parts(tmp_path: Path) -> None:
    asked = ask("uv.lock", tmp_path, extras=("plot",), groups=("lint",), dev=False).split()
    assert {"--extra=plot", "--group=lint", "--no-dev"} <= set(asked)
    assert "--dev" not in asked


@pytest.mark.parametrize("text", [GROUPS, POETRY, '[tool.poetry.dev-dependencies]\nsix = "*"\n'])
def test_poetry_gives_the_group_dev_where_there_is_one(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    assert ask("poetry.lock", tmp_path, groups=("lint",), extras=("plot",)).endswith("--extras=plot --with=lint,dev")
    assert "--with" not in ask("poetry.lock", tmp_path, dev=False)


def test_poetry_is_not_asked_for_a_group_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, "[tool.poetry]\nname = 'demo'\n")
    assert "--with" not in ask("poetry.lock", tmp_path)


@pytest.mark.parametrize("text", [GROUPS, OLD_PDM])
def test_pdm_gives_no_groups_but_those_that_are_asked_for(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    assert ask("pdm.lock", tmp_path, extras=("plot",)).endswith("requirements --group dev --group plot")
    assert ask("pdm.lock", tmp_path, dev=False).endswith("requirements --prod")


def test_pipenv_leaves_out_the_one_index_that_nobody_chose(tmp_path: Path) -> None:
    lock = tmp_path / "Pipfile.lock"
    lock.write_text('{"_meta": {"sources": [{"name": "pypi", "url": "https://index.example"}]}}', encoding="utf-8")
    assert ask("Pipfile.lock", tmp_path) == "requirements --hash --dev --exclude-index"
    lock.write_text('{"_meta": {"sources": [{"name": "ours", "url": "https://index.example"}]}}', encoding="utf-8")
    assert ask("Pipfile.lock", tmp_path, dev=False) == "requirements --hash"


def test_the_variable_of_pdm_for_the_project_is_filled_in_in_urls_and_paths(project: Path) -> None:
    text = "-e file:///${PROJECT_ROOT}/lib\n--find-links ${PROJECT_ROOT}/wheels\n"
    assert name_project_root(text, project) == (
        f"-e {(project / 'lib').as_uri()}\n--find-links {project.as_posix()}/wheels\n"
    )
