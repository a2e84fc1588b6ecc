"""What the owner of a project approved, held against what the project says now."""

from enum import Enum

from pyve.environments.env_values import EnvValues, read_env_values
from pyve.environments.state import ProjectState
from pyve.errors import StateDamagedError
from pyve.project.config import ProjectConfig
from pyve.project.env_file import digest_env_file


class EnvFileStanding(Enum):
    """How the project's env file stands to what was approved of it."""

    NONE = "none"  # the project names none, and nothing was approved
    APPROVED = "approved"  # as it was approved
    NEW = "new"  # never approved
    CHANGED = "changed"  # not as it was approved, or not there any more: what was approved counts
    DROPPED = "dropped"  # approved, but the project does not name it any more
    ABSENT = "absent"  # the project names one that is not there, and nothing was approved


def read_approved_values(state: ProjectState) -> EnvValues | None:
    """The values that were approved; None also when what was written of them cannot be understood."""
    try:
        return read_env_values(state.env_values_file)
    except StateDamagedError:
        return None


def compare_env_file(state: ProjectState, config: ProjectConfig) -> EnvFileStanding:
    """How the env file that `config` names stands to what was approved. Parses nothing."""
    approved = read_approved_values(state)
    if config.env_file is None:
        return EnvFileStanding.NONE if approved is None else EnvFileStanding.DROPPED
    digest = digest_env_file(state.root, config.env_file)
    if approved is None:
        return EnvFileStanding.ABSENT if digest == "-" else EnvFileStanding.NEW
    same = (approved.file, approved.digest) == (config.env_file, digest)
    return EnvFileStanding.APPROVED if same else EnvFileStanding.CHANGED


def tell_env_file(state: ProjectState, config: ProjectConfig) -> str | None:
    """A sentence on the env file where it is not as it was approved; None where there is nothing to say."""
    standing = compare_env_file(state, config)
    if standing is EnvFileStanding.NEW:
        return f"{config.env_file} is not taken in until: pyve allow"
    if standing is EnvFileStanding.CHANGED:
        return tell_changed(str(config.env_file))
    if standing is EnvFileStanding.DROPPED:
        return "The project names no env file any more; the values approved earlier stay until: pyve allow"
    return None


def tell_changed(file: str) -> str:
    """The sentence on an env file that is not as it was approved."""
    return f"{file} is not as it was approved; its values stay as they were; to take it in: pyve allow"


def tell_trust(state: ProjectState, config: ProjectConfig) -> tuple[str, ...]:
    """What to say of a registered project beside its environment: that it was denied, else how its env file stands."""
    if state.is_denied():
        return ("This project was denied: it does nothing on cd until: pyve allow",)
    sentence = tell_env_file(state, config)
    return () if sentence is None else (sentence,)
