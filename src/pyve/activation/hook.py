"""The hook of a shell: one text, made of its template and the functions that enter and leave."""

from collections.abc import Sequence

from pyve.activation.dialects.dialect import Dialect
from pyve.activation.templates import fill, read_functions, read_template


def render_hook(dialect: Dialect, *, state_directory: str, command: Sequence[str]) -> bytes:
    """The hook of `dialect`; it reads snippets below `state_directory` and starts pyve by the words of `command`."""
    values = {
        "ACTIVATION": read_functions(dialect),
        "STATE": dialect.quote(dialect.path(state_directory)),
        "COMMAND": dialect.join(map(dialect.quote, [*map(dialect.path, command[:1]), *command[1:]])),
    }
    return fill(read_template(dialect, "hook"), values).encode("utf-8", "surrogateescape")
