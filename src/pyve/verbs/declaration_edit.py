"""What `add` and `remove` will write: decided from the project's files, nothing is touched yet."""

import difflib
import os
import shlex
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.environments.choices import Choices, read_choices
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import NoProjectError, PathNotWritableError, RefusedError
from pyve.errors.conda import CondaManifestMissingError
from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.backend_rules import join_names, list_conda_names
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.editing.declaration_place import DeclarationPlace, list_conda_places
from pyve.project.editing.declared_part import DeclaredPart
from pyve.project.editing.file_text import FileText
from pyve.project.editing.list_change import EntryChange
from pyve.project.package_name import normalise_name
from pyve.project.root import check_root, find_root
from pyve.verbs.demand import choose_project_backend
from pyve.verbs.file_changes import FileChange
from pyve.verbs.situation import Situation, registered_root


@dataclass(frozen=True, kw_only=True)
class DeclaredChange:
    """What became of one entry; `action` is "added", "changed", "kept" or "removed".

    `part` is "main", "dev", "group NAME" or "extra NAME"; `file` is relative to the project, `line` the entry's there.
    `before` and `after` are the requirement, without credentials; None where there was or is none. `reason` says
    why it is this file.
    """

    name: str
    action: str
    part: str
    file: str
    line: int
    before: str | None
    after: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeclarationEdit:
    """The files as they are and as they will be, and what that means; `diff` is for people."""

    files: tuple[FileChange, ...]
    changes: tuple[DeclaredChange, ...]
    diff: str = ""
    notes: tuple[str, ...] = ()


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
    root = registered_root(situation)
    if root is None:
        choice = find_root(situation.directory, home=situation.home)
        if not choice.has_manifest:
            raise NoProjectError(f"No project at or above {situation.directory}.", hint="pyve init")
        root = choice.path
    check_root(root, in_ci=situation.in_ci)
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


@dataclass(kw_only=True)
class Editing:
    """The files that are being changed, in memory."""

    root: Path
    texts: dict[Path, FileText] = field(default_factory=dict)
    changes: list[tuple[DeclarationPlace, EntryChange]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text_of(self, place: DeclarationPlace) -> str:
        """The text as it is by now."""
        if place.path not in self.texts:
            self.texts[place.path] = place.read()
        return self.texts[place.path].text

    def take(self, place: DeclarationPlace, text: str, changes: Iterable[EntryChange]) -> None:
        """Note the new text of a place, and what it means."""
        self.texts[place.path] = self.texts[place.path].with_text(text)
        shown = place.places.shown
        for one in changes:
            self.changes.append((place, one))
            if one.dropped:
                self.notes.append(
                    f"{shown}:{one.line}: {len(one.dropped)} --hash of {_show(one.before)} went with it: "
                    "they are those of other files."
                )

    def finish(self) -> DeclarationEdit:
        """All of it; raises PathNotWritableError and RefusedError for files that are not to be written."""
        files = [
            FileChange(path=path, before=file.raw, after=file.encode())
            for path, file in self.texts.items()
            if file.raw is None or file.encode() != file.raw
        ]
        files = [one for one in files if (one.before, one.after) != (None, b"")]
        for one in files:
            _require_writable(one.path, self.root)
        diff = "".join(_write_diff(one, self.texts[one.path]) for one in files)
        return DeclarationEdit(
            files=tuple(files), changes=tuple(self._describe()), diff=diff, notes=tuple(dict.fromkeys(self.notes))
        )

    def _describe(self) -> Iterator[DeclaredChange]:
        """The changes with the lines of the files as they will be, of what goes as they are."""
        for place, one in self.changes:
            file, wanted = self.texts[place.path], one.before if one.after is None else one.after
            text = place.read().text if one.after is None else file.text
            entries = place.places.list_entries(text)
            lines = [entry.line for entry in entries if entry.requirement == wanted]
            yield DeclaredChange(
                name=strip_url_secrets(one.name),
                action=one.kind.value,
                part=f"{place.part.kind} {place.part.name}".strip(),
                file=place.places.shown,
                line=lines[0] if lines else one.line,
                before=_show(one.before),
                after=_show(one.after),
                reason=place.reason,
            )


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


def _require_writable(path: Path, root: Path) -> None:
    if path.is_symlink():
        target = path.resolve()
        if not target.is_relative_to(root.resolve()):
            raise RefusedError(
                f"{path} is a link to {target}, outside of the project; pyve writes nothing there.",
                hint=f"rm {shlex.quote(str(path))}; cp {shlex.quote(str(target))} {shlex.quote(str(path))}",
            )
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if not mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        allow = f'attrib -r "{path}"' if sys.platform == "win32" else f"chmod u+w {shlex.quote(str(path))}"
        raise PathNotWritableError(f"{path} is read-only; nothing was changed.", hint=allow)


def _write_diff(change: FileChange, file: FileText) -> str:
    """As git shows it, whatever the line ends are; credentials in it are not shown."""
    before = (
        [] if change.before is None else change.before.decode(file.encoding, "replace").lstrip("\ufeff").splitlines()
    )
    first = "/dev/null" if change.before is None else f"a/{file.shown}"
    lines = difflib.unified_diff(before, file.text.splitlines(), first, f"b/{file.shown}", lineterm="")
    return "".join(f"{strip_url_secrets(line)}\n" for line in lines)


def _show(requirement: str | None) -> str | None:
    """A requirement without the credentials of a URL in it."""
    return None if requirement is None else strip_url_secrets(requirement)
