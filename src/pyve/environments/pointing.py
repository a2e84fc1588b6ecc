"""Putting an environment in use: the state first, then the stable links that other tools follow."""

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.environments.changes import EnvironmentChanges
from pyve.environments.current import Current, decode, encode, stat_signature
from pyve.environments.inputs import Digests
from pyve.environments.kept_scripts import add_kept_scripts
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import EnvironmentStore
from pyve.system.files import is_link, write_atomically
from pyve.system.links import link_target, point_link

STABLE_LINK = "env"  # .pyve/env
VENV_LINK = ".venv"
_ENTRY_FIELDS = ("set", "unset", "prepend", "conda-prefix", "sourced", "script", "script-on-leaving")


@dataclass(frozen=True, kw_only=True)
class Pointing:
    """What shall be in use: the environment, what entering it does, and the files whose change makes it stale.

    The scripts that shells source are no part of `changes`: they are added as they lie in the state directory.

    `prompt` says whether shells show `name`.

    `watched` maps the name of an input to its stat signature and digest; `sentinels` are files of the environment;
    `variables` are the ones whose value counts beside the files, an unset one as an empty text.
    """

    record: EnvironmentRecord
    name: str
    prompt: bool
    changes: EnvironmentChanges
    watched: Mapping[str, tuple[str, str]]
    sentinels: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


def point(store: EnvironmentStore, pointing: Pointing) -> None:
    """Write `current`, keeping what was in use as `previous`. The caller holds the project's lock.

    Killed between the two writes, both name the old environment, which is whole.
    """
    content = encode(_fields(store, pointing))
    with contextlib.suppress(FileNotFoundError):
        before = store.state.current_file.read_bytes()
        if before == content:
            return
        current = store.current()
        if current is not None and current.first("key") != pointing.record.key:
            write_atomically(store.state.previous_file, before)
    write_atomically(store.state.current_file, content)


def list_entry_fields(changes: EnvironmentChanges) -> list[tuple[str, str]]:
    """What `current` says of entering: fields of these names, and all of them."""
    return [
        *(("set", f"{name}={value}") for name, value in changes.set.items()),
        *(("unset", name) for name in changes.unset),
        *(("prepend", directory) for directory in changes.prepend_path),
        *([("conda-prefix", changes.conda_prefix)] if changes.conda_prefix else []),
        *(("sourced", name) for name in changes.sourced),
        *_list_scripts("script", changes.scripts),
        *_list_scripts("script-on-leaving", changes.scripts_on_leaving),
    ]


def replace_entry(fields: Iterable[tuple[str, str]], changes: EnvironmentChanges) -> list[tuple[str, str]]:
    """The fields of `current`, with what they say of entering replaced."""
    return [*list_entry_fields(changes), *(field for field in fields if field[0] not in _ENTRY_FIELDS)]


def _list_scripts(name: str, scripts: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(name, f"{ending} {path}") for ending, paths in scripts.items() for path in paths]


def _fields(store: EnvironmentStore, pointing: Pointing) -> list[tuple[str, str]]:
    record = pointing.record
    changes = pointing.changes
    if changes.conda_prefix:
        changes = add_kept_scripts(changes, store.state, record.key)
    record_size = stat_signature(str(store.record_file(record.key))).partition(":")[0]  # its time is the last use
    return [
        ("root", str(store.state.root)),
        ("key", record.key),
        ("fingerprint", record.fingerprint),
        ("directory", record.directory),
        ("backend", record.backend),
        ("name", pointing.name),
        ("prompt", "1" if pointing.prompt else "0"),
        *list_entry_fields(changes),
        ("real-directory", os.path.realpath(record.directory)),
        ("record-size", record_size),
        *(("variable", f"{name}={value}") for name, value in pointing.variables.items()),
        *(("sentinel", f"{stat_signature(path)} {path}") for path in pointing.sentinels),
        *(("watch", f"{signature} {digest} {name}") for name, (signature, digest) in pointing.watched.items()),
    ]


def refresh_links(store: EnvironmentStore, directory: Path, *, names: tuple[Path, ...]) -> None:
    """Let the links in `names`, which are known to be pyve's or absent, lead to `directory`."""
    for link in names:
        if is_link(link) or not link.exists():
            point_link(link, directory, workshop=store.workshop)


def is_own_link(store: EnvironmentStore, link: Path) -> bool:
    """Whether `link` is a link that leads to an environment of this store (dangling or not)."""
    target = link_target(link)
    return target is not None and (target.parent == store.folder or target == store.workshop / STABLE_LINK)


def exchange(store: EnvironmentStore, digests: Digests) -> None:
    """Put the previous environment in use and keep the one in use as previous. The caller holds the project's lock.

    `digests` are those of the project's files as they are: until one of them changes, `run` stays with this choice.
    """
    now, before = store.state.current_file.read_bytes(), store.state.previous_file.read_bytes()
    fields = decode(before, path=str(store.state.previous_file))
    in_use = decode(now, path=str(store.state.current_file))
    names = dict.fromkeys(name for _, _, name in Current([*fields, *in_use]).watched())
    kept = [(name, value) for name, value in fields if name not in ("watch", "variable")]
    kept += [(name, value) for name, value in in_use if name == "variable"]
    watch = [("watch", f"{digests.signature_of(name)} {digests.of(name)} {name}") for name in names]
    write_atomically(store.state.current_file, encode([*kept, *watch]))
    write_atomically(store.state.previous_file, now)
