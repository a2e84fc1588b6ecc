"""Index options gathered from the lines of requirements files, in the order in which pip would apply them."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyve.project.package_name import normalise_name
from pyve.project.requirement import IndexOptions

_FLAGS = ("no_index", "pre", "prefer_binary", "require_hashes")


def add_options(options: IndexOptions, values: dict[str, Any], *, root: Path, folder: Path) -> IndexOptions:
    """Return `options` after one more line of options; `values` are pip's names and values."""
    index_url = values.get("index_url")
    combined = replace(
        options,
        no_index=options.no_index or bool(values.get("no_index")),
        pre=options.pre or bool(values.get("pre")),
        prefer_binary=options.prefer_binary or bool(values.get("prefer_binary")),
        require_hashes=options.require_hashes or bool(values.get("require_hashes")),
        index_url=_locate(index_url, root, folder) if index_url else options.index_url,
        extra_index_urls=_join(
            options.extra_index_urls, [_locate(url, root, folder) for url in values.get("extra_index_urls", [])]
        ),
        find_links=_join(options.find_links, [_locate(link, root, folder) for link in values.get("find_links", [])]),
        trusted_hosts=_join(options.trusted_hosts, values.get("trusted_hosts", [])),
    )
    for names in values.get("no_binary", []):
        no_binary, only_binary = _exclude(names, combined.no_binary, combined.only_binary)
        combined = replace(combined, no_binary=no_binary, only_binary=only_binary)
    for names in values.get("only_binary", []):
        only_binary, no_binary = _exclude(names, combined.only_binary, combined.no_binary)
        combined = replace(combined, no_binary=no_binary, only_binary=only_binary)
    return combined


def join_options(first: IndexOptions, second: IndexOptions) -> IndexOptions:
    """Return what two files say together, the second after the first."""
    values: dict[str, Any] = {name: getattr(second, name) for name in (*_FLAGS, "index_url")}
    for name in ("extra_index_urls", "find_links", "trusted_hosts", "no_binary", "only_binary"):
        values[name] = list(getattr(second, name))
    return add_options(first, values, root=Path(), folder=Path())


def _locate(link: str, root: Path, folder: Path) -> str:
    """Make a local path absolute: beside the file where it is there, as pip does, else from the project."""
    if "${" in link or re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]+:", link) or Path(link).is_absolute():
        return link
    beside = folder / link
    return str(beside.resolve() if beside.exists() else (root / link).resolve())


def _exclude(names: str, target: tuple[str, ...], other: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Apply one --no-binary or --only-binary: `:all:` takes everything, `:none:` gives it back, a name moves over."""
    for name in filter(None, (name.strip() for name in names.split(","))):
        if name == ":all:":
            target, other = (":all:",), ()
        elif name == ":none:":
            target = ()
        else:
            target = _join(target, [normalise_name(name)])
            other = tuple(one for one in other if one != normalise_name(name))
    return target, other


def _join(first: tuple[str, ...], second: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
