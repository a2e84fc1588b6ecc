"""The project whose declaration `add` and `remove` change: where it is, and what of it this machine installs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.choices import Choices, read_choices
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors.conda import CondaManifestMissingError
from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.backend_rules import join_names, list_conda_names
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.editing.declaration_place import DeclarationPlace, list_conda_places
from pyve.project.editing.declared_part import DeclaredPart
from pyve.project.package_name import normalise_name
from pyve.verbs.declaration_edit import DeclaredChange
from pyve.verbs.demand import choose_project_backend
from pyve.verbs.project_root import find_asked_root
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class EditedProject:
    """The project whose declaration is changed."""

    root: Path
    state: ProjectState
    choices: Choices
    config: ProjectConfig
    is_conda: bool


def read_edited_project(situation: Situation) -> EditedProject:
    """The nearest project, registered or with a manifest; raises NoProjectError where there is neither."""
    root = find_asked_root(situation)
    state = state_of_project(situation.state_directory, root)
    choices, config = read_choices(state.choices_file), read_project_config(root)
    backend = choose_project_backend(situation, root, choices, config).name
    return EditedProject(root=root, state=state, choices=choices, config=config, is_conda=backend == "micromamba")


def require_conda_places(
    project: EditedProject, part: DeclaredPart, *, command: str
) -> tuple[DeclarationPlace, DeclarationPlace]:
    """Its conda packages and its pip section.

    Raises DeclarationNotEditableError for a part, which environment.yml does not have (`command` is without it),
    and for a lock without such a file, and CondaManifestMissingError where nothing is there.
    """
    places = list_conda_places(project.root)
    if places is None:
        names = list_conda_names(project.root)
        if names:
            raise DeclarationNotEditableError(
                f"{join_names(names)} is a lock, and the environment.yml that it was made from is not here; nothing "
                "was changed.",
                hint="write what the project itself needs into environment.yml, then: pyve lock",
            )
        raise CondaManifestMissingError(
            "Nothing here declares conda packages: there is no environment.yml.",
            hint="pyve init --backend micromamba  # writes a small environment.yml",
        )
    if part.kind != "main":
        raise DeclarationNotEditableError(
            f"{places[0].path.name} has one list of packages, without groups or extras, so {part.option} has no place "
            "in it; nothing was changed.",
            hint=command,
        )
    return places


def tell_parts_left_out(project: EditedProject, changes: Iterable[DeclaredChange]) -> tuple[str, ...]:
    """That what was declared belongs to a part that this machine's environment does not get."""
    from pyve.verbs.asked_parts import choose_asked_parts

    asked = choose_asked_parts(project.choices, project.config)
    installed: Mapping[str, tuple[str, ...]] = {"group": asked.groups, "extra": asked.extras}
    known = {kind: set(map(normalise_name, names)) for kind, names in installed.items()}
    notes = []
    for part in dict.fromkeys(one.part for one in changes):
        kind, _, name = part.partition(" ")
        if kind == "dev" and not asked.include_dev:
            notes.append("The group dev is left out of the environment here (--no-dev); to have it: pyve sync --dev")
        if kind in installed and normalise_name(name) not in known[kind]:
            names = "".join(f" --{kind} {one}" for one in (*installed[kind], name))
            notes.append(f"The {kind} {name} is not installed here; to have it: pyve sync{names}")
    return tuple(notes)
