"""Settings from a TOML table: every key known, every value of its kind, every complaint with file and line."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyve.errors import ConfigInvalidError, ConfigUnknownKeyError, ManifestInvalidError
from pyve.project.credentials import show_channel_text
from pyve.project.manifests.toml_text import parse_toml, read_toml
from pyve.project.nearest_name import find_nearest_name
from pyve.project.setting import Kind, Setting, Value
from pyve.project.setting_values import find_fault, find_row_fault


def read_config_toml(text: str, shown: str) -> dict[str, Any]:
    """Parse a configuration file. Raises ConfigInvalidError with line and column."""
    try:
        return read_toml(text, shown)
    except ManifestInvalidError as error:
        raise ConfigInvalidError(error.message, hint=error.hint) from error


def read_settings(
    table: object, settings: Mapping[str, Setting], *, text: str, shown: str, above: Sequence[str] = ()
) -> dict[str, Value]:
    """The values that `table` sets, by dotted name. `above` are the keys that lead to the table in `text`.

    Raises ConfigUnknownKeyError and ConfigInvalidError.
    """
    found: dict[str, Value] = {}
    if not isinstance(table, dict):
        raise ConfigInvalidError(f"{_place(text, shown, above)}: `{'.'.join(above)}` must be a table.")
    sections = {name.rpartition(".")[0] for name in settings} - {""}
    for key, value in table.items():
        if key in sections and isinstance(value, dict):
            inner = {
                name.partition(".")[2]: setting for name, setting in settings.items() if name.startswith(f"{key}.")
            }
            below = read_settings(value, inner, text=text, shown=shown, above=(*above, key))
            found |= {f"{key}.{name}": inner_value for name, inner_value in below.items()}
        elif key in settings:
            if settings[key].kind is Kind.MIRRORS and isinstance(value, dict):
                _refuse_rows(settings[key], value, text=text, shown=shown, above=(*above, key))
            _refuse_fault(settings[key], value, place=_place(text, shown, (*above, key)))
            found[key] = value
        else:
            _refuse_key(key, {*settings, *sections}, place=_place(text, shown, (*above, key)))
    return found


def locate_key(text: str, keys: Sequence[str]) -> int:
    """The line of valid TOML in which the statement begins that first mentions `keys`.

    tomllib gives no positions: the shortest beginning of the file is sought that is valid and has the key.
    """
    lines = text.splitlines(keepends=True)
    without, within = 0, len(lines)
    while within - without > 1:
        middle = (without + within) // 2
        if _has_key(_parse_beginning(lines, middle), keys):
            within = middle
        else:
            without = middle
    return within


def _parse_beginning(lines: list[str], at_least: int) -> dict[str, Any]:
    """The shortest valid beginning of so many lines or more: a statement may go over several."""
    for count in range(at_least, len(lines)):
        try:
            return parse_toml("".join(lines[:count]))
        except ValueError:
            continue
    return parse_toml("".join(lines))


def _has_key(table: object, keys: Sequence[str]) -> bool:
    for key in keys:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def _place(text: str, shown: str, keys: Sequence[str]) -> str:
    return f"{shown}:{locate_key(text, keys)}"


def _refuse_rows(setting: Setting, rows: Mapping[str, object], *, text: str, shown: str, above: Sequence[str]) -> None:
    """Complain of a row of a table with the line of that row."""
    for name, value in rows.items():
        fault = find_row_fault(name, value)
        if fault is not None:
            place = _place(text, shown, (*above, name))
            row = f"{setting.name}.{show_channel_text(name)}"
            raise ConfigInvalidError(
                f"{place}: `{row}` {fault}.", hint=f"for example: {setting.name} = {setting.example}"
            )


def _refuse_fault(setting: Setting, value: object, *, place: str) -> None:
    fault = find_fault(setting, value)
    if fault is None:
        return
    hint = f"{setting.name} = {setting.example}"
    if setting.kind is Kind.PYTHON and isinstance(value, float):  # 3.10 is read as the number 3.1
        hint = f"{hint}  (in quotes)"
    raise ConfigInvalidError(f"{place}: `{setting.name}` {fault}.", hint=f"for example: {hint}")


def _refuse_key(key: str, valid: set[str], *, place: str) -> None:
    names = {name.partition(".")[0] for name in valid}
    nearest = find_nearest_name(key, names)
    hint = f"did you mean `{nearest}`?" if nearest else "known are: " + ", ".join(sorted(names))
    raise ConfigUnknownKeyError(f"{place}: pyve has no setting `{key}`.", hint=hint)
