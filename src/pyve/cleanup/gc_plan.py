"""Which environments nobody has used for long, and what keeps the others."""

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pyve.cleanup.environment_removals import BUILD_UNDER_WAY, KnownEnvironment, plan_environment_removals
from pyve.cleanup.gone_project import is_gone
from pyve.cleanup.last_use import read_last_use
from pyve.cleanup.purge_plan import plan_purge
from pyve.cleanup.removal_plan import Kept, Refused, RemovalPlan, join_plans
from pyve.environments.current import Current, read_fields
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError
from pyve.system.process_usage import ProcessUsage

_USES = {"built": "built", "run": "last run", "read": "last read"}


@dataclass(frozen=True, kw_only=True)
class GcRules:
    """What may go: unused for `days` days at `now`. `kept_names` are directory names that stay whatever their age.

    `gone_projects`: forget projects whose directory is gone (it may be on a disk that is not mounted).
    """

    days: int
    now: datetime
    usage: ProcessUsage
    kept_names: Collection[str] = ()
    keep_previous: bool = True
    gone_projects: bool = False


def plan_gc(stores: Iterable[EnvironmentStore], rules: GcRules, *, state_directory: str) -> RemovalPlan:
    """The plan for these projects together; one that cannot be read is refused, the others are not held up by it."""
    plans = []
    for store in stores:
        try:
            plans.append(_plan_project(store, rules, state_directory))
        except PyveError as error:
            refused = Refused(path=os.fspath(store.state.root), reason=error.message.removesuffix("."))
            plans.append(RemovalPlan(refused=(refused,)))
        except OSError as error:
            refused = Refused(path=os.fspath(store.state.root), reason=f"{error.filename}: {error.strerror}")
            plans.append(RemovalPlan(refused=(refused,)))
    return join_plans(plans)


def explain_keeping(store: EnvironmentStore, known: KnownEnvironment, rules: GcRules) -> str | None:
    """Why this environment stays, None when it may go."""
    name = known.directory.name
    if name == _key_in(store.state.current_file):
        return "in use by its project"
    if rules.keep_previous and name == _key_in(store.state.previous_file):
        return "what rollback goes back to"
    if name in rules.kept_names:
        return "asked to be kept"
    user = rules.usage.find_user_of(known.directory)
    if user is not None:
        return f"process {user.pid} has it as {user.what}" if user.pid else f"{user.what} leads to it"
    if known.record is not None:
        last = read_last_use(store, known.record)
        if rules.now - last.at <= timedelta(days=rules.days):
            days = max((rules.now - last.at).days, 0)
            when = f"{days or 'less than a'} day{'s' if days > 1 else ''} ago"
            return f"{_USES.get(last.evidence, 'last used')} {when}; goes after {rules.days} days without use"
    return None if rules.usage.known else f"{rules.usage.reason}, so it may be in use"


def _plan_project(store: EnvironmentStore, rules: GcRules, state_directory: str) -> RemovalPlan:
    root = os.fspath(store.state.root)
    if is_gone(store.state.root):
        if rules.gone_projects:
            return plan_purge(store, state_directory=state_directory, keep_env=False)
        reason = "project is gone or not mounted; pyve gc --all --gone forgets it"
        return RemovalPlan(keep=(Kept(path=root, reason=reason),))
    plan = plan_environment_removals(
        store,
        reason_to_keep=lambda known: explain_keeping(store, known, rules),
        reason=f"not used for more than {rules.days} days",
    )
    building = tuple(refused for refused in plan.refused if refused.reason == BUILD_UNDER_WAY)
    return replace(
        plan,
        keep=(*plan.keep, *(Kept(path=refused.path, reason="a build of it is under way") for refused in building)),
        refused=tuple(refused for refused in plan.refused if refused not in building),
    )


def _key_in(file: os.PathLike[str]) -> str:
    fields = read_fields(os.fspath(file))
    return Current(fields).first("key") if fields is not None else ""
