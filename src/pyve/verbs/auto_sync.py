"""Bringing a project up to date from a prompt, where the user's own settings name it: from wheels, running no build."""

from collections.abc import Callable

from pyve.environments.progress import ProgressEvent
from pyve.environments.state import ProjectState
from pyve.project.declaration import Declaration
from pyve.verbs.environment_plan import Action, Plan, Wishes
from pyve.verbs.provision import plan_environment
from pyve.verbs.situation import Situation
from pyve.verbs.sync import bring_up


def sync_from_prompt(situation: Situation, state: ProjectState, *, say: Callable[[str], None]) -> bool:
    """Give the project the environment its files ask for; False where that needs a person, and nothing was done.

    A switch is always made. A build takes wheels alone, so that no code of a package or of the project runs; what needs
    a build system (an editable project, a path, a URL, a lock file that may hold sdists) is left to `pyve sync`.
    `say` is called with one line before a build. Raises what a build raises.
    """
    plan = plan_environment(situation, state, Wishes(wheels_only=True))
    if plan.action not in (Action.KEEP, Action.SWITCH) and not _may_build(situation, plan):
        return False
    if plan.action is Action.BUILD:
        say("environment is out of date; bringing it up to date, as auto-sync says")
    bring_up(situation, plan, _show_nothing, dry_run=False)
    return True


def _may_build(situation: Situation, plan: Plan) -> bool:
    return (
        plan.action is Action.BUILD
        and situation.settings.allow_auto_sync(plan.state.root)
        and plan.demand is not None
        and _is_made_of_names(plan.demand.spec.declaration)
    )


def _is_made_of_names(declaration: Declaration) -> bool:
    """Whether all that is declared are packages by name, to be had from an index."""
    requirements = (*declaration.requirements.requirements, *declaration.requirements.constraints)
    return (
        declaration.editable_project is None
        and declaration.lock_file is None
        and not declaration.requirements.options.no_binary
        and all(one.name and not one.editable and "@" not in one.line.partition(";")[0] for one in requirements)
    )


def _show_nothing(_event: ProgressEvent) -> None:
    """A prompt shows no progress."""
