import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.project.git_repository import GitRepository, find_repository
from tests.support.stored_project import git, make_repository


def test_outside_a_repository_there_is_none(project: Path) -> None:
    assert find_repository(project) is None


def test_a_repository_is_found_from_a_directory_inside(project: Path) -> None:
    make_repository(project)
    (project / "sub").mkdir()
    found = find_repository(project / "sub")
    assert found is not None
    assert found.top == project
    assert found.exclude_file == project / ".git" / "info" / "exclude"
    assert found.anchored_line(project / "sub" / ".venv") == "/sub/.venv"


def test_a_worktree_shares_the_exclude_file_of_its_repository(project: Path, tmp_path: Path) -> None:
    make_repository(project)
    git(project, "worktree", "add", "-q", str(tmp_path / "tree"))
    found = find_repository(tmp_path / "tree")
    assert found is not None
    assert found.top == tmp_path / "tree"
    assert found.exclude_file == project / ".git" / "info" / "exclude"


def test_a_submodule_has_an_exclude_file_of_its_own(project: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    make_repository(library)
    make_repository(project)
    git(project, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library), "vendored")
    found = find_repository(project / "vendored")
    assert found is not None
    assert found.top == project / "vendored"
    assert found.exclude_file == project / ".git" / "modules" / "vendored" / "info" / "exclude"


@pytest.mark.parametrize("content", [b"", b"nonsense", b"gitdir: nowhere\n", b"\xff\xfe"])
def test_a_git_file_that_leads_nowhere_is_no_repository(project: Path, content: bytes) -> None:
    (project / ".git").write_bytes(content)
    assert find_repository(project) is None


def test_an_empty_git_directory_is_no_repository(project: Path) -> None:
    (project / ".git").mkdir()
    assert find_repository(project) is None


@pytest.mark.posix("names that Windows does not have")
@pytest.mark.parametrize(
    "name", ["a b", "trailing ", "two  ", "#hash", "!bang", "st*r", "what?", "[set]", "back\\slash", "é", "a\\ "]
)
def test_an_anchored_line_ignores_that_path_alone(project: Path, name: str) -> None:
    make_repository(project)
    for folder in (name, "other", name.replace("*", "xx").replace("?", "y") + "z"):
        (project / folder).mkdir()
        (project / folder / ".venv").write_text("")
    repository = found_in(project)
    line = repository.anchored_line(project / name / ".venv")
    assert line is not None
    repository.exclude_file.write_text(line + "\n")
    ignored = git(project, "ls-files", "-z", "--others", "--ignored", "--exclude-standard").split("\0")
    assert ignored == [f"{name}/.venv", ""]


def test_no_line_can_name_a_path_with_a_newline(project: Path) -> None:
    make_repository(project)
    assert found_in(project).anchored_line(project / "a\nb") is None


PATTERNS = [
    *(".venv", ".venv/", "/.venv", "/.venv/", "**/.venv", ".venv/**", ".v*", ".*", "*", "!.venv", "!*", "sub/.venv"),
    *(
        "/sub/",
        "sub",
        "sub/*",
        "**/sub/**",
        "s[tu]b",
        "s[!tu]b",
        ".ven?",
        "\\.venv",
        ".venv ",
        ".venv\\ ",
        "#.venv",
        "",
    ),
    *("/sub/.venv", "!/sub/", "[.]venv", "[", "a/**/b", "*.egg-info", "*.egg-info/", "?venv", ".venv\r", "!sub/.venv"),
    *("/**/.venv", "sub/**", "**", "/*", "!/.venv", "\\", "[]-a]venv", "[^.]venv", "su**b", "sub/**/.venv", "/", "//"),
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    top=st.lists(st.sampled_from(PATTERNS), max_size=3),
    nested=st.lists(st.sampled_from(PATTERNS), max_size=2),
    excluded=st.lists(st.sampled_from(PATTERNS), max_size=2),
)
def test_what_is_ignored_is_what_git_says(
    pattern_repository: Path, top: list[str], nested: list[str], excluded: list[str]
) -> None:
    root = pattern_repository
    (root / ".gitignore").write_bytes("\n".join(top).encode())
    (root / "sub" / ".gitignore").write_bytes("\n".join(nested).encode())
    (root / ".git" / "info" / "exclude").write_bytes("\n".join(excluded).encode())
    repository = found_in(root)
    for name, is_directory in ((".venv", False), ("sub/.venv", False), ("sub/x.egg-info", True), ("x.egg-info", True)):
        asked = subprocess.run(["git", "check-ignore", "-q", "--no-index", name], cwd=root, check=False).returncode
        told = repository.ignores(root / name, is_directory=is_directory, excluded="\n".join(excluded).encode())
        assert told == (asked == 0), name


@pytest.fixture
def pattern_repository(project: Path) -> Path:
    make_repository(project)
    (project / "sub" / "x.egg-info").mkdir(parents=True)
    (project / "x.egg-info").mkdir()
    for folder in (project, project / "sub"):
        (folder / ".venv").symlink_to("anywhere")
    return project


def found_in(directory: Path) -> GitRepository:
    repository = find_repository(directory)
    assert repository is not None
    return repository
