"""A conda prefix made by hand: the files that entering it is about, and no package."""

import json
from collections.abc import Mapping
from pathlib import Path


def make_prefix(directory: Path, files: Mapping[str, str] | None = None) -> Path:
    """A prefix at `directory` with `files`: path in `etc/conda` or in `conda-meta` -> text."""
    for folder in ("bin", "conda-meta"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    (directory / "conda-meta" / "history").touch()
    for name, text in (files or {}).items():
        file = directory / name if name.startswith("conda-meta/") else directory / "etc" / "conda" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return directory


def make_variable_file(variables: Mapping[str, object]) -> str:
    """What a package writes into env_vars.d."""
    return json.dumps(variables)
