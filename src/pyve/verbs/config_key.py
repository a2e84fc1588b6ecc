"""The key and the value of `pyve config`: which setting is meant, or which row of one that is a table."""

import shlex
from dataclasses import dataclass

from pyve.errors import UsageError
from pyve.project.credentials import show_channel_text
from pyve.project.nearest_name import find_nearest_name
from pyve.project.setting import Kind, Setting, Value
from pyve.project.setting_values import find_fault, find_row_fault, parse_value
from pyve.project.settings import PROJECT_SETTINGS, USER_SETTINGS


@dataclass(frozen=True, kw_only=True)
class NamedSetting:
    """A setting; `row` is the name of one row where the setting is a table and that row alone is meant."""

    setting: Setting
    row: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that lead to it in a file."""
        names = self.setting.name.split(".")
        return (*names,) if self.row is None else (*names, self.row)


def find_setting(key: str, *, user: bool, verb: str | None, value: str | None = None) -> NamedSetting:
    """The setting called `key`; `conda.mirrors.NAME` is the row NAME of `conda.mirrors`, whatever dots NAME has.

    `user` asks for the user's where projects have one of the name too. `verb` ("set", "unset") says that it is going to
    be changed, to `value`. Raises UsageError for a key that is none, or that is not of those that are asked for.
    """
    asked, other = (USER_SETTINGS, PROJECT_SETTINGS) if user else (PROJECT_SETTINGS, USER_SETTINGS)
    known = {**other, **asked}
    name, row = _split_row(key, known)
    if name not in known:
        nearest = find_nearest_name(key, known)
        hint = f"did you mean `{nearest}`?" if nearest else "pyve config shows all settings"
        raise UsageError(f"pyve has no setting `{show_channel_text(key)}`.", hint=hint)
    if verb and user and name not in USER_SETTINGS:
        raise UsageError(f"`{key}` is a setting of projects, not of users.", hint="leave --user out")
    if verb and not user and name not in PROJECT_SETTINGS:
        words = ["pyve", "config", verb, "--user", *map(show_channel_text, [key] if value is None else [key, value])]
        raise UsageError(
            f"`{show_channel_text(key)}` is a setting of users, not of projects.",
            hint=shlex.join(words),
        )
    return NamedSetting(setting=known[name], row=row)


def value_of(named: NamedSetting, text: str) -> Value:
    """The value that `text` means for it. Raises UsageError where it means none."""
    setting = named.setting
    if named.row is not None:
        fault = find_row_fault(named.row, text)
        if fault:
            raise UsageError(f"`{setting.name}.{show_channel_text(named.row)}` {fault}.", hint=_row_hint(setting))
        return text
    value = parse_value(setting, text)
    if value is None:
        is_table = setting.kind is Kind.MIRRORS
        raise UsageError(
            f"`{setting.name}` {find_fault(setting, text) or f'must be {setting.expected}'}.",
            hint=_row_hint(setting) if is_table else f"for example, in the file: {setting.name} = {setting.example}",
        )
    return value


def _split_row(key: str, known: dict[str, Setting]) -> tuple[str, str | None]:
    for name, setting in known.items():
        if setting.kind is Kind.MIRRORS and key.startswith(f"{name}."):
            return name, key[len(name) + 1 :]
    return key, None


def _row_hint(setting: Setting) -> str:
    return f"for example: pyve config set --user {setting.name}.conda-forge https://mirror.example/conda-forge"
