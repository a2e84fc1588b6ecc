"""The record of an environment that has just been built: from what, by what, and what is in it now."""

from datetime import datetime, timezone
from pathlib import Path

from pyve import __version__
from pyve.backends.backend import BuildResult
from pyve.environments.record import EnvironmentRecord
from pyve.project.package_origins import digest_origins
from pyve.project.pin_files import PIN_NAMES
from pyve.system.files import measure_tree
from pyve.system.platform import platform_name
from pyve.verbs.demand import Demand, list_unlocked
from pyve.verbs.environment_plan import Plan


def describe_build(
    plan: Plan, demand: Demand, directory: Path, result: BuildResult, *, earlier: EnvironmentRecord | None
) -> EnvironmentRecord:
    """The record of what `plan` built of `demand` in `directory`; nothing is written.

    `earlier` is the environment whose versions were kept: what was resolved then is as old as it is.
    """
    now = datetime.now(timezone.utc).isoformat(timespec="microseconds")
    declaration = demand.spec.declaration
    return EnvironmentRecord(
        fingerprint=plan.fingerprint,
        directory=str(directory),
        project_root=str(plan.state.root),
        backend=demand.spec.backend,
        backend_reason=" ".join(demand.backend.evidence),
        platform=platform_name(),
        python_requested=demand.python.request.text,
        python_source=PIN_NAMES[0] if plan.pin and plan.pin.write else demand.python.request.source,
        python_version=result.python_version,
        python_implementation=result.python_implementation,
        python_executable=str(result.python_executable),
        site_packages=str(result.site_packages),
        source=declaration.source,
        locked=declaration.is_lock,
        unlocked=list_unlocked(declaration),
        extras=declaration.extras,
        groups=declaration.groups,
        created_at=now,
        resolved_at=earlier.resolved_at if earlier else now,
        pyve_version=__version__,
        engine=result.engine,
        engine_version=result.engine_version,
        engine_reason=result.engine_reason,
        distributions=dict(result.distributions),
        own_metadata=demand.own_metadata,
        seeds=result.seeds,
        declared=demand.declared,
        origins=digest_origins(declaration),
        kept=tuple(pin.partition("==")[0] for pin in plan.keep),
        size_bytes=measure_tree(directory),
        conda=result.conda.as_json() if result.conda else {},
    )
