"""The reference page and the JSON schema say what the table of settings says."""

import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest

from pyve.project.config import parse_project_config
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.settings import PROJECT_SETTINGS, USER_SETTINGS
from pyve.project.settings_reference import render_json_schema, render_settings_table
from pyve.project.user_settings import parse_user_settings

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"


def page_part(whose: str) -> str:
    page = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- settings of a {whose}:.*?-->\n\n(.*?)\n<!-- end of", page, re.DOTALL)
    assert found
    return found[1]


def test_the_page_lists_the_settings_as_they_are() -> None:
    assert page_part("project") == render_settings_table(PROJECT_SETTINGS)
    assert page_part("user") == render_settings_table(USER_SETTINGS)


def test_the_schema_file_is_the_rendered_one() -> None:
    assert (REFERENCE / "pyve-toml.schema.json").read_text(encoding="utf-8") == render_json_schema()


def test_the_examples_of_the_page_are_valid() -> None:
    page = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n# (\S+)\n(.*?)```", page, re.DOTALL)
    assert [name for name, _ in blocks] == ["pyve.toml", "pyproject.toml", "config.toml"]
    for name, text in blocks:
        if name == "config.toml":
            assert parse_user_settings(text, file=Path(name)).declared
        else:
            assert parse_project_config(text, file=Path(name)).declared


@pytest.mark.skipif(sys.platform == "win32", reason="the example of a path is one of POSIX")
def test_every_example_of_a_setting_is_valid() -> None:
    for setting in PROJECT_SETTINGS.values():
        config = parse_project_config(f"{setting.name} = {setting.example}", file=Path("pyve.toml"))
        assert config.declared == {setting.name}
    for setting in USER_SETTINGS.values():
        settings = parse_user_settings(f"{setting.name} = {setting.example}", file=Path("config.toml"))
        assert settings.declared == {setting.name}


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("backend = 'venv'\nextras = ['a']\n[venv]\nsystem-site-packages = true", True),
        ("", True),
        ("backend = 'conda'", False),
        ("bakend = 'venv'", False),
        ("dev = 'yes'", False),
        ("[venv]\nprompt = 'x'", False),
        ("groups = [1]", False),
    ],
)
def test_the_schema_accepts_what_pyve_accepts(text: str, is_valid: bool) -> None:
    schema = json.loads(render_json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator(schema).is_valid(parse_toml(text)) is is_valid
