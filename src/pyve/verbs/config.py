"""Show and change settings: the project's (pyve.toml or [tool.pyve]) and the user's (config.toml)."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from pathlib import Path
from typing import Literal

from pyve.activation.trust import EnvFileStanding, compare_env_file, tell_env_file
from pyve.environments.state import state_of_project
from pyve.errors import NoProjectError, RefusedError
from pyve.project.config import (
    CONFIG_NAME,
    PYPROJECT_NAME,
    PYPROJECT_TABLE,
    ProjectConfig,
    parse_project_config,
    read_project_config,
    read_text,
)
from pyve.project.config_editing import set_key, unset_key
from pyve.project.manifest import has_manifest
from pyve.project.setting import Setting
from pyve.project.user_settings import UserSettings, parse_user_settings
from pyve.system.files import make_private_directory, write_atomically
from pyve.verbs.config_entry import ConfigEntry, ConfigSources, Scope, find_entry, list_entries, scope_of
from pyve.verbs.config_key import NamedSetting, find_setting, value_of
from pyve.verbs.outcome import Outcome


class ConfigAction(Enum):
    """What is done to the settings."""

    SHOW = "show"
    GET = "get"
    SET = "set"
    UNSET = "unset"


@dataclass(frozen=True, kw_only=True)
class ConfigRequest:
    """`root` is the project's, None outside of one.

    `user` means the user's settings: it counts when one is changed, and for a name that projects have as well.
    `state_directory` is where it is written down what of the project was approved.
    """

    action: ConfigAction
    root: Path | None
    user_file: Path
    environment: Mapping[str, str]
    state_directory: str
    key: str | None = None
    value: str | None = None
    user: bool = False

    @property
    def sources(self) -> ConfigSources:
        """What the settings come from."""
        return ConfigSources(root=self.root, user_file=self.user_file, environment=self.environment)


@dataclass(frozen=True, kw_only=True)
class ConfigResult:
    """The settings asked for (all, or the one named), the file that was changed, and what was done to it."""

    entries: tuple[ConfigEntry, ...]
    file: Path | None = None
    done: Literal["shown", "set", "unset", "unchanged"] = "shown"

    @property
    def is_one(self) -> bool:
        """True where one setting was asked for by its name."""
        return self.done == "shown" and len(self.entries) == 1


def configure(request: ConfigRequest) -> Outcome[ConfigResult]:
    """Show all settings, or get, set or unset one. Raises UsageError for an unknown key or a value it cannot have.

    A file is read in full before it is changed: a broken one is refused with file:line and left as it is. `get` of a
    setting that nothing sets and that has no default has exit status 1.
    """
    if request.action is ConfigAction.SHOW:
        return Outcome(data=ConfigResult(entries=tuple(list_entries(request.sources))))
    named = find_setting(
        request.key or "",
        user=request.user,
        verb=None if request.action is ConfigAction.GET else request.action.value,
        value=request.value,
    )
    setting = named.setting
    if request.action is ConfigAction.GET:
        entry = find_entry(named, request.sources)
        status = 1 if entry.value is None else 0
        return Outcome(data=ConfigResult(entries=(entry,)), exit_status=status)
    file, above = _file_to_change(setting, request)
    done = _change(named, request, file, above)
    entry = find_entry(named, request.sources)
    notes = [f"`{entry.key}` is not set in {file.name}; nothing was changed."] if done == "unchanged" else []
    changed = None if done == "unchanged" else file
    if setting.variable and entry.source == setting.variable:
        notes.append(f"{setting.variable} is set and still overrides it.")
    if setting.field == "env_file" and request.root is not None and changed is not None:
        notes += _tell_env_file(request.root, request.state_directory)
    return Outcome(data=ConfigResult(entries=(entry,), file=changed, done=done), notes=tuple(notes))


def _tell_env_file(root: Path, state_directory: str) -> list[str]:
    """What is needed beside the setting, for the variables to be set."""
    state, config = state_of_project(state_directory, root), read_project_config(root)
    if compare_env_file(state, config) is EnvFileStanding.ABSENT:
        return [f"{config.env_file} is not there; once it is, it is not taken in until: pyve allow"]
    sentence = tell_env_file(state, config)
    return [] if sentence is None else [sentence]


def _file_to_change(setting: Setting, request: ConfigRequest) -> tuple[Path, tuple[str, ...]]:
    """The file, and the keys of the table in it that holds the settings. Both kinds present is an error before this."""
    if scope_of(setting) is Scope.USER:
        return request.user_file, ()
    if request.root is None:
        raise NoProjectError("There is no project here whose setting could be changed.", hint="pyve init")
    config = read_project_config(request.root)
    if config.file is not None and config.file.name == PYPROJECT_NAME:
        return config.file, PYPROJECT_TABLE
    return request.root / CONFIG_NAME, ()


def _change(
    named: NamedSetting, request: ConfigRequest, file: Path, above: tuple[str, ...]
) -> Literal["set", "unset", "unchanged"]:
    """Change the file and say what was done."""
    done: Literal["set", "unset"] = "set"
    text = read_text(file) if has_manifest(file) else ""
    is_user = scope_of(named.setting) is Scope.USER
    before = parse_user_settings(text, file=file) if is_user else parse_project_config(text, file=file)
    keys = (*above, *named.keys)
    if request.action is ConfigAction.UNSET:
        if named.setting.name not in before.declared or named.row not in (None, *_rows(named.setting, before)):
            return "unchanged"
        new, done = unset_key(text, keys, shown=file.name), "unset"
    else:
        new = set_key(text, keys, value_of(named, request.value or ""), shown=file.name)
    parse_user_settings(new, file=file) if is_user else parse_project_config(new, file=file)
    _replace(file, new, within=None if is_user else request.root)
    return done


def _rows(setting: Setting, settings: ProjectConfig | UserSettings) -> Mapping[str, str]:
    rows = attrgetter(setting.field)(settings)
    return rows if isinstance(rows, Mapping) else {}


def _replace(file: Path, text: str, *, within: Path | None) -> None:
    """Replace the file in one step. A link is followed, for a project's file only inside the project."""
    target = Path(os.path.realpath(file))
    if within is not None and not target.is_relative_to(os.path.realpath(within)):
        raise RefusedError(f"{file} is a link to {target}, outside the project; it is not changed.")
    make_private_directory(target.parent)
    new = 0o600 if within is None else 0o644  # a mirror may have a password in its URL
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else new
    write_atomically(target, text.encode(), mode=mode)
