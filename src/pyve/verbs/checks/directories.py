"""The directories that are the user's own, examined: state, cache, settings, and the room on their disks."""

import os
import shlex
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyve.cleanup.gone_project import is_gone
from pyve.environments.current import require_private
from pyve.environments.state import registered_projects
from pyve.environments.store import EnvironmentStore
from pyve.errors import OwnerMismatchError, ProjectError
from pyve.project.user_settings import UserSettings, read_user_settings
from pyve.verbs.checks.findings import Fact, Finding, Part, found
from pyve.verbs.situation import Situation

_ROOM_BYTES = 500_000_000


def examine_state_directory(situation: Situation) -> Iterator[Finding]:
    """Whether it can be believed, kept from others, and written."""
    directory = Path(situation.state_directory)
    quoted = shlex.quote(str(directory))
    if not os.path.lexists(directory):
        if not _can_be_made(directory):
            message = f"{directory} is not there and cannot be made."
            yield found("state-directory-not-writable", message, hint=f"ls -ld {quoted}; or set PYVE_STATE_DIR")
        return
    if not directory.is_dir():
        message = f"{directory} is a file; pyve keeps its state in a directory there."
        yield found("state-directory-not-writable", message, hint=f"mv {quoted} {quoted}.before-pyve")
        return
    try:
        require_private(str(directory))
    except OwnerMismatchError as error:
        own = sys.platform != "win32" and directory.stat().st_uid == os.geteuid()
        hint = f"chmod 700 {quoted}" if own else str(error.hint)
        yield found("state-directory-unsafe", error.message, hint=hint)
    else:
        if sys.platform != "win32" and stat.S_IMODE(directory.stat().st_mode) & 0o077:
            message = f"Other users may read {directory}, which names your projects and packages."
            yield found("state-directory-open", message, hint=f"chmod 700 {quoted}")
    if not os.access(directory, os.W_OK | os.X_OK):
        message = f"{directory} cannot be written."
        yield found("state-directory-not-writable", message, hint=f"chmod u+rwx {quoted}")


def examine_cache_directory(situation: Situation) -> Iterator[Finding]:
    """Whether something can be kept there."""
    directory = situation.cache_directory
    quoted = shlex.quote(str(directory))
    writable = directory.is_dir() and os.access(directory, os.W_OK | os.X_OK)
    if writable or (not os.path.lexists(directory) and _can_be_made(directory)):
        return
    message = f"{directory} cannot be written; every interpreter is asked anew each time."
    yield found("cache-directory-not-writable", message, hint=f"ls -ld {quoted}; or set PYVE_CACHE_DIR")


def examine_user_settings(file: Path) -> tuple[UserSettings, tuple[Finding, ...]]:
    """The user's settings, or the defaults and what is wrong with the file."""
    try:
        return read_user_settings(file), ()
    except ProjectError as error:
        hint = error.hint or f"look at it with: cat {shlex.quote(str(file))}"
        return UserSettings(), (found("user-settings-invalid", error.message, hint=hint, cause=error.code),)


def examine_room(places: Iterable[Path], *, least_bytes: int = _ROOM_BYTES) -> Iterator[Finding | Fact]:
    """How much is free on the disks of `places`, each disk once."""
    import shutil

    seen = set()
    for place in places:
        there = _nearest_existing(place)
        device = there.stat().st_dev
        if device in seen:
            continue
        seen.add(device)
        free = shutil.disk_usage(there).free
        yield Fact(part=Part.MACHINE, name="free", value=f"{_show_size(free)} at {there}")
        if free < least_bytes:
            message = f"Only {_show_size(free)} are free on the disk of {there}."
            yield found("disk-nearly-full", message, hint="pyve gc --all --dry-run  # shows what would make room")


def examine_other_projects(situation: Situation, own: EnvironmentStore | None) -> Iterator[Finding]:
    """Which other registered projects are gone."""
    for state in registered_projects(situation.state_directory):
        if (own is None or state.root != own.state.root) and is_gone(state.root):
            message = f"{state.root} is a project whose directory is gone, or not mounted."
            hint = "pyve gc --all --gone --dry-run  # shows what would be forgotten"
            yield found("project-gone", message, hint=hint)


def _can_be_made(directory: Path) -> bool:
    above = _nearest_existing(directory)
    return above.is_dir() and os.access(above, os.W_OK | os.X_OK)


def _nearest_existing(path: Path) -> Path:
    return next((place for place in (path, *path.parents) if place.exists()), Path(path.anchor))


def _show_size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:.0f} MB"
