"""Directory links that are swapped whole: symbolic links, and junctions on Windows, where links need a privilege."""

import os
import secrets
import sys
from pathlib import Path

from pyve.system.files import is_link, tell_disk_errors


def link_target(link: Path) -> Path | None:
    """Where `link` leads (absolute, one step, not resolved further), or None when it is no link."""
    if not is_link(link):
        return None
    try:
        target = os.readlink(link)
    except ValueError:  # a kind of link that Windows has and Python cannot read
        return None
    return Path(os.path.normpath(os.path.join(link.parent, _without_device_prefix(target))))


def point_link(link: Path, target: Path, *, workshop: Path) -> None:
    """Make `link` lead to the directory `target`, replacing a link that is there; `workshop` is on the same disk.

    POSIX: made beside and renamed over, so that no instant is without it. Windows: a junction is removed and made
    again, the caller holding the project's lock. The caller has made sure that what is there is pyve's own.
    """
    if link_target(link) == target:
        return
    with tell_disk_errors(link):
        if sys.platform == "win32":
            _point_junction(link, target)
            return
        try:
            text = os.path.relpath(target, link.parent)
        except ValueError:
            text = os.fspath(target)
        if text.startswith(".." + os.sep + ".."):
            text = os.fspath(target)
        temporary = workshop / f".link-{secrets.token_hex(4)}"
        os.symlink(text, temporary, target_is_directory=True)
        os.replace(temporary, link)


def swap_file_link(link: Path, target: Path) -> None:
    """Make `link` lead to the file `target` (absolute), replacing what is there in one step. POSIX alone.

    The caller has made sure that what is there is pyve's own.
    """
    with tell_disk_errors(link):
        temporary = link.with_name(f".pyve-link-{secrets.token_hex(4)}")
        temporary.symlink_to(target)
        temporary.replace(link)


def remove_link(link: Path) -> None:
    """Remove the link itself, never what it leads to; a link that is gone is fine."""
    if not is_link(link):
        return
    if sys.platform == "win32" and not os.path.islink(link):
        os.rmdir(link)  # how a junction is removed
    else:
        os.unlink(link)


def _without_device_prefix(target: str) -> str:
    """A target as it is usually written: Windows puts a prefix before it; a volume without a letter keeps that."""
    if target.startswith("\\\\?\\UNC\\"):
        return "\\\\" + target.removeprefix("\\\\?\\UNC\\")
    return target if target.startswith("\\\\?\\Volume{") else target.removeprefix("\\\\?\\")


def _point_junction(link: Path, target: Path) -> None:
    if sys.platform == "win32":
        import _winapi

        remove_link(link)
        _winapi.CreateJunction(os.fspath(target), os.fspath(link))
