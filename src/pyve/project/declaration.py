"""What a virtual environment gets: the files that declare packages, joined into one declaration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.project.requirement import RequirementSet


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Everything a project declares for its virtual environment.

    `source` is the file that won: "pylock.toml", "requirements.txt", "requirements.in", "pyproject.toml", "setup.py",
    "setup.cfg", "requirements-dev.txt" (it alone is there) or "none". With a `lock_file` that file is installed first
    and `requirements` holds what comes on top of it. `editable_project` is resolved together with `requirements`, or,
    when `is_lock`, installed after them with --no-deps. `evidence` are sentences for people.
    """

    root: Path
    source: str
    is_lock: bool = False
    lock_file: Path | None = None
    requirements: RequirementSet = field(default_factory=RequirementSet)
    editable_project: Path | None = None
    project_extras: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    requires_python: str | None = None
    build_inputs: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    evidence: tuple[str, ...] = ()

    def canonical_form(self) -> Mapping[str, object]:
        """Return what the fingerprint counts, as JSON types; the same for every spelling of the same demand."""
        raise NotImplementedError


def read_declaration(
    root: Path,
    *,
    extras: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    include_dev: bool = True,
    environment: Mapping[str, str],
) -> Declaration:
    """Read what the project at `root` declares, by the order of precedence in docs/reference (the first file wins).

    Raises a ProjectError naming file and line for anything that cannot be understood, ForeignLockError where only
    another tool's files declare packages, GroupUnknownError and ExtraUnknownError for names that are not declared.
    """
    raise NotImplementedError
