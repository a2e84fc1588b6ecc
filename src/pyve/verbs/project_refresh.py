"""Installing the project itself anew, in place: its own metadata is no part of what an environment is known by."""

from dataclasses import replace
from pathlib import Path

from pyve.backends import backend_named
from pyve.backends.backend import BuildRequest
from pyve.environments.construction import commit_record, hold_build_lock, work_directory
from pyve.environments.progress import Progress
from pyve.environments.record import COPY_NAME, EnvironmentRecord, write_record
from pyve.environments.store import EnvironmentStore
from pyve.system.files import make_private_directory
from pyve.verbs.demand import Demand
from pyve.verbs.situation import Situation


def needs_refresh(demand: Demand, record: EnvironmentRecord) -> bool:
    """Whether the files say otherwise than at the last install how the project itself is installed."""
    return demand.own_metadata != record.own_metadata


def is_renamed(demand: Demand, record: EnvironmentRecord) -> bool:
    """Whether the environment does not hold the project by its present name: what bears the old one would stay."""
    if not needs_refresh(demand, record):
        return False
    from pyve.engines.local_sources import read_distribution_names  # the light answer comes first

    names = read_distribution_names(demand.spec.declaration.root)
    return bool(names) and names.isdisjoint(record.distributions)


def refresh_project(
    situation: Situation,
    store: EnvironmentStore,
    demand: Demand,
    record: EnvironmentRecord,
    progress: Progress,
    *,
    offline: bool,
) -> EnvironmentRecord:
    """Refresh the editable install in the environment of `record` and return its new record, of the same key."""
    backend = backend_named(record.backend)
    log = begin_log(situation, record.fingerprint)
    with (
        hold_build_lock(store, record.fingerprint) as descriptor,
        work_directory(store, record.key) as work,
    ):
        request = BuildRequest(
            spec=demand.spec,
            directory=Path(record.directory),
            interpreter=None,
            log=log,
            work_directory=work,
            cache_directory=situation.cache_directory,
            environment=situation.environment,
            inherited_descriptors=(descriptor,),
            offline=offline,
        )
        backend.refresh(request, record, progress)
        present = backend.installed(record)
        distributions = {name: present.get(name, version) for name, version in record.distributions.items()}
        renewed = replace(record, distributions=distributions, own_metadata=demand.own_metadata)
        write_record(Path(record.directory) / COPY_NAME, renewed)
        commit_record(store, renewed)
    log.unlink(missing_ok=True)
    return renewed


def begin_log(situation: Situation, fingerprint: str) -> Path:
    """Begin the installer's log: not in the project's own state, which a failed first build takes out again."""
    log = Path(situation.state_directory) / "logs" / f"{fingerprint[:16]}.log"
    make_private_directory(log.parent)
    log.unlink(missing_ok=True)
    return log
