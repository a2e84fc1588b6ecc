"""The settings as documents: the tables of docs/reference/configuration.md and the JSON schema of pyve.toml."""

import json
from collections.abc import Mapping

from pyve.project.setting import Kind, Setting
from pyve.project.settings import PROJECT_SETTINGS

_SCHEMA_OF_KIND: Mapping[Kind, dict[str, object]] = {
    Kind.TEXT: {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[^$`\\\\]+$"},
    Kind.CHOICE: {"type": "string"},
    Kind.PYTHON: {"type": "string", "minLength": 1},
    Kind.PATH: {"type": "string", "minLength": 1},
    Kind.PATHS: {"type": "array", "items": {"type": "string", "minLength": 1}},
    Kind.FILE: {"type": "string", "minLength": 1},
    Kind.FLAG: {"type": "boolean"},
    Kind.COUNT: {"type": "integer", "minimum": 0},
    Kind.NAMES: {"type": "array", "items": {"type": "string", "minLength": 1}},
    Kind.CHANNELS: {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    Kind.URL: {"type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://[^/]"},
    Kind.MIRRORS: {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
}


def render_settings_table(settings: Mapping[str, Setting]) -> str:
    """A Markdown table of the settings."""
    rows = ["| Key | Value | Default | Meaning |", "|---|---|---|---|"]
    for setting in settings.values():
        default = "not set" if setting.default is None else f"`{json.dumps(setting.default)}`"
        variable = f" `{setting.variable}` overrides it." if setting.variable else ""
        value = setting.expected.replace('"', "`")
        rows.append(
            f"| `{setting.name}` | {value} | {default} "
            f"| {setting.description}{variable} Example: `{setting.name.rpartition('.')[2]} = {setting.example}` |"
        )
    return "\n".join(rows) + "\n"


def render_json_schema() -> str:
    """The JSON schema (draft 2020-12) of pyve.toml, and of [tool.pyve] in pyproject.toml."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pyve.toml, and [tool.pyve] in pyproject.toml",
        **_object_schema(PROJECT_SETTINGS),
    }
    return json.dumps(document, indent=2) + "\n"


def _object_schema(settings: Mapping[str, Setting]) -> dict[str, object]:
    properties: dict[str, object] = {}
    for name, setting in settings.items():
        section, dot, _ = name.partition(".")
        if not dot:
            properties[name] = _value_schema(setting)
        elif section not in properties:
            inner = {key.partition(".")[2]: one for key, one in settings.items() if key.startswith(f"{section}.")}
            properties[section] = _object_schema(inner)
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _value_schema(setting: Setting) -> dict[str, object]:
    schema = {"description": setting.description, **_SCHEMA_OF_KIND[setting.kind]}
    if setting.choices:
        schema["enum"] = list(setting.choices)
    if setting.default is not None:
        schema["default"] = setting.default
    return schema
