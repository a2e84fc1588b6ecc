"""`pyve self bootstrap micromamba`: fetch the executable, verified, for the user or for one project."""

from dataclasses import dataclass
from pathlib import Path

from pyve.cleanup.ledger import LedgerEntry, add_entries
from pyve.engines.conda.bootstrap.download import Patience
from pyve.engines.conda.bootstrap.installation import install_artifact, is_installed
from pyve.engines.conda.bootstrap.shelves import (
    Bootstrapped,
    Shelf,
    find_on_shelves,
    project_shelf,
    read_shelf,
    user_shelf,
)
from pyve.engines.conda.bootstrap.versions import (
    URL_VARIABLE,
    Artifact,
    KnownReleases,
    choose_artifact,
    read_known_releases,
)
from pyve.environments.progress import Progress
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import RefusedError, UsageError
from pyve.errors.conda import EngineMissingError
from pyve.project.conda.subdir import current_subdir
from pyve.project.credentials import strip_credentials
from pyve.system.file_lock import hold_lock
from pyve.system.files import is_link
from pyve.verbs.bootstrap_place import BootstrapPlace, parse_bootstrap_place
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, find_project, require_writable_state, store_of


@dataclass(frozen=True, kw_only=True)
class BootstrapRequest:
    """What is asked for: `sha256` is the user's word for a download that pyve does not know."""

    to: BootstrapPlace = "user"
    version: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class BootstrapPlan:
    """What will be fetched and where it goes; `project` is the one it is for, None for the user.

    `is_done`: it is there already, whole.
    """

    artifact: Artifact
    shelf: Shelf
    project: ProjectState | None
    is_done: bool

    @property
    def program(self) -> Path:
        """Where the executable will lie."""
        return self.shelf.program(self.artifact.version)

    def question(self) -> str:
        """What a person is asked before anything is fetched."""
        return (
            f"Download micromamba {self.artifact.version} from {strip_credentials(self.artifact.url)} "
            f"(SHA-256 {self.artifact.sha256}) to {self.program}?"
        )


@dataclass(frozen=True, kw_only=True)
class BootstrapResult:
    """Where the executable lies, and what it is. `changed` is false when it was there already."""

    program: str
    version: str
    url: str
    sha256: str
    to: BootstrapPlace
    changed: bool
    dry_run: bool = False


def read_bootstrap_request(program: str, *, to: str, version: str | None, sha256: str | None) -> BootstrapRequest:
    """The request that a command line makes. Raises UsageError."""
    if program != "micromamba":
        raise UsageError(f"{program!r} is nothing that pyve can bootstrap.", hint="pyve self bootstrap micromamba")
    return BootstrapRequest(to=parse_bootstrap_place(to, option="--to"), version=version, sha256=sha256)


def plan_bootstrap(
    situation: Situation,
    request: BootstrapRequest,
    *,
    root: Path | None = None,
    known: KnownReleases | None = None,
) -> BootstrapPlan:
    """Decide what to fetch and where to put it; nothing is asked of the network.

    `root` is the project for `--to project`, by default the registered one around. Raises UsageError where no SHA-256
    is known, NoProjectError, and RefusedError where a link stands in the way.
    """
    artifact = choose_artifact(
        known or read_known_releases(),
        version=request.version,
        platform=current_subdir(),
        base=situation.environment.get(URL_VARIABLE) or situation.settings.conda.download_url,
        sha256=request.sha256,
    )
    project = None
    shelf = user_shelf()
    if request.to == "project":
        project = find_project(situation) if root is None else state_of_project(situation.state_directory, root)
        shelf = project_shelf(project)
    program = shelf.program(artifact.version)
    for place in (program, program.parent, shelf.folder, shelf.folder.parent) if project else ():
        if is_link(place):
            raise RefusedError(f"{place} is a link; pyve puts no program behind links.", hint=f"rm {place}")
    there = read_shelf(shelf)
    is_done = there is not None and is_installed(artifact, there)
    return BootstrapPlan(artifact=artifact, shelf=shelf, project=project, is_done=is_done)


def apply_bootstrap(
    situation: Situation, plan: BootstrapPlan, progress: Progress, *, patience: Patience | None = None
) -> Outcome[BootstrapResult]:
    """Fetch and install as planned; whoever calls it has the user's consent. Two at once fetch it once.

    Raises DownloadFailedError, DownloadRefusedError, and what disks do.
    """
    if plan.is_done:
        return Outcome(data=describe_bootstrap(plan, changed=False))
    lock = plan.shelf.folder / "lock"
    if plan.project is not None:
        require_writable_state(situation)
        plan.project.register()
        store_of(situation, plan.project).prepare()
        lock = plan.project.locks / "micromamba"

    def announce(put: Bootstrapped) -> None:
        if plan.project is not None:  # the ledger before the deed
            with hold_lock(plan.project.lock_file):
                add_entries(plan.project, [LedgerEntry(kind="program", path=put.program, text=put.sha256)])

    _, changed = install_artifact(plan.artifact, plan.shelf, progress, lock=lock, announce=announce, patience=patience)
    return Outcome(data=describe_bootstrap(plan, changed=changed))


def describe_bootstrap(plan: BootstrapPlan, *, changed: bool, dry_run: bool = False) -> BootstrapResult:
    """The result that shows the plan."""
    return BootstrapResult(
        program=str(plan.program),
        version=plan.artifact.version,
        url=strip_credentials(plan.artifact.url),
        sha256=plan.artifact.sha256,
        to="user" if plan.project is None else "project",
        changed=changed,
        dry_run=dry_run,
    )


def ensure_micromamba(situation: Situation, *, root: Path, to: BootstrapPlace | None, progress: Progress) -> Path:
    """The executable for the project at `root`: the one that was bootstrapped, else one that is fetched now.

    For where micromamba was chosen without an executable: a configured one, and one on PATH, come before.

    `to` is the user's consent (--auto-bootstrap) and the place; None: nothing is fetched, and EngineMissingError says
    what to type. The caller has registered the project, or is about to. Raises as plan_bootstrap and apply_bootstrap.
    """
    found = find_on_shelves(state_of_project(situation.state_directory, root))
    if found is not None:
        return found
    if to is None:
        raise EngineMissingError(
            "micromamba was chosen, and none is configured, bootstrapped or on PATH.",
            hint="pyve self bootstrap micromamba  # or give --auto-bootstrap",
        )
    plan = plan_bootstrap(situation, BootstrapRequest(to=to), root=root)
    return Path(apply_bootstrap(situation, plan, progress).data.program)
