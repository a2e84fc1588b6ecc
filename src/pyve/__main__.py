"""Where the command `pyve` begins: `run` and `--version` are answered before Typer is imported."""

import os
import sys

from pyve.cli.command_line import sort_command_line
from pyve.errors import PyveError


def main() -> None:
    """Run the command line of this process and exit with its status."""
    line = sort_command_line(sys.argv[1:])
    if line.problem is None and not line.options.json:
        if line.words == ["version"]:
            from pyve import __version__

            sys.stdout.write(f"pyve {__version__}\n")
            return
        if line.words[:1] == ["run"]:
            status = _run(line.words[1:], project=line.options.project, quiet=line.options.quiet)
            if status is not None:
                sys.exit(status)
    from pyve.cli.app import run_command_line

    sys.exit(run_command_line(line, dict(os.environ)))


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
        return run(RunRequest(command, directory=directory, strict=strict, quiet=quiet), dict(os.environ))
    except PyveError as error:
        from pyve.cli.present.visible import make_visible

        told = f"pyve: {error.message}\n" + (f"hint: {error.hint}\n" if error.hint else "")
        sys.stderr.write(make_visible(told))
        return error.exit_status
    except FileNotFoundError:
        sys.stderr.write("pyve: The working directory does not exist any more.\nhint: cd to one that does\n")
        return 125
    except OSError as error:
        sys.stderr.write(f"pyve: {error.filename or 'Something'} cannot be read: {error.strerror}.\n")
        return 125


if __name__ == "__main__":
    main()
