"""`pyve remove`: take packages out of what the project declares, lock and install the rest, as one change."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyve.environments.progress import Progress
from pyve.errors import UsageError
from pyve.errors.lock import PackageNotDeclaredError
from pyve.project.editing.declaration_place import DeclarationPlace
from pyve.project.editing.declared_part import DeclaredPart
from pyve.project.editing.declaring_project import read_declaring_project
from pyve.project.editing.editable_list import ListedEntry
from pyve.project.editing.list_change import take_package
from pyve.project.nearest_name import find_nearest_name
from pyve.project.package_name import normalise_name
from pyve.verbs.declaration_change import Consequences, DeclarationChangeResult, carry_out
from pyve.verbs.declaration_edit import Editing
from pyve.verbs.dependents import find_dependents
from pyve.verbs.edited_project import EditedProject, read_edited_project, require_conda_places
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class RemoveRequest:
    """`pyve remove` with its options."""

    packages: tuple[str, ...] = ()
    part: DeclaredPart = field(default_factory=DeclaredPart)
    pip: bool = False
    consequences: Consequences = field(default_factory=Consequences)


def remove(situation: Situation, request: RemoveRequest, progress: Progress) -> Outcome[DeclarationChangeResult]:
    """Take packages out of one part of what the nearest project declares: of what is always installed, or the named.

    Raises PackageNotDeclaredError, which says where a package is declared instead, or why it is there; and what `lock`
    and `sync` raise: then everything is as it was.
    """
    if not request.packages:
        raise UsageError("There is nothing to remove.", hint="pyve remove NAME")
    project = read_edited_project(situation)
    removing = _Removing(
        situation=situation,
        project=project,
        request=request,
        places=tuple(_list_places(project, request)),
        editing=Editing(root=project.root),
    )
    for typed in request.packages:
        removing.take(_name_of(typed))
    return carry_out(situation, project, removing.editing.finish(), request.consequences, progress)


def _list_places(project: EditedProject, request: RemoveRequest) -> Iterator[DeclarationPlace]:
    typed = shlex.join(request.packages)
    if project.is_conda:
        yield from require_conda_places(project, request.part, command=f"pyve remove {typed}")
        return
    if request.pip:
        raise UsageError(
            "--pip is for the pip section of an environment.yml, and this project has a venv.",
            hint=f"pyve remove {typed}",
        )
    files = read_declaring_project(project.root, verb="remove", typed=typed)
    there = tuple(files.list_places())
    if not there:
        files.place_of(request.part)  # says what else declares packages here
    yield from there


@dataclass(frozen=True, kw_only=True)
class _Removing:
    """One run: where packages may be declared, and the files as they are by now."""

    situation: Situation
    project: EditedProject
    request: RemoveRequest
    places: tuple[DeclarationPlace, ...]
    editing: Editing

    def take(self, name: str) -> None:
        """Take the package out of the wanted part, or say why it cannot be."""
        declaring = [place for place in self.places if any(one.name == name for one in self._entries(place))]
        wanted = [place for place in declaring if self._is_wanted(place)]
        if not wanted:
            raise self._refuse_elsewhere(declaring, name) if declaring else self._refuse_unknown(name)
        if not self.project.is_conda:  # one declaration; what declares it besides is told
            wanted, others = wanted[:1], wanted[1:]
            self.editing.notes += [f"{place.places.shown} declares {name} too, and is as it was." for place in others]
        for place in wanted:
            text, gone = take_package(place.places, self.editing.text_of(place), name)
            self.editing.take(place, text, gone)

    def _is_wanted(self, place: DeclarationPlace) -> bool:
        if self.project.is_conda:
            return not (self.request.pip and place.is_conda)
        part, wanted = place.part, self.request.part
        return part.kind == wanted.kind and normalise_name(part.name) == normalise_name(wanted.name)

    def _entries(self, place: DeclarationPlace) -> tuple[ListedEntry, ...]:
        return place.places.list_entries(self.editing.text_of(place))

    @property
    def _asked(self) -> str:
        """The part that was asked for, as it stands in a sentence."""
        if self.request.part.option:
            return f" for {self.request.part.option}"
        return " in the pip section" if self.request.pip else ""

    def _refuse_elsewhere(self, declaring: list[DeclarationPlace], name: str) -> PackageNotDeclaredError:
        found = [
            f"{place.places.shown}:{entry.line}"
            for place in declaring
            for entry in self._entries(place)
            if entry.name == name
        ]
        return PackageNotDeclaredError(
            f"{name} is not declared{self._asked or ' among what is always installed'}, but at {' and '.join(found)}; "
            "nothing was changed.",
            hint=_write_command(name, declaring[0].part.option),
        )

    def _refuse_unknown(self, name: str) -> PackageNotDeclaredError:
        dependents = find_dependents(self.situation, self.project.state, name)
        if dependents:
            needs = "needs" if len(dependents) == 1 else "need"
            return PackageNotDeclaredError(
                f"{name} is not declared: it is there because {' and '.join(dependents)} {needs} it.",
                hint=f"pyve remove {dependents[0]}  # if nothing else needs that",
            )
        known = {
            one.name: place.part.option
            for place in reversed(self.places)
            for one in self._entries(place)
            if one.name is not None
        }
        nearest = find_nearest_name(name, known)
        there = f"declared are: {', '.join(sorted(known)) or 'none'}"
        hint = f"did you mean: {_write_command(nearest, known[nearest])}" if nearest else there
        return PackageNotDeclaredError(f"{name} is not declared{self._asked}; nothing was changed.", hint=hint)


def _write_command(name: str, option: str) -> str:
    return f"pyve remove{f' {option}' if option else ''} {name}"


def _name_of(typed: str) -> str:
    """The name alone: a version typed with it does not count."""
    from packaging.requirements import InvalidRequirement, Requirement

    text = typed.strip().rpartition("::")[2]
    try:
        return normalise_name(Requirement(text).name)
    except InvalidRequirement:
        return normalise_name(text)
