"""What the owner lets the project do on cd, examined: a denial, and the env file against what was approved of it."""

from collections.abc import Iterator

from pyve.activation.trust import EnvFileStanding, compare_env_file
from pyve.environments.state import ProjectState
from pyve.errors import EnvFileInvalidError, PyveError, RefusedError
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.env_file import read_env_file
from pyve.verbs.checks.findings import Finding, found


def examine_trust(state: ProjectState) -> Iterator[Finding]:
    """Whether the project was denied; else whether its env file can be, and was, approved as it is now."""
    if state.is_denied():
        yield found("project-denied", f"{state.root} was denied: it does nothing on cd.", hint="pyve allow")
        return
    try:
        config = read_project_config(state.root)
    except PyveError:
        return  # said where the declaration is examined
    yield from _examine_env_file(state, config)


def _examine_env_file(state: ProjectState, config: ProjectConfig) -> Iterator[Finding]:
    standing = compare_env_file(state, config)
    name = config.env_file
    if name is not None and standing in (EnvFileStanding.NEW, EnvFileStanding.CHANGED):
        try:
            read_env_file(state.root, name)
        except (EnvFileInvalidError, RefusedError) as error:
            hint = f"{error.hint}; then: pyve allow" if error.hint else "pyve allow"
            yield found("env-file-invalid", error.message, hint=hint, cause=error.code)
            return
    if standing is EnvFileStanding.NEW:
        message = f"{name} is not approved: none of its variables is set."
        yield found("env-file-not-approved", message, hint="pyve allow")
    elif standing is EnvFileStanding.CHANGED:
        message = f"{name} is not as it was approved: its variables stay as they were."
        yield found("env-file-changed", message, hint="pyve allow")
    elif standing is EnvFileStanding.DROPPED:
        message = "The project names no env file any more: the variables approved earlier stay."
        yield found("env-file-changed", message, hint="pyve allow")
