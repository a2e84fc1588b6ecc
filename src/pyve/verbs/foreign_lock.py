"""A lock of another tool, exported where a verb may start processes for a project: its owner has asked for it."""

from pathlib import Path

from pyve.project.foreign_lock import ForeignExport, find_foreign_lock
from pyve.project.manifest import has_manifest
from pyve.project.manifests.pyproject_toml import read_pyproject_toml
from pyve.verbs.asked_parts import AskedParts
from pyve.verbs.situation import Situation


def export_foreign_lock(situation: Situation, root: Path, parts: AskedParts) -> ForeignExport | None:
    """What another tool's lock holds for `parts`; None where no such lock counts. Raises what pyproject.toml raises."""
    path = root / "pyproject.toml"
    pyproject = read_pyproject_toml(path, root=root) if has_manifest(path) else None
    name = find_foreign_lock(root, pyproject)
    if name is None:
        return None
    from pyve.lockers.foreign.export import export_lock  # most projects have no such lock
    from pyve.lockers.foreign.exporters import WantedParts

    wanted = WantedParts(extras=parts.extras, groups=parts.groups, include_dev=parts.include_dev)
    return export_lock(name, root, wanted, environment=situation.environment)
