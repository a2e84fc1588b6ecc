"""What conda-lock is given to read: an environment.yml for one platform, with the addresses to fetch from."""

import json
from collections.abc import Iterator, Sequence

from pyve.engines.conda.failures.engine_failure import name_foreign_channel
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.micromamba.places import Places
from pyve.errors.lock import LockerUnfitError
from pyve.lockers.locker import CondaSubdirRequest, LockTask
from pyve.lockers.rattler.platform_solve import refuse_empty
from pyve.project.conda.content_hash import DEFAULT_VIRTUAL_PACKAGES
from pyve.project.conda.lock_channel import CONDA_BASE
from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.manifests.conda_lock_row import LockRow
from pyve.project.requirement import Requirement, RequirementSet

_INSTEAD = "pyve lock --locker rattler"


def refuse_unfit(task: LockTask) -> None:
    """Raise LockerUnfitError for what conda-lock cannot be told, or would leave out without a word."""
    if task.offline:
        raise _unfit("conda-lock always fetches the channels' indexes anew and cannot lock offline")
    if task.exclude_newer is not None:
        raise _unfit("conda-lock cannot leave out packages by their date (exclude-newer)")
    assert task.conda is not None
    for subdir in task.platforms:
        refuse_empty(task.conda, subdir)
        if subdir not in DEFAULT_VIRTUAL_PACKAGES:
            raise _unfit(f"conda-lock does not know what machines of {subdir} have")
        _refuse_unfit_pip(task.conda.subdirs[subdir].pip)


def write_source(request: CondaSubdirRequest, subdir: str, places: Places, *, category: str) -> str:
    """The text of the file: JSON, which is YAML too."""
    options = request.pip.options
    indexes = [
        *([options.index_url] if options.index_url else []),
        *options.extra_index_urls,
        *request.pip_repositories,
    ]
    pip = [one.line for one in request.pip.requirements if not one.editable]
    document = {
        "channels": list(dict.fromkeys(places.channels(request.channels))),
        "dependencies": [
            *(_check_channel(spec, request, places) for spec in request.specs),
            *([{"pip": pip}] if pip or request.has_pip else []),
        ],
        "platforms": [subdir],
        "category": category,
        **({"pip-repositories": list(dict.fromkeys(indexes))} if indexes else {}),
        **({"allow-pypi-requests": False} if options.index_url else {}),
    }
    return json.dumps(document, indent=1)


def write_pip_seed(rows: Sequence[LockRow], subdir: str, channels: Sequence[str]) -> str:
    """A lock of these rows of pip alone: conda-lock keeps their versions where they fit."""
    document = {
        "version": 1,
        "metadata": {
            "content_hash": {subdir: ""},
            "channels": [{"url": url, "used_env_vars": []} for url in channels],
            "platforms": [subdir],
            "sources": [],
        },
        "package": [
            {
                "name": row.name,
                "version": row.version,
                "manager": "pip",
                "platform": subdir,
                "dependencies": dict(row.dependencies),
                "url": row.url,
                "hash": {kind: value for kind, value in (("md5", row.md5), ("sha256", row.sha256)) if value},
                "category": row.category,
                "optional": row.category != "main",
            }
            for row in rows
        ],
    }
    return json.dumps(document, indent=1)


def _check_channel(text: str, request: CondaSubdirRequest, places: Places) -> str:
    """The spec, its channel by the name that conda-lock leaves of it; it knows no channel of a spec by an address."""
    named = parse_match_spec(text).channel if "::" in text else None
    if named is None:
        return text
    for channel in request.channels:
        if named in (channel.name, channel.url, *channel.sources):
            if places.fetched(channel.url) == CONDA_BASE + channel.name:
                return f"{channel.name}::{text.rpartition('::')[2]}"
            where = request.origins.get(text, "")
            place = f" ({where})" if where else ""
            raise _unfit(f"conda-lock cannot take {text}{place} from a channel or mirror that is not {CONDA_BASE}")
    raise to_error(name_foreign_channel(text, request.channels), origins=request.origins)


def _refuse_unfit_pip(pip: RequirementSet) -> None:
    options = pip.options
    if pip.constraints:
        raise _unfit(f"conda-lock knows no constraints for pip's packages ({pip.constraints[0].origin})")
    if options.find_links or options.no_index:
        raise _unfit("conda-lock fetches pip's packages from indexes alone, without --find-links and --no-index")
    for one in pip.requirements:
        if not one.editable and _is_local(one):
            raise _unfit(f"conda-lock cannot lock {one.name or one.line}, which lies on this machine ({one.origin})")


def list_left_out(pip: RequirementSet) -> Iterator[str]:
    """Sentences about what conda-lock leaves out."""
    for one in pip.requirements:
        if one.editable:
            yield f"{one.origin}: an editable project stands in no lock; pyve sync installs it beside what is locked."


def _is_local(one: Requirement) -> bool:
    return one.name is None or "@ file:" in one.line


def _unfit(why: str) -> LockerUnfitError:
    return LockerUnfitError(f"{why}.", hint=_INSTEAD)
