"""Where the command `pyve` begins: what must be quick is answered before Typer is imported.

That is `run`, `--version`, and what shells ask: their hook, `shell-env` when a watched file has changed, names at TAB.
"""

import os
import sys

from pyve.cli.command_line import sort_command_line
from pyve.errors import PyveError


def main() -> None:
    """Run the command line of this process and exit with its status."""
    line = sort_command_line(sys.argv[1:])
    if line.words[:1] != ["run"]:
        _open_closed_streams()
    if line.problem is None and not line.options.json:
        if line.words == ["version"] and _print_version():
            return
        if line.words[:1] == ["run"]:
            status = _run(line.words[1:], project=line.options.project, quiet=line.options.quiet)
            if status is not None:
                sys.exit(status)
        if line.words == ["shell-env"]:
            sys.exit(_shell_env(line.options.project))
        if line.words[:1] == ["__complete"]:
            sys.exit(_complete(line.words[1:], project=line.options.project))
        if line.words[:1] == ["hook"] and len(line.words) == 2 and _print_hook(line.words[1]):
            return
    from pyve.cli.app import run_command_line

    sys.exit(run_command_line(line, dict(os.environ)))


def _open_closed_streams() -> None:
    """Let streams that the caller closed lead nowhere: else the next file to be opened would stand in their place."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as pyve runs


def _print_version() -> bool:
    """Print the version; False when stdout does not take it, which is told elsewhere."""
    from pyve import __version__

    try:
        sys.stdout.write(f"pyve {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True


def _print_hook(shell: str) -> bool:
    """Print the hook of a shell, which waits for it; False for what is told elsewhere: an option, any failure."""
    from pyve.system.own_command import find_own_command
    from pyve.verbs.hook_text import render_hook_text
    from pyve.verbs.shell_choice import find_dialect

    dialect = find_dialect(shell)
    if dialect is None:
        return False
    try:
        text = render_hook_text(dialect, os.environ, command=find_own_command())
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    except (PyveError, OSError):
        return False
    return True


def _run(words: "list[str]", *, project: "str | None", quiet: bool) -> "int | None":
    """Run a command at once; None when the command line needs more than that (no command, --help, a wrong option)."""
    strict = words[:1] == ["--strict"]
    command = words[1:] if strict else words
    if command[:1] == ["--"]:
        command = command[1:]
    elif command and command[0].startswith("-"):
        return None
    if not command:
        return None
    from pyve.verbs.run import RunRequest, run

    try:
        directory = os.path.realpath(project) if project else os.getcwd()
        return run(RunRequest(command, directory=directory, strict=strict, quiet=quiet), dict(os.environ), say=_say)
    except PyveError as error:
        _say(error.message + (f"\nhint: {error.hint}" if error.hint else ""))
        return error.exit_status
    except FileNotFoundError:
        _say("The working directory does not exist any more.\nhint: cd to one that does")
        return 125
    except OSError as error:
        _say(f"{error.filename or 'Something'} cannot be read: {error.strerror}.")
        return 125
    except Exception as error:  # noqa: BLE001 - the boundary: no traceback ever reaches a user
        from pyve.cli.bug import tell_bug

        bug = tell_bug(error)
        _say(f"{bug.message}\nhint: {bug.hint}")
        return 125


def _shell_env(project: "str | None") -> int:
    """Answer a shell's hook; without a word, for nobody has asked: what fails is told by the verbs that people type."""
    from pyve.verbs.shell_env import shell_env

    try:
        shell_env(os.path.abspath(project) if project else os.getcwd(), dict(os.environ), say=_say)
    except PyveError as error:
        return error.exit_status
    except OSError:
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the boundary: no traceback ever reaches a user
        from pyve.cli.bug import tell_bug

        return tell_bug(error).exit_status
    return 0


def _complete(kinds: "list[str]", *, project: "str | None") -> int:
    """Print the names that a shell asks for at TAB, one a line; whatever goes wrong, there are none."""
    from pyve.verbs.completion_values import list_completion_values

    try:
        names = list_completion_values(kinds[0] if kinds else "", project or os.getcwd(), dict(os.environ))
        # Bytes: names of any kind, and no carriage return, which shells on Windows would take for a part of them.
        sys.stdout.buffer.write("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    except (PyveError, OSError):
        return 1
    return 0


def _say(text: str) -> None:
    if sys.stderr is None:
        return
    from pyve.cli.present.visible import make_visible

    sys.stderr.write(make_visible(f"pyve: {text}\n"))
    sys.stderr.flush()


if __name__ == "__main__":
    main()
