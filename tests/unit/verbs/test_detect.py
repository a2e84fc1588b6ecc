"""`pyve detect` counts what was chosen and configured, as a build does."""

from pathlib import Path

import pytest

from pyve.environments.choices import Choices, write_choices
from pyve.environments.state import state_of_project
from pyve.project.user_settings import UserSettings
from pyve.verbs.detect import DetectRequest, detect
from pyve.verbs.situation import Situation

PYPROJECT = """
[project]
name = "a"
version = "1"
optional-dependencies = {more = ["b"]}
[dependency-groups]
docs = ["c"]
[tool.pyve]
groups = ["docs"]
extras = ["more"]
"""


@pytest.fixture
def situation(tmp_path: Path) -> Situation:
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    return Situation(
        directory=root,
        home=tmp_path,
        environment={},
        state_directory=str(tmp_path / "state"),
        cache_directory=tmp_path / "cache",
        settings=UserSettings(),
    )


def test_configured_extras_and_groups_are_in(situation: Situation) -> None:
    data = detect(situation, DetectRequest()).data
    assert (data.extras, data.groups) == (("more",), ("docs",))


def test_what_was_chosen_outranks_what_is_configured(situation: Situation) -> None:
    state = state_of_project(situation.state_directory, situation.directory)
    state.directory.mkdir(parents=True, mode=0o700)
    write_choices(state.choices_file, Choices(extras=(), groups=()))
    data = detect(situation, DetectRequest()).data
    assert (data.extras, data.groups) == ((), ())
