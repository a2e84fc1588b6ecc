"""From the command tree to the bytes of the completion files."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pyve.activation.completion.files import COMPLETION_FILES
from pyve.activation.templates import fill
from pyve.cli.completion import bash, fish, pwsh, zsh
from pyve.cli.completion.tree import CommandTree, read_command_tree
from pyve.system.bundled_files import read_bundled_file

_TABLES: Mapping[str, Callable[[CommandTree], Mapping[str, str]]] = MappingProxyType(
    {"bash": bash.fill_in, "zsh": zsh.fill_in, "fish": fish.fill_in, "pwsh": pwsh.fill_in}
)


def current_tree() -> CommandTree:
    """The tree of this pyve."""
    from typer.main import get_command

    from pyve.cli.app import build_app

    return read_command_tree(get_command(build_app()))


def render_completion(shell: str, tree: CommandTree) -> bytes:
    """The completion file of `shell`; its template is in the checkout alone."""
    template = read_bundled_file("completions", "templates", COMPLETION_FILES[shell]).decode("utf-8")
    return fill(template, _TABLES[shell](tree)).encode("utf-8")
