"""How `self bootstrap` ends, for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.self_bootstrap import BootstrapResult


def render_bootstrap(data: "BootstrapResult") -> "list[RenderableType]":
    """Where the program lies; for a dry run what would be fetched."""
    if data.dry_run:
        return [
            words(("would install ", "green"), f"micromamba {data.version}: {data.program}"),
            words(f"  from {data.url}"),
            words(f"  SHA-256 {data.sha256}"),
        ]
    if not data.changed:
        return [words(f"micromamba {data.version} is there already: {data.program}")]
    return [words(("installed ", "green"), f"micromamba {data.version}: {data.program}")]
