"""The snippet files of a project: written, renewed and swept so that a kill at any moment leaves no shell misled."""

import contextlib
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pyve.activation.dialects import DIALECTS
from pyve.activation.project_snippet import compose_snippet
from pyve.activation.snippet import Snippet, render_snippet
from pyve.environments.generation import change_of_generation, ensure_generation
from pyve.environments.references import COARSE, REFERENCE_PREFIX, current_moment, set_references
from pyve.environments.snippet_places import (
    SNIPPET_PREFIX,
    read_aliases,
    remove_snippets,
    remove_snippets_at,
    snippet_folder,
    write_aliases,
)
from pyve.environments.state import ProjectState
from pyve.system.files import make_private_directory, tell_disk_errors, write_atomically


def write_snippets(
    state: ProjectState,
    *,
    notice: str = "",
    show_prompt: bool = True,
    alias: str | None = None,
    looked_at: int | None = None,
) -> None:
    """Write the snippets of all dialects, so that every shell does at its next prompt what the state says.

    What says the same already is left alone: no shell does anything then. `notice` is one line that shells say when
    they read the snippet; `alias` is another path to the project's directory, by which it can be reached from now on.
    `looked_at` is the time of the newest watched file when somebody looked at what has changed, None when nobody did.
    A project that was denied, or that is not registered, gets none. The caller holds the project's lock. Raises the
    errors of writing.
    """
    if state.is_denied() or not state.is_registered():
        remove_snippets(state)
        return
    snippet, newest = compose_snippet(state, notice=notice, show_prompt=show_prompt)
    noted = read_aliases(state)
    aliases = _sound_aliases(state, (*noted, *((alias,) if alias else ())))
    lost = [old for old in noted if old not in aliases]
    snippets = [snippet, *(replace(snippet, root=alias) for alias in aliases)]
    with tell_disk_errors(state.directory):
        # In this order: `deny` finds what is noted, a snippet finds its references, and a shell whose reference is
        # swept finds what is new.
        write_aliases(state, (*noted, *aliases))
        if notice:
            state.told_file.touch(mode=0o600)
        for each in snippets:
            set_references(
                each.reference + each.serial, newest if looked_at is None else looked_at, now=current_moment()
            )
        _replace_snippets(state, snippets, lost)
        write_aliases(state, aliases)
        if not notice:
            state.told_file.unlink(missing_ok=True)
    _sweep_references(state, {each.serial for each in snippets})


def _sound_aliases(state: ProjectState, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the other paths that still lead to the project's directory."""
    root = os.fspath(state.root)
    real = os.path.realpath(root)
    return tuple(alias for alias in dict.fromkeys(known) if alias != root and os.path.realpath(alias) == real)


def _replace_snippets(state: ProjectState, snippets: Collection[Snippet], lost: Collection[str]) -> None:
    """Write `snippets` and take those of the aliases `lost` away; where anything differs, all shells are told."""
    top = os.fspath(state.state_directory)
    changed = [change for snippet in snippets for change in _list_changes(state, snippet)]
    with change_of_generation(top) if changed or lost else contextlib.nullcontext():
        for path, content in changed:
            make_private_directory(path.parent)
            write_atomically(path, content)
        remove_snippets_at(state, lost)
    ensure_generation(top)


def _list_changes(state: ProjectState, snippet: Snippet) -> Iterator[tuple[Path, bytes]]:
    """The files of `snippet` that do not hold it yet, with what they are to hold."""
    folder = snippet_folder(state, snippet.root)
    for dialect in DIALECTS.values():
        path = folder / f"{SNIPPET_PREFIX}{dialect.extension}"
        content = render_snippet(snippet, dialect)
        if _content_of(path) != content:
            yield path, content


def _content_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _sweep_references(state: ProjectState, serials: Collection[str]) -> None:
    """Remove the references of what was said before; shells that miss theirs read the snippet anew."""
    for path in state.directory.glob(f"{REFERENCE_PREFIX}*"):
        if path.name.removeprefix(REFERENCE_PREFIX).removesuffix(COARSE) not in serials:
            with contextlib.suppress(OSError):  # the next one that writes sweeps it
                path.unlink()
