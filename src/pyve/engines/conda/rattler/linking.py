"""Fetch packages and link them into a prefix with rattler; imported in the worker alone."""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.engines.conda.archive_hashes import local_archive
from pyve.engines.conda.prefix.conda_meta import complete_records, make_empty_prefix, record_name, write_canonical_urls
from pyve.engines.conda.prefix.left_out import describe_prefix
from pyve.engines.conda.prefix.ownership import own_prefix
from pyve.engines.conda.prefix.scripts import make_scripts_safe
from pyve.engines.conda.prefix.sysconfig_data import make_sysconfig_readable
from pyve.engines.conda.rattler.cache import CacheState, ExtractedPackages
from pyve.engines.conda.rattler.checks import (
    depends_of_undescribed,
    refuse_mismatch,
    refuse_missing,
    refuse_odd_names,
    refuse_outside,
    refuse_unsuitable,
    require_absent,
    require_linked,
)
from pyve.engines.conda.rattler.failures import read_failure
from pyve.engines.conda.rattler.network import open_client
from pyve.engines.conda.rattler.orders import BuildOrder, OrderFailedError, Say
from pyve.engines.conda.rattler.patience import wait_while_it_moves
from pyve.engines.conda.rattler.progress import LinkReporter, say_progress
from pyve.engines.conda.rattler.records import detect_virtual_packages, to_record
from pyve.system.file_lock import hold_lock

if TYPE_CHECKING:
    from rattler import PackageCache


async def build_order(order: BuildOrder, say: Say) -> dict[str, Any]:
    """Answer a BuildOrder: the fields of BuiltPrefix."""
    from rattler.exceptions import InstallerError

    prefix = Path(order.prefix)
    refuse_odd_names(order)
    virtual = detect_virtual_packages()
    refuse_unsuitable((spec for package in order.packages for spec in package.depends), virtual)
    cache = ExtractedPackages(Path(order.surroundings.cache))
    cache.prepare()
    with _own_prefix(order, prefix), hold_lock(cache.lock_path, on_wait=lambda: _say_wait(say)):
        require_absent(prefix, again=order.again)
        cache.sweep(order.packages)
        state = cache.sort(order.packages, distrust=order.distrust)
        refuse_missing(order, state)
        refuse_mismatch(order, state)
        try:
            await _install(order, prefix, cache, state, say)
        except InstallerError as error:
            raise _name_package(read_failure(error), order) from error
        require_linked(order, prefix)
        refuse_outside(order, prefix, state.fresh)
        cache.mark(state.fresh)
        refuse_unsuitable(depends_of_undescribed(order, cache), virtual)
        complete_records(prefix, {record_name(one): cache.index_of(one) for one in state.fresh})
        make_scripts_safe(prefix)
        make_sysconfig_readable(prefix)
        write_canonical_urls(prefix, {order.source_of(package): package.url for package in order.packages})
        return asdict(
            describe_prefix(prefix, order.packages, run_link_scripts=order.run_link_scripts, virtual_packages=virtual)
        )


@contextlib.contextmanager
def _own_prefix(order: BuildOrder, prefix: Path) -> Iterator[None]:
    with own_prefix(Path(order.surroundings.cache), prefix) as is_own:
        if not is_own:
            raise OrderFailedError("busy", f"Another process is building {prefix}.", path=order.prefix)
        yield


def _say_wait(say: Say) -> None:
    say_progress(say, "wait", "Waiting for another pyve that is using the cache of conda packages")


async def _install(order: BuildOrder, prefix: Path, cache: ExtractedPackages, state: CacheState, say: Say) -> None:
    from rattler import Config, Subdir, install

    if not order.packages:
        make_empty_prefix(prefix)
        return
    # Without symbolic links the packages' own ones would become copies of what they lead to.
    links = "allow-hard-links = false" if order.copy else ""
    indexes = {one.name: cache.index_of(one) for one in state.ready}
    reporter = LinkReporter(say, order.packages, state.absent)
    remote = {one.name: url for one in state.absent if local_archive(url := order.source_of(one)) is None}
    work = install(
        [to_record(one, order.source_of(one), index=indexes.get(one.name)) for one in order.packages],
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
    about = next((order.source_of(one) for one in order.packages if one.file_name in failure.text), "")
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
