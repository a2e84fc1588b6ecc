"""Requirements that have no file whose hash a lock could hold."""

import re
from collections.abc import Iterable
from pathlib import Path

from pyve.errors.lock import RequirementUnhashableError
from pyve.project.credentials import strip_credentials
from pyve.project.manifests.local_requirement import split_file_url
from pyve.project.requirement import Requirement

_REPOSITORY = re.compile(r"^(?:[\w.-]+(?:\[[^\]]*\])? @ )?(?:git|hg|svn|bzr)\+", re.IGNORECASE)
_FILE = re.compile(r"^(?:[\w.-]+(?:\[[^\]]*\])? @ )?(?P<url>file:[^\s\[]+)")


def refuse_unhashable(requirements: Iterable[Requirement]) -> None:
    """Raise RequirementUnhashableError for the first one that is a repository or a directory.

    The project itself is none of them: it is installed beside its lock.
    """
    for one in requirements:
        written = strip_credentials(one.line)
        if _REPOSITORY.match(one.line):
            raise RequirementUnhashableError(
                f"{one.origin}: {written} is a repository, which has no file whose hash could be locked.",
                hint="name an archive of that commit: NAME @ https://HOST/OWNER/NAME/archive/COMMIT.zip",
            )
        local = _FILE.match(one.line)
        if local and (path := Path(split_file_url(local["url"])[0])).is_dir():
            raise RequirementUnhashableError(
                f"{one.origin}: {path} is a directory, which has no file whose hash could be locked.",
                hint="build a wheel of it (python -m build --wheel) and name that, or leave it out of what is locked",
            )
