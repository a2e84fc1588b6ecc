"""The project whose locks are made or judged: its choices, configuration and targets, read once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyve.environments.choices import Choices, read_choices
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import ExtraUnknownError, GroupUnknownError, UsageError
from pyve.errors.lock import LockTargetUnknownError, NothingToLockError, PlatformUnknownError
from pyve.project.conda.subdir import SUBDIRS
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.locking.lock_targets import find_lock_targets
from pyve.project.locking.part_selection import select_parts
from pyve.project.nearest_name import find_nearest_name
from pyve.project.package_name import normalise_name
from pyve.verbs.demand import choose_project_backend
from pyve.verbs.lock_output import refuse_output
from pyve.verbs.project_root import find_asked_root
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class LockWishes:
    """What is wished of a lock beside what the files declare; the fields are the options of `pyve lock`."""

    platforms: tuple[str, ...] = ()
    python: str | None = None
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    exclude_newer: str | None = None
    upgrade: bool = False
    upgrade_packages: tuple[str, ...] = ()
    output: Path | None = None
    locker: str | None = None
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class LockProject:
    """A project and its locks, in the order in which they are made."""

    situation: Situation
    state: ProjectState
    choices: Choices
    config: ProjectConfig
    backend: str
    targets: tuple[LockTarget, ...]
    wishes: LockWishes = field(default_factory=LockWishes)

    @property
    def root(self) -> Path:
        """The project's directory."""
        return self.state.root

    @property
    def exclude_newer(self) -> str | None:
        """The date after which nothing counts."""
        return self.wishes.exclude_newer or self.config.lock.exclude_newer

    def show(self, path: Path) -> str:
        """A path as people know it: relative to the project where it lies in it."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def read_lock_project(situation: Situation, wishes: LockWishes, *, root: Path | None = None) -> LockProject:
    """Read the nearest project, registered or not, or the one at `root`.

    Raises NoProjectError, NothingToLockError, PlatformUnknownError, UsageError and what reading its files raises.
    """
    root = root or find_asked_root(situation)
    state = state_of_project(situation.state_directory, root)
    choices, config = read_choices(state.choices_file), read_project_config(root)
    backend = choose_project_backend(situation, root, choices, config).name
    # Of the extras those that the project configures: what one machine has chosen is no matter of a lock for all.
    found = find_lock_targets(root, backend=backend, settings=config.lock, extras=config.extras)
    if not found:
        raise NothingToLockError(
            f"Nothing in {root} declares packages that could be locked"
            + (": there is no environment.yml." if backend == "micromamba" else "."),
            hint="pyve add NAME" if backend != "micromamba" else "pyve init --backend micromamba",
        )
    _refuse_unknown_platforms((*wishes.platforms, *config.lock.platforms))
    _refuse_python_of_conda(wishes, found)
    targets = select_parts(found, extras=_known(wishes.extras, found, "extra"), groups=_known(wishes.groups, found))
    project = LockProject(
        situation=situation,
        state=state,
        choices=choices,
        config=config,
        backend=backend,
        targets=targets,
        wishes=wishes,
    )
    return project if wishes.output is None else replace(project, targets=(_redirect(project, wishes.output),))


def _refuse_unknown_platforms(platforms: Iterable[str]) -> None:
    for name in platforms:
        if name not in SUBDIRS:
            nearest = find_nearest_name(name, SUBDIRS)
            raise PlatformUnknownError(
                f"{name!r} is no platform that packages are made for.",
                hint=f"did you mean: {nearest}" if nearest else "for example: linux-64, osx-arm64, win-64",
            )


def _refuse_python_of_conda(wishes: LockWishes, targets: tuple[LockTarget, ...]) -> None:
    """A conda lock holds the one python that is declared, so there is no range for it to serve."""
    source = next((one.source.name for one in targets if one.format is LockFormat.CONDA_LOCK), None)
    if wishes.python is not None and source is not None:
        raise UsageError(
            f"--python is for locks of Python packages; {source} says which python a conda lock holds.",
            hint=f"write it there, as `- python=3.12`: $EDITOR {source}",
        )


def _known(names: tuple[str, ...], targets: tuple[LockTarget, ...], kind: str = "group") -> tuple[str, ...]:
    """The names, normalised; raises where no target has a part of that kind and name."""
    there = sorted({part.name for target in targets for part in target.parts if part.kind == kind})
    wanted = tuple(normalise_name(name) for name in names)
    for name in wanted:
        if name not in there:
            nearest = find_nearest_name(name, there)
            told = f"This project has no {kind} {name!r} to lock."
            hint = f"did you mean: --{kind} {nearest}" if nearest else f"declared are: {', '.join(there) or 'none'}"
            raise ExtraUnknownError(told, hint=hint) if kind == "extra" else GroupUnknownError(told, hint=hint)
    return wanted


def _redirect(project: LockProject, output: Path) -> LockTarget:
    """The one target, written to `output`; its name says the format."""
    path = project.situation.directory / output
    lock_format = _format_of(path)
    fitting = [
        one
        for one in project.targets
        if (one.format is LockFormat.CONDA_LOCK) == (lock_format is LockFormat.CONDA_LOCK)
    ]
    named = [one for one in fitting if one.destination.name == path.name]
    if not fitting:
        raise LockTargetUnknownError(
            f"What is declared here cannot be locked into {path.name}.",
            hint=f"name it like {project.targets[0].destination.name}",
        )
    if len(fitting) > 1 and not named:
        names = ", ".join(one.destination.name for one in fitting)
        raise UsageError(f"--output is for one lock, and this project has several: {names}.", hint="leave it out")
    refuse_output(path, lock_format)
    return replace((named or fitting)[0], destination=path, format=lock_format)


def _format_of(path: Path) -> LockFormat:
    if path.suffix == ".txt":
        return LockFormat.REQUIREMENTS
    if path.suffix == ".toml":
        return LockFormat.PYLOCK
    if path.suffix in (".yml", ".yaml"):
        return LockFormat.CONDA_LOCK
    raise UsageError(
        f"The name {path.name} does not say what is to be written.",
        hint="requirements.txt, pylock.toml or conda-lock.yml",
    )
