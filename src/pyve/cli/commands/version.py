"""`pyve version` (= `pyve --version`)."""

from dataclasses import dataclass

import typer

from pyve import __version__
from pyve.cli.options import session_of
from pyve.cli.present.text import words
from pyve.verbs.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Version:
    """What `version` returns."""

    version: str


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("version", epilog=epilog)
    def version(context: typer.Context) -> int:
        """Show pyve's version."""
        outcome = Outcome(data=Version(version=__version__))
        return session_of(context).finish("version", outcome, lambda data: [words(f"pyve {data.version}")])
