"""Find packages with rattler; imported in the worker alone."""

import contextlib
import difflib
import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.engines.conda.rattler.failures import read_failure
from pyve.engines.conda.rattler.network import open_client
from pyve.engines.conda.rattler.orders import OrderFailedError, SolveOrder
from pyve.engines.conda.rattler.patience import wait_while_it_moves
from pyve.engines.conda.rattler.records import (
    detect_virtual_packages,
    from_record,
    read_specs,
    spec_name,
    to_record,
    to_virtual,
)

if TYPE_CHECKING:
    from rattler import Channel, Gateway, MatchSpec, RepoDataRecord, Subdir

_SHOWN_NAMES = 5
_LEFT_BEHIND_SECONDS = 24 * 3600


async def solve_order(order: SolveOrder) -> dict[str, Any]:
    """Answer a SolveOrder: `packages` and `virtual_packages`."""
    virtual = detect_virtual_packages() if order.virtual_packages is None else dict(order.virtual_packages)
    repodata = Path(order.surroundings.cache) / "repodata"
    _sweep(repodata)
    try:
        records = await wait_while_it_moves(
            _find_records(order, virtual),
            look=lambda: _sizes(repodata),
            silent_seconds=order.surroundings.timeout_seconds,
            waited_for=lambda: next((base for base in order.channels if not base.startswith("file:")), ""),
        )
    except OrderFailedError as failure:
        failure.virtual_packages = virtual
        raise
    packages = sorted(map(from_record, records), key=lambda package: package.name)
    return {"packages": [package.as_json() for package in packages], "virtual_packages": virtual}


async def _find_records(order: SolveOrder, virtual: Mapping[str, str]) -> "list[RepoDataRecord]":
    from rattler import Channel, ChannelPriority, solve
    from rattler.exceptions import GatewayError, SolverError

    specs = read_specs(order.specs)
    channels = [Channel(base) for base in order.channels]
    gateway = _open_gateway(order)
    search = partial(
        solve,
        channels,
        specs,
        gateway=gateway,
        platforms=_platforms(order),
        virtual_packages=to_virtual(virtual),
        channel_priority=ChannelPriority.Strict if order.strict_priority else ChannelPriority.Disabled,
        exclude_newer=datetime.fromisoformat(order.exclude_newer) if order.exclude_newer else None,
    )

    async def search_visible(*, with_pip: bool) -> "list[RepoDataRecord]":
        try:
            preferred = await _list_preferred(order, channels, gateway, with_pip=with_pip)
            found = await search(locked_packages=preferred, add_pip_as_python_dependency=with_pip)
        except GatewayError as error:
            raise await _name_channel(error, channels, gateway, order) from error
        await _refuse_hidden(found, specs, channels, gateway, order)
        return found

    try:
        return await search_visible(with_pip=True)  # as conda and micromamba have it
    except SolverError as error:
        known = {name.normalized for name in await gateway.names(channels, _platforms(order))}
        if "pip" in known:
            raise _explain(str(error).strip(), specs, known, order) from error
    try:
        return await search_visible(with_pip=False)  # no channel has pip, so that python has to do without
    except SolverError as error:
        raise _explain(str(error).strip(), specs, known, order) from error


async def _list_preferred(
    order: SolveOrder, channels: "list[Channel]", gateway: "Gateway", *, with_pip: bool
) -> "list[RepoDataRecord]":
    """The records to keep where they fit; the row of a lock says less of a package than its channel does."""
    if not order.prefer_from_channels or not order.prefer:
        return [to_record(package, package.url) for package in order.prefer]
    wanted = {package.url for package in order.prefer}
    names = sorted({package.name for package in order.prefer})
    rows = await gateway.query(channels, _platforms(order), names, False)
    records = [record for row in rows for record in row if record.url in wanted]
    for record in records:
        if with_pip and record.name.normalized == "python":
            record.depends = [*record.depends, "pip"]  # what rattler adds to those that it finds itself
    return records


async def _name_channel(
    error: BaseException, channels: "list[Channel]", gateway: "Gateway", order: SolveOrder
) -> OrderFailedError:
    """The failure, with the channel that it is about: not every text of rattler names it, or as it was given."""
    from rattler.exceptions import GatewayError

    failure = read_failure(error)
    bases = dict(zip((channel.base_url.rstrip("/") for channel in channels), order.channels, strict=True))
    named = [base for base in bases if base in failure.text]
    if named:
        failure.subject = bases[max(named, key=len)]
    for channel, base in zip(channels, order.channels, strict=True) if not failure.subject else ():
        try:
            await gateway.names([channel], _platforms(order))
        except GatewayError:
            failure.subject = base
            break
    return failure


def _open_gateway(order: SolveOrder) -> "Gateway":
    from rattler import Gateway, SourceConfig

    # "use-cache-only" refuses what is older than the server wishes, and many servers wish nothing.
    config = SourceConfig(cache_action="force-cache-only" if order.offline else "cache-or-fetch")
    return Gateway(
        cache_dir=Path(order.surroundings.cache) / "repodata",
        default_config=config,
        client=open_client(order.surroundings),
    )


def _platforms(order: SolveOrder) -> "list[Subdir]":
    from rattler import Subdir

    return [Subdir(name) for name in dict.fromkeys((order.subdir, "noarch"))]


async def _refuse_hidden(
    found: "list[RepoDataRecord]",
    specs: "Sequence[MatchSpec]",
    channels: "list[Channel]",
    gateway: "Gateway",
    order: SolveOrder,
) -> None:
    """Refuse what a channel further back gave although an earlier one has the name.

    Rattler looks only at the records that a declared spec fits, and so misses that the first channel has others.
    """
    declared = {spec_name(spec): text for spec, text in zip(specs, order.specs, strict=True) if spec.channel is None}
    for number, channel in enumerate(channels[1:] if order.strict_priority else (), start=1):
        here = [one for one in found if one.channel == channel.base_url and one.name.normalized in declared]
        names = [one.name.normalized for one in here]
        for rows in await gateway.query(channels[:number], _platforms(order), names, False) if names else ():
            for hidden in rows[:1]:
                name = hidden.name.normalized
                raise OrderFailedError(
                    "unsatisfiable",
                    f"{declared[name]} is in the channel {channel.base_url.rstrip('/')} alone, "
                    f"and the channel {hidden.channel.rstrip('/')}, which goes first, has other versions of {name} "
                    "(channel priority is strict).",
                    subject=declared[name],
                )


def _explain(text: str, specs: "Sequence[MatchSpec]", known: set[str], order: SolveOrder) -> OrderFailedError:
    """Tell a name that no channel has from specs that contradict each other."""
    for spec, written in zip(specs, order.specs, strict=True):
        name = spec_name(spec)
        if name not in known and not name.startswith("__"):
            close = difflib.get_close_matches(name, known, n=_SHOWN_NAMES, cutoff=0.6)
            text = f"No channel has a package {name!r} ({written})."
            return OrderFailedError("unknown-package", text, subject=name, names=tuple(close))
    return OrderFailedError("unsatisfiable", text)


def _sweep(directory: Path) -> None:
    """Delete what killed runs were downloading; nobody holds a lock, so that only the age tells it."""
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(directory)):
            if entry.name.startswith(".tmp") and entry.stat().st_mtime < time.time() - _LEFT_BEHIND_SECONDS:
                os.unlink(entry.path)


def _sizes(directory: Path) -> list[tuple[str, int]]:
    """What is in the folder of repodata: a file grows there while a server sends."""
    found = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(directory):
            with contextlib.suppress(OSError):
                found.append((entry.name, entry.stat().st_size))
    return sorted(found)
