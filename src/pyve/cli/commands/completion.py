"""`pyve completion`."""

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("completion", epilog=epilog)
    def completion(context: typer.Context, shell: options.Shell = None) -> int:
        """Print the shell code that completes pyve's command line with TAB.

        `pyve hook --install` and install.sh put it where the shell finds it.
        """
        from pyve.cli.present.stdout import write_verbatim
        from pyve.verbs.completion import print_completion
        from pyve.verbs.shell_choice import read_shell_choice

        session = options.session_of(context)
        outcome = print_completion(read_shell_choice(shell))
        if session.options.json:
            return session.finish("completion", outcome, lambda _: [])
        write_verbatim(outcome.data.text)
        return outcome.exit_status
