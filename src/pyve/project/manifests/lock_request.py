"""What an environment.yml asks of a lock."""

from collections.abc import Mapping

from pyve.project.canonical_demand import canonical_options, canonical_requirements
from pyve.project.conda.content_hash import LockRequest
from pyve.project.conda.lock_pip_line import is_understood
from pyve.project.manifests.environment_yml import EnvironmentYml


def lock_request_of(yml: EnvironmentYml, *, environment: Mapping[str, str]) -> LockRequest:
    """Return the request of a file that was read for one subdir: content_hash of it is comparable with the lock's."""
    return LockRequest(
        specs=tuple(spec.text for spec in yml.specs),
        channels=yml.channels,
        environment=environment,
        category=yml.category or "main",
        has_pip=yml.has_pip,
        pip_lines=yml.pip_lines,
        pip_repositories=yml.pip_repositories,
        pip_inclusions=() if all(map(is_understood, yml.pip_lines)) else tuple(_list_all(yml)),
    )


def _list_all(yml: EnvironmentYml) -> list[str]:
    """The whole pip section in canonical form, what its lines include among it."""
    import json

    pip = yml.pip
    return [
        json.dumps(part, sort_keys=True)
        for part in (
            canonical_requirements(pip.requirements),
            canonical_requirements(pip.constraints),
            canonical_options(pip.options, yml.path.parent),
        )
    ]
