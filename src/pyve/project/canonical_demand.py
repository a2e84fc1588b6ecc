"""Requirements and index options as the fingerprint counts them: equal for every spelling of the same demand."""

from collections.abc import Iterable
from pathlib import Path

from pyve.project.credentials import strip_credentials
from pyve.project.requirement import IndexOptions, Requirement


def canonical_requirements(requirements: Iterable[Requirement]) -> list[list[object]]:
    """Return each requirement once, in a stable order, with everything on its line that changes what is installed."""
    distinct = {
        (one.canonical, one.editable, tuple(sorted(set(one.hashes))), tuple(map(strip_credentials, one.pip_options)))
        for one in requirements
    }
    return [
        [canonical, editable, list(hashes), list(pip_options)]
        for canonical, editable, hashes, pip_options in sorted(distinct)
    ]


def canonical_options(options: IndexOptions, root: Path) -> dict[str, object]:
    """Return where packages come from, without credentials, local places as seen from the project."""
    return {
        "index-url": _show(options.index_url, root) if options.index_url else None,
        "extra-index-urls": sorted({_show(url, root) for url in options.extra_index_urls}),
        "find-links": sorted({_show(link, root) for link in options.find_links}),
        "no-index": options.no_index,
        "trusted-hosts": sorted(set(options.trusted_hosts)),
        "pre": options.pre,
        "prefer-binary": options.prefer_binary,
        "require-hashes": options.require_hashes,
        "only-binary": sorted(set(options.only_binary)),
        "no-binary": sorted(set(options.no_binary)),
    }


def _show(place: str, root: Path) -> str:
    path = Path(place)
    if path.is_absolute() and path.is_relative_to(root.resolve()):
        return path.relative_to(root.resolve()).as_posix()
    return strip_credentials(place)
