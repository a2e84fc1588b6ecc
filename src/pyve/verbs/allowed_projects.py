"""`pyve allow --list` and `--prune`: what the owner has let act on this machine, and forgetting what is gone."""

from dataclasses import dataclass

from pyve.activation.trust import EnvFileStanding, compare_env_file, read_approved_values
from pyve.cleanup.gone_project import is_gone
from pyve.environments.state import ProjectState, registered_projects
from pyve.errors import PyveError
from pyve.project.config import read_project_config
from pyve.verbs.gc import GcRequest
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, store_of

PRUNE = GcRequest(all_projects=True, gone_projects=True, only_gone=True)


@dataclass(frozen=True, kw_only=True)
class AllowedProject:
    """One registered project. `env_file_standing` is none, approved, new, changed, dropped, absent or unknown."""

    project: str
    name: str
    allowed: bool
    present: bool
    environment: str | None
    env_file: str | None
    env_file_standing: str


@dataclass(frozen=True, kw_only=True)
class AllowedProjects:
    """All registered projects, by path."""

    projects: tuple[AllowedProject, ...]


def list_allowed(situation: Situation) -> Outcome[AllowedProjects]:
    """Every project that was registered on this machine, also one whose directory is gone."""
    states = sorted(registered_projects(situation.state_directory), key=lambda state: str(state.root))
    projects = tuple(_describe(situation, state) for state in states)
    gone = sum(not project.present for project in projects)
    notes = (f"Gone or not mounted: {gone}; to forget them: pyve allow --prune",) if gone else ()
    return Outcome(data=AllowedProjects(projects=projects), notes=notes)


def _describe(situation: Situation, state: ProjectState) -> AllowedProject:
    approved = read_approved_values(state)
    present = not is_gone(state.root)
    file, standing = approved.file if approved else None, "unknown"
    environment, name = None, ""
    try:
        current = store_of(situation, state).current()
        if current is not None:
            environment, name = current.first("directory"), current.first("name")
        if present:
            config = read_project_config(state.root)
            file, standing = config.env_file or file, compare_env_file(state, config).value
        elif approved is None:
            standing = EnvFileStanding.NONE.value
    except PyveError:  # a list tells what it can; the verbs that work on the project say what is wrong with it
        pass
    return AllowedProject(
        project=str(state.root),
        name=name or state.root.name,
        allowed=not state.is_denied(),
        present=present,
        environment=environment,
        env_file=file,
        env_file_standing=standing,
    )
