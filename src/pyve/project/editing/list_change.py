"""Put a package into a list of packages, or take it out: decided from the text, and checked against what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from pyve.errors import ProjectError
from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.editing.asked_package import AskedPackage
from pyve.project.editing.editable_list import EditableList, ListedEntry, refuse_edit

Merge = Callable[[str, AskedPackage], str]


class ChangeKind(Enum):
    """What became of an entry."""

    ADDED = "added"
    CHANGED = "changed"
    KEPT = "kept"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class EntryChange:
    """What became of one entry. `before` and `after` are the requirements, None where there was or is none.

    `name` is the package's, or what was typed where that does not say it; `line` is where the entry stands now, or
    stood. `dropped` are options that went with the version they were for.
    """

    name: str
    kind: ChangeKind
    before: str | None
    after: str | None
    line: int
    dropped: tuple[str, ...] = ()


def put_package(places: EditableList, text: str, asked: AskedPackage, merge: Merge) -> tuple[str, EntryChange]:
    """Return the text that declares `asked`, and what became of the entry.

    Raises DeclarationNotEditableError where several entries are for the package, or the text cannot be changed safely.
    """
    entries = places.list_entries(text)
    same = [one for one in entries if _is_for(one, asked)]
    if len(same) > 1:
        raise _refuse_several(places.shown, same, asked)
    if not same:
        changed = places.insert(text, asked.text, name=asked.name)
        _check(places, text, changed, removed=None, added=asked.text)
        found = next(one for one in places.list_entries(changed) if one.requirement == asked.text)
        return changed, _tell(asked, ChangeKind.ADDED, None, asked.text, found)
    (old,) = same
    after = merge(old.requirement, asked)
    if after == old.requirement:
        return text, _tell(asked, ChangeKind.KEPT, after, after, old)
    if old.condition:
        raise refuse_edit(
            f"{places.shown}:{old.line}",
            f"declares {strip_url_secrets(old.requirement)} on some platforms only ({old.condition})",
            hint="edit that line by hand, then: pyve sync",
        )
    changed = places.replace(text, old, after)
    _check(places, text, changed, removed=old, added=after)
    return changed, _tell(asked, ChangeKind.CHANGED, old.requirement, after, old)


def take_package(places: EditableList, text: str, name: str) -> tuple[str, tuple[EntryChange, ...]]:
    """Return the text without any entry for `name` (normalised), and the entries that went; none is an answer."""
    gone: list[EntryChange] = []
    while True:
        found = next((one for one in places.list_entries(text) if one.name == name), None)
        if found is None:
            return text, tuple(gone)
        changed = places.remove(text, found)
        _check(places, text, changed, removed=found, added=None)
        line = found.line + len(gone)
        change = EntryChange(name=name, kind=ChangeKind.REMOVED, before=found.requirement, after=None, line=line)
        gone.append(change)
        text = changed


def _is_for(entry: ListedEntry, asked: AskedPackage) -> bool:
    if entry.name is None or asked.name is None:
        return entry.requirement == asked.text
    return entry.name == asked.name


def _check(places: EditableList, before: str, after: str, *, removed: ListedEntry | None, added: str | None) -> None:
    """Raise DeclarationNotEditableError unless `after` says what was meant and nothing else."""
    expected = [one.requirement for one in places.list_entries(before)]
    if removed is not None:
        expected.remove(removed.requirement)
    if added is not None:
        expected.append(added)
    try:
        found = [one.requirement for one in places.list_entries(after)]
        is_good = sorted(found) == sorted(expected) and places.read_others(after) == places.read_others(before)
    except (ValueError, LookupError, ProjectError):
        is_good = False
    if not is_good:
        raise refuse_edit(places.shown, "is written in a way that cannot be changed safely")


def _tell(
    asked: AskedPackage, kind: ChangeKind, before: str | None, after: str | None, entry: ListedEntry
) -> EntryChange:
    return EntryChange(
        name=asked.name or asked.text,
        kind=kind,
        before=before,
        after=after,
        line=entry.line,
        dropped=entry.dropped if kind is ChangeKind.CHANGED else (),
    )


def _refuse_several(shown: str, same: list[ListedEntry], asked: AskedPackage) -> DeclarationNotEditableError:
    places = ", ".join(f"{shown}:{one.line} ({strip_url_secrets(one.requirement)})" for one in same)
    return DeclarationNotEditableError(
        f"{asked.name or asked.text} is declared more than once, each for a case of its own: {places}; "
        "nothing was changed.",
        hint=f"edit those lines by hand, or: pyve remove {asked.name or asked.text}",
    )
