"""Fetch packages and link them into a prefix with rattler; imported in the worker alone."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.engines.conda.archive_hashes import find_mismatch, local_archive
from pyve.engines.conda.prefix.linked_prefix import (
    complete_records,
    find_outside,
    list_left_out,
    record_name,
    write_canonical_urls,
)
from pyve.engines.conda.prefix.scripts import make_scripts_safe
from pyve.engines.conda.prefix.sysconfig_data import make_sysconfig_readable
from pyve.engines.conda.rattler.cache import CacheState, ExtractedPackages
from pyve.engines.conda.rattler.failures import read_failure
from pyve.engines.conda.rattler.network import open_client
from pyve.engines.conda.rattler.orders import BuildOrder, OrderFailedError, Say, prefix_lock
from pyve.engines.conda.rattler.patience import wait_while_it_moves
from pyve.engines.conda.rattler.progress import LinkReporter, say_progress
from pyve.engines.conda.rattler.records import detect_virtual_packages, find_unmet_virtual, to_record
from pyve.errors import RefusedError
from pyve.project.conda.package import CondaPackage
from pyve.system.file_lock import hold_lock, try_lock
from pyve.system.files import remove_tree

if TYPE_CHECKING:
    from rattler import PackageCache


async def build_order(order: BuildOrder, say: Say) -> dict[str, Any]:
    """Answer a BuildOrder: the fields of BuiltPrefix."""
    from rattler.exceptions import InstallerError

    prefix = Path(order.prefix)
    _refuse_odd_names(order)
    virtual = detect_virtual_packages()
    _refuse_unsuitable([depends for package in order.packages for depends in package.depends], virtual)
    cache = ExtractedPackages(Path(order.surroundings.cache))
    cache.prepare()
    with _own_prefix(order, prefix), hold_lock(cache.lock_path, on_wait=lambda: _say_wait(say)):
        _check_prefix(prefix, again=order.again)
        cache.sweep(order.packages)
        state = cache.sort(order.packages, distrust=order.distrust)
        _refuse_missing(order, state)
        _refuse_mismatch(order, state)
        try:
            await _install(order, prefix, cache, state, say)
        except InstallerError as error:
            raise _name_package(read_failure(error), order) from error
        _check_linked(order, prefix)
        _check_inside(order, prefix, (*state.unmarked, *state.absent))
        cache.mark((*state.unmarked, *state.absent))
        _refuse_unsuitable(_depends_of_undescribed(order, cache), virtual)
        complete_records(prefix, {record_name(one): cache.index_of(one) for one in (*state.absent, *state.unmarked)})
        make_scripts_safe(prefix)
        make_sysconfig_readable(prefix)
        write_canonical_urls(prefix, {_source(order, package): package.url for package in order.packages})
        return {
            **list_left_out(prefix, order.packages, run_link_scripts=order.run_link_scripts),
            "unverified": [package.name for package in order.packages if not (package.sha256 or package.md5)],
            "virtual_packages": virtual,
        }


@contextlib.contextmanager
def _own_prefix(order: BuildOrder, prefix: Path) -> Iterator[None]:
    lock = prefix_lock(Path(order.surroundings.cache), prefix)
    lock.parent.mkdir(exist_ok=True)
    with try_lock(lock) as held:
        if held is None:
            raise OrderFailedError("busy", f"Another process is building {prefix}.", path=order.prefix)
        try:
            yield
        finally:
            # Harmless for one that has it open by now: the lock of the cache lets it see only a prefix that is there.
            with contextlib.suppress(OSError):
                lock.unlink()


def _say_wait(say: Say) -> None:
    say_progress(say, "wait", "Waiting for another pyve that is using the cache of conda packages")


def _check_prefix(prefix: Path, *, again: bool) -> None:
    if again:
        with contextlib.suppress(OSError, RefusedError):
            remove_tree(prefix, inside=prefix.parent)
    if os.path.lexists(prefix) and (prefix.is_symlink() or not prefix.is_dir() or any(prefix.iterdir())):
        raise OrderFailedError(
            "foreign-prefix", f"{prefix} is there already; pyve builds only where nothing is.", path=os.fspath(prefix)
        )


def _refuse_odd_names(order: BuildOrder) -> None:
    """Directories of the cache, which are thrown away at times, are called after packages: no name leads out of it."""
    odd = next((one for one in order.packages if not one.has_plain_names), None)
    if odd is not None:
        text = f"A package is called {f'{odd.name} {odd.version} {odd.build}'!r}, which cannot be the name of a file."
        raise OrderFailedError("failed", text, subject=_source(order, odd))


def _refuse_missing(order: BuildOrder, state: CacheState) -> None:
    """Offline, say what is missing before anything is linked."""
    if not order.offline:
        return
    missing = [package for package in state.absent if local_archive(_source(order, package)) is None]
    if missing:
        names = ", ".join(package.file_name for package in missing)
        raise OrderFailedError(
            "not-cached",
            f"Not in the cache: {names}.",
            subject=names,
            path=order.surroundings.cache,
        )


def _refuse_mismatch(order: BuildOrder, state: CacheState) -> None:
    """Rattler verifies what it downloads, but never an archive of a local channel."""
    try:
        mismatch = find_mismatch((package, _source(order, package)) for package in (*state.absent, *state.unmarked))
    except OSError as error:
        raise OrderFailedError("channel", f"{error.filename}: {error.strerror}", subject=str(error.filename)) from error
    if mismatch is not None:
        raise OrderFailedError("corrupt", mismatch.text, subject=mismatch.url, path=order.surroundings.cache)


def _refuse_unsuitable(depends: list[str], virtual: dict[str, str]) -> None:
    unmet = find_unmet_virtual(depends, virtual)
    if unmet:
        failure = OrderFailedError("machine", f"This machine does not have {', '.join(unmet)}.", subject=unmet[0])
        failure.virtual_packages = virtual
        raise failure


def _depends_of_undescribed(order: BuildOrder, cache: ExtractedPackages) -> list[str]:
    """What packages of an explicit list depend on is known only when they are extracted."""
    import json

    depends: list[str] = []
    for package in order.packages:
        if not package.depends:
            with contextlib.suppress(OSError, ValueError):
                depends += map(str, json.loads(cache.index_of(package).read_bytes()).get("depends", ()))
    return depends


async def _install(order: BuildOrder, prefix: Path, cache: ExtractedPackages, state: CacheState, say: Say) -> None:
    from rattler import Config, Subdir, install

    if not order.packages:
        (prefix / "conda-meta").mkdir(parents=True)
        (prefix / "conda-meta" / "history").touch()
        return
    # Without symbolic links the packages' own ones would become copies of what they lead to.
    links = "allow-hard-links = false" if order.copy else ""
    indexes = {one.name: cache.index_of(one) for one in state.ready}
    reporter = LinkReporter(say, order.packages, state.absent)
    remote = {one.name: url for one in state.absent if local_archive(url := _source(order, one)) is None}
    work = install(
        [to_record(one, _source(order, one), index=indexes.get(one.name)) for one in order.packages],
        prefix,
        platform=Subdir(order.subdir),
        installed_packages=[],
        package_cache=_open_cache(cache, state),
        client=open_client(order.surroundings),
        config=Config.from_toml(links),
        execute_link_scripts=order.run_link_scripts,
        show_progress=False,
        reporter=reporter,  # type: ignore[arg-type] # some of the methods do
    )
    if not remote:
        await work
        return
    await wait_while_it_moves(
        work,
        # What is fetched may be silent; unpacking, linking and the scripts of packages take the time they take.
        look=lambda: reporter.moved if reporter.fetching() & remote.keys() else object(),
        silent_seconds=order.surroundings.timeout_seconds,
        waited_for=lambda: next((remote[name] for name in reporter.fetching() & remote.keys()), "the server"),
    )


def _name_package(failure: OrderFailedError, order: BuildOrder) -> OrderFailedError:
    """The failure, with the URL of the package that it is about: not every text of rattler has it."""
    about = next((_source(order, one) for one in order.packages if one.file_name in failure.text), "")
    if about and not failure.subject:
        failure.text = f"{failure.text.strip()} ({about})"
    failure.subject = failure.subject or about
    failure.path = order.prefix if failure.kind == "prefix-too-long" else order.surroundings.cache
    return failure


def _open_cache(cache: ExtractedPackages, state: CacheState) -> "PackageCache":
    """Compare content with hashes only where a killed run has extracted; the rest was compared with its mark."""
    from rattler import PackageCache, ValidationMode

    mode = ValidationMode.full() if state.unmarked else ValidationMode.skip()
    return PackageCache.new_layered([cache.packages], validation_mode=mode)


def _check_linked(order: BuildOrder, prefix: Path) -> None:
    expected = set(map(record_name, order.packages))
    linked = {path.name for path in (prefix / "conda-meta").glob("*.json")}
    if expected != linked:
        names = ", ".join(sorted(expected ^ linked))
        raise OrderFailedError("failed", f"{prefix} does not hold what was asked for: {names}.")


def _check_inside(order: BuildOrder, prefix: Path, packages: tuple[CondaPackage, ...]) -> None:
    """Refuse a package that has put a file outside of the prefix: rattler takes any path that is not absolute."""
    for package in packages:
        path = find_outside(prefix, package)
        if path:
            text = f"{package.file_name} has put {path!r} outside of the environment; take away what is there."
            raise OrderFailedError("failed", text, subject=_source(order, package))


def _source(order: BuildOrder, package: CondaPackage) -> str:
    return order.sources.get(package.url, package.url)
