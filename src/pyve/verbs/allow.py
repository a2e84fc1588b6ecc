"""`pyve allow`: what its owner approves of a project, shown first, then written down. Builds and runs nothing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.activation.trust import read_approved_values, tell_changed
from pyve.environments.env_values import EnvValues, write_env_values
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import NoProjectError
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.env_file import EnvFile, digest_env_file, read_env_file
from pyve.project.manifest import MANIFEST_KINDS, has_manifest
from pyve.project.root import check_root, find_root
from pyve.system.file_lock import hold_lock, share_lock
from pyve.verbs.outcome import Outcome
from pyve.verbs.publish import publish_snippets
from pyve.verbs.situation import Situation, absolute_directory, registered_root, require_writable_state, store_of

_NAME_IT = "name the project's directory: pyve allow DIR"


@dataclass(frozen=True, kw_only=True)
class AllowRequest:
    """`pyve allow [DIR]`; `directory` None: where the user stands."""

    directory: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovedVariable:
    """A variable of the env file. `change` is new, changed, same or dropped, against what was approved before.

    `risk` is what it can do beyond the project's own programs. One that was dropped has neither value nor line.
    """

    name: str
    change: str
    value: str | None = None
    line: int | None = None
    risk: str | None = None


@dataclass(frozen=True, kw_only=True)
class AllowResult:
    """What is approved. `before` is how the project stood: unknown, denied or allowed; `asks` needs assent."""

    project: str
    dry_run: bool
    before: str
    environment: str | None
    env_file: str | None
    variables: tuple[ApprovedVariable, ...]
    asks: bool


@dataclass(frozen=True, kw_only=True)
class AllowPlan:
    """What `allow` will do: exactly what was read and shown is what is written."""

    state: ProjectState
    env_file: EnvFile | None
    result: AllowResult
    notes: tuple[str, ...]


def plan_allow(situation: Situation, request: AllowRequest) -> AllowPlan:
    """Find the project and read what is to be approved.

    Raises NoProjectError where nothing makes a project, and what check_root, the configuration and the env file raise.
    """
    root = find_named_root(situation, request.directory)
    if root is None:
        raise _refuse(situation, request.directory or situation.directory)
    check_root(root, in_ci=situation.in_ci)
    state = state_of_project(situation.state_directory, root)
    config = read_project_config(root)
    env_file = read_env_file(root, config.env_file) if config.env_file else None
    variables = tuple(_compare(env_file, read_approved_values(state)))
    current = store_of(situation, state).current()
    result = AllowResult(
        project=str(root),
        dry_run=request.dry_run,
        before="denied" if state.is_denied() else "allowed" if state.is_registered() else "unknown",
        environment=current.first("directory") if current is not None else None,
        env_file=env_file.name if env_file else None,
        variables=variables,
        asks=any(variable.risk and variable.change in ("new", "changed") for variable in variables),
    )
    return AllowPlan(state=state, env_file=env_file, result=result, notes=tuple(_notes(config, env_file, result)))


def allow(situation: Situation, plan: AllowPlan) -> Outcome[AllowResult]:
    """Register the project, take a denial back, keep the values of `plan`, and let shells know."""
    state = plan.state
    require_writable_state(situation)
    with share_lock(state.users_file, prepare=state.register), hold_lock(state.lock_file):
        if plan.env_file is None:
            state.env_values_file.unlink(missing_ok=True)
        else:
            approved = EnvValues(file=plan.env_file.name, digest=plan.env_file.digest, values=plan.env_file.values)
            write_env_values(state.env_values_file, approved)
        state.denied_file.unlink(missing_ok=True)
        publish_snippets(situation, state)
    notes = plan.notes
    if plan.env_file is not None and digest_env_file(state.root, plan.env_file.name) != plan.env_file.digest:
        notes += (tell_changed(plan.env_file.name),)  # while it was shown
    return Outcome(data=replace(plan.result, dry_run=False), notes=notes)


def find_named_root(situation: Situation, directory: Path | None) -> Path | None:
    """The root of the project that the user means; None where there is none.

    A directory that is named and is a project itself, registered or by its files, is that project. Else it is the
    nearest registered one, as for every verb, else the one that `init` would make.
    """
    if directory is not None:
        situation = replace(situation, directory=absolute_directory(situation.directory / directory))
        here = situation.directory
        named = any(has_manifest(here / name) for name in MANIFEST_KINDS)
        if named or state_of_project(situation.state_directory, here).is_registered():
            return here
    registered = registered_root(situation)
    if registered is not None:
        return registered
    choice = find_root(situation.directory, home=situation.home)
    return choice.path if choice.has_manifest else None


def _refuse(situation: Situation, named: Path) -> NoProjectError:
    """The error for what is no project; `init` is the way where a project could be, not at home or at the top."""
    here = situation.directory / named
    real = Path(os.path.realpath(here))
    if real.exists() and not real.is_dir():
        return NoProjectError(f"{named} is a file; a project is a directory.", hint=_NAME_IT)
    message = f"{named} is no project: it has neither a manifest nor a pyve.toml."
    if real in (Path(os.path.realpath(situation.home)), Path(real.anchor)):
        return NoProjectError(message, hint=_NAME_IT)
    return NoProjectError(message, hint="pyve init")


def _compare(env_file: EnvFile | None, approved: EnvValues | None) -> Iterator[ApprovedVariable]:
    before = approved.values if approved else {}
    now = env_file.values if env_file is not None else {}
    if env_file is not None:
        for name, value in now.items():
            change = "new" if name not in before else "same" if before[name] == value else "changed"
            line, risk = env_file.lines[name], env_file.risks.get(name)
            yield ApprovedVariable(name=name, change=change, value=value, line=line, risk=risk)
    for name in before:
        if name not in now:
            yield ApprovedVariable(name=name, change="dropped")


def _notes(config: ProjectConfig, env_file: EnvFile | None, result: AllowResult) -> Iterator[str]:
    if config.env_file and env_file is None:
        yield f"{config.env_file} is not there; no variable is taken from it."
    if env_file is not None and env_file.without_value:
        names = ", ".join(env_file.without_value)
        yield f"In {env_file.name} without a value, so left as the shell has them: {names}"
    if result.environment is None:
        yield "There is no environment yet; to build it: pyve sync"
