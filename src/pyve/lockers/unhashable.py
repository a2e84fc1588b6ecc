"""Requirements that have no file whose hash a requirements.txt could hold."""

import re
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from pyve.errors.lock import RequirementUnhashableError
from pyve.project.credentials import strip_credentials
from pyve.project.manifests.local_requirement import is_project_itself, is_repository, split_file_url
from pyve.project.requirement import Requirement

_FILE = re.compile(r"^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?P<url>file:[^\s\[]+)")


class NoFile(Enum):
    """What a requirement leads to that is no file, as it stands in a sentence."""

    REPOSITORY = "a repository"
    DIRECTORY = "a directory"


_INSTEAD = {
    NoFile.REPOSITORY: "name an archive of that commit: NAME @ https://HOST/OWNER/NAME/archive/COMMIT.zip",
    NoFile.DIRECTORY: "build a wheel of it (python -m build --wheel) and name that",
}


def refuse_unhashable(requirements: Iterable[Requirement]) -> None:
    """Raise RequirementUnhashableError for the first one that is a repository or a directory.

    The project itself is none of them: it is installed beside its lock.
    """
    for one in requirements:
        if is_repository(one):
            raise tell_unhashable(strip_credentials(one.line), NoFile.REPOSITORY, origin=one.origin)
        local = None if is_project_itself(one) else _FILE.match(one.line)
        if local and (path := Path(split_file_url(local["url"])[0])).is_dir():
            raise tell_unhashable(str(path), NoFile.DIRECTORY, origin=one.origin)


def tell_unhashable(what: str, kind: NoFile, *, origin: str) -> RequirementUnhashableError:
    """Say that `what`, shown without credentials, cannot be locked; `origin` is empty where no file declares it."""
    return RequirementUnhashableError(
        f"{f'{origin}: ' if origin else ''}{what} is {kind.value}, which has no file whose hash could be locked.",
        hint=f"pyve config set lock.format pylock.toml  # which can hold {kind.value}; or {_INSTEAD[kind]}",
    )
