"""`pyve direnv`."""

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("direnv", epilog=epilog)
    def direnv(context: typer.Context) -> int:
        """Print lines for .envrc, by which direnv keeps the environment."""
        from pyve.cli.present.stdout import write_verbatim
        from pyve.verbs.direnv import write_envrc_lines

        session = options.session_of(context)
        outcome = write_envrc_lines(session.situation())
        if session.options.json:
            return session.finish("direnv", outcome, lambda _: [])
        write_verbatim(outcome.data.text)
        for note in outcome.notes:
            session.paper.print_note(note)
        return outcome.exit_status
