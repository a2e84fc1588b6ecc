"""`pyve deactivate`, which only says what to type: no program can leave an environment for the shell above it."""

import typer


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("deactivate", epilog=epilog)
    def deactivate() -> None:
        """Say how to leave: type `deactivate`, the shell's own function."""
        from pyve.errors import UsageError

        raise UsageError(
            "A program cannot change the shell it was started from.",
            hint="type `deactivate`; in a shell that `pyve shell` opened: exit",
        )
