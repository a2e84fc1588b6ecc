"""The command that declares what somebody has installed by hand."""

import shlex
from collections.abc import Mapping


def write_add_command(by_hand: Mapping[str, str], *, backend: str) -> str:
    """Return `pyve add NAME==VERSION ...`; in a conda environment what was put in by hand came from pip."""
    pins = " ".join(shlex.quote(f"{name}=={version}") for name, version in by_hand.items())
    return f"pyve add {'--pip ' if backend == 'micromamba' else ''}{pins}"
