"""The stable links of a project, led to the environment in use: `.pyve/env`, and `.venv` for what is a venv."""

from pathlib import Path

from pyve.backends import backend_named
from pyve.cleanup.claims import claim_link
from pyve.environments.pointing import VENV_LINK, refresh_links
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import EnvironmentStore
from pyve.system.links import remove_link


def lead_links(store: EnvironmentStore, record: EnvironmentRecord, links: tuple[Path, ...]) -> None:
    """Let `links`, which are known to be pyve's or absent, lead to the environment of `record`.

    For an environment that is no venv, a `.venv` of ours goes: editors would take what it leads to for the one in use.
    """
    venv = store.state.root / VENV_LINK
    makes_venv_link = backend_named(record.backend).makes_venv_link
    names = links if makes_venv_link else tuple(link for link in links if link != venv)
    refresh_links(store, Path(record.directory), names=names)
    if not makes_venv_link and claim_link(store, venv) == "ours":
        remove_link(venv)
