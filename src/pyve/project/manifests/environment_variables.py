"""The `variables` of an environment.yml, which are set in its environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyve.errors import ManifestInvalidError
from pyve.project.manifests.yaml_value import YamlMapping, YamlScalar, describe, is_null
from pyve.project.variable_risks import is_variable_name, tell_why_ask, tell_why_never

_EXAMPLE = 'variables:\n  MODE: "test"'


@dataclass(frozen=True, kw_only=True)
class Variables:
    """What is set, and sentences about what is not."""

    values: Mapping[str, str]
    notes: tuple[str, ...]


def read_variables(mapping: YamlMapping, shown: str) -> Variables:
    """Read the section; every scalar counts as the text that stands in the file, so `3.10` stays `3.10`.

    A variable that no file of a repository may set (`PATH`, `LD_PRELOAD`, `CONDA_PREFIX`) is left out with a note: such
    lines stand in files that work with conda, and the environment is of use without them. One that can do more than it
    seems to (`GIT_SSH_COMMAND`) is set, with a note. ManifestInvalidError names file and line of what cannot be a
    variable at all.
    """
    section = mapping.get("variables")
    if is_null(section):
        return Variables(values={}, notes=())
    if not isinstance(section, YamlMapping):
        told = describe(section) if section else "empty"
        raise ManifestInvalidError(
            f"{shown}:{mapping.line_of('variables')}: `variables` must hold names and values, and is {told}.",
            hint=_EXAMPLE,
        )
    values, notes = {}, []
    for key, value in section.entries:
        place = f"{shown}:{key.line}"
        if not is_variable_name(key.text):
            raise ManifestInvalidError(
                f"{place}: {key.text!r} is no name of a variable.", hint="letters, digits and _, not a digit first"
            )
        if not isinstance(value, YamlScalar) or is_null(value):
            raise ManifestInvalidError(
                f"{place}: the value of {key.text} is {describe(value)}, and must be a text.",
                hint=f'{key.text}: ""  # for an empty one',
            )
        if "\0" in value.text or not _is_unicode(value.text):
            raise ManifestInvalidError(
                f"{place}: the value of {key.text} holds a character that no variable can hold.",
                hint=f'write it without \\0 and \\ud800: {key.text}: "..."',
            )
        reason, risk = tell_why_never(key.text), tell_why_ask(key.text)
        if reason:
            notes.append(f"{place}: {key.text} is not set: {reason}, so it is not for a project's file to set.")
        else:
            values[key.text] = value.text
            if risk:
                notes.append(f"{place}: {key.text} is set wherever the environment is active: it {risk}.")
    return Variables(values=values, notes=tuple(notes))


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
