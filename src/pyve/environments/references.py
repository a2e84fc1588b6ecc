"""The reference files of a project: what a shell compares the times of watched files with.

Light: no more than os and light modules are imported. A watched file that is newer (`-nt`) than the reference has
changed since pyve last looked.
The reference bears the time of the newest watched file as pyve found it, not that of the look: what is written right
after it is newer whatever the clock's steps. Shells that compare whole seconds have a reference of their own: while the
newest file is younger than a clock step, it is a step older, so that they ask once more than they must.
"""

import os
import stat
import time

from pyve.environments.current import Current

REFERENCE_PREFIX = "reference-"  # the serial of a snippet follows
COARSE = ".coarse"
_STEP = 1_000_000_000  # nanoseconds in the steps of a coarse clock
_SETTLED = 2 * _STEP


def list_watched(root: str, names: "list[str]", sentinels: "list[str]", *, now: int) -> "list[str]":
    """The paths to watch for the inputs `names` (relative to `root`, or absolute): only what is there.

    The project directory itself shows what comes, goes and is renamed in it; so does the directory of an input further
    down. Of `sentinels` only plain files count. What bears a time after `now` (nanoseconds) cannot be watched: it would
    be newer for ever.
    """
    paths = [root]
    for name in names:
        path = os.path.join(root, name)
        folder = os.path.dirname(path)
        if folder != root and not os.path.isabs(name):
            paths.append(folder)
        paths.append(path)
    watched = [path for path in dict.fromkeys(paths) if 0 < _modified_at(path) <= now]
    return watched + [path for path in sentinels if _is_plain_file(path) and 0 < _modified_at(path) <= now]


def list_watched_files(root: str, current: Current, env_file: str, *, now: int) -> "list[str]":
    """As list_watched, for what the environment in use depends on and the env file that was approved (empty: none)."""
    names = [name for _, _, name in current.watched()]
    names += [env_file] if env_file else []
    return list_watched(root, names, [path for _, path in current.sentinels()], now=now)


def find_newest_time(watched: "list[str]") -> int:
    """The time of the newest of `watched`, 0 for none. Taken before files are compared, so that no later edit hides."""
    return max([_modified_at(path) for path in watched], default=0)


def set_references(prefix: str, newest: int, *, now: int) -> None:
    """Let the references at `prefix` bear the time `newest`; they are made when missing. Raises OSError."""
    for path, moment in zip((prefix, prefix + COARSE), _times(newest, now), strict=True):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        os.utime(path, ns=(moment, moment))


def renew_references(folder: str, newest: int, *, now: int) -> bool:
    """Give the references that lie in `folder` the time `newest`.

    False when there are none, or when another pyve takes one away meanwhile: none is made anew, since a shell would
    take it for the sign that what it has read is still what counts. Raises OSError.
    """
    names = [name for name in os.listdir(folder) if name.startswith(REFERENCE_PREFIX)]
    exact, coarse = _times(newest, now)
    try:
        for name in names:
            moment = coarse if name.endswith(COARSE) else exact
            os.utime(os.path.join(folder, name), ns=(moment, moment))
    except FileNotFoundError:
        return False
    return bool(names)


def current_moment() -> int:
    """Nanoseconds since the epoch."""
    return time.time_ns()


def _times(newest: int, now: int) -> "tuple[int, int]":
    """The times of the exact and of the coarse reference."""
    return newest, newest if now - newest > _SETTLED else max(newest - _STEP, 0)


def _modified_at(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _is_plain_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False
