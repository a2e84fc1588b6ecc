"""How a conda environment will be built: by which engine, and how its files are linked."""

from pyve.backends.backend import CondaBuild
from pyve.environments.store import EnvironmentStore
from pyve.verbs.demand import Demand
from pyve.verbs.environment_plan import Wishes
from pyve.verbs.situation import Situation


def choose_conda_build(
    situation: Situation, store: EnvironmentStore, demand: Demand, wishes: Wishes
) -> CondaBuild | None:
    """The engine for what `demand` asks for, None where that is no conda environment. Raises EngineMissingError."""
    if demand.spec.declaration.conda is None:
        return None
    from pyve.engines.conda.bootstrap import find_bootstrapped
    from pyve.engines.conda.choice import choose_engine  # a venv has no engine of conda's

    project, user = demand.config.conda, situation.settings.conda
    choice = choose_engine(
        option=wishes.engine,
        environment=situation.environment,
        project=project,
        user=user,
        bootstrapped=find_bootstrapped(situation.environment, project=store.state.root),
    )
    return CondaBuild(
        engine=choice.name,
        engine_reason=choice.reason,
        micromamba=choice.executable,
        links="copy" if (project.links or user.links) == "copy" else "auto",
        keyring=user.keyring,
        compile=project.compile,
    )
