"""Requirements without a file whose hash could be locked."""

from pathlib import Path

import pytest

from pyve.errors.lock import RequirementUnhashableError
from pyve.lockers.unhashable import refuse_unhashable
from pyve.project.manifests.requirement_line import parse_requirement
from pyve.project.manifests.requirement_refusal import Place
from pyve.project.requirement import Requirement


def requirement(line: str, *, editable: bool = False) -> Requirement:
    return Requirement(line=line, canonical=line, origin="requirements.in:7", editable=editable)


@pytest.mark.parametrize(
    "line",
    ["six @ git+https://me:secret-word@host.example/six", "git+ssh://git@host.example/six", "hg+https://h.example/x"],
)
def test_repository_is_refused_where_it_stands_without_its_credentials(line: str) -> None:
    with pytest.raises(RequirementUnhashableError, match=r"^requirements\.in:7: .* is a repository") as caught:
        refuse_unhashable([requirement("six"), requirement(line)])
    assert "secret-word" not in caught.value.message
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("pyve config set lock.format pylock.toml")


def test_directory_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "a library"
    folder.mkdir()
    for one in (requirement(f"lib[x] @ {folder.as_uri()}"), requirement(folder.as_uri(), editable=True)):
        with pytest.raises(RequirementUnhashableError, match="a library is a directory"):
            refuse_unhashable([one])


def test_directory_of_the_project_itself_passes(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "demo"\n', encoding="utf-8")
    place = Place(root=tmp_path, folder=tmp_path, origin="requirements.in:1", environment={})
    refuse_unhashable([parse_requirement(".", place)])


def test_files_and_names_pass(tmp_path: Path) -> None:
    wheel = tmp_path / "six-1.0-py3-none-any.whl"
    wheel.touch()
    lines = ("six>=1", f"six @ {wheel.as_uri()}", "six @ https://host.example/six-1.0.tar.gz", "git-python==1")
    refuse_unhashable(requirement(line) for line in lines)
