"""Keeping git from showing what pyve makes: a line in the repository's info/exclude, where nothing covers it yet."""

from pathlib import Path

from pyve.cleanup.ignore_lines import is_ours_alone, read_bytes, without_our_lines
from pyve.cleanup.ledger import LedgerEntry, read_ledger
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError
from pyve.project.git_repository import find_repository
from pyve.system.files import is_link


def exclude_from_git(store: EnvironmentStore, path: Path, *, is_directory: bool) -> tuple[LedgerEntry | None, str]:
    """The ledger entry for an exclude line that `path` needs, None when it needs none; and a note, or nothing."""
    repository = find_repository(store.state.root)
    if repository is None:
        return None, ""
    file = repository.exclude_file
    try:
        content = read_bytes(file) or b""
    except PyveError as error:
        return None, f"{path} may show in git status: {error.message}"
    # The lines of pyve do not count: they may be another project's, which takes them out when it goes.
    if repository.ignores(path, is_directory=is_directory, excluded=without_our_lines(content)):
        return None, ""
    if not repository.names_work_tree():
        reason = f"the repository {repository.common_directory} does not name {repository.top} as its work tree"
        return None, f"{path} shows in git status: {reason}, so nothing is written there."
    line = repository.anchored_line(path)
    if line is None or is_link(file) or is_link(file.parent):
        return None, f"{path} shows in git status: no line for it can be put into {file}."
    for known in read_ledger(store.state):
        if (known.kind, known.path, known.text) == ("exclude-line", file, line):
            return known, ""
    return LedgerEntry(kind="exclude-line", path=file, text=line, created=is_ours_alone(file)), ""
