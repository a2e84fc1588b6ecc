"""The project that a verb works on which needs no registered one: its owner asks for it by typing the verb."""

from pathlib import Path

from pyve.errors import NoProjectError
from pyve.project.root import check_root, find_root
from pyve.verbs.situation import Situation, registered_root


def find_asked_root(situation: Situation) -> Path:
    """Return the root of the nearest registered project, else of the nearest directory with a manifest.

    Raises NoProjectError where there is neither, and what `check_root` raises for a root that is somebody else's.
    """
    root = registered_root(situation)
    if root is None:
        choice = find_root(situation.directory, home=situation.home)
        if not choice.has_manifest:
            raise NoProjectError(f"No project at or above {situation.directory}.", hint="pyve init")
        root = choice.path
    check_root(root, in_ci=situation.in_ci)
    return root
