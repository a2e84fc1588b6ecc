"""The startup file of a shell: where it lies, the line of ours in it, and how that goes in and out."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pyve.activation.dialects.dialect import Dialect
from pyve.errors import PathUnsupportedError, RefusedError
from pyve.system.marked_block import block_lines, find_lone_mark, insert_lines, remove_lines

# What SDKMAN writes above its lines; it complains where something stands below them.
_MUST_BE_LAST = b"THIS MUST BE AT THE END OF THE FILE"

_EVALUATES_HOOK = re.compile(rb"^[^#\n]*\bpyve hook\b", re.MULTILINE)


def hook_file(state_directory: str, dialect: Dialect) -> Path:
    """The installed form of the hook, which the startup file sources."""
    return Path(state_directory) / f"hook.{dialect.extension}"


def find_startup_files(
    dialect: Dialect, *, home: Path, environment: Mapping[str, str], platform: str
) -> tuple[Path, ...]:
    """The files an interactive shell reads at its start that a hook may stand in; the first is where it is put.

    fish: a file of our own in conf.d, so that nothing the user wrote is edited. PowerShell: CurrentUserAllHosts; on
    Windows that of version 7, then that of 5.1.
    """
    if dialect.name == "bash":
        return (home / ".bashrc",)
    if dialect.name == "zsh":
        return (Path(environment.get("ZDOTDIR") or home) / ".zshrc",)
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    if dialect.name == "fish":
        return (config / "fish" / "conf.d" / "pyve.fish",)
    if platform != "win32":
        return (config / "powershell" / "profile.ps1",)
    from platformdirs import user_documents_dir

    documents = Path(user_documents_dir())  # which may lie in a cloud folder
    return tuple(documents / folder / "profile.ps1" for folder in ("PowerShell", "WindowsPowerShell"))


def render_sourcing_line(dialect: Dialect, hook: Path) -> bytes:
    """The line that sources `hook` if it can be read, starting no process.

    Raises PathUnsupportedError for a path with a newline.
    """
    path = os.fspath(hook)
    if "\n" in path or "\r" in path:
        raise PathUnsupportedError(
            f"{hook.parent} holds a line break, which no line of a startup file can name.",
            hint="set PYVE_STATE_DIR to another directory",
        )
    if dialect.name == "pwsh":
        return _render_for_powershell(path).encode("ascii")
    quoted = os.fsencode(dialect.quote(dialect.path(path)))
    if dialect.name == "fish":
        return b"if test -r %s; source %s; end" % (quoted, quoted)
    return b"if [ -r %s ]; then \\. %s; fi" % (quoted, quoted)


def render_loading_words(dialect: Dialect, hook: Path) -> str:
    """What a user types to load `hook` into the shell that runs."""
    quoted = dialect.quote(dialect.path(os.fspath(hook)))
    return f"source {quoted}" if dialect.name == "fish" else f". {quoted}"


def _render_for_powershell(path: str) -> str:
    """Read by a method, so that neither execution policy nor the encoding that 5.1 takes for granted matter.

    In ASCII alone: 5.1 reads a profile without a byte order mark in the code page of the machine.
    """
    pieces = [""]
    units = path.encode("utf-16-le", "surrogatepass")
    for index in range(0, len(units), 2):
        unit = int.from_bytes(units[index : index + 2], "little")
        if 32 <= unit < 127:
            pieces[-1] += chr(unit).replace("'", "''")
        else:
            pieces += [f"[char]{unit}", ""]
    words = [piece if number % 2 else f"'{piece}'" for number, piece in enumerate(pieces)]
    text = " + ".join([words[0], *(word for word in words[1:] if word != "''")])
    return f"if ([IO.File]::Exists({text})) {{ . ([scriptblock]::Create([IO.File]::ReadAllText({text}))) }}"


def lines_of_ours(content: bytes, dialect: Dialect) -> tuple[bytes, ...]:
    """The lines in the marked block that source a hook of this shell, of whichever state directory."""
    name = f"hook.{dialect.extension}".encode()
    return tuple(line for line in block_lines(content) if name in line)


def find_damage(content: bytes, file: Path, *, then: str) -> RefusedError | None:
    """Why what is pyve's in `file` cannot be told from what is the user's; `then` is what to type when it is mended."""
    line = find_lone_mark(content)
    if line is None:
        return None
    return RefusedError(
        f"{file}:{line}: a mark of pyve whose other one is gone; pyve does not know what is its own there.",
        hint=f"take the marks (>>> pyve >>>, <<< pyve <<<) and the line below or between them out, then: {then}",
    )


def put_line_in(content: bytes, dialect: Dialect, line: bytes) -> bytes:
    """`content` with `line` as the only one of ours, above what says that it must be last."""
    others = [old for old in lines_of_ours(content, dialect) if old != line]
    # A carriage return would become a part of the last word in any shell but PowerShell.
    ending = b"" if dialect.name == "pwsh" else b"\n"
    return insert_lines(remove_lines(content, others), [line], above=_MUST_BE_LAST, ending=ending)


def take_lines_out(content: bytes, dialect: Dialect) -> bytes:
    """`content` without what put_line_in put in, to the byte."""
    return remove_lines(content, lines_of_ours(content, dialect))


def find_evaluating_line(content: bytes) -> bytes | None:
    """The first line that a user has put in to evaluate `pyve hook`, as far as that; None where there is none."""
    found = _EVALUATES_HOOK.search(content)
    return found[0] if found else None


def lines_after_block(content: bytes, line: bytes) -> Sequence[bytes]:
    """What stands below `line`, which the shell reads after the hook."""
    return content.partition(line)[2].splitlines()[1:]
