"""Bringing a project up to date from a prompt, where the user's own settings name it: from wheels, running no build."""

from collections.abc import Callable

from pyve.environments.progress import ProgressEvent
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState
from pyve.project.declaration import Declaration
from pyve.project.package_origins import digest_origins, lets_uv_build
from pyve.verbs.entry_renewal import has_entry_changed
from pyve.verbs.environment_plan import Action, Plan, Wishes
from pyve.verbs.provision import plan_environment
from pyve.verbs.situation import Situation
from pyve.verbs.sync import bring_up


def sync_from_prompt(situation: Situation, state: ProjectState, *, say: Callable[[str], None]) -> bool:
    """Give the project the environment its files ask for; False where that needs a person, and nothing was done.

    A switch is always made. A build takes wheels alone, so that no code of a package or of the project runs; what needs
    a build system (an editable project, a path, a URL, a lock file that may hold sdists), and a change of where
    packages come from, is left to `pyve sync`. `say` is called with one line before a build.

    Raises what a build raises.
    """
    plan = plan_environment(situation, state, Wishes(wheels_only=True), may_export=False)
    if plan.action not in (Action.KEEP, Action.SWITCH) and not _may_build(situation, plan):
        return False
    if plan.record is not None and has_entry_changed(state, plan.record):
        return False  # the scripts of its packages would have to be run
    if plan.action is Action.BUILD:
        say("environment is out of date; bringing it up to date, as auto-sync says")
    bring_up(situation, plan, _show_nothing, dry_run=False)
    return True


def _may_build(situation: Situation, plan: Plan) -> bool:
    return (
        plan.action is Action.BUILD
        and situation.settings.allow_auto_sync(plan.state.root)
        and plan.demand is not None
        and plan.demand.spec.declaration.conda is None  # whose packages have scripts for activation
        and _is_made_of_names(plan.demand.spec.declaration)
        and _comes_from_where_it_came_from(plan.demand.spec.declaration, plan.before)
    )


def _is_made_of_names(declaration: Declaration) -> bool:
    """Whether all that is declared are packages by name, to be had from an index."""
    requirements = (*declaration.requirements.requirements, *declaration.requirements.constraints)
    return (
        declaration.editable_project is None
        and not declaration.unexported_lock  # which only its own tool can read
        and declaration.lock_file is None
        and not declaration.requirements.options.no_binary
        and not declaration.requirements.options.prefer_binary  # which takes another installer
        and all(one.name and not one.editable and "@" not in one.line.partition(";")[0] for one in requirements)
    )


def _comes_from_where_it_came_from(declaration: Declaration, before: EnvironmentRecord | None) -> bool:
    """Whether packages come from the very places of the environment in use, which a person has asked for.

    Another index would be handed what its URL spells out of the environment (`${TOKEN}`), and decide what is installed.
    """
    if digest_origins(declaration) != (before.origins if before else ""):
        return False
    return not lets_uv_build(declaration)


def _show_nothing(_event: ProgressEvent) -> None:
    """A prompt shows no progress."""
