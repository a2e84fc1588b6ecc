"""`pyve detect`."""

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("detect", epilog=epilog)
    def detect(context: typer.Context, backend: options.BackendName = None) -> int:
        """Explain what the project gets, and why.

        Which backend, Python and packages, which files were seen, and what would change it.
        """
        from pyve.cli.present.detect import render_detect
        from pyve.verbs.detect import DetectRequest
        from pyve.verbs.detect import detect as detect_verb

        session = options.session_of(context)
        outcome = detect_verb(session.situation(), DetectRequest(backend=backend))
        return session.finish("detect", outcome, render_detect)
