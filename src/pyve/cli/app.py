"""The Typer application and the one place where failures end."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from pyve.cli.bug import tell_bug
from pyve.cli.command_line import FLAG_VERBS, GLOBAL_SWITCHES, CommandLine
from pyve.cli.commands import register_commands
from pyve.cli.options import declare_global_options
from pyve.cli.present.stdout import tell_lost_result
from pyve.cli.session import Session
from pyve.errors import InterruptedByUserError, PyveError, UsageError
from pyve.project.nearest_name import find_nearest_name
from pyve.system.files import as_told_error

EPILOG = "Every command also takes the global options: --project DIR, --json, --quiet, --verbose, --no-color, --yes."

# Options that stand at another verb than where they are looked for.
_ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("deny", "--list"): "pyve allow --list",
    ("deny", "--prune"): "pyve allow --prune",
}


def build_app(*, verb: str | None = None) -> typer.Typer:
    """The command tree; with a known `verb`, that branch of it alone."""
    app = typer.Typer(
        name="pyve",
        help="One door to every repository: its environment, built from what it declares.",
        epilog="The flag verbs --init, --purge, --validate, --config, --install, --uninstall mean the same as init, "
        "purge, check, config, self install and self uninstall.",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(declare_global_options)
    register_commands(app, epilog=EPILOG, verb=verb)
    return app


def run_command_line(line: CommandLine, environment: Mapping[str, str]) -> int:
    """Run a sorted command line and return the exit status; whatever fails is told in one message, here."""
    session = Session(line.options, environment)
    session.verb = _name_verb(line.words)
    try:
        if line.problem is not None:
            raise line.problem
        if line.options.json and not line.words:
            raise UsageError("--json wants a verb whose result it is.", hint="pyve --help")
        if not line.words or {"-h", "--help"} & set(line.words):
            with tell_lost_result():  # the parser prints the help
                return _dispatch(line.words, session)
        return _dispatch(line.words, session)
    except PyveError as error:
        return session.fail(error)
    except KeyboardInterrupt:
        return session.fail(InterruptedByUserError("Interrupted; what was in use is as it was."))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads any more; so be it
        return 0
    except OSError as error:
        # A disk that is full or a directory that is locked is no bug, wherever it is met.
        told = as_told_error(error, Path(error.filename)) if isinstance(error.filename, str) else None
        return session.fail(told or tell_bug(error))
    except Exception as error:  # noqa: BLE001 - the boundary: no traceback ever reaches a user
        return session.fail(tell_bug(error))


def _name_verb(words: list[str]) -> str:
    """The verb as JSON names it: `sync`, `self install`; empty where there is none."""
    count = 2 if words[:1] == ["self"] else 1
    return " ".join(word for word in words[:count] if not word.startswith("-"))


def _dispatch(words: list[str], session: Session) -> int:
    try:
        status = build_app(verb=words[0] if words else None)(
            words or ["--help"], prog_name="pyve", standalone_mode=False, obj=session
        )
    except typer.Exit as exit_request:
        return exit_request.exit_code
    except typer.Abort as error:
        raise InterruptedByUserError("Interrupted; nothing was done.") from error
    except Exception as error:
        usage = _as_usage_error(error, words)
        if usage is None:
            raise
        raise usage from error
    if status == InterruptedByUserError.exit_status:  # Typer's own answer to Ctrl-C, without a word
        raise KeyboardInterrupt
    return status if isinstance(status, int) else 0


def _as_usage_error(error: Exception, words: list[str]) -> UsageError | None:
    """The parser's complaint as ours, with the nearest valid name; None for anything else."""
    from typer.exceptions import TyperException

    if not isinstance(error, TyperException):
        return None
    if words and words[0].startswith("--"):
        alike = [flag for flag in FLAG_VERBS if flag[:3] == words[0][:3]]
        nearest = find_nearest_name(words[0], alike)
        return UsageError(f"No such option: {words[0]}.", hint=f"pyve {nearest}" if nearest else "pyve --help")
    verb = words[0] if words else ""
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the whole help
        return UsageError(f"`pyve {verb}` wants one of its verbs.", hint=f"pyve {verb} --help")
    message = str(error.message) or str(error.format_message())
    elsewhere = _ELSEWHERE.get((verb, str(getattr(error, "option_name", ""))))
    if elsewhere:
        return UsageError(f"{message.rstrip('.')} for `pyve {verb}`.", hint=elsewhere)
    possible = list(getattr(error, "possibilities", None) or ())
    if hasattr(error, "possibilities") and not possible:
        possible = _nearest_global(getattr(error, "option_name", ""))
    nearest = find_nearest_name(str(getattr(error, "option_name", "")), possible)
    if possible:
        possible = [nearest] if nearest else possible
        return UsageError(f"{message} for `pyve {verb}`.", hint=f"did you mean {' or '.join(sorted(possible))}?")
    sentence, _, suggestion = message.rstrip(".").partition(". Did you mean ")
    known = "" if message.startswith(f"No such command '{verb}'") else verb
    hint = f"did you mean {suggestion}" if suggestion else f"pyve {known} --help".replace("  ", " ")
    return UsageError(f"{sentence.rstrip('.')}.", hint=hint)


def _nearest_global(option: str) -> list[str]:
    """The global option that was probably meant; the parser of a verb does not know them."""
    nearest = find_nearest_name(option, [*GLOBAL_SWITCHES, "--project"]) if option else None
    return [nearest] if nearest else []
