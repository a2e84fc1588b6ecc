"""What the command line's process and the worker that holds rattler say to each other: one JSON object a line.

The worker says `{"ready": version}` once, as soon as it has rattler. To each order, a dataclass of this module with the
name of what it asks for in `op`, it says any number of `{"progress": fields of a ProgressEvent}` and then one
`{"answer": ...}` or `{"failure": OrderFailedError.as_json()}`. The end of its stdin ends it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pyve.engines.conda.failures.engine_failure import FailureKind
from pyve.project.conda.package import CondaPackage, package_from_json

Say = Callable[[dict[str, Any]], None]
"""How the worker says one message; threads of rattler's own may call it."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where the worker keeps packages and repodata, and how it speaks with servers.

    `headers` maps `host[:port]/path` prefixes of URLs to the headers that requests to them carry; `tokens` maps
    bases of URLs to the same with a token in their path. `timeout_seconds` is how long a server may be silent.
    """

    cache: str
    timeout_seconds: int = 60
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SolveOrder:
    """Find packages; `channels` are the bases to fetch from, `prefer` have the URLs of those as well.

    The rest is as in SolveRequest. The answer has `packages` and the `virtual_packages` that were counted on.
    """

    surroundings: Surroundings
    specs: tuple[str, ...]
    channels: tuple[str, ...]
    subdir: str
    virtual_packages: Mapping[str, str] | None = None
    prefer: tuple[CondaPackage, ...] = ()
    prefer_from_channels: bool = False
    strict_priority: bool = True
    exclude_newer: str | None = None
    offline: bool = False
    op: Literal["solve"] = "solve"


@dataclass(frozen=True, kw_only=True)
class BuildOrder:
    """Link `packages`, which have their canonical URLs, into `prefix`.

    `sources` maps those of the URLs that are fetched from elsewhere. `again`: an earlier try of the same command has
    left what is in the prefix. `distrust` names packages whose copy in the cache is thrown away first. The answer has
    the fields of a BuiltPrefix, except for `notes`.
    """

    surroundings: Surroundings
    packages: tuple[CondaPackage, ...]
    prefix: str
    subdir: str
    sources: Mapping[str, str] = field(default_factory=dict)
    copy: bool = False
    run_link_scripts: bool = False
    offline: bool = False
    again: bool = False
    distrust: tuple[str, ...] = ()
    op: Literal["build"] = "build"

    def source_of(self, package: CondaPackage) -> str:
        """The URL that the package is fetched from."""
        return self.sources.get(package.url, package.url)


@dataclass(frozen=True, kw_only=True)
class MatchOrder:
    """Say which `specs` no package and no virtual package of this machine satisfies: the `unmet` of the answer."""

    specs: tuple[str, ...]
    packages: tuple[CondaPackage, ...] = ()
    op: Literal["match"] = "match"


Order = SolveOrder | BuildOrder | MatchOrder


class OrderFailedError(Exception):
    """Why the worker could not do it: the fields of an EngineFailure, which the other side makes of it.

    `may_pass` says that the same order may well succeed a moment later.
    """

    def __init__(
        self,
        kind: FailureKind,
        text: str,
        *,
        subject: str = "",
        names: tuple[str, ...] = (),
        path: str = "",
        virtual_packages: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.subject = subject
        self.names = names
        self.path = path
        self.virtual_packages: Mapping[str, str] = virtual_packages or {}
        self.may_pass = kind == "corrupt"

    def as_json(self) -> dict[str, Any]:
        """The failure as JSON types."""
        return {
            "kind": self.kind,
            "text": self.text,
            "subject": self.subject,
            "names": list(self.names),
            "path": self.path,
            "may_pass": self.may_pass,
            "virtual_packages": dict(self.virtual_packages),
        }


def write_order(order: Order) -> str:
    """The order as one line."""
    return json.dumps(asdict(order))


def read_order(line: str) -> Order:
    """The order of a line that write_order made."""
    values: dict[str, Any] = json.loads(line)
    for name in ("packages", "prefer"):
        if name in values:
            values[name] = tuple(map(package_from_json, values[name]))
    for name in ("specs", "channels", "distrust"):
        if name in values:
            values[name] = tuple(values[name])
    if "surroundings" in values:
        values["surroundings"] = Surroundings(**values["surroundings"])
    order: Order = {"solve": SolveOrder, "build": BuildOrder, "match": MatchOrder}[values["op"]](**values)
    return order
