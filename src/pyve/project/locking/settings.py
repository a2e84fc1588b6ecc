"""What a project configures for its locks."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyve.project.setting import Kind, Setting

PYTHON_LOCKERS = ("uv", "pip-tools")
CONDA_LOCKERS = ("rattler", "conda-lock")


@dataclass(frozen=True, kw_only=True)
class ProjectLockSettings:
    """[lock] of pyve.toml. None: not set.

    `locker` is one of PYTHON_LOCKERS or CONDA_LOCKERS, `format` that of a Python lock; `platforms` are conda's names
    (`linux-64`) for both kinds; `exclude_newer` is a date (ISO 8601). The versions are those of tools that run from
    environments of their own.
    """

    locker: str | None = None
    format: str | None = None
    platforms: tuple[str, ...] = ()
    exclude_newer: str | None = None
    pip_tools: str | None = None
    conda_lock: str | None = None


PROJECT_LOCK_SETTINGS: Sequence[Setting] = (
    Setting(
        name="lock.locker",
        field="lock.locker",
        kind=Kind.CHOICE,
        default=None,
        choices=(*PYTHON_LOCKERS, *CONDA_LOCKERS),
        description="What resolves a lock. Not set: pip-tools where the project uses it already, else uv; "
        "rattler for conda packages.",
        example='"pip-tools"',
    ),
    Setting(
        name="lock.format",
        field="lock.format",
        kind=Kind.CHOICE,
        default=None,
        choices=("pylock.toml", "requirements.txt"),
        description="What packages for a venv are locked into. Not set: the format of the lock that is there, else "
        "`requirements.txt` for a requirements.in and `pylock.toml` for everything else.",
        example='"requirements.txt"',
    ),
    Setting(
        name="lock.platforms",
        field="lock.platforms",
        kind=Kind.NAMES,
        default=[],
        description="The platforms that a lock is made for. Not set: those of environment.yml, of the lock "
        "that is there, else this one.",
        example='["linux-64", "osx-arm64", "win-64"]',
    ),
    Setting(
        name="lock.exclude-newer",
        field="lock.exclude_newer",
        kind=Kind.TEXT,
        default=None,
        description="Packages that were uploaded after this date do not exist for a lock.",
        example='"2026-11-01"',
    ),
    Setting(
        name="lock.pip-tools",
        field="lock.pip_tools",
        kind=Kind.TEXT,
        default=None,
        description="The version of pip-tools that locks. Not set: the one this version of pyve was tried with.",
        example='"7.5.1"',
    ),
    Setting(
        name="lock.conda-lock",
        field="lock.conda_lock",
        kind=Kind.TEXT,
        default=None,
        description="The version of conda-lock that locks. Not set: the one this version of pyve was tried with.",
        example='"4.0.3"',
    ),
)
