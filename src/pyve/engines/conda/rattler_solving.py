"""Find packages with rattler; imported in the worker alone."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.engines.conda.rattler_network import open_client
from pyve.engines.conda.rattler_orders import OrderFailedError, SolveOrder
from pyve.engines.conda.rattler_records import (
    detect_virtual_packages,
    from_record,
    read_specs,
    spec_name,
    to_record,
    to_virtual,
)

if TYPE_CHECKING:
    from rattler import Channel, Gateway, MatchSpec

_SHOWN_NAMES = 3


async def solve_order(order: SolveOrder) -> dict[str, Any]:
    """Answer a SolveOrder: `packages` and `virtual_packages`."""
    from rattler import Channel, ChannelPriority, solve
    from rattler.exceptions import SolverError

    specs = read_specs(order.specs)
    virtual = detect_virtual_packages() if order.virtual_packages is None else dict(order.virtual_packages)
    channels = [Channel(base) for base in order.channels]
    gateway = _open_gateway(order)
    try:
        records = await solve(
            channels,
            specs,
            gateway=gateway,
            platforms=_platforms(order),  # type: ignore[arg-type] # any text that names one
            locked_packages=[to_record(package, package.url) for package in order.prefer],
            virtual_packages=to_virtual(virtual),
            channel_priority=ChannelPriority.Strict if order.strict_priority else ChannelPriority.Disabled,
            add_pip_as_python_dependency=True,  # as micromamba has it
        )
    except SolverError as error:
        failure = await _explain(str(error).strip(), specs, channels, gateway, order)
        failure.virtual_packages = virtual
        raise failure from error
    packages = sorted(map(from_record, records), key=lambda package: package.name)
    return {"packages": [package.as_json() for package in packages], "virtual_packages": virtual}


def _open_gateway(order: SolveOrder) -> "Gateway":
    from rattler import Gateway, SourceConfig

    # "use-cache-only" refuses what is older than the server wishes, and many servers wish nothing.
    config = SourceConfig(cache_action="force-cache-only" if order.offline else "cache-or-fetch")
    return Gateway(
        cache_dir=Path(order.surroundings.cache) / "repodata",
        default_config=config,
        client=open_client(order.surroundings),
    )


def _platforms(order: SolveOrder) -> list[str]:
    return [order.subdir] if order.subdir == "noarch" else [order.subdir, "noarch"]


async def _explain(
    text: str, specs: "Sequence[MatchSpec]", channels: "list[Channel]", gateway: "Gateway", order: SolveOrder
) -> OrderFailedError:
    """Tell a name that no channel has from specs that contradict each other."""
    known = {name.normalized for name in await gateway.names(channels, _platforms(order))}  # type: ignore[arg-type]
    for spec, written in zip(specs, order.specs, strict=True):
        name = spec_name(spec)
        if name not in known and not name.startswith("__"):
            close = difflib.get_close_matches(name, known, n=_SHOWN_NAMES, cutoff=0.7)
            return OrderFailedError(
                "unknown-package", f"No channel has a package {name!r} ({written}).", subject=name, names=tuple(close)
            )
    return OrderFailedError("unsatisfiable", text)
