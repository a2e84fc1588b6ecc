"""`pyve rollback`: put the environment back in use that was in use before. Builds nothing; again, it goes forward."""

from dataclasses import dataclass, replace

from pyve.backends import backend_named
from pyve.cleanup.claims import claim_link
from pyve.environments.inputs import Digests, read_approvals, write_approvals
from pyve.environments.pointing import STABLE_LINK, VENV_LINK, exchange
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState
from pyve.errors import NoEnvironmentError
from pyve.system.file_lock import hold_lock
from pyve.verbs.outcome import Outcome
from pyve.verbs.publish import publish_snippets
from pyve.verbs.situation import Situation, find_project, store_of
from pyve.verbs.stable_links import lead_links


@dataclass(frozen=True, kw_only=True)
class RollbackRequest:
    """`pyve rollback` with its option."""

    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class RollbackResult:
    """The environment put in use and the one left; `same_declaration` false means that the files ask for another."""

    project: str
    dry_run: bool
    environment: str
    left: str
    python: str | None
    packages: int
    created_at: str
    same_declaration: bool


def rollback(situation: Situation, request: RollbackRequest) -> Outcome[RollbackResult]:
    """Exchange the environment in use and the previous one; raises NoEnvironmentError when there is no sound one."""
    state = find_project(situation)
    store = store_of(situation, state)
    before, target = store.current_record(), store.previous_record()
    if before is None:
        raise NoEnvironmentError(f"{state.root} has no environment in use.", hint="pyve sync")
    if target is None or target.key == before.key:
        raise NoEnvironmentError(f"{state.root} has no previous environment.", hint="pyve list")
    damage = backend_named(target.backend).diagnose(target)
    if damage is not None and not damage.runs:
        raise NoEnvironmentError(f"The previous environment cannot be used: {damage.reason}.", hint="pyve list")
    if not request.dry_run:
        with hold_lock(state.lock_file):
            exchange(store, Digests(state.root))
            _approve_instead(state, before, target)
            links = (state.root / VENV_LINK, store.workshop / STABLE_LINK)
            ours = tuple(link for link in links if claim_link(store, link) in ("ours", "absent"))
            lead_links(store, target, ours)
            publish_snippets(situation, state)
    same = target.fingerprint == before.fingerprint
    notes = () if same else ("The project's files ask for the environment that was left: pyve sync goes back to it.",)
    data = RollbackResult(
        project=str(state.root),
        dry_run=request.dry_run,
        environment=target.directory,
        left=before.directory,
        python=target.python_version or None,
        packages=len(target.distributions),
        created_at=target.created_at,
        same_declaration=same,
    )
    return Outcome(data=data, notes=notes)


def _approve_instead(state: ProjectState, before: EnvironmentRecord, target: EnvironmentRecord) -> None:
    """Let the files that led to one build of a declaration lead to the other: an upgrade is undone for good."""
    if before.fingerprint != target.fingerprint:
        return
    approvals = [
        replace(approval, directory=target.directory) if approval.directory == before.directory else approval
        for approval in read_approvals(state.approved_file)
    ]
    write_approvals(state.approved_file, approvals)
