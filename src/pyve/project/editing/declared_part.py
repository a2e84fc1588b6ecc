"""The part of a declaration that a package belongs to."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class DeclaredPart:
    """What is always installed (`main`), what development needs (`dev`), or a group or an extra by its name."""

    kind: Literal["main", "dev", "group", "extra"] = "main"
    name: str = ""

    @property
    def option(self) -> str:
        """How it is asked for on a command line; empty for what is always installed."""
        return {"main": "", "dev": "--dev"}.get(self.kind, f"--{self.kind} {self.name}")
