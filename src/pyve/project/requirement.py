"""One requirement as a project declares it, and the index options that stand beside it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One requirement, in the form an installer takes it.

    `line` is one logical line of a requirements file (PEP 508 or a path or URL), local paths absolute, `${VAR}` kept as
    written, no hashes and no per-requirement options. `canonical` is the same for every spelling of the same demand and
    is what the fingerprint counts. `origin` is `file:line`, the file relative to the project root where it lies in it.
    """

    line: str
    canonical: str
    origin: str
    name: str | None = None  # PEP 503 normalised; None for a bare URL or path
    hashes: tuple[str, ...] = ()  # "sha256:...", in the order written
    editable: bool = False
    pip_options: tuple[str, ...] = ()  # what only pip understands: --global-option=..., --config-settings=...


@dataclass(frozen=True, kw_only=True)
class IndexOptions:
    """Where packages come from, as declared in requirements files (None or empty: not declared)."""

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()  # local paths absolute
    no_index: bool = False
    trusted_hosts: tuple[str, ...] = ()
    pre: bool = False
    prefer_binary: bool = False
    require_hashes: bool = False
    only_binary: tuple[str, ...] = ()  # names, ":all:" or ":none:"
    no_binary: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RequirementSet:
    """What one or several requirements files say together.

    `files` are all files read, absolute, in order, the included ones too; they are watched.
    """

    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    options: IndexOptions = field(default_factory=IndexOptions)
    files: tuple[str, ...] = ()
