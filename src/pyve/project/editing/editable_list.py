"""A list of packages in the text of a file: how it is read, and changed so that nothing else in the text moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pyve.errors.lock import DeclarationNotEditableError


@dataclass(frozen=True, kw_only=True)
class ListedEntry:
    """One entry as it stands in a text.

    `name` is normalised, None where the entry does not say it; `requirement` is what is declared, without the comment
    behind it. `start` and `end` are what another requirement would replace, as offsets, between `prefix` and `suffix`.
    `dropped` are options that hold for this very version alone. `position` counts the items of its list.
    """

    name: str | None
    requirement: str
    line: int
    position: int
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""
    dropped: tuple[str, ...] = ()
    condition: str = ""  # under which it counts, where that is no part of the requirement


class EditableList(Protocol):
    """A list of packages in a format. All methods take and give the text of the whole file."""

    @property
    def shown(self) -> str:
        """The file as people know it."""

    def list_entries(self, text: str) -> tuple[ListedEntry, ...]:
        """The entries, in order."""

    def insert(self, text: str, requirement: str, *, name: str | None) -> str:
        """The text with one more entry: in its place where the entries are sorted, else the last."""

    def replace(self, text: str, entry: ListedEntry, requirement: str) -> str:
        """The text with another requirement in the place of `entry`."""

    def remove(self, text: str, entry: ListedEntry) -> str:
        """The text without `entry`."""

    def read_others(self, text: str) -> object:
        """All that the text says beside the entries: no change of them may change it."""


def find_sorted_place(names: Sequence[str], name: str | None) -> int | None:
    """Return before which of `names` the new one comes, None where they are not sorted, or it comes last."""
    if name is None or len(names) < 2 or list(names) != sorted(names) or len(set(names)) == 1:
        return None
    return next((position for position, other in enumerate(names) if other > name), None)


def refuse_edit(shown: str, why: str, *, hint: str = "edit it by hand, then: pyve sync") -> DeclarationNotEditableError:
    """Say that the file called `shown` cannot be changed as asked."""
    return DeclarationNotEditableError(f"{shown} {why}; nothing was changed.", hint=hint)
