"""How a conda environment will be built: by which engine, and how its files are linked."""

from dataclasses import replace

from pyve.backends.backend import CondaBuild
from pyve.environments.progress import Progress
from pyve.environments.store import EnvironmentStore
from pyve.errors.conda import EngineMissingError
from pyve.verbs.demand import Demand
from pyve.verbs.environment_plan import Plan, Wishes
from pyve.verbs.situation import Situation


def choose_conda_build(
    situation: Situation, store: EnvironmentStore, demand: Demand, wishes: Wishes
) -> CondaBuild | None:
    """The engine for what `demand` asks for, None where that is no conda environment. Raises EngineMissingError."""
    if demand.spec.declaration.conda is None:
        return None
    from pyve.engines.conda.bootstrap.shelves import find_bootstrapped
    from pyve.engines.conda.choice import EngineChoice, choose_engine  # a venv has no engine of conda's

    project, user = demand.config.conda, situation.settings.conda
    try:
        choice = choose_engine(
            option=wishes.engine,
            environment=situation.environment,
            project=project,
            user=user,
            bootstrapped=find_bootstrapped(situation.environment, project=store.state.root),
        )
    except EngineMissingError:
        if wishes.bootstrap is None:
            raise
        choice = EngineChoice(name="micromamba", reason="no other engine is installed, and --auto-bootstrap fetches it")
    return CondaBuild(
        engine=choice.name,
        engine_reason=choice.reason,
        micromamba=choice.executable,
        links="copy" if (project.links or user.links) == "copy" else "auto",
        keyring=user.keyring,
        compile=project.compile,
    )


def bring_engine(situation: Situation, plan: Plan, progress: Progress) -> Plan:
    """The plan with the executable of its engine, fetched now where --auto-bootstrap is the consent to that.

    Raises EngineMissingError where it is not there and nobody has consented.
    """
    if plan.conda is None or plan.conda.engine != "micromamba" or plan.conda.micromamba is not None:
        return plan
    from pyve.verbs.self_bootstrap import ensure_micromamba

    executable = ensure_micromamba(situation, root=plan.state.root, to=plan.wishes.bootstrap, progress=progress)
    return replace(plan, conda=replace(plan.conda, micromamba=executable))
