"""The git repository around a directory, found without starting git: gitrepository-layout(5), gitignore(5)."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyve.project.ignore_patterns import (
    IgnorePattern,
    decide_ignored,
    escape_ignore_pattern,
    parse_ignore_patterns,
    read_ignore_patterns,
)
from pyve.system.files import is_link


@dataclass(frozen=True, kw_only=True)
class GitRepository:
    """A work tree and its repository. `common_directory` is shared by all worktrees of the repository."""

    top: Path
    git_directory: Path
    common_directory: Path

    @property
    def exclude_file(self) -> Path:
        """Ignore patterns that are nobody else's business; shared by worktrees."""
        return self.common_directory / "info" / "exclude"

    def names_work_tree(self) -> bool:
        """Whether the repository itself says that this is a work tree of its own.

        A `.git` file or a `commondir` can come with somebody's archive and name any repository. What may be written to
        is a repository that is here as a directory, one that has the work tree in its `worktrees`, and that of a
        submodule among the `modules` of the repository above.
        """
        entry = self.top / ".git"
        if entry.is_dir():
            return not is_link(entry) and self.common_directory == self.git_directory
        if self.git_directory.parent == self.common_directory / "worktrees":
            named = _read_path(self.git_directory / "gitdir")
            return named is not None and os.path.realpath(named) == os.path.realpath(entry)
        above = find_repository(self.top.parent)
        if above is None or self.common_directory != self.git_directory or not above.names_work_tree():
            return False
        modules = (above.git_directory / "modules", above.common_directory / "modules")
        return any(self.git_directory.is_relative_to(folder) for folder in modules)

    def anchored_line(self, path: Path) -> str | None:
        """The ignore pattern for exactly `path`; None where no line can say it (a newline in the name)."""
        line = "/" + escape_ignore_pattern(path.relative_to(self.top).as_posix())
        return None if "\n" in line or "\r" in line else line

    def ignores(self, path: Path, *, is_directory: bool, excluded: bytes) -> bool:
        """Whether the .gitignore files on the way to `path`, or the lines `excluded`, ignore it.

        `excluded` stands for the content of `exclude_file`. A symbolic link is not a directory to git. The user's
        global ignore file is not asked: what it covers may well be covered twice.
        """
        parts = path.relative_to(self.top).parts
        sources: list[tuple[int, tuple[IgnorePattern, ...]]] = [(0, parse_ignore_patterns(excluded))]
        for depth in range(len(parts)):
            sources.append((depth, _read_gitignore(self.top.joinpath(*parts[:depth]))))
            inner = depth + 1 < len(parts)
            if _decide(sources, parts[: depth + 1], is_directory=inner or is_directory):
                return True
        return False


def find_repository(directory: Path) -> GitRepository | None:
    """The innermost repository whose work tree holds `directory` (absolute, links resolved)."""
    for top in (directory, *directory.parents):
        git_directory = _git_directory(top / ".git")
        if git_directory is not None:
            common = _common_directory(git_directory)
            return GitRepository(top=top, git_directory=git_directory, common_directory=common)
    return None


def _decide(
    sources: list[tuple[int, tuple[IgnorePattern, ...]]], parts: tuple[str, ...], *, is_directory: bool
) -> bool:
    for depth, patterns in reversed(sources):  # the nearest file has the last word
        decided = decide_ignored(patterns, PurePosixPath(*parts[depth:]), is_directory=is_directory)
        if decided is not None:
            return decided
    return False


def _read_gitignore(directory: Path) -> tuple[IgnorePattern, ...]:
    file = directory / ".gitignore"
    return () if file.is_symlink() else read_ignore_patterns(file)  # git does not follow it either


def _git_directory(entry: Path) -> Path | None:
    """Where the repository of a `.git` is: the directory itself, or what a `gitdir:` file names."""
    directory = entry
    if entry.is_file():
        try:
            content = os.fsdecode(entry.read_bytes())
        except (OSError, UnicodeDecodeError):
            return None
        if not content.startswith("gitdir: "):
            return None
        directory = entry.parent / content.removeprefix("gitdir: ").rstrip("\r\n")
    return Path(os.path.realpath(directory)) if (directory / "HEAD").is_file() else None


def _common_directory(git_directory: Path) -> Path:
    named = _read_path(git_directory / "commondir")
    return git_directory if named is None else Path(os.path.realpath(named))


def _read_path(file: Path) -> Path | None:
    """The path that the one line of `file` names, relative ones to its folder; None when there is no such file."""
    try:
        return file.parent / os.fsdecode(file.read_bytes()).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return None
