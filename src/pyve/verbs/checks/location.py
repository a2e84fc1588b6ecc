"""Where a project and its environments lie, examined: what the path holds, and what the disk below it is."""

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from pyve.errors import OwnerMismatchError, PathNotWritableError, PathUnsupportedError
from pyve.project.root import check_root
from pyve.system.mounts import MOUNT_TABLE, mount_of
from pyve.verbs.checks.findings import Finding, found

_CLOUD_FOLDERS = ("OneDrive", "Dropbox", "Google Drive", "GoogleDrive", "iCloudDrive", "Nextcloud", "ownCloud")
_CLOUD_PREFIXES = ("OneDrive - ", "Dropbox (", "Dropbox-", "GoogleDrive-", "com~apple~CloudDocs")
_LONGEST = 200  # Windows ends at 260 unless told otherwise, and packages nest deeply
_ELSEWHERE = "pyve config set --user store.location /an/absolute/path"


def examine_root(root: Path, *, in_ci: bool) -> Iterator[Finding]:
    """Whether an environment can live and be trusted in `root`."""
    try:
        check_root(root, in_ci=in_ci)
    except PathUnsupportedError as error:
        yield found("path-unsupported", error.message, hint=error.hint or "rename the directory", cause=error.code)
    except OwnerMismatchError as error:
        yield found("project-owner-differs", error.message, hint=str(error.hint), cause=error.code)
    except PathNotWritableError as error:
        hint = f"chmod u+rwx {shlex.quote(str(root))}"
        yield found("project-not-writable", error.message, hint=hint, cause=error.code)


def examine_store_folder(
    folder: Path, *, home: Path, platform: str = sys.platform, mounts: Path = MOUNT_TABLE
) -> Iterator[Finding]:
    """Whether environments in `folder` would run, soon and for long."""
    if platform == "win32" and len(str(folder)) > _LONGEST:
        message = f"{folder} has {len(str(folder))} characters; packages below it go beyond the 260 of Windows."
        yield found("path-too-long", message, hint=_ELSEWHERE)
    cloud = _cloud_folder(folder, home)
    if cloud is not None:
        message = f"{cloud} is synchronised with a cloud, which copies, renames and evicts files of environments."
        yield found("store-in-cloud-folder", message, hint=_ELSEWHERE)
    existing = next((place for place in (folder, *folder.parents) if place.exists()), Path(folder.anchor))
    mount = mount_of(existing, table=mounts)
    if "noexec" in mount.options or _is_noexec(existing):
        message = f"The disk of {existing} is mounted noexec: no program of an environment can run there."
        yield found("store-not-executable", message, hint=_ELSEWHERE)
    if mount.is_on_network:
        message = f"{existing} is on a network file system ({mount.kind}): environments are slow to build and start."
        yield found("store-on-network", message, hint=_ELSEWHERE)


def _cloud_folder(folder: Path, home: Path) -> Path | None:
    """The directory of a synchronising program that holds `folder`, None when there is none."""
    if folder.is_relative_to(home / "Library" / "Mobile Documents"):
        return home / "Library" / "Mobile Documents"
    if folder.is_relative_to(home / "Library" / "CloudStorage"):
        return home / "Library" / "CloudStorage"
    for place in (folder, *folder.parents):
        if place.name in _CLOUD_FOLDERS or place.name.startswith(_CLOUD_PREFIXES):
            return place
    return None


def _is_noexec(directory: Path) -> bool:
    if sys.platform == "win32":
        return False
    flag = getattr(os, "ST_NOEXEC", 0)
    return bool(flag and os.statvfs(directory).f_flag & flag)
