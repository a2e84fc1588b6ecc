import os
import sys
from pathlib import Path

import pytest

from pyve.engines.installation import InstallRequest
from pyve.engines.pip import PipInstaller
from pyve.environments.progress import report_nothing
from pyve.errors import ProgramMissingError
from pyve.project.requirement import RequirementSet


def request(tmp_path: Path, **others: object) -> InstallRequest:
    return InstallRequest(
        python=Path(sys.executable),
        prefix=tmp_path,
        project_root=tmp_path,
        requirements=RequirementSet(),
        log=tmp_path / "log",
        work_directory=tmp_path,
        **others,  # type: ignore[arg-type]  # the fields that one test is about
    )


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"offline": True}, "--offline"),
        ({"lock_extras": ("cli",)}, "pylock.toml"),
        ({"lock_groups": ("dev",)}, "groups"),
    ],
    ids=["offline", "an extra of a lock", "a group of a lock"],
)
def test_what_only_uv_can_do_is_refused_by_name(tmp_path: Path, asked: dict[str, object], word: str) -> None:
    installer = PipInstaller(environment={"PIP_CONFIG_FILE": os.devnull}, prefix=tmp_path, python=Path(sys.executable))
    with pytest.raises(ProgramMissingError, match=word):
        installer.install(request(tmp_path, **asked), report_nothing)
