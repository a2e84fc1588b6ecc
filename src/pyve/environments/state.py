"""Where the state of one project lies: paths only, and the one act that registers a project."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.current import (
    CURRENT_NAME,
    ENV_VALUES_NAME,
    STATE_FOLDER,
    TOLD_NAME,
    mirror,
    require_private,
)
from pyve.system.files import make_private_directory


@dataclass(frozen=True, kw_only=True)
class ProjectState:
    """The state folder of the project at `root` (absolute): `projects/<mirrored root>/@state`."""

    root: Path
    directory: Path

    @property
    def state_directory(self) -> Path:
        """The state directory of the user, in which this and all other projects lie."""
        mirrored = Path(mirror("", str(self.root))).parts  # from `projects` down
        return self.directory.parents[len(mirrored)]

    @property
    def current_file(self) -> Path:
        """Which environment is in use, and what `run` needs."""
        return self.directory / CURRENT_NAME

    @property
    def previous_file(self) -> Path:
        """Which environment was in use before: what `rollback` points back to."""
        return self.directory / "previous"

    @property
    def records(self) -> Path:
        """The folder of records, one file an environment."""
        return self.directory / "records"

    @property
    def builds(self) -> Path:
        """The folder of marks of builds begun and removals not ended, one file an environment directory."""
        return self.directory / "builds"

    @property
    def work(self) -> Path:
        """The folder of work directories of installers, one an environment directory, each gone when its work ends."""
        return self.directory / "work"

    @property
    def scripts(self) -> Path:
        """The folder of copies of the scripts that shells source on entering and on leaving, one an environment."""
        return self.directory / "scripts"

    @property
    def locks(self) -> Path:
        """The folder of build locks, one file a fingerprint."""
        return self.directory / "locks"

    @property
    def lock_file(self) -> Path:
        """Held while the project's pointers, links and ledger change."""
        return self.directory / "lock"

    @property
    def users_file(self) -> Path:
        """Held, together with others, by whoever gives the project an environment."""
        return self.directory / "users"

    @property
    def approved_file(self) -> Path:
        """The approved sets of manifest digests."""
        return self.directory / "approved"

    @property
    def choices_file(self) -> Path:
        """What was chosen outside the files."""
        return self.directory / "choices.json"

    @property
    def ledger_file(self) -> Path:
        """What pyve made outside the environments."""
        return self.directory / "ledger.jsonl"

    @property
    def env_values_file(self) -> Path:
        """The values of the project's env file as they were approved."""
        return self.directory / ENV_VALUES_NAME

    @property
    def denied_file(self) -> Path:
        """There as long as the owner does not want the project to act on cd."""
        return self.directory / "denied"

    @property
    def told_file(self) -> Path:
        """There as long as the snippets tell shells something that may be settled any time."""
        return self.directory / TOLD_NAME

    def is_denied(self) -> bool:
        """Whether the owner does not want the project to act on cd."""
        return self.denied_file.exists()

    def is_registered(self) -> bool:
        """Whether the owner has put this project under pyve on this machine."""
        return self.directory.is_dir()

    def register(self) -> None:
        """Make the folder; raises OwnerMismatchError when others may write to the state directory."""
        make_private_directory(self.directory)
        require_private(str(self.directory))
        for folder in (self.records, self.builds, self.locks):
            make_private_directory(folder)


def state_of_project(state_directory: str, root: Path) -> ProjectState:
    """The state of the project at `root`, registered or not."""
    return ProjectState(root=root, directory=Path(mirror(state_directory, str(root))) / STATE_FOLDER)


def registered_projects(state_directory: str) -> Iterator[ProjectState]:
    """The states of all registered projects, by their paths; a project's own directory may be gone."""
    top = Path(state_directory) / "projects"
    pending = [top]
    while pending:
        directory = pending.pop()
        try:
            entries = sorted(directory.iterdir(), reverse=True)
        except OSError:
            continue
        for entry in entries:
            if entry.name == STATE_FOLDER:
                yield ProjectState(root=_unmirror(directory.relative_to(top)), directory=entry)
            elif entry.is_dir() and not entry.is_symlink():
                pending.append(entry)


def _unmirror(relative: Path) -> Path:
    parts = [part[1:] if part.startswith("@@") else part for part in relative.parts]
    if Path("C:/").drive and parts and len(parts[0]) == 1:  # Windows: the drive's letter comes first
        return Path(f"{parts[0]}:\\", *parts[1:])
    if Path("C:/").drive:
        return Path("\\\\" + "\\".join(parts[:2]) + "\\", *parts[2:])
    return Path("/", *parts)
