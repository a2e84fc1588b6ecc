"""`pyve deny`: a project does nothing on cd any more. Its environment stays, and `run` still works in it."""

from dataclasses import dataclass
from pathlib import Path

from pyve.activation.trust import read_approved_values
from pyve.environments.state import state_of_project
from pyve.errors import NoProjectError
from pyve.system.file_lock import hold_lock
from pyve.system.files import write_atomically
from pyve.verbs.allow import find_named_root
from pyve.verbs.outcome import Outcome
from pyve.verbs.publish import publish_snippets
from pyve.verbs.situation import Situation, require_writable_state


@dataclass(frozen=True, kw_only=True)
class DenyRequest:
    """`pyve deny [DIR]`; `directory` None: where the user stands."""

    directory: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class DenyResult:
    """What was taken back. `before` is allowed or denied; `env_file` had values approved, which are forgotten."""

    project: str
    dry_run: bool
    before: str
    env_file: str | None


def deny(situation: Situation, request: DenyRequest) -> Outcome[DenyResult]:
    """Take back what was approved; raises NoProjectError where no project is registered: nothing there acts anyway."""
    root = find_named_root(situation, request.directory)
    state = state_of_project(situation.state_directory, root) if root else None
    if state is None or not state.is_registered():
        here = root or request.directory or situation.directory
        raise NoProjectError(f"{here} is not registered: it does nothing on cd.", hint="pyve allow --list")
    approved = read_approved_values(state)
    result = DenyResult(
        project=str(state.root),
        dry_run=request.dry_run,
        before="denied" if state.is_denied() else "allowed",
        env_file=approved.file if approved else None,
    )
    if not request.dry_run:
        require_writable_state(situation)
        with hold_lock(state.lock_file):
            write_atomically(state.denied_file, b"")  # first: whatever fails after it, no shell enters anew
            state.env_values_file.unlink(missing_ok=True)
            publish_snippets(situation, state)
    return Outcome(data=result)
