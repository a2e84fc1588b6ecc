"""Private copies of the scripts that shells source on entering and on leaving an environment.

Shells never source from the environment itself: it lies in the repository, where a checkout can change it.
"""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pyve.environments.changes import EnvironmentChanges
from pyve.environments.prefix_scripts import ENDINGS, Moment, find_scripts, name_script
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState
from pyve.system.files import make_private_directory, remove_tree, write_atomically

_MOMENTS: tuple[Moment, ...] = ("activate", "deactivate")


def keep_scripts(state: ProjectState, record: EnvironmentRecord) -> None:
    """Make the copies of one environment say what its scripts say: as they are where shells source them, else none.

    Raises the errors of writing and StateDamagedError.
    """
    wanted = dict(_list_wanted(record))
    if not wanted:
        remove_kept_scripts(state, record.key)
        return
    for place, content in wanted.items():
        file = state.scripts / record.key / place
        make_private_directory(file.parent)
        with contextlib.suppress(FileNotFoundError):
            if file.read_bytes() == content:
                continue
        write_atomically(file, content)
    for moment in _MOMENTS:
        for file in _list_files(state, record.key, moment):
            if os.path.join(moment, file.name) not in wanted:
                file.unlink(missing_ok=True)


def remove_kept_scripts(state: ProjectState, key: str) -> None:
    """Take the copies of one environment away; those that are gone already are fine."""
    remove_tree(state.scripts / key, inside=state.directory)


def has_kept_scripts(state: ProjectState, record: EnvironmentRecord) -> bool:
    """Whether all copies that shells need are there."""
    return all((state.scripts / record.key / place).is_file() for place, _ in _list_wanted(record))


def add_kept_scripts(changes: EnvironmentChanges, state: ProjectState, key: str) -> EnvironmentChanges:
    """`changes` with the copies that are there for the environment called `key`."""
    return replace(
        changes,
        scripts=_sort_by_ending(_list_files(state, key, "activate")),
        scripts_on_leaving=_sort_by_ending(_list_files(state, key, "deactivate")),
    )


def _list_wanted(record: EnvironmentRecord) -> Iterable[tuple[str, bytes]]:
    """Where each copy lies in the folder of the environment, and what it says."""
    facts = record.conda_facts
    if facts is None or not facts.scripts.reason:
        return
    for moment in _MOMENTS:
        for ending in ENDINGS:
            for number, script in enumerate(find_scripts(Path(record.directory), moment, ending)):
                if name_script(script) not in facts.scripts.left_out:
                    with contextlib.suppress(OSError):  # gone since it was listed
                        yield os.path.join(moment, f"{number:03}-{_tame(script.name)}"), script.read_bytes()


def _list_files(state: ProjectState, key: str, moment: Moment) -> list[Path]:
    try:
        return sorted((state.scripts / key / moment).iterdir())
    except OSError:
        return []


def _sort_by_ending(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    files = list(files)
    pairs = ((ending, tuple(os.fspath(file) for file in files if file.suffix == f".{ending}")) for ending in ENDINGS)
    return {ending: paths for ending, paths in pairs if paths}


def _tame(name: str) -> str:
    """`name` without what a list of paths, or a person, could stumble over."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
