"""`pyve completion`."""

from typing import Annotated

import typer

from pyve.cli import options

Shell = Annotated[
    str | None, typer.Argument(metavar="[SHELL]", help="bash, zsh, fish or pwsh; without it, the one pyve runs in.")
]


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("completion", epilog=epilog)
    def completion(context: typer.Context, shell: Shell = None) -> int:
        """Print the shell code that completes pyve's command line with TAB.

        `pyve hook --install` and install.sh put it where the shell finds it.
        """
        from pyve.cli.present.stdout import write_verbatim
        from pyve.system.shell_detection import detect_shell
        from pyve.verbs.completion import CompletionRequest, print_completion

        session = options.session_of(context)
        outcome = print_completion(CompletionRequest(shell=shell, detected=None if shell else detect_shell()))
        if session.options.json:
            return session.finish("completion", outcome, lambda _: [])
        write_verbatim(outcome.data.text)
        return outcome.exit_status
