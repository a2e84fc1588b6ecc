"""How a text that is no requirement is refused: where it stands, why, and what was probably meant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import RequirementInvalidError
from pyve.project.credentials import strip_credentials


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a requirement stands: `origin` is `file:line`; relative paths are below `root`, else below `folder`."""

    root: Path
    folder: Path
    origin: str
    environment: Mapping[str, str]


def refuse_requirement(text: str, place: Place, reason: str, *, hint: str | None = None) -> RequirementInvalidError:
    """Say that `text` is no requirement; credentials in it are not shown."""
    shown = strip_credentials(text)
    shown = shown if len(shown) <= 160 else f"{shown[:157]}..."
    return RequirementInvalidError(
        f"{place.origin}: {shown!r} is not a requirement: {strip_credentials(reason)}.",
        hint=hint or _guess_what_was_meant(text),
    )


def _guess_what_was_meant(text: str) -> str:
    if text.startswith(("pip install ", "uv pip install ", "python -m pip install ")):
        return f"leave the command out: {text.split('install ', 1)[1]}"
    if text.startswith(("git@", "git+git@")):
        return f"write it as: git+ssh://{text.removeprefix('git+').replace(':', '/', 1)}"
    pinned = re.match(r"^([A-Za-z0-9._-]+)\s*(?:=|\s)\s*v?(\d[\w.*]*)$", text)
    if pinned:
        return f"write it as: {pinned[1]}=={pinned[2]}"
    return "write one requirement on each line, as in: name>=1.2"
