"""The snippets of a project, written from its state: what is in use, what was approved, what is to be watched."""

import contextlib
import os
from dataclasses import replace
from pathlib import Path

from pyve.activation.dialects import DIALECTS
from pyve.activation.snippet import Snippet, render_snippet
from pyve.activation.trust import read_approved_values
from pyve.environments.current import Current, read_fields, stat_signature
from pyve.environments.generation import begin_generation, ensure_generation
from pyve.environments.references import (
    COARSE,
    REFERENCE_PREFIX,
    current_moment,
    find_newest_time,
    list_watched,
    set_references,
)
from pyve.environments.snippet_places import (
    SNIPPET_PREFIX,
    find_snippets,
    is_denied,
    make_snippet_folder,
    read_aliases,
    remove_snippets,
    state_directory_of,
    write_aliases,
)
from pyve.environments.state import ProjectState
from pyve.errors import StateDamagedError
from pyve.system.files import tell_disk_errors, write_atomically
from pyve.system.mounts import MOUNT_TABLE, mount_of

_NO_ENVIRONMENT = "no environment yet; to build it: pyve sync"


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
    A project that was denied, or that is not registered, gets none. The caller holds the project's lock.
    """
    if is_denied(state) or not state.is_registered():
        remove_snippets(state)
        return
    aliases = _sound_aliases(state, alias)
    snippet, newest = compose_snippet(state, notice=notice, show_prompt=show_prompt)
    if looked_at is not None:
        newest = looked_at
    roots = (snippet.root, *aliases)
    known = find_snippets(state, roots)
    with tell_disk_errors(state.directory):
        for root in roots:
            set_references(snippet.reference + replace(snippet, root=root).serial, newest, now=current_moment())
    for root in roots:
        _write_for(state, replace(snippet, root=root))
    _forget_other_aliases(state, roots)
    write_aliases(state, aliases)
    _sweep_references(state, {replace(snippet, root=root).serial for root in roots})
    if len(known) < len(roots) * len(DIALECTS):
        begin_generation(os.fspath(state_directory_of(state)))
    else:
        ensure_generation(os.fspath(state_directory_of(state)))


def compose_snippet(
    state: ProjectState, *, notice: str = "", show_prompt: bool = True, mounts: Path = MOUNT_TABLE
) -> tuple[Snippet, int]:
    """What entering the project means now, and the time for its references: 0 when a file has changed already."""
    current = _read_current(state)
    values = read_approved_values(state)
    root = os.fspath(state.root)
    inputs = [item.split(" ", 2) for item in current.every("watch")]
    names = [name for _, _, name in inputs]
    if values is not None:
        names.append(values.file)
    sentinels = [item.partition(" ")[2] for item in current.every("sentinel")]
    watched = list_watched(root, names, sentinels, now=current_moment())
    newest = find_newest_time(watched)
    if any(stat_signature(os.path.join(root, name)) != signature for signature, _, name in inputs):
        newest = 0  # an edit since the files were read: shells ask at their next prompt
    name = _printable(current.first("name") or state.root.name or root)
    set_variables = dict(item.partition("=")[::2] for item in current.every("set"))
    if values is not None:
        set_variables.update(values.values)
    snippet = Snippet(
        root=root,
        reference=os.fspath(state.directory / REFERENCE_PREFIX),
        probe=_find_probe(current),
        watch=tuple(watched),
        watch_on_cd=mount_of(state.root, table=mounts).is_on_network,
        bin=tuple(current.every("prepend")),
        set=set_variables,
        unset=tuple(current.every("unset")),
        prompt=f"({name}) " if show_prompt and current.first("prompt") != "0" and current.fields else "",
        notice=_printable(notice if current.fields or notice else _NO_ENVIRONMENT),
        missing=f"the environment of {name} is not there any more; to build it: pyve sync",
    )
    return snippet, newest


def _read_current(state: ProjectState) -> Current:
    try:
        return Current(read_fields(os.fspath(state.current_file)) or [])
    except StateDamagedError:
        return Current([])


def _find_probe(current: Current) -> str:
    """A file without which the environment is none: its python, else the first directory for PATH."""
    entries = current.every("prepend")
    if not entries:
        return ""
    candidates = (os.path.join(entries[0], name) for name in ("python", "python.exe"))
    return next((path for path in candidates if os.path.lexists(path)), entries[0])


def _printable(text: str) -> str:
    """`text` without what would move the cursor or hide something on a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _sound_aliases(state: ProjectState, new: str | None) -> tuple[str, ...]:
    """The other paths that still lead to the project's directory."""
    root = os.fspath(state.root)
    known = dict.fromkeys((*read_aliases(state), *((new,) if new else ())))
    return tuple(alias for alias in known if alias != root and os.path.realpath(alias) == os.path.realpath(root))


def _write_for(state: ProjectState, snippet: Snippet) -> None:
    folder = make_snippet_folder(state, snippet.root)
    for dialect in DIALECTS.values():
        path = folder / f"{SNIPPET_PREFIX}{dialect.extension}"
        content = render_snippet(snippet, dialect)
        if _content_of(path) != content:
            write_atomically(path, content)


def _content_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _forget_other_aliases(state: ProjectState, roots: tuple[str, ...]) -> None:
    for path in find_snippets(state, tuple(alias for alias in read_aliases(state) if alias not in roots)):
        path.unlink(missing_ok=True)


def _sweep_references(state: ProjectState, serials: set[str]) -> None:
    """Remove the references of what was said before; shells that miss theirs read the snippet anew."""
    for path in state.directory.glob(f"{REFERENCE_PREFIX}*"):
        if path.name.removeprefix(REFERENCE_PREFIX).removesuffix(COARSE) not in serials:
            with contextlib.suppress(OSError):
                path.unlink()
