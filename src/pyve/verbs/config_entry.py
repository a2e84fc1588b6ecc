"""One setting as it counts now, of a project or of the user, and where its value comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from operator import attrgetter
from pathlib import Path

from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.credentials import show_channel_text
from pyve.project.setting import Kind, Setting, Value
from pyve.project.setting_values import parse_value
from pyve.project.settings import PROJECT_SETTINGS, USER_SETTINGS
from pyve.project.user_settings import UserSettings, read_user_settings
from pyve.verbs.config_key import NamedSetting


class Scope(Enum):
    """Whose setting it is."""

    PROJECT = "project"
    USER = "user"


@dataclass(frozen=True, kw_only=True)
class ConfigEntry:
    """One setting as it counts now, of a project or of the user: some names are settings of both.

    `source`: "default", a file's name, "[tool.pyve]", or an environment variable.
    """

    key: str
    scope: Scope
    value: Value | None
    source: str
    description: str


@dataclass(frozen=True, kw_only=True)
class ConfigSources:
    """What settings come from; `root` is the project's, None outside of one."""

    root: Path | None
    user_file: Path
    environment: Mapping[str, str]


def list_entries(sources: ConfigSources) -> Iterator[ConfigEntry]:
    """Every setting, those of projects first. Raises ConfigInvalidError for a file that is broken."""
    config = read_project_config(sources.root) if sources.root else ProjectConfig()
    user = read_user_settings(sources.user_file)
    for setting in PROJECT_SETTINGS.values():
        yield _entry(setting, config, config.source, sources.environment)
    for setting in USER_SETTINGS.values():
        yield _entry(setting, user, str(user.file), sources.environment)


def find_entry(named: NamedSetting, sources: ConfigSources) -> ConfigEntry:
    """The entry of the setting, or of the row of it that was named. Raises as `list_entries`."""
    wanted = (named.setting.name, scope_of(named.setting))
    entry = next(entry for entry in list_entries(sources) if (entry.key, entry.scope) == wanted)
    if named.row is None:
        return entry
    rows = entry.value if isinstance(entry.value, dict) else {}
    shown = show_channel_text(named.row)
    return replace(entry, key=f"{entry.key}.{shown}", value=rows.get(shown))


def scope_of(setting: Setting) -> Scope:
    """Whose setting it is: of a name that is both's, the very setting tells."""
    return Scope.USER if setting is USER_SETTINGS.get(setting.name) else Scope.PROJECT


def _entry(
    setting: Setting, settings: ProjectConfig | UserSettings, file_source: str, environment: Mapping[str, str]
) -> ConfigEntry:
    override = environment.get(setting.variable, "") if setting.variable else ""
    value = attrgetter(setting.field)(settings)
    source = file_source if setting.name in settings.declared else "default"
    if override:
        value = parse_value(setting, override) if setting.kind is Kind.MIRRORS else override
        source = setting.variable or ""
    return ConfigEntry(
        key=setting.name,
        scope=scope_of(setting),
        value=_shown_value(value),
        source=source,
        description=setting.description,
    )


def _shown_value(value: object) -> Value | None:
    """The value as JSON has it, no URL in it with its credentials."""
    if isinstance(value, tuple):
        return [show_channel_text(str(item)) for item in value]
    if isinstance(value, Mapping):
        return {show_channel_text(name): show_channel_text(row) for name, row in value.items()}
    if isinstance(value, (bool, int)) or value is None:
        return value
    return show_channel_text(str(value))
