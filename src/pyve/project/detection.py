"""Which backend a project gets, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.declaration import Declaration


@dataclass(frozen=True, kw_only=True)
class BackendChoice:
    """The backend `name` ("venv" or "micromamba"), the rule that chose it, and sentences that say so.

    `chosen_by` is one of "option", "PYVE_BACKEND", "configuration", "conda-manifest", "python-manifest", "default".
    """

    name: str
    chosen_by: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeenFile:
    """A manifest that is there and what it is used for ("not used: ..." when it is not)."""

    kind: str
    path: Path
    used_for: str


@dataclass(frozen=True, kw_only=True)
class LostRule:
    """A rule that did not decide, and why."""

    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Detection:
    """Everything `pyve detect` tells about the choice of a backend."""

    choice: BackendChoice
    files: tuple[SeenFile, ...]
    lost_rules: tuple[LostRule, ...]
    what_would_change_it: tuple[str, ...]


def choose_backend(
    root: Path,
    *,
    option: str | None = None,
    environment: Mapping[str, str],
    configured: str | None = None,
    configured_in: str | None = None,
) -> BackendChoice:
    """Choose: option > PYVE_BACKEND > configuration > conda manifest > Python manifest > venv.

    `configured_in` names the place of `configured` ("pyve.toml:2"). Raises UsageError for an unknown name in the
    option or variable, ConfigInvalidError for one in the configuration.
    """
    raise NotImplementedError


def explain(
    root: Path,
    *,
    option: str | None = None,
    environment: Mapping[str, str],
    configured: str | None = None,
    configured_in: str | None = None,
    declaration: Declaration | None = None,
) -> Detection:
    """Explain choose_backend on the same arguments; `declaration` (venv) adds which file declares the packages."""
    raise NotImplementedError
