"""The shell files that pyve fills in: read from where they lie, filled in one pass."""

from collections.abc import Mapping

from pyve.activation.dialects.dialect import Dialect
from pyve.system.bundled_files import read_bundled_file


def read_template(dialect: Dialect, name: str) -> str:
    """The file `name` (activation, conda, hook, snippet ...) of a dialect."""
    return read_bundled_file("shell", dialect.name, f"{name}.{dialect.extension}").decode("utf-8")


def read_functions(dialect: Dialect) -> str:
    """The functions that enter and leave, as they stand in a hook and in the statements of `pyve activate`."""
    return read_template(dialect, "activation") + "\n" + read_template(dialect, "conda")


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with every `@NAME@` that is in `values` replaced; what a value brings in is never looked at again."""
    pieces = template.split("@")
    filled = [pieces[0]]
    index = 1
    while index < len(pieces):
        if pieces[index] in values and index + 1 < len(pieces):
            filled += [values[pieces[index]], pieces[index + 1]]
            index += 2
        else:
            filled += ["@", pieces[index]]
            index += 1
    return "".join(filled)
