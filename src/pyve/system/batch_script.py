"""Starting .bat and .cmd scripts on Windows: cmd.exe runs them, and must not take an argument for something to do.

Windows hands a script's command line to cmd.exe, which expands %NAME% and obeys & | < > ^ outside of its own quotes;
the quoting of ordinary programs does not hold there. No escape is known for line breaks, so these are refused.
"""

import os
import string
from collections.abc import Mapping, Sequence

from pyve.errors import CommandNotExecutableError

_PLAIN = frozenset(string.ascii_letters + string.digits + "#$*+-./:?@\\_")
# An expansion that gives nothing, behind the first %: what cmd.exe leaves is one %, and no name between two.
_ONE_PERCENT = "%%cd:~,%"


def is_batch_script(executable: str) -> bool:
    """Whether cmd.exe is what runs `executable`."""
    return executable.lower().endswith((".bat", ".cmd"))


def render_batch_command(script: str, arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The command line, for CreateProcess as it is, that runs `script` with exactly `arguments`.

    Raises CommandNotExecutableError for an argument that cmd.exe cannot be handed.
    """
    system = environment.get("SYSTEMROOT") or "C:\\Windows"
    words = " ".join([f'"{script.replace("%", _ONE_PERCENT)}"', *(_quote(argument) for argument in arguments)])
    # /e:ON keeps the escape of % working, /v:OFF keeps ! literal, /d runs nothing from the registry; /c takes the
    # outermost quotes off.
    return f'"{system}\\System32\\cmd.exe" /e:ON /v:OFF /d /c "{words}"'


def _quote(argument: str) -> str:
    if any(character in argument for character in "\r\n\0"):
        raise CommandNotExecutableError(
            "An argument with a line break cannot be handed to a .bat or .cmd script.",
            hint="pyve run python ...  # or another program that is no script of cmd.exe's",
        )
    if argument and not argument.endswith("\\") and _PLAIN.issuperset(argument):
        return argument
    quoted = ""
    backslashes = 0
    for character in argument:
        if character == '"':
            quoted += "\\" * backslashes + '""'  # the backslashes before a quote are doubled
        else:
            quoted += _ONE_PERCENT if character == "%" else character
        backslashes = backslashes + 1 if character == "\\" else 0
    return '"' + quoted + "\\" * backslashes + '"'


def words_to_start(executable: str, command: Sequence[str], environment: Mapping[str, str]) -> Sequence[str] | str:
    """What starts `executable` with the arguments of `command`: the words, or the line that cmd.exe gets."""
    if is_batch_script(executable):
        return render_batch_command(os.path.abspath(executable), command[1:], environment)
    return [executable, *command[1:]]
