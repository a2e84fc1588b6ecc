"""A list of packages in a file of a project: where packages are declared, and may be added."""

from dataclasses import dataclass
from pathlib import Path

from pyve.project.editing.declared_part import DeclaredPart
from pyve.project.editing.editable_list import EditableList
from pyve.project.editing.environment_list import CondaList
from pyve.project.editing.file_text import FileText, begin_file, read_file_text
from pyve.project.editing.pip_section import PipSection
from pyve.project.editing.requirements_file import RequirementsFile
from pyve.project.manifest import has_manifest
from pyve.project.manifests.manifest_text import find_conflict_marker, show_path
from pyve.project.manifests.toml_text import refuse_conflict


@dataclass(frozen=True, kw_only=True)
class DeclarationPlace:
    """A list of packages in a file, which may not be there yet. `reason` is one sentence without a full stop."""

    path: Path
    places: EditableList
    part: DeclaredPart
    reason: str
    is_conda: bool = False  # conda packages; else what pip takes

    def read(self) -> FileText:
        """The file as it is; what reading it raises."""
        shown = self.places.shown
        if not has_manifest(self.path):
            return begin_file(self.path, shown=shown)
        file = read_file_text(self.path, shown=shown, as_pip=isinstance(self.places, RequirementsFile))
        conflict = find_conflict_marker(file.text)
        if conflict:
            raise refuse_conflict(shown, conflict, file.text)
        return file


def list_conda_places(root: Path) -> tuple[DeclarationPlace, DeclarationPlace] | None:
    """The conda packages and the pip section of the environment.yml of a project; None where there is no such file."""
    for name in ("environment.yml", "environment.yaml"):
        path = root / name
        if has_manifest(path):
            shown, part = show_path(path, root), DeclaredPart()
            return (
                DeclarationPlace(
                    path=path,
                    places=CondaList(shown=shown),
                    part=part,
                    reason=f"{name} declares conda packages",
                    is_conda=True,
                ),
                DeclarationPlace(
                    path=path,
                    places=PipSection(shown=shown, root=root),
                    part=part,
                    reason=f"the pip section of {name} declares what pip installs",
                ),
            )
    return None
