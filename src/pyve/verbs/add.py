"""`pyve add`: declare packages where the project declares its packages, lock them and install them, as one change."""

import shlex
from dataclasses import dataclass, field

from pyve.environments.progress import Progress
from pyve.errors import UsageError
from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.editing.asked_package import (
    AskedPackage,
    is_for_pip,
    merge_requirement,
    merge_spec,
    parse_asked_requirement,
    parse_asked_spec,
)
from pyve.project.editing.declaration_place import DeclarationPlace
from pyve.project.editing.declared_part import DeclaredPart
from pyve.project.editing.declaring_project import DeclaringProject, read_declaring_project
from pyve.project.editing.list_change import put_package
from pyve.project.editing.pyproject_list import PyprojectList
from pyve.project.editing.requirements_file import RequirementsFile
from pyve.verbs.declaration_change import Consequences, DeclarationChangeResult, carry_out
from pyve.verbs.declaration_edit import DeclarationEdit, Editing
from pyve.verbs.edited_project import EditedProject, read_edited_project, require_conda_places
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class AddRequest:
    """`pyve add` with its options.

    `packages` are as typed, `editables` are directories; with `pip` all of them are for the pip section.
    """

    packages: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    part: DeclaredPart = field(default_factory=DeclaredPart)
    pip: bool = False
    consequences: Consequences = field(default_factory=Consequences)


def add(situation: Situation, request: AddRequest, progress: Progress) -> Outcome[DeclarationChangeResult]:
    """Declare packages of the nearest project, lock and install them.

    A package that is declared already is changed in place; what was not typed of it (version, extras, marker) stays.
    Raises UsageError, DeclarationNotEditableError, what reading the files raises, and what `lock` and `sync` raise:
    then everything is as it was.
    """
    if not request.packages and not request.editables:
        raise UsageError("There is nothing to add.", hint="pyve add NAME")
    project = read_edited_project(situation)
    edit = _edit_conda(situation, project, request) if project.is_conda else _edit_python(situation, project, request)
    _refuse_contradiction(edit)
    return carry_out(situation, project, edit, request.consequences, progress)


def _edit_conda(situation: Situation, project: EditedProject, request: AddRequest) -> DeclarationEdit:
    conda, pip = require_conda_places(project, request.part, command=f"pyve add {_join(request)}")
    editing = Editing(root=project.root)
    for typed in request.packages:
        if request.pip or is_for_pip(typed):
            asked = _parse(situation, project, typed)
            _put(editing, pip, asked)
            _tell_declared_too(editing, conda, asked)
            if not request.pip:
                editing.notes.append(
                    f"{typed} is for pip (conda knows no extras, markers and such URLs): it is in the pip section."
                )
        else:
            asked = parse_asked_spec(typed)
            text, change = put_package(conda.places, editing.text_of(conda), asked, merge_spec)
            editing.take(conda, text, (change,))
            _tell_declared_too(editing, pip, asked)
    for typed in request.editables:
        _put(editing, pip, _parse(situation, project, typed, editable=True))
    return editing.finish()


def _edit_python(situation: Situation, project: EditedProject, request: AddRequest) -> DeclarationEdit:
    if request.pip:
        raise UsageError(
            "--pip is for the pip section of an environment.yml, and this project has a venv: pip's packages are all "
            "there is.",
            hint=f"pyve add {_join(request)}",
        )
    files = read_declaring_project(project.root, verb="add", typed=_join(request))
    place = files.place_of(request.part)
    editing = Editing(root=project.root)
    asked = [_parse(situation, project, typed) for typed in request.packages]
    asked += [_parse(situation, project, typed, editable=True) for typed in request.editables]
    for one in asked:
        if isinstance(place.places, PyprojectList):
            _refuse_in_pyproject(one, files)
        else:
            _refuse_included(situation, project, place, one)
        _put(editing, place, one)
    return editing.finish()


def _parse(situation: Situation, project: EditedProject, typed: str, *, editable: bool = False) -> AskedPackage:
    return parse_asked_requirement(
        typed,
        editable=editable,
        root=project.root,
        directory=situation.directory,
        environment=situation.environment,
    )


def _put(editing: Editing, place: DeclarationPlace, asked: AskedPackage) -> None:
    text, change = put_package(place.places, editing.text_of(place), asked, merge_requirement)
    editing.take(place, text, (change,))


def _tell_declared_too(editing: Editing, other: DeclarationPlace, asked: AskedPackage) -> None:
    """Note where the other list of an environment.yml declares the package as well: pip installs over conda."""
    lines = [
        entry.line
        for entry in other.places.list_entries(editing.text_of(other))
        if entry.name is not None and entry.name == asked.name
    ]
    if lines:
        what = "a conda package" if other.is_conda else "a package for pip"
        editing.notes.append(f"{other.places.shown}:{lines[0]} declares {asked.name} too, as {what}, and is as it was.")


def _refuse_in_pyproject(asked: AskedPackage, files: DeclaringProject) -> None:
    """pyproject.toml takes PEP 508 alone: a name, with a URL perhaps."""
    if asked.is_path:
        raise DeclarationNotEditableError(
            f"{asked.text} is a path, which [project] and groups of pyproject.toml cannot hold; nothing was changed.",
            hint=f"pyve run pip install {asked.text}  # or declare it in a requirements.in",
        )
    if asked.is_url:
        name = asked.name or "NAME"
        raise DeclarationNotEditableError(
            "In pyproject.toml a URL stands behind the name of its package; nothing was changed.",
            hint=f"pyve {files.verb} {shlex.quote(f'{name} @ {asked.text}')}",
        )


def _refuse_included(
    situation: Situation, project: EditedProject, place: DeclarationPlace, asked: AskedPackage
) -> None:
    """Raise where a file that this one includes declares the package: there it would have to be changed."""
    if not isinstance(place.places, RequirementsFile) or not place.path.exists() or asked.name is None:
        return
    from pyve.project.manifests.requirements_txt import read_requirements_file

    read = read_requirements_file(place.path, root=project.root, environment=situation.environment)
    for one in read.requirements:
        file = one.origin.rpartition(":")[0]
        if one.name == asked.name and file != place.places.shown:
            raise DeclarationNotEditableError(
                f"{one.origin} declares {asked.name} ({one.canonical}), and {place.places.shown} includes that file; "
                "nothing was changed.",
                hint=f"change {one.origin} by hand, then: pyve sync",
            )


def _refuse_contradiction(edit: DeclarationEdit) -> None:
    """Raise UsageError where one command line asks for two different things of one package."""
    asked: dict[tuple[str, str], str | None] = {}
    for one in edit.changes:
        if asked.setdefault((one.name, one.reason), one.after) != one.after:
            raise UsageError(
                f"{one.name} is asked for twice: {asked[one.name, one.reason]} and {one.after}.",
                hint=f"write it once: {shlex.quote(f'{one.name}>=1,<3')}",
            )


def _join(request: AddRequest) -> str:
    return shlex.join((*request.packages, *(word for path in request.editables for word in ("--editable", path))))
