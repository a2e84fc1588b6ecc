"""What is checked before and after rattler links packages, because it does not; imported in the worker alone."""

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyve.engines.conda.archive_hashes import find_mismatch, local_archive
from pyve.engines.conda.prefix.conda_meta import find_outside, record_name
from pyve.engines.conda.rattler.cache import CacheState, ExtractedPackages
from pyve.engines.conda.rattler.orders import BuildOrder, OrderFailedError
from pyve.engines.conda.rattler.records import find_unmet_virtual
from pyve.errors import RefusedError
from pyve.project.conda.package import CondaPackage
from pyve.system.files import remove_tree


def require_absent(prefix: Path, *, again: bool) -> None:
    """Refuse a prefix that is there and not empty; with `again` delete it first, since an earlier try has made it."""
    if again:
        with contextlib.suppress(OSError, RefusedError):
            remove_tree(prefix, inside=prefix.parent)
    if os.path.lexists(prefix) and (prefix.is_symlink() or not prefix.is_dir() or any(prefix.iterdir())):
        raise OrderFailedError(
            "foreign-prefix", f"{prefix} is there already; pyve builds only where nothing is.", path=os.fspath(prefix)
        )


def refuse_odd_names(order: BuildOrder) -> None:
    """Directories of the cache, which are thrown away at times, are called after packages: no name leads out of it."""
    odd = next((one for one in order.packages if not one.has_plain_names), None)
    if odd is not None:
        text = f"A package is called {f'{odd.name} {odd.version} {odd.build}'!r}, which cannot be the name of a file."
        raise OrderFailedError("failed", text, subject=order.source_of(odd))


def refuse_missing(order: BuildOrder, state: CacheState) -> None:
    """Offline, say what is missing before anything is linked."""
    if not order.offline:
        return
    missing = [package for package in state.absent if local_archive(order.source_of(package)) is None]
    if missing:
        names = ", ".join(package.file_name for package in missing)
        raise OrderFailedError(
            "not-cached", f"Not in the cache: {names}.", subject=names, path=order.surroundings.cache
        )


def refuse_mismatch(order: BuildOrder, state: CacheState) -> None:
    """Rattler verifies what it downloads, but never an archive of a local channel."""
    try:
        mismatch = find_mismatch((package, order.source_of(package)) for package in state.fresh)
    except OSError as error:
        raise OrderFailedError("channel", f"{error.filename}: {error.strerror}", subject=str(error.filename)) from error
    if mismatch is not None:
        raise OrderFailedError("corrupt", mismatch.text, subject=mismatch.url, path=order.surroundings.cache)


def refuse_unsuitable(depends: Iterable[str], virtual: Mapping[str, str]) -> None:
    """Refuse what asks for virtual packages that this machine does not have."""
    unmet = find_unmet_virtual(depends, virtual)
    if unmet:
        text = f"This machine does not have {', '.join(unmet)}."
        raise OrderFailedError("machine", text, subject=unmet[0], virtual_packages=virtual)


def depends_of_undescribed(order: BuildOrder, cache: ExtractedPackages) -> list[str]:
    """What packages of an explicit list depend on, which is known only when they are extracted."""
    depends: list[str] = []
    for package in order.packages:
        if not package.depends:
            with contextlib.suppress(OSError, ValueError):
                depends += map(str, json.loads(cache.index_of(package).read_bytes()).get("depends", ()))
    return depends


def require_linked(order: BuildOrder, prefix: Path) -> None:
    """Refuse a prefix that does not hold exactly the packages of the order."""
    expected = set(map(record_name, order.packages))
    linked = {path.name for path in (prefix / "conda-meta").glob("*.json")}
    if expected != linked:
        names = ", ".join(sorted(expected ^ linked))
        raise OrderFailedError("failed", f"{prefix} does not hold what was asked for: {names}.")


def refuse_outside(order: BuildOrder, prefix: Path, packages: Iterable[CondaPackage]) -> None:
    """Refuse a package that has put a file outside of the prefix: rattler takes any path that is not absolute."""
    for package in packages:
        path = find_outside(prefix, package)
        if path:
            text = f"{package.file_name} has put {path!r} outside of the environment; take away what is there."
            raise OrderFailedError("failed", text, subject=order.source_of(package))
