"""What `add` and `remove` will write: decided from the project's files, nothing is touched yet."""

import difflib
import os
import shlex
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyve.errors import PathNotWritableError, RefusedError
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.editing.declaration_place import DeclarationPlace
from pyve.project.editing.file_text import FileText
from pyve.project.editing.list_change import EntryChange
from pyve.verbs.file_changes import FileChange


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
