"""A conda environment in use, without an engine: a prefix made by hand, real state, real scripts."""

import os
from collections.abc import Mapping
from dataclasses import replace

from pyve.backends import backend_named
from pyve.engines.conda.activation_scripts.trial import run_scripts_once
from pyve.environments.conda_entry import read_prefix_variables
from pyve.environments.conda_facts import CondaFacts
from pyve.environments.construction import commit_record, new_directory
from pyve.environments.pointing import Pointing, point
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import EnvironmentStore
from tests.support.conda_prefix import make_prefix
from tests.support.stored_project import make_record

FINGERPRINT = "0123456789abcdef" * 4


def build_conda_environment(store: EnvironmentStore, files: Mapping[str, str]) -> EnvironmentRecord:
    """A finished prefix with `files` as make_prefix takes them, its scripts run once; it holds no Python."""
    store.prepare()
    with new_directory(store, FINGERPRINT) as directory:
        make_prefix(directory, files)
        variables, _ = read_prefix_variables(directory)
        work = store.state.directory / "work-of-test"
        work.mkdir(exist_ok=True)
        scripts, _ = run_scripts_once(directory, variables, environment=os.environ, work_directory=work)
        work.rmdir()
        record = replace(
            make_record(store, directory, FINGERPRINT),
            backend="micromamba",
            python_version="",
            python_implementation="",
            python_executable=os.fspath(directory),
            site_packages=os.fspath(directory),
            conda=CondaFacts(subdir="linux-64", variables=variables, scripts=scripts).as_json(),
        )
        commit_record(store, record)
    return record


def put_conda_in_use(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    """Point to it, as sync does."""
    backend = backend_named(record.backend)
    changes = backend.changes_on_entry(record, name="demo")
    sentinels = backend.sentinels(record)
    point(
        store,
        Pointing(record=record, name="demo", prompt=True, changes=changes, watched={}, sentinels=sentinels),
    )
